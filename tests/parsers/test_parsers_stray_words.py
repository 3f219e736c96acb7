"""What the streams of an office file up to 2003 hold beside what its format says, and what Microsoft's programs add."""

import struct
from pathlib import Path

import pytest

from actionday.detectors.filetype import identify_type, retold
from actionday.model import Encrypted, Limits, Parsed
from actionday.parsers import Parsers
from compound_files import compound, streams

WORDS = "lanterns at the weir by midnight"
STRAY = f"{WORDS} tonight".encode()
MIMES = {
    "writer.doc": "application/msword",
    "calc.xls": "application/vnd.ms-excel",
    "impress.ppt": "application/vnd.ms-powerpoint",
}
STREAM = {"writer.doc": "WordDocument", "calc.xls": "Workbook", "impress.ppt": "PowerPoint Document"}
PARSERS = Parsers.load()


def read(name: str, held: dict[str, bytes]) -> Parsed:
    parsed = PARSERS.parse(MIMES[name], memoryview(compound(dict(held))), Limits())
    assert parsed is not None
    return parsed


def text(parsed: Parsed) -> str:
    return "".join(parsed.text)


def is_found(parsed: Parsed) -> bool:
    said = [note for note in parsed.notes if note.code == "read_as_text"]
    return text(parsed).count(WORDS) == 1 and len(said) == 1


def record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


@pytest.mark.parametrize("name", MIMES)
def test_a_sound_file_holds_nothing_beside(made: Path, name: str) -> None:
    parsed = read(name, streams((made / name).read_bytes()))
    assert "read_as_text" not in [note.code for note in parsed.notes]


@pytest.mark.parametrize("code", ["ascii", "utf-16-le"])
@pytest.mark.parametrize("name", MIMES)
def test_words_behind_the_last_record_are_read(made: Path, name: str, code: str) -> None:
    held = streams((made / name).read_bytes())
    held[STREAM[name]] += STRAY.decode().encode(code)
    assert is_found(read(name, held))


@pytest.mark.parametrize("which", ["\5SummaryInformation", "\5DocumentSummaryInformation"])
@pytest.mark.parametrize("name", MIMES)
def test_words_behind_the_properties_or_in_their_place_are_read(made: Path, name: str, which: str) -> None:
    held = streams((made / name).read_bytes())
    for content in (held[which] + STRAY, STRAY):
        assert is_found(read(name, held | {which: content}))


def test_words_in_the_table_of_a_document_are_read(made: Path) -> None:
    held = streams((made / "writer.doc").read_bytes())
    assert is_found(read("writer.doc", held | {"1Table": held["1Table"] + STRAY}))


def test_words_in_a_record_that_no_standard_knows_are_read(made: Path) -> None:
    book = streams((made / "calc.xls").read_bytes())
    whole = book["Workbook"]
    first = 4 + struct.unpack_from("<H", whole, 2)[0]
    for at in (first, len(whole)):
        assert is_found(
            read("calc.xls", book | {"Workbook": whole[:at] + record(0x0999, STRAY) + whole[at:]})
        )
    show = streams((made / "impress.ppt").read_bytes())
    show["PowerPoint Document"] += struct.pack("<HHI", 0, 0x1999, len(STRAY)) + STRAY
    assert is_found(read("impress.ppt", show))


def test_slides_that_are_plain_text_are_read(made: Path) -> None:
    held = streams((made / "impress.ppt").read_bytes())
    parsed = read("impress.ppt", held | {"PowerPoint Document": STRAY * 20})
    assert WORDS in text(parsed)
    assert "no characters" not in parsed.reason


def test_words_that_the_text_has_stand_once(made: Path) -> None:
    held = streams((made / "writer.doc").read_bytes())
    known = " ".join(text(read("writer.doc", held)).split()[:8])
    held["1Table"] += b"\0\0" + known.encode("utf-16-le") + b"\0\0"
    assert "read_as_text" not in [note.code for note in read("writer.doc", held).notes]


def test_who_saved_a_workbook_is_told(made: Path) -> None:
    """[MS-XLS] 2.4.349: a string in a record of 112 bytes, filled with blanks."""
    held = streams((made / "calc.xls").read_bytes())
    whole, at = held["Workbook"], 0
    while struct.unpack_from("<H", whole, at)[0] != 0x005C:
        at += 4 + struct.unpack_from("<H", whole, at + 2)[0]
    name = "Sara Wehr"
    body = struct.pack("<HB", len(name), 1) + name.encode("utf-16-le")
    new = record(0x005C, body.ljust(112, b" "))
    behind = at + 4 + struct.unpack_from("<H", whole, at + 2)[0]
    parsed = read("calc.xls", held | {"Workbook": whole[:at] + new + whole[behind:]})
    assert parsed.meta["last_user"] == name


def test_who_saved_a_document_and_where_is_told(made: Path) -> None:
    """[MS-DOC] 2.9.300: names and paths in turn, ten saves at most."""
    held = streams((made / "writer.doc").read_bytes())
    saves = ["Sara Wehr", r"C:\Vereine\schedule.doc", "Rob", r"\\quay\share\schedule final.doc"]
    table = struct.pack("<HHH", 0xFFFF, len(saves), 0) + b"".join(
        struct.pack("<H", len(each)) + each.encode("utf-16-le") for each in saves
    )
    word = bytearray(held["WordDocument"])
    struct.pack_into("<II", word, 154 + 8 * 71, len(held["1Table"]), len(table))
    parsed = read("writer.doc", held | {"WordDocument": bytes(word), "1Table": held["1Table"] + table})
    assert parsed.meta["saved_by"] == [
        f"{who}: {where}" for who, where in zip(saves[::2], saves[1::2], strict=True)
    ]
    assert "read_as_text" not in [note.code for note in parsed.notes]


@pytest.mark.parametrize(
    "stream", ["EncryptedPackage", "__properties_version1.0", "EncryptedSummary", "a/b\\c:d!e"]
)
@pytest.mark.parametrize("name", ["writer.doc", "calc.xls"])
def test_one_stream_more_makes_no_other_file_of_a_document(made: Path, name: str, stream: str) -> None:
    held = streams((made / name).read_bytes())
    content = compound(held | {stream: STRAY})
    kind = identify_type(content, content[-64 * 1024 :], len(content))
    assert retold(kind, content, content[-64 * 1024 :], len(content)) == MIMES[name]
    assert text(read(name, held | {stream: STRAY})) == text(read(name, held))


def test_a_presentation_is_sealed_where_its_user_says_so(made: Path) -> None:
    held = streams((made / "impress.ppt").read_bytes())
    user = bytearray(held["Current User"])
    assert text(read("impress.ppt", held | {"EncryptedSummary": STRAY})) == text(read("impress.ppt", held))
    user[12:16] = 0xF3D1C4DF.to_bytes(4, "little")
    with pytest.raises(Encrypted):
        read("impress.ppt", held | {"Current User": bytes(user)})
