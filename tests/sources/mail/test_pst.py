"""PST: what a store holds, what of a damaged one is named, and that nothing of it goes unsaid."""

import hashlib
import json
import os
import shutil
import subprocess
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from ost_maker import LargeMaker
from pst_maker import (
    BIN,
    BOX,
    I32,
    LARGEST,
    OBJ,
    TEXT8,
    TOP,
    Maker,
    Part,
    Values,
    folder,
    message,
    properties,
    store,
    text,
)
from pst_samples import CREW, MESSAGES, ROTA, VERA, attached, filled, first, names, nested

from actionday.access.placed import counted_by
from actionday.model import Found, Kind, Limits, Status
from actionday.model.loss import is_loss
from actionday.parsers.mail import PARSER
from actionday.sources.mail._mapi import put_together, several
from actionday.sources.mail.pst import SOURCE
from actionday.testing.context import Alone, Bytes, content
from actionday.testing.sources import Listing, listing

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data"))
INBOX = "Top of Personal Folders/Inbox"
MAIL = 0x200024


def read(data: bytes) -> tuple[dict[str, tuple[Found, bytes]], Alone]:
    """Return what a store holds by its path below the inbox, and what was noted."""
    stream, around = Bytes(data), Alone("mail.pst")
    held = {}
    for found in SOURCE.items(stream, around):
        body = content(found, stream) if found.read is not None else b""
        held[found.name.removeprefix(f"{INBOX}/")] = (found, body)
    return held, around


def one(part: Part, **more: object) -> tuple[dict[str, tuple[Found, bytes]], Alone]:
    return read(store(Maker(), {MAIL: part}, **more).file())  # type: ignore[arg-type]


@pytest.mark.parametrize("coding", [0, 1, 2])
@pytest.mark.parametrize("wide", [True, False])
def test_a_store_is_read_in_every_coding(wide: bool, coding: int) -> None:
    part = message({**VERA, 0x0037: text("Rota")}, [CREW], [attached("rota.txt", ROTA)], wide=wide)
    held, around = read(store(Maker(wide=wide, coding=coding), {MAIL: part}).file())
    assert held["00200024/rota.txt"][1] == ROTA
    assert b"Subject: Rota\r\n" in held["00200024"][1]
    assert [note.reason for note in around.notes] == []


@pytest.mark.parametrize("deflated", [False, True])
@pytest.mark.parametrize("coding", [0, 1])
def test_a_store_of_pages_of_4_kib_is_read_its_blocks_inflated(coding: int, deflated: bool) -> None:
    parts = {number: make() for number, make in MESSAGES.items()}
    held, around = read(store(LargeMaker(coding=coding, deflated=deflated), parts, names=names()).file())
    assert held["00200024/rota.txt"][1] == ROTA
    assert held["00200044" + "/the message before" * 4 + "/deepest.txt"][1] == b"the deepest file\n"
    assert around.notes == []


def test_a_message_is_mail_as_any_other() -> None:
    held, around = read(filled().file())
    found, raw = held["00200024"]
    assert around.notes == []
    assert (found.kind, found.status, found.mtime) == (Kind.MESSAGE, None, "2026-06-01T09:00:00Z")
    assert found.meta["subject"] == "Re: Rota 9"
    parsed = PARSER.parse(memoryview(raw), "message/rfc822", Limits())
    assert parsed.reason == ""
    said = "".join(parsed.text)
    assert 'From: "Vera Falk" <vera@kestrel.example>' in said
    assert "مناوبة" in said
    assert (parsed.meta["attachments"], found.meta["attachments_stored"]) == (None, 2)
    assert parsed.meta["date"] == "2026-06-01T09:00:00Z"
    assert parsed.meta["to"] == [{"name": "Crew", "address": "crew@kestrel.example"}]
    assert parsed.meta["bcc"] == [{"name": "نادر", "address": "nadir@kestrel.example"}]
    assert parsed.meta["message_id"] == "rota-9@kestrel.example"
    by_others = message_from_bytes(raw, policy=default)
    assert by_others.get_body(("html",)).get_content().strip() == "<p>Shift 9 begins at <b>ten</b>.</p>"  # type: ignore[union-attr]
    assert held["00200024/rota.txt"][1] == ROTA
    assert held["00200024/مناوبة.bin"][1] == bytes(range(256))


def test_messages_within_messages_are_items_however_deep() -> None:
    held, _ = one(nested(7))
    deep = "00200024" + "/the message before" * 7
    assert b"Subject: Depth 0\r\n" in held[deep][1]
    assert held[f"{deep}/deepest.txt"][1] == b"the deepest file\n"
    assert held[deep][0].kind is Kind.MESSAGE


def test_messages_deeper_than_the_limit_are_said() -> None:
    held, _ = one(nested(35))
    last = held["00200024" + "/the message before" * 32][0]
    assert (last.status, last.reason) == (Status.QUARANTINED, "messages nested more than 32 deep")


def test_an_appointment_says_when_and_where() -> None:
    _, raw = read(filled().file())[0]["00200064"]
    said = "".join(PARSER.parse(memoryview(raw), "message/rfc822", Limits()).text)
    for line in (
        "Start: 2026-06-01T09:00:00Z",
        "End: 2026-06-01T10:00:00Z",
        "Location: Pier 4",
        "Bring the rota.",
    ):
        assert line in said


def test_text_of_eight_bits_is_read_by_the_code_page_that_the_message_names() -> None:
    page: Values = {**VERA, 0x0037: (TEXT8, "График дежурств"), 0x1000: (TEXT8, "Смена начинается в десять.\r\n"),
                    0x3FFD: (I32, 1251)}  # fmt: skip
    _, raw = one(message(page, page="cp1251"))[0]["00200024"]
    assert "Subject: График дежурств\r\n".encode() in raw
    assert "Смена начинается в десять.".encode() in raw


def test_a_password_keeps_nobody_out_and_is_said() -> None:
    held, around = one(first(), password=0x1234)
    assert "00200024/rota.txt" in held
    assert [(note.code, "encrypts nothing" in note.reason) for note in around.notes] == [("password", True)]


# Damage: each is one of the pitfalls, or a kind that they stand for.


def test_m03_an_attachment_of_an_unknown_type_is_unreadable_and_names_the_property() -> None:
    odd = properties({0x3705: (I32, 1), 0x3707: text("rota.txt"), 0x3701: (0x0777, ROTA[:50])})
    found, raw = one(message(VERA, [CREW], [odd]))[0]["00200024/rota.txt"]
    assert (found.status, raw) == (Status.UNREADABLE, b"")
    assert "property 3701 has the type 0777" in found.reason


def test_m04_a_broken_descriptor_keeps_the_message_and_lists_the_attachment_by_its_long_name() -> None:
    part = message({**VERA, 0x0037: text("Rota")}, [CREW], [attached("the long name of the rota.txt", ROTA)])
    maker = store(Maker(), {MAIL: part})
    (first_of_it,) = [number for number, (_, size) in maker.blocks.items() if size == LARGEST[True]]
    del maker.blocks[first_of_it]
    held, _ = read(maker.file())
    assert b"Subject: Rota" in held["00200024"][1]
    found, _ = held["00200024/the long name of the rota.txt"]
    assert found.status is Status.UNREADABLE
    assert f"block {first_of_it:#x} is in no page" in found.reason


def test_m04_an_attachment_whose_node_is_lost_keeps_the_name_that_its_table_has() -> None:
    part = message(
        {**VERA, 0x0037: text("Rota")},
        [CREW],
        [attached("x", b"rota")],
        [{0x3707: text("the long name.txt")}],
    )
    del part.subs[0x8025]
    held, _ = one(part)
    found, _ = held["00200024/the long name.txt"]
    assert (found.status, found.kind) == (Status.UNREADABLE, Kind.ATTACHMENT)
    assert "subnode 0x8025 is not there" in found.reason
    assert b"Subject: Rota" in held["00200024"][1]


def test_m05_a_store_without_its_root_folder_gives_its_mail_and_says_what_lacks() -> None:
    maker = filled()
    del maker.nodes[0x122]
    held, around = read(maker.file())
    assert held["00200024/rota.txt"][1] == ROTA
    assert any(is_loss(note.code) and "root folder" in note.reason for note in around.notes)


def test_m05_a_store_of_which_no_node_is_left_is_a_failure() -> None:
    maker = filled()
    data = bytearray(maker.file())
    at = int.from_bytes(data[224:232], "little")
    data[at : at + 512] = bytes(512)
    result = listing(SOURCE, "mail.pst", bytes(data))
    assert result.items == ()
    assert result.end == "damaged: PST: not one node can be read: nothing of what it holds is known"


def test_m12_a_message_without_its_recipients_is_counted_and_the_sum_is_what_the_store_says() -> None:
    parts = {
        MAIL + 0x20 * at: message({**VERA, 0x0037: text(f"Rota {at}"), 0x0E04: text("Crew")}, [CREW])
        for at in range(5)
    }
    del parts[MAIL + 0x20].subs[0x692]
    held, around = read(store(Maker(), parts).file())
    mails = [found for found, _ in held.values() if found.kind is Kind.MESSAGE]
    assert [found.status for found in mails] == [None, Status.UNREADABLE, None, None, None]
    assert "table of its recipients is not there" in mails[1].reason
    assert b"Subject: Rota 1" in held["00200044"][1]
    assert b'To: "Crew"' in held["00200044"][1]
    assert around.notes == []


def test_fewer_messages_than_the_folder_states_are_a_loss_with_the_number() -> None:
    _, around = one(first(), count=3)
    (note,) = around.notes
    assert is_loss(note.code)
    assert note.reason == "PST: the folder states 3 messages, and 1 of its list are there"


def test_a_message_that_the_folder_lists_and_nobody_has_is_unreadable() -> None:
    held, around = one(first(), listed=[MAIL, 0x200044])
    found = held["00200044"][0]
    assert (found.status, found.reason) == (
        Status.UNREADABLE,
        "PST: a folder lists the message, and no node has its number",
    )
    assert [is_loss(note.code) for note in around.notes] == [True]


def test_a_message_that_no_folder_lists_is_an_item_and_marked() -> None:
    maker = store(
        Maker(), {MAIL: first(), 0x200044: message({**VERA, 0x0037: text("Removed")}, [CREW])}, listed=[MAIL]
    )
    held, around = read(maker.file())
    found, raw = held["00200044"]
    assert b"Subject: Removed\r\n" in raw
    assert found.meta["unlisted"] is True
    assert [note.code for note in around.notes] == ["unlisted"]


def test_a_message_of_a_folder_that_is_gone_is_an_item() -> None:
    maker = filled()
    del maker.nodes[BOX]
    held, around = read(maker.file())
    assert f"no folder {BOX:#x}/00200024/rota.txt" in held
    assert held[f"no folder {BOX:#x}/00200024"][0].meta["unlisted"] is True
    assert around.notes


def test_a_message_that_two_folders_list_is_one_item() -> None:
    maker = filled()
    for at, number in enumerate((TOP, BOX)):
        folder(
            maker,
            number,
            (0x122, TOP)[at],
            ("Top of Personal Folders", "Inbox")[at],
            [MAIL, 0x200FE4],
            children=[BOX],
        )
    stream = Bytes(maker.file())
    names = [found.name for found in SOURCE.items(stream, Alone("mail.pst"))]
    assert names.count(f"{INBOX}/00200024") == 1
    assert sum(name.endswith("00200fe4") for name in names) == 1, "nor is one that nobody has there twice"


def test_folders_in_a_ring_end() -> None:
    maker = filled()
    maker.nodes[TOP] = (*maker.nodes[TOP][:2], BOX)
    held, around = read(maker.file())
    assert any("rota.txt" in path for path in held)
    assert around.notes


def test_an_object_within_is_a_file() -> None:
    part = properties(
        {0x3705: (I32, 6), 0x3707: text("sheet"), 0x3701: (OBJ, Part(b"\xd0\xcf\x11\xe0 an object"))}
    )
    assert one(message(VERA, [CREW], [part]))[0]["00200024/sheet"][1] == b"\xd0\xcf\x11\xe0 an object"


def test_an_attachment_that_is_only_a_path_says_so() -> None:
    part = properties({0x3705: (I32, 2), 0x3707: text("plan.doc"), 0x370D: text("\\\\pier\\plan.doc")})
    found, _ = one(message(VERA, [CREW], [part]))[0]["00200024/plan.doc"]
    assert found.status is Status.UNSUPPORTED
    assert "\\\\pier\\plan.doc" in found.reason


def test_a_long_property_that_nobody_shows_is_an_item() -> None:
    held, _ = one(message({**VERA, 0x6789: (BIN, b"kestrel" * 999)}))
    assert held["00200024/property 6789"][1] == b"kestrel" * 999


def _told(result: Listing, around: Alone) -> bool:
    return bool(result.end or around.notes or any(each.status or each.notes for each in result.items))


def test_no_flipped_byte_goes_unsaid() -> None:
    """Each byte that carries something: what comes out is the same, or something is said."""
    data = filled().file()
    whole = listing(SOURCE, "mail.pst", data)
    quiet = list[int]()
    for at in range(0x4600, len(data), 37):
        broken, around = data[:at] + bytes([data[at] ^ 0x5A]) + data[at + 1 :], Alone("mail.pst")
        result = listing(SOURCE, "mail.pst", broken, lambda _, around=around: around)  # type: ignore[misc]
        if (
            result != whole
            and not _told(result, around)
            and not any(isinstance(each, str) for each in result.contents)
        ):
            quiet.append(at)
    assert quiet == []


def test_no_cut_goes_unsaid() -> None:
    data = filled().file()
    for cut in range(600, len(data), 211):
        around = Alone("mail.pst")
        result = listing(SOURCE, "mail.pst", data[:cut], lambda _, around=around: around)  # type: ignore[misc]
        assert _told(result, around)


@pytest.mark.tools
@pytest.mark.skipif(not shutil.which("readpst"), reason="readpst (pst-utils) is not here")
def test_readpst_lists_the_same_messages(tmp_path: Path) -> None:
    path = tmp_path / "mail.pst"
    path.write_bytes(filled().file())
    subprocess.run(["readpst", "-S", "-D", "-o", tmp_path, path], check=True, capture_output=True)
    said = "".join(
        each.read_text() for each in (tmp_path / "Kestrel" / "Inbox").iterdir() if each.name.isdigit()
    )
    for line in ("Subject: Re: Rota 9", "Subject: Depth 4", "Level 4 of the rota.", "SUMMARY:Crew meeting"):
        assert line in said


@pytest.mark.skipif(not (DATA / "mail").is_dir(), reason=f"no test data at {DATA}")
def test_a_store_of_outlook_against_what_libpff_and_readpst_list() -> None:
    rows = [json.loads(line) for line in (DATA / "truth" / "testPST.pst.jsonl").read_text().splitlines()]
    held, around = read((DATA / "mail" / "testPST.pst").read_bytes())
    assert [note for note in around.notes if is_loss(note.code)] == []
    subjects = sorted(str(found.meta["subject"]) for found, _ in held.values() if found.kind is Kind.MESSAGE)
    assert subjects == sorted(row["subject"] for row in rows if row["kind"] == "message")
    files = {hashlib.sha256(raw).hexdigest() for found, raw in held.values() if found.kind is Kind.ATTACHMENT}
    assert {row["sha256"] for row in rows if row["kind"] == "attachment"} <= files


def test_values_that_contradict_one_another_are_one() -> None:
    assert several(0x101F, put_together([b"a\0", b"bc"])) == [b"a\0", b"bc"]
    assert several(0x101F, b"") == []
    assert several(0x101F, bytes(8)) == []
    wrong = (2).to_bytes(4, "little") + (12).to_bytes(4, "little") + (4).to_bytes(4, "little") + b"ab"
    assert several(0x101F, wrong) == [wrong]


def removed(*, used_again: bool = False) -> bytes:
    """Return a store out of which a message was taken: newer pages list all but it, the older ones still stand."""
    maker = store(Maker(), {MAIL: first(), 0x200044: message({**VERA, 0x0037: text("Gone"), 0x1000: text("At the pier.\r\n")}, [CREW])},
                  listed=[MAIL])  # fmt: skip
    maker.file()
    kept = set(maker.blocks)
    data, within, _ = maker.nodes.pop(0x200044)
    kept -= {data, within}
    if used_again:
        at, size = maker.blocks[data]
        maker.data[at : at + size + 64] = bytes(size + 64)
    maker.blocks = {number: maker.blocks[number] for number in kept}
    return maker.file()


def test_a_message_that_was_removed_is_read_out_of_free_space_and_marked() -> None:
    held, around = read(removed())
    found, raw = held["out of use/00200044"]
    assert b"Subject: Gone\r\n" in raw
    assert b"At the pier." in raw
    assert found.meta["out_of_use"] is True
    assert found.meta["folder_node"] == f"{BOX:#x}"
    assert [path for path in held if path.startswith("out of use/")] == ["out of use/00200044"]
    assert around.notes == []


def test_a_removed_message_whose_blocks_are_used_again_is_counted() -> None:
    held, around = read(removed(used_again=True))
    assert not any(path.startswith("out of use/") for path in held)
    assert [note.code for note in around.notes] == ["out_of_use"]


def test_a_place_is_told_as_it_stands_and_never_as_a_byte() -> None:
    """Hexadecimal digits begin like the places of other sources do (``b1``: byte 1)."""
    maker = store(Maker(), {0xB00024: first()})
    places = [found.place for found in SOURCE.items(Bytes(maker.file()), Alone("mail.pst"))]
    assert "nb00024.8025" in places
    assert [counted_by("pst", place).said for place in places] == places


def test_a_run_goes_on_behind_any_item() -> None:
    data = filled().file()
    every = [found.place for found in SOURCE.items(Bytes(data), Alone("mail.pst"))]
    for at, place in enumerate(every):
        rest = [found.place for found in SOURCE.items(Bytes(data), Alone("mail.pst", after=place))]
        assert rest == every[at + 1 :]
