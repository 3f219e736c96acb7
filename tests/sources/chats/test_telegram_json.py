"""Telegram Desktop's JSON: what each message says, where it lies, and what damage costs."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from chat_samples import ARABIC, FORWARDED, RICH, chat, said, single, whole, written
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.ledger.canonical import parse
from actionday.mime.chat import MESSAGE
from actionday.model import Claim, Kind
from actionday.sources.chats.telegram_json import SOURCE
from actionday.testing.context import Alone, Glance
from actionday.testing.sources import Listing, check_source, listing

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data")) / "chat"
SINGLE, WHOLE = written(single()), written(whole())


def messages(found: Listing) -> list[dict[str, Any]]:
    pairs = zip(found.items, found.contents, strict=True)
    return [parse(body) for item, body in pairs if item.kind is Kind.MESSAGE]  # canonical, or this raises


def read(data: bytes, around: Any = Alone) -> Listing:
    return listing(SOURCE, "result.json", data, around)


@pytest.mark.parametrize("data", [SINGLE, WHOLE], ids=["chat", "account"])
def test_the_contract_is_kept(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_bytes(data)
    check_source(SOURCE, tmp_path / "result.json")


@pytest.mark.parametrize("data", [SINGLE, WHOLE], ids=["chat", "account"])
def test_each_item_lies_where_it_says(data: bytes) -> None:
    for item in read(data).items:
        if item.kind is not Kind.DIRECTORY and item.runs is None:
            at, length = item.meta["offset"], item.meta["length"]
            assert isinstance(json.loads(data[at : at + length]), dict)


def test_c01_pieces_of_a_text_come_in_order_and_links_have_their_targets() -> None:
    found = messages(read(SINGLE))[2]
    assert found["text"] == "See https://kestrel.example/a and @kestrel_news, or here."
    assert found["links"] == [
        {"kind": "link", "text": "https://kestrel.example/a"},
        {"kind": "mention", "text": "@kestrel_news"},
        {"kind": "text_link", "target": "https://hidden.example/b", "text": "here"},
    ]
    assert "text_entities" not in str(found)
    told = said(1, RICH) | {"text_entities": [{"type": "plain", "text": "other"}]}
    assert ["text_entities.0.text", "other"] in messages(read(written(chat("A", "personal_chat", 1, told))))[
        0
    ]["other"]


def test_what_a_message_says_has_its_name() -> None:
    first, *_ = told = messages(read(SINGLE))
    assert (first["service"], first["action"]) == (True, "create_group")
    assert first["other"] == [["title", "Crew / night"], ["members.0", "Vera"], ["members.1", "Omar"]]
    assert told[3]["text"] == ARABIC
    assert told[3]["media"] == [
        {"height": 9, "kind": "photo", "path": "photos/photo_1.jpg", "size": 9, "width": 8}
    ]
    assert told[6]["forwarded_from_id"] == "channel99"
    assert (told[9]["edited"], told[9]["reply_to"]) == ("2026-03-04T21:30:00Z", "9")
    assert told[10] | {"via_bot": "@bot", "author": "V."} == told[10]
    assert ["reactions.0.emoji", "👍"] in told[10]["other"]


def test_the_clock_that_was_shown_is_kept_beside_utc_and_a_clock_alone_is_taken_as_utc() -> None:
    assert messages(read(SINGLE))[1]["time"] == "2026-03-04T21:02:09Z"
    assert messages(read(SINGLE))[1]["time_shown"] == "2026-03-04T22:02:09"
    old = {key: value for key, value in said(2, "x").items() if key != "date_unixtime"}
    found = read(written(chat("A", "personal_chat", 1, old)))
    assert messages(found)[0]["time"] == "2026-03-04T22:02:09"
    assert messages(found)[0]["zone"] == "not stated"
    assert found.items[1].mtime == "2026-03-04T22:02:09Z"
    assert found.items[1].meta["date_reason"] == "no zone: taken as UTC"


def test_topics_are_told_by_what_a_message_answers() -> None:
    found = [item.meta.get("topic") for item in read(SINGLE).items if item.kind is Kind.MESSAGE]
    assert found[-4:] == ["Shifts", "Shifts", "Shifts", None]


def test_files_are_there_or_missing_or_were_not_exported() -> None:
    around = Alone("result.json", beside={"photos/photo_1.jpg": b"jpg"})
    found = read(SINGLE, lambda _: around)
    told = [item.meta.get("files") for item in found.items if item.kind is Kind.MESSAGE]
    assert told[3] == [{"path": "photos/photo_1.jpg", "there": True}]
    assert told[4] is None
    assert messages(found)[4]["media"][0]["missing"].startswith("(File not included")
    assert told[5] == [{"path": "files/gone.bin", "missing": True}]
    assert [note.reason for note in around.notes] == [
        "chat: of 2 files that messages name 1 is not in the exhibit, beside the export"
    ]


def test_c03_control_characters_and_half_a_pair_are_kept_and_said() -> None:
    data = written(chat("A", "personal_chat", 1, said(1, "before"), said(2, "x@y"), said(3, "behind")))
    data = data.replace(b'"x@y"', b'"x\x08y\\ud83dz"')
    found = read(data)
    assert [each["text"] for each in messages(found)] == ["before", "x\x08y\\ud83dz", "behind"]
    assert [[note.code for note in item.notes] for item in found.items] == [
        [],
        [],
        ["control_character", "half_pair"],
        [],
    ]
    assert found.end == ""


def test_c04_an_account_has_chats_left_chats_and_contacts() -> None:
    found = read(WHOLE)
    chats = [(item.name, item.meta["chat_kind"], item.meta.get("left")) for item in found.items
             if item.kind is Kind.DIRECTORY]  # fmt: skip
    assert chats == [
        ("Omar [5]", "private", None),
        ("Crew [43]", "supergroup", None),
        ("News [99]", "channel", True),
    ]
    accounts = [parse(body) for item, body in zip(found.items, found.contents, strict=True)
                if item.kind is Kind.RECORD and item.runs is None]  # fmt: skip
    assert [(each["name"], each.get("phone")) for each in accounts] == [
        ("Omar", "+34 600 000 005"),
        ("Lin", None),
    ]
    assert Counter(item.kind for item in found.items)[Kind.MESSAGE] == 4
    rest = {item.name for item in found.items if item.runs}
    assert {"about", "chats/about", "personal_information", "sessions"} <= rest


def test_c08_one_forwarded_message_in_three_chats_is_one_content_in_three_places() -> None:
    found = read(WHOLE)
    bodies = Counter(
        body for item, body in zip(found.items, found.contents, strict=True) if item.kind is Kind.MESSAGE
    )
    assert sorted(bodies.values()) == [1, 3]
    assert json.loads(max(bodies, key=lambda each: bodies[each]))["text"] == FORWARDED["text"]


def test_a_damaged_message_costs_itself_alone_and_its_bytes_are_an_item() -> None:
    at = SINGLE.index(b"Ten o'clock")
    found = read(SINGLE[:at] + b'"' + SINGLE[at:])
    assert len(messages(found)) == len(messages(read(SINGLE))) - 1
    (lost,) = (item for item in found.items if item.runs)
    assert b"Ten o'clock" in SINGLE[lost.runs[0][0] - 1 : sum(lost.runs[0])]
    assert found.end.startswith("damaged: telegram: byte ")


def test_a_file_that_breaks_off_keeps_what_is_there_and_says_where() -> None:
    found = read(SINGLE[: SINGLE.index(b"gone.bin")])
    assert len(messages(found)) == 5
    assert "ends within it" in found.end
    assert found.items[-1].runs


@pytest.mark.parametrize(
    "text",
    [
        b'{"messages": [{"role": "user", "content": "hi"}]}',
        b'{"messages": [{"type": "message", "ts": "1.2", "text": "slack"}]}',
        b'[{"type": "message", "date": "2026-03-04T22:00:00"}]',
        b'{"about": "us", "contacts": {"list": []}}',
        b'{"messages": []}',
        b'the words "messages": [{"type": "message", "date": "2026-03-04T22:00:00"}]',
    ],
)
def test_what_only_looks_like_it_is_not_claimed(text: bytes) -> None:
    assert SOURCE.claims(Glance("result.json", text)) is Claim.NO


@settings(max_examples=300, deadline=None)
@given(integers(0, len(WHOLE) - 1), integers(0, 40), binary(max_size=6))
def test_any_damage_is_answered(at: int, gone: int, put: bytes) -> None:
    data = WHOLE[:at] + put + WHOLE[at + gone :]
    found = read(data)
    for message in messages(found):
        assert message["@type"] == "chat-message/1"
    if data != WHOLE and len(messages(found)) < 4:
        assert found.end or any(item.runs for item in found.items)


def test_values_over_the_window_and_nested_without_end_stay_linear() -> None:
    deep = b'{"messages": [' + b'{"id":1,"type":"message","date":"2026-03-04T22:00:00","text":[' * 60_000
    found = read(deep)
    assert found.end.startswith("damaged")
    wide = written(chat("A", "personal_chat", 1, said(1, "я" * 3_000_000), said(2, "short")))
    assert [len(each["text"]) for each in messages(read_all(wide))] == [3_000_000, 5]


def read_all(data: bytes) -> Listing:
    return listing(SOURCE, "result.json", data, limit=1 << 30)


KNOWN = [("chat-miner/telegram/test_single_export.json", 2), ("chat-miner/telegram/test_batch_export.json", 2),
         ("tg-parser/personal_chat.json", 5)]  # fmt: skip


@pytest.mark.skipif(not DATA.is_dir(), reason=f"no test data at {DATA}")
@pytest.mark.parametrize(("name", "count"), KNOWN)
def test_known_answers(name: str, count: int) -> None:
    data = (DATA / name).read_bytes()
    assert SOURCE.claims(Glance("result.json", data)) is Claim.STRUCTURE
    found = messages(read(data))
    assert len(found) == count
    if "chat-miner" in name:
        wanted = json.loads((DATA / "chat-miner/telegram/target.json").read_bytes())
        assert [(each["time"], each["sender"]) for each in found] == [
            (f"{each['timestamp']}Z", each["author"]) for each in wanted
        ]
        assert [each["text"].replace(" ", "") for each in found] == [
            each["message"].replace(" ", "") for each in wanted
        ]


def test_the_mark_of_a_message_is_what_types_it() -> None:
    from actionday.detectors.filetype import identify_type

    body = read(SINGLE).contents[1]
    assert isinstance(body, bytes)
    assert identify_type(body, body, len(body)) == MESSAGE
