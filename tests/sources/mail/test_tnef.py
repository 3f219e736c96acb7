"""TNEF: the message in a ``winmail.dat``, with all that hangs on it; what of a damaged one is named."""

import hashlib
import json
import os
from pathlib import Path
from struct import pack

import pytest
from pst_maker import Values, text
from pst_samples import CREW, ROTA, VERA
from tnef_samples import MARK, attached, attribute, first, listed, nested, stream

from actionday.model import Found, Kind, Limits, Status
from actionday.model.loss import is_loss
from actionday.parsers.mail import PARSER
from actionday.sources.mail.tnef import SOURCE
from actionday.testing.context import Alone, Bytes, content
from actionday.testing.sources import listing

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data"))


def read(data: bytes) -> tuple[dict[str, tuple[Found, bytes]], Alone]:
    held, around, opened = {}, Alone("winmail.dat"), Bytes(data)
    for found in SOURCE.items(opened, around):
        told = found.read is not None or found.runs is not None
        held[found.name] = (found, content(found, opened) if told else b"")
    return held, around


def said(raw: bytes) -> str:
    return "".join(PARSER.parse(memoryview(raw), "message/rfc822", Limits()).text)


def test_a_message_is_mail_as_any_other_and_its_files_lie_in_place() -> None:
    held, around = read(first())
    assert around.notes == []
    found, raw = held["message"]
    assert (found.kind, found.status, found.mtime) == (Kind.MESSAGE, None, "2026-06-01T09:00:00Z")
    for words in (
        "Subject: Rota 9",
        '"Vera Falk" <vera@kestrel.example>',
        '"نادر" <nadir@kestrel.example>',
        "مناوبة",
    ):
        assert words in said(raw)
    assert held["message/rota.txt"][1] == ROTA
    assert held["message/rota.txt"][0].runs is not None
    assert held["message/مناوبة.bin"][1] == bytes(range(256))


def test_messages_within_messages_are_items_however_deep() -> None:
    held, _ = read(nested(6))
    deep = "message" + "/the message before" * 6
    assert "Subject: Depth 0" in said(held[deep][1])
    assert held[f"{deep}/deepest.txt"][1] == b"the deepest file\n"


def test_what_attributes_alone_say_is_read_by_the_code_page_of_the_stream() -> None:
    old = attribute(1, 0x18004, "График дежурств\0".encode("cp1251"))
    old += attribute(1, 0x2800C, "Смена в десять.\r\n\0".encode("cp1251"))
    old += attribute(1, 0x8000, pack("<HHHH", 4, 0, 5, 26) + b"Vera\0SMTP:vera@kestrel.example\0")
    old += attribute(1, 0x38005, pack("<HHHHHHH", 2026, 6, 1, 9, 0, 0, 1))
    found, raw = read(stream({}, extra=old, page="cp1251"))[0]["message"]
    assert found.mtime == "2026-06-01T09:00:00Z"
    for words in ("График дежурств", "Смена в десять.", '"Vera" <vera@kestrel.example>'):
        assert words in said(raw)


def test_named_properties_are_called_by_their_names() -> None:
    number = bytes.fromhex("0220060000000000c000000000000046") + pack("<II", 0, 0x8208)
    words = "Keywords\0".encode("utf-16-le")
    name = bytes.fromhex("2903020000000000c000000000000046") + pack("<II", 1, len(words)) + words + bytes(2)
    values: Values = {
        0x8000: text("Pier 4"),
        0x8001: text("rota"),
        0x0037: text("Meeting"),
        0x001A: text("IPM.Appointment"),
    }
    found, raw = read(stream(values, named={0x8000: number, 0x8001: name}))[0]["message"]
    properties = found.meta["properties"]
    assert isinstance(properties, dict)
    assert properties["00062002-0000-0000-c000-000000000046:8208"] == "Pier 4"
    assert properties["00020329-0000-0000-c000-000000000046:Keywords"] == "rota"
    assert "Location: Pier 4" in said(raw)


def test_m03_a_property_of_an_unknown_type_is_named_and_the_attachment_stays() -> None:
    broken = attached("rota.txt", ROTA, {0x6789: (0x0777, b"?")})
    held, _ = read(stream({**VERA, 0x6789: (0x0777, b"?")}, [CREW], [broken]))
    assert held["message"][0].status is Status.UNREADABLE
    assert "property 6789 has the type 0777" in held["message"][0].reason
    assert held["message/rota.txt"][1] == ROTA


def test_an_attribute_that_nobody_reads_is_an_item() -> None:
    held, _ = read(stream(VERA, extra=attribute(1, 0x6BEEF, b"the kestrel list" * 9)))
    assert held["message/attribute 0006BEEF"][1] == b"the kestrel list" * 9


def test_a_checksum_that_differs_is_said_and_the_bytes_are_kept() -> None:
    data = first().replace(b"Shift 9 begins at ten.\n", b"Shift 8 begins at ten.\n", 1)
    held, around = read(data)
    assert held["message/rota.txt"][1][:7] == b"Shift 8"
    assert [note.code for note in around.notes] == ["checksum"]


def test_no_cut_goes_unsaid() -> None:
    data = first()
    whole = listing(SOURCE, "winmail.dat", data)
    for cut in [*range(1, 700, 7), *range(700, len(data), 131)]:
        around = Alone("winmail.dat")
        result = listing(SOURCE, "winmail.dat", data[:cut], lambda _, around=around: around)  # type: ignore[misc]
        told = result.end or around.notes or any(each.status or each.notes for each in result.items)
        assert told or result == whole, cut


def test_no_flipped_byte_goes_unsaid() -> None:
    data = first()
    whole = listing(SOURCE, "winmail.dat", data)
    for at in range(6, len(data), 41):
        around = Alone("winmail.dat")
        broken = data[:at] + bytes([data[at] ^ 0xA5]) + data[at + 1 :]
        result = listing(SOURCE, "winmail.dat", broken, lambda _, around=around: around)  # type: ignore[misc]
        told = result.end or around.notes or any(each.status or each.notes for each in result.items)
        assert told or result == whole, at


def test_streams_within_one_another_without_end_are_stopped() -> None:
    held, _ = read(nested(35))
    assert any(
        found.status is Status.QUARANTINED and "nested more than 32 deep" in found.reason
        for found, _ in held.values()
    )


def test_a_list_that_states_more_than_it_has_ends() -> None:
    held, _ = read(MARK + attribute(1, 0x69003, pack("<I", 0xFFFFFFFF) + listed(VERA)[4:]))
    assert held["message"][0].status is Status.UNREADABLE
    assert "breaks off" in held["message"][0].reason


@pytest.mark.skipif(not (DATA / "mail").is_dir(), reason=f"no test data at {DATA}")
def test_a_stream_of_outlook_against_what_tnef_lists() -> None:
    rows = [json.loads(line) for line in (DATA / "truth" / "testWINMAIL.dat.jsonl").read_text().splitlines()]
    held, around = read((DATA / "mail" / "testWINMAIL.dat").read_bytes())
    assert [note for note in around.notes if is_loss(note.code)] == []
    assert held["message"][0].status is None
    for row in rows:
        if row["kind"] == "attachment":
            assert hashlib.sha256(held[f"message/{row['path']}"][1]).hexdigest() == row["sha256"]
