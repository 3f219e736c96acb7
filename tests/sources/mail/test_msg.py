"""MSG: one item of Outlook, with all that hangs on it; what of a damaged one is named."""

import hashlib
import json
import os
from pathlib import Path

import pytest
from msg_samples import attached, file_of, first, nested, of_bytes, tree, within
from pst_maker import BIN, I32, TEXT8, Values, text
from pst_samples import CREW, ROTA, VERA

from actionday.mime.compound import Compound
from actionday.model import Claim, Found, Kind, Limits, Status
from actionday.model.loss import is_loss
from actionday.parsers.mail import PARSER
from actionday.sources.archives.compound import SOURCE as COMPOUND
from actionday.sources.mail.msg import SOURCE
from actionday.testing.context import Alone, Bytes, Glance, content
from actionday.testing.sources import listing
from compound_files import compound

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data"))


def read(data: bytes) -> tuple[dict[str, tuple[Found, bytes]], Alone]:
    stream, around = Bytes(data), Alone("mail.msg")
    held = {}
    for found in SOURCE.items(stream, around):
        told = found.read is not None or found.runs is not None
        held[found.name] = (found, content(found, stream) if told else b"")
    return held, around


def said(raw: bytes) -> str:
    return "".join(PARSER.parse(memoryview(raw), "message/rfc822", Limits()).text)


def test_a_message_is_mail_as_any_other_and_its_files_are_items() -> None:
    held, around = read(file_of(first()))
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
    assert held["message/مناوبة.bin"][1] == bytes(range(256))


def test_an_object_within_is_a_compound_file_of_its_own() -> None:
    raw = read(file_of(first()))[0]["message/sheet"][1]
    whole = Compound(lambda at, length: raw[at : at + length], len(raw))
    assert {each.name: whole.content(each) for each in whole.tree.top()}[
        "Workbook"
    ] == b"an object within" * 20


def test_messages_within_messages_are_items_however_deep() -> None:
    held, _ = read(file_of(nested(6, inner=False)))
    deep = "message" + "/the message before" * 6
    assert "Subject: Depth 0" in said(held[deep][1])
    assert held[f"{deep}/deepest.txt"][1] == b"the deepest file\n"


def test_text_of_eight_bits_is_read_by_its_code_page() -> None:
    words: Values = {
        **VERA,
        0x0037: (TEXT8, "График дежурств"),
        0x1000: (TEXT8, "Смена в десять.\r\n"),
        0x3FFD: (I32, 1251),
    }
    raw = read(file_of(tree(words, page="cp1251")))[0]["message"][1]
    assert "График дежурств" in said(raw)
    assert "Смена в десять." in said(raw)


def test_a_stored_header_stands_first_and_what_tells_of_its_parts_is_set_aside() -> None:
    header = (
        "Received: from pier.example by kestrel.example; Mon, 1 Jun 2026 09:00:00 +0000\r\n"
        "Subject: =?utf-8?b?0KDQvtGC0LA=?=\r\nX-Kestrel: a\r\n b\r\nContent-Type: multipart/mixed; boundary=gone\r\n"
    )
    raw = read(
        file_of(tree({**VERA, 0x0037: text("Рота"), 0x007D: text(header), 0x1000: text("At ten.\r\n")}))
    )[0]["message"][1]
    assert raw.startswith(b"Received: from pier.example by kestrel.example")
    assert raw.count(b"Subject:") == 1
    assert b"X-Kestrel: a\r\n b\r\n" in raw
    assert b"X-Stored-Content-Type: multipart/mixed; boundary=gone\r\n" in raw
    assert "Subject: Рота" in said(raw)
    assert "At ten." in said(raw)


def test_a_name_with_line_breaks_makes_no_field() -> None:
    raw = read(file_of(tree({**VERA, 0x0037: text("Rota\r\nBcc: nobody@evil.example\r\n\r\nbody")})))[0][
        "message"
    ][1]
    assert b"\r\nBcc:" not in raw
    assert b"Subject: Rota Bcc: nobody@evil.example body\r\n" in raw


def test_m03_an_attachment_of_an_unknown_type_is_unreadable_and_names_the_property() -> None:
    odd = attached({0x3705: (I32, 1), 0x3707: text("rota.txt"), 0x3701: (0x0777, ROTA)})
    held, _ = read(file_of(tree(VERA, [CREW], [odd])))
    found, raw = held["message/rota.txt"]
    assert (found.status, raw) == (Status.UNREADABLE, b"")
    assert "property 3701 has the type 0777" in found.reason


def test_m04_an_attachment_without_its_stream_keeps_its_long_name() -> None:
    broken = of_bytes("the long name of the rota.txt", ROTA)
    del broken["__substg1.0_37010102"]
    found, _ = read(file_of(tree(VERA, [CREW], [broken])))[0]["message/the long name of the rota.txt"]
    assert found.status is Status.UNREADABLE
    assert f"property 3701 has {len(ROTA)} bytes, and the stream of them is not there" in found.reason


def test_a_body_without_its_stream_makes_the_message_unreadable_and_the_rest_stays() -> None:
    made = tree(
        {**VERA, 0x0037: text("Rota 9"), 0x1000: text("At ten.\r\n")}, [CREW], [of_bytes("rota.txt", ROTA)]
    )
    del made["__substg1.0_1000001F"]
    held, _ = read(file_of(made))
    assert held["message"][0].status is Status.UNREADABLE
    assert "property 1000" in held["message"][0].reason
    assert "Subject: Rota 9" in said(held["message"][1])
    assert held["message/rota.txt"][1] == ROTA


def test_a_stream_that_is_no_part_of_a_message_is_an_item() -> None:
    held, around = read(file_of(tree(VERA) | {"hidden": b"the kestrel list" * 9}))
    assert held["hidden"][1] == b"the kestrel list" * 9
    assert [note.code for note in around.notes] == ["unknown_part"]


def test_other_compound_files_are_not_taken() -> None:
    sheet = compound({"Workbook": b"w" * 500, "__properties_version1.0": bytes(32)}, bytes(range(16)))
    assert SOURCE.claims(Glance("a.msg", sheet)) is Claim.NO
    assert COMPOUND.claims(Glance("a.msg", sheet)) is Claim.MAGIC
    assert SOURCE.claims(Glance("a.bin", file_of(tree(VERA)))) is Claim.STRUCTURE


def test_no_cut_goes_unsaid() -> None:
    data = file_of(first())
    for cut in range(520, len(data), 371):
        around = Alone("mail.msg")
        result = listing(SOURCE, "mail.msg", data[:cut], lambda _, around=around: around)  # type: ignore[misc]
        told = result.end or any(is_loss(note.code) for note in around.notes)
        assert told or any(each.status for each in result.items), cut


def test_no_flipped_byte_raises() -> None:
    data = file_of(tree({**VERA, 0x1009: (BIN, b"x" * 50)}, [CREW], [within(nested(1))]))
    for at in range(0, len(data), 97):
        listing(SOURCE, "mail.msg", data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])


@pytest.mark.skipif(not (DATA / "mail").is_dir(), reason=f"no test data at {DATA}")
@pytest.mark.parametrize(
    "name", ["testMSG.msg", "testMSG_att_msg.msg", "testMSG_Appointment.msg", "testMSG_chinese.msg"]
)
def test_messages_of_outlook_against_what_other_readers_list(name: str) -> None:
    rows = [json.loads(line) for line in (DATA / "truth" / f"{name}.jsonl").read_text().splitlines()]
    held, around = read((DATA / "mail" / name).read_bytes())
    assert [note for note in around.notes if is_loss(note.code)] == []
    messages = [found for found, _ in held.values() if found.kind is Kind.MESSAGE]
    assert [found.reason for found in messages] == [""] * len(messages)
    if "chinese" not in name:  # the reader behind the truth took its code page for another
        wanted = sorted(row["subject"] for row in rows if row["kind"] == "message")
        assert sorted(str(found.meta["subject"]) for found in messages) == wanted
    files = {hashlib.sha256(raw).hexdigest() for found, raw in held.values() if found.kind is Kind.ATTACHMENT}
    assert {row["sha256"] for row in rows if row["kind"] == "attachment"} <= files
