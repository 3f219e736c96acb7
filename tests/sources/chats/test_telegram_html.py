"""Telegram Desktop's pages: the same messages by the same names, joined ones with their sender."""

from pathlib import Path
from typing import Any

import pytest
from chat_samples import PAGE
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.ledger.canonical import parse
from actionday.model import Claim, Kind
from actionday.sources.chats.telegram_html import SOURCE
from actionday.testing.context import Alone, Glance
from actionday.testing.sources import Listing, check_source, listing

DATA = PAGE.encode()


def read(data: bytes, around: Any = Alone) -> Listing:
    return listing(SOURCE, "messages.html", data, around)


def messages(found: Listing) -> list[dict[str, Any]]:
    pairs = zip(found.items, found.contents, strict=True)
    return [parse(body) for item, body in pairs if item.kind is Kind.MESSAGE]


def test_the_contract_is_kept(tmp_path: Path) -> None:
    (tmp_path / "messages.html").write_bytes(DATA)
    check_source(SOURCE, tmp_path / "messages.html")


def test_messages_have_text_links_sender_and_time_in_utc() -> None:
    found = messages(read(DATA))
    assert len(found) == 4
    assert found[0] == {"@type": "chat-message/1", "service": True, "text": "4 March 2026"}
    assert found[1]["text"] == "Ten o'clock <b>\nsee https://kestrel.example/a or here, now"
    assert found[1]["links"] == [
        {"kind": "link", "text": "https://kestrel.example/a"},
        {"kind": "link", "target": "https://hidden.example/b", "text": "here"},
    ]
    assert (found[1]["sender"], found[1]["time"], found[1]["author"]) == (
        "Vera",
        "2026-03-04T21:02:09Z",
        "V.",
    )


def test_a_joined_message_has_the_sender_before_it_and_a_clock_without_zone_is_said() -> None:
    found = read(DATA)
    joined = messages(found)[2]
    assert (joined["sender"], joined["reply_to"], joined["time"]) == ("Vera", "2", "2026-03-04T22:03:09")
    assert found.items[3].meta["date_reason"] == "no zone: taken as UTC"
    assert found.items[3].meta["files"] == [{"path": "photos/photo_1.jpg", "missing": True}]


def test_what_was_forwarded_and_what_was_not_exported_is_told() -> None:
    last = messages(read(DATA))[3]
    assert (last["sender"], last["forwarded_from"], last["text"]) == ("Omar", "Kestrel News", "Rota of June")
    assert ["bold", "rota.pdf"] in last["other"]
    assert last["other"][1][1].startswith("Not included")


def test_each_message_lies_where_it_says() -> None:
    for item in read(DATA).items[1:]:
        assert DATA[item.meta["offset"] :].startswith(b'<div class="message ')


def test_a_page_that_breaks_off_says_so() -> None:
    found = read(DATA[: DATA.index(b"Rota of June")])
    assert len(messages(found)) == 4
    assert "breaks off" in found.end


@pytest.mark.parametrize(
    "gone", [b'<div class="page_wrap">', b'<div class="history">', b'<div class="message ']
)
def test_a_page_without_the_frame_of_telegram_is_a_page(gone: bytes) -> None:
    assert SOURCE.claims(Glance("messages.html", DATA)) is Claim.STRUCTURE
    assert SOURCE.claims(Glance("messages.html", DATA.replace(gone, b"<div>"))) is Claim.NO


@settings(max_examples=300, deadline=None)
@given(integers(0, len(DATA) - 1), integers(0, 40), binary(max_size=6))
def test_any_damage_is_answered(at: int, gone: int, put: bytes) -> None:
    messages(read(DATA[:at] + put + DATA[at + gone :]))
