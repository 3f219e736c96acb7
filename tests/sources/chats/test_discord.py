"""Discord's exports and its data package: who said what and when, and what damage costs."""

from pathlib import Path
from typing import Any

import pytest
from chat_samples import CSV, PACKAGE_CSV, SAMPLES
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.ledger.canonical import parse
from actionday.model import Claim, Kind
from actionday.sources.chats import discord, discord_csv, discord_package
from actionday.testing.context import Alone, Glance
from actionday.testing.sources import Listing, check_source, listing

SOURCES = {
    "discord.json": discord.SOURCE,
    "messages.json": discord_package.SOURCE,
    "discord.csv": discord_csv.SOURCE,
}


def read(source: Any, name: str, data: bytes, around: Any = Alone) -> Listing:
    return listing(source, name, data, around)


def messages(found: Listing) -> list[dict[str, Any]]:
    pairs = zip(found.items, found.contents, strict=True)
    return [parse(body) for item, body in pairs if item.kind is Kind.MESSAGE]


@pytest.mark.parametrize("name", SOURCES)
def test_the_contract_is_kept(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(SAMPLES[name]())
    check_source(SOURCES[name], tmp_path / name)


def test_an_export_has_channel_authors_answers_and_files() -> None:
    around = Alone("crew.json", beside={"crew.json_Files/rota.pdf": b""})
    found = read(discord.SOURCE, "crew.json", SAMPLES["discord.json"](), lambda _: around)
    assert (found.items[0].name, found.items[0].meta["chat_kind"]) == ("Kestrel crew [82]", "channel")
    first, second, third = messages(found)
    assert (first["sender"], first["sender_id"], first["time"]) == (
        "vera",
        "7",
        "2026-03-04T21:02:09.123000Z",
    )
    assert first["time_shown"] == "2026-03-04T22:02:09.123+01:00"
    assert ["author.nickname", "Vera"] in first["other"]
    assert found.items[1].meta["files"] == [{"path": "crew.json_Files/rota.pdf", "there": True}]
    assert (second["reply_to"], second["edited"]) == ("1001", "2026-03-04T21:04:09Z")
    assert second["media"][0]["url"] == "https://cdn.example/x.png"
    assert ["embeds.0.url", "https://kestrel.example/a"] in second["other"]
    assert (third["service"], third["action"]) == (True, "GuildMemberJoin")


def test_a_package_is_read_as_json_and_as_csv() -> None:
    found = read(discord_package.SOURCE, "messages.json", SAMPLES["messages.json"]())
    assert [(each["time"], each["text"]) for each in messages(found)][0] == (
        "2026-03-04T21:02:09",
        "Ten o'clock",
    )
    assert found.items[1].meta["date_reason"] == "no zone: taken as UTC"
    assert discord_csv.SOURCE.claims(Glance("messages.csv", PACKAGE_CSV.encode())) is Claim.STRUCTURE
    rows = messages(read(discord_csv.SOURCE, "messages.csv", PACKAGE_CSV.encode()))
    assert [(each["time"], each["text"]) for each in rows] == [
        ("2026-03-04T21:02:09.123000Z", "Ten"),
        ("2026-03-04T21:03:09Z", "Eleven"),
    ]


def test_rows_of_csv_have_quotes_and_line_breaks_and_lie_where_they_say() -> None:
    found = read(discord_csv.SOURCE, "crew.csv", CSV.encode())
    first, second = messages(found)
    assert (first["sender"], first["text"]) == ("vera", 'Ten "o\'clock",\nor later')
    assert (second["time_written"], second["text"], "time" in second) == (
        "04-Mar-26 09:03 PM",
        "مواعيد",
        False,
    )
    assert ["Reactions", "up (2)"] in first["other"]
    for item in found.items[1:]:
        assert CSV.encode()[item.meta["offset"] :].startswith(b'"')


def test_a_damaged_message_costs_itself_alone() -> None:
    data = SAMPLES["discord.json"]()
    at = data.index(b"Ten o'clock")
    found = read(discord.SOURCE, "crew.json", data[:at] + b'"' + data[at:])
    assert len(messages(found)) == 2
    assert found.end.startswith("damaged: discord: byte ")


@pytest.mark.parametrize(
    "text",
    [
        b'{"guild": {"id": "1"}, "channel": {"id": "x"}, "messages": []}',
        b'[{"ID": 1, "Name": "x"}]',
        b"ID,Timestamp,Contents\n1,2,3\n",
        b"AuthorID,Author,Date,Content,Attachments,Reactions,More\n",
    ],
)
def test_what_only_looks_like_it_is_not_claimed(text: bytes) -> None:
    assert [source.claims(Glance("x", text)) for source in SOURCES.values()] == [Claim.NO] * 3


@settings(max_examples=200, deadline=None)
@given(integers(0, 2000), integers(0, 40), binary(max_size=6))
def test_any_damage_is_answered(at: int, gone: int, put: bytes) -> None:
    for name, source in SOURCES.items():
        data = SAMPLES[name]()
        messages(read(source, name, data[:at] + put + data[at + gone :]))
