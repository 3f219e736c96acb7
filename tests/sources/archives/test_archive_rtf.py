"""Objects embedded in a rich text file are items; no damage makes the source raise, and none is passed over in silence."""

from struct import pack
from time import perf_counter

import pytest
from archive_samples import OBJECTS, PNG, ole_one, packaged, rtf_of
from archive_tools import ARABIC, TEXT, Run
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.model import Claim, Loss
from actionday.pipeline.openers import Openers
from actionday.sources.archives.appended import SOURCE as APPENDED
from actionday.sources.archives.rtf import SOURCE
from actionday.testing.context import Glance
from compound_files import compound

BOOK = compound(OBJECTS)
NATIVE = packaged(b"plan.txt", TEXT)[4:]
LINK = pack("<II", 0x501, 1) + pack("<I", 6) + b"Paint\0" + pack("<I", 12) + b"C:\\weir.bmp\0" + bytes(4)
PICTURE = pack("<II", 0x501, 5) + pack("<I", 13) + b"METAFILEPICT\0" + b"words that the picture shows"
WHOLE = rtf_of(
    ole_one(b"Package", NATIVE),
    ole_one(b"Excel.Sheet.8", BOOK, topic=b"sheet", behind=PICTURE),
    LINK,
    b"no header before it",
)
SHORT = rtf_of(
    ole_one(b"Package", NATIVE[: -len(TEXT) - 4] + pack("<I", 9) + b"nine here"), ole_one(b"Paint", b"drawn")
)


def read(data: bytes, **given: object) -> Run:
    return Run(SOURCE, "letter.rtf", data, **given)


def of(data: bytes) -> bytes:
    """Return a file with one object whose data is written as ``data``."""
    return rb"{\rtf1 a{\object\objemb{\*\objdata " + data + rb"}{\result b}} its end}"


def test_each_object_is_an_item_of_its_kind() -> None:
    run = read(WHOLE)
    link, raw = (
        WHOLE.index(each.hex().encode()[:30]) - len(rb"\objdata ") for each in (LINK, b"no header before")
    )
    assert [found.name for found in run.items] == [
        "plan.txt", "Excel.Sheet.8", "Excel.Sheet.8 (behind its data)", "Paint", f"object @{raw}"
    ]  # fmt: skip
    assert list(run.contents.values()) == [TEXT, BOOK, PICTURE, LINK, b"no header before it"]
    assert run.item("plan.txt").meta["packed_as"] == ["plan.txt", *["C:\\Desk\\plan.txt"] * 2]
    assert run.item("Excel.Sheet.8").meta["object_topic"] == "sheet"
    assert run.item("Paint").meta["object_topic"] == "C:\\weir.bmp"
    assert run.item("Paint").place == f"b{link}"
    assert not run.noticed()
    assert Openers().claimed(Glance("Excel.Sheet.8", BOOK)) == "compound"


def test_what_stands_behind_a_packed_file_is_an_item() -> None:
    run = read(rtf_of(ole_one(b"Package", NATIVE + "C:\\weir".encode("utf-16-le"))))
    assert run.contents["plan.txt"] == TEXT
    assert run.contents["Package (behind its data)"].startswith("C:\\weir".encode("utf-16-le"))
    assert not run.noticed()


def test_a_package_that_is_none_is_its_native_data() -> None:
    run = read(rtf_of(ole_one(b"Package", ARABIC)))
    assert run.contents == {"Package": ARABIC}


def test_bytes_that_stand_in_the_file_as_they_are() -> None:
    data = ole_one(b"Paint", b"}{\\objdata " + ARABIC * 50)
    run = read(of(data[:9].hex().encode() + rb"\bin%d " % len(data[9:]) + data[9:]))
    assert run.contents == {"Paint": b"}{\\objdata " + ARABIC * 50}
    assert not run.noticed()
    picture = rb"{\rtf1{\pict\bin30 {\*\objdata 414141}{\*\objdata}x{\b{{\object{\*\objdata 4242}}}"
    assert list(read(picture).contents.values()) == [b"BB"]


def test_a_word_behind_an_escaped_sign_is_text() -> None:
    assert not read(rb"{\rtf1 \\objdata 4141 \{\objdatafield 42}").items


@pytest.mark.parametrize("size", range(4000, 4200, 7))
def test_words_where_a_window_ends(size: int) -> None:
    run = read(rb"{\rtf1 " + b"a" * size + of(b"41" * size + rb"\bin3 }}}" + b"42" * 9)[6:])
    assert list(run.contents.values()) == [b"A" * size + b"}}}" + b"B" * 9]


@pytest.mark.parametrize(
    ("written", "content", "said"),
    [
        (b"4142 {\\*\\word 43}44", b"ABD", "1 word or sign"),
        (b"4142 {43}44", b"ABCD", "1 word or sign"),
        (b"4142\\foo1 zz43", b"ABC", "2 words and signs"),
        (b"4142 4", b"AB", "within a byte"),
    ],
    ids=["destination", "group", "words", "half"],
)
def test_what_is_no_hexadecimal_is_said(written: bytes, content: bytes, said: str) -> None:
    run = read(of(written))
    assert list(run.contents.values()) == [content]
    assert said in run.items[0].notes[0].reason


def test_a_group_that_does_not_end_takes_no_other_object() -> None:
    first = of(b"41424344")[:-1].replace(b"44}", b"44")
    run = read(first + of(b"4546")[6:])
    assert list(run.contents.values())[-1] == b"EF"
    assert [note.code for note in run.items[0].notes][0] == Loss.DAMAGED


def test_an_object_that_says_more_than_there_is() -> None:
    data = ole_one(b"Paint", b"0123456789", behind=b"")
    run = read(of(data[:-3].hex().encode()))
    assert run.contents == {"Paint": b"0123456"}
    assert run.items[0].notes[0].reason == "RTF: the object has 10 bytes, and 7 of them are in the file"


def test_every_cut_is_said_and_loses_nothing_before_it() -> None:
    sizes = []
    for at in range(6, len(SHORT)):
        run = read(SHORT[:at])
        sizes.append(sum(len(each) for each in run.contents.values()))
        begun = SHORT.rfind(rb"\objdata", 0, at)
        assert len(run.items) >= SHORT.count(rb"\objdata", 0, at), at
        if begun >= 0 and b"}" not in SHORT[begun:at]:
            assert run.items[-1].notes, at
    whole = read(SHORT)
    assert whole.contents == {"plan.txt": b"nine here", "Paint": b"drawn"}
    assert not whole.noticed()
    behind = SHORT.index(b"}", SHORT.index(rb"\objdata")) + 1
    assert all(read(SHORT[:at]).contents["plan.txt"] == b"nine here" for at in range(behind, len(SHORT), 5))


@settings(max_examples=300, deadline=None)
@given(integers(0, len(SHORT)), binary(max_size=12), integers(0, 30))
def test_no_damage_makes_it_raise(at: int, instead: bytes, gone: int) -> None:
    read(SHORT[:at] + instead + SHORT[at + gone :])


def test_a_run_goes_on_behind_any_item() -> None:
    data = WHOLE + b"behind it, words of somebody"
    places = [found.place for found in read(data).items]
    assert len(set(places)) == len(places) == 6
    for number, place in enumerate(places):
        assert [found.place for found in read(data, after=place).items] == places[number + 1 :]


def test_it_goes_before_what_is_appended() -> None:
    glance = Glance("letter.rtf", WHOLE)
    assert SOURCE.claims(glance) is Claim.MAGIC
    assert APPENDED.claims(glance) is Claim.NAME
    assert Openers().claimed(glance) == "rtf"
    assert SOURCE.claims(Glance("a.png", PNG)) is Claim.NO


def test_objects_beyond_the_most_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionday.sources.archives.rtf.MOST", 3)
    assert read(WHOLE).codes == [Loss.PARTS_LIMIT]
    monkeypatch.setattr("actionday.sources.archives.rtf.MOST", 4)
    assert read(WHOLE).codes == []


@pytest.mark.parametrize(
    "unit", [rb"\objdata", rb"{\*\objdata 41", rb"{", rb"\bin9", rb"{\*", rb"\objdata{\*}g4 "]
)
def test_hostile_files_are_gone_through_in_linear_time(unit: bytes) -> None:
    took = []
    for times in (20_000, 80_000):
        data = rb"{\rtf1{\*\objdata " + unit * times
        begin = perf_counter()
        read(data)
        took.append(perf_counter() - begin)
    assert took[1] < 12 * took[0] + 0.5
