"""Office files up to 2003 as LibreOffice writes them: headers, notes, comments and links are text as in the new formats."""

import subprocess
from pathlib import Path
from struct import pack, unpack_from

import pytest
from test_parsers_office import biff

from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._biff_texts import texts
from actionday.parsers._ole import Ole
from actionday.parsers._slides import STREAM, beyond_slides
from actionday.parsers._unread import Beside

DOC, PPT = "application/msword", "application/vnd.ms-powerpoint"
TEXT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.3"
 office:mimetype="application/vnd.oasis.opendocument.text">
<office:automatic-styles><style:page-layout style:name="pl"/></office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="pl"><style:header><text:p>above every
 page الرأس</text:p></style:header><style:footer><text:p>below every page</text:p></style:footer></style:master-page>
</office:master-styles><office:body><office:text>
<text:p>the body<text:note text:note-class="footnote"><text:note-citation>1</text:note-citation><text:note-body><text:p>at its
 foot</text:p></text:note-body></text:note> goes<text:note text:note-class="endnote"><text:note-citation>i</text:note-citation>
<text:note-body><text:p>at its end Встреча</text:p></text:note-body></text:note> on <office:annotation><dc:creator>Mira
 Vale</dc:creator><dc:date>2026-01-01T00:00:00</dc:date><text:p>a remark</text:p></office:annotation></text:p>
<text:p><text:a xlink:href="https://kestrel.example/target" xlink:type="simple">shown for it</text:a></text:p>%s
</office:text></office:body></office:document>"""
SLIDES = "# first slide\n\nwords of it\n\n::: notes\nsay this, quietly\n:::\n\n# second [linked](https://kestrel.example/slide)\n\nmore\n"
WANTED = ("above every page الرأس", "below every page", "at its foot", "at its end Встреча", "a remark",
          "https://kestrel.example/target", "shown for it", "the body")  # fmt: skip


@pytest.fixture(scope="module")
def old(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with text.doc, long.doc and slides.ppt; ``made`` skips where the writers are not installed."""
    assert made.is_dir()
    folder = tmp_path_factory.mktemp("old")
    (folder / "text.fodt").write_text(TEXT % "", encoding="utf-8")
    more = "".join(f"<text:p>paragraph {number} of many</text:p>" for number in range(6000))
    (folder / "long.fodt").write_text(TEXT % more, encoding="utf-8")
    (folder / "slides.md").write_text(SLIDES, encoding="utf-8")
    subprocess.run(["pandoc", "slides.md", "-o", "slides.pptx"], cwd=folder, check=True, timeout=60)
    for kind, *names in (("doc", "text.fodt", "long.fodt"), ("ppt", "slides.pptx")):
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind,
                        *names], cwd=folder, check=True, capture_output=True, timeout=120)  # fmt: skip
    return folder


def read(mime: str, content: bytes) -> Parsed:
    parsed = Parsers.load().parse(mime, content, Limits())
    assert parsed is not None
    return parsed


@pytest.mark.tools
@pytest.mark.parametrize("name", ["text.doc", "long.doc"])
def test_all_stories_of_a_word_file_are_read_once(name: str, old: Path) -> None:
    parsed = read(DOC, (old / name).read_bytes())
    text = " ".join("".join(parsed.text).split())
    assert {each: text.count(each) for each in WANTED} == dict.fromkeys(WANTED, 1)
    assert parsed.meta["contributors"] == ["Mira Vale"]
    assert parsed.notes == ()


@pytest.mark.tools
def test_speakers_notes_and_links_of_a_presentation_are_read(old: Path) -> None:
    parsed = read(PPT, (old / "slides.ppt").read_bytes())
    text = "".join(parsed.text)
    for wanted in ("first slide", "words of it", "say this, quietly", "https://kestrel.example/slide"):
        assert text.count(wanted) == 1, wanted
    assert "Click to" not in text


@pytest.mark.tools
def test_a_damaged_presentation_or_word_file_never_raises_out_of_its_reader(old: Path) -> None:
    for mime, name in ((DOC, "text.doc"), (PPT, "slides.ppt")):
        whole = (old / name).read_bytes()
        for at in range(512, len(whole), len(whole) // 60):
            damaged = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
            try:
                read(mime, damaged)
            except Exception as error:
                assert type(error).__module__ == "actionday.model.errors", hex(at)


def record(kind: int, body: bytes, *, instance: int = 0, container: bool = False) -> bytes:
    return pack("<HHI", instance << 4 | (0xF if container else 0), kind, len(body)) + body


def chars(text: str) -> bytes:
    return record(0x0FA0, text.encode("utf-16-le"))


def said(*records: bytes) -> list[str]:
    beside = Beside()
    beyond_slides(b"".join(records), beside)
    return beside.lines([]).split("\n")[2:-1]


def test_prompts_of_masters_are_no_text_and_what_somebody_put_there_is() -> None:
    prompt = record(0xF004, record(0x0BC3, bytes(8)) + chars("Click to edit"), container=True)
    put = record(0xF004, chars("on every slide"), container=True)
    assert said(record(0x03F8, prompt + put, container=True)) == ["on every slide"]


@pytest.mark.parametrize(("slide", "wanted"), [(0, []), (256, ["Click to edit"])])
def test_notes_that_belong_to_no_slide_are_a_master(slide: int, wanted: list[str]) -> None:
    place = record(0xF004, record(0x0BC3, bytes(8)) + chars("Click to edit"), container=True)
    assert said(record(0x03F0, record(0x03F1, pack("<II", slide, 0)) + place, container=True)) == wanted


def test_comments_footers_links_and_descriptions_are_read() -> None:
    def string(text: str) -> bytes:
        return record(0x0FBA, text.encode("utf-16-le"))

    described = "a red kite\0".encode("utf-16-le")
    assert said(
        record(0x2EE0, string("Mira") + string("too loud"), container=True),
        record(0x0FD9, string("Confidential"), container=True),
        record(0x0FD7, string("https://kestrel.example/"), container=True),
        record(0xF00B, pack("<HIHI", 0x0004, 7, 0xC381, len(described)) + described, instance=2),
        record(0x138A, string("___PPT10"), container=True),
    ) == ["Mira", "too loud", "Confidential", "https://kestrel.example/", "a red kite"]


def test_a_stream_beyond_seven_megabytes_is_read_to_its_end() -> None:
    """Its table of sectors is longer than the header's list of them: the list goes on in a sector of its own."""
    tables, count = 120, 14_500
    first = tables + 2
    fat = [0xFFFFFFFD] * tables + [0xFFFFFFFC, 0xFFFFFFFE]
    fat += [*range(first + 1, first + count), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (tables * 128 - len(fat))
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    )
    header += pack("<IIIIIIIII", tables, tables + 1, 0, 4096, 0xFFFFFFFE, 0, tables, 1, 0)
    header += b"".join(pack("<I", number) for number in range(1, 109))
    rest = [*range(109, tables)]
    more = b"".join(pack("<I", number) for number in [*rest, *[0xFFFFFFFF] * (127 - len(rest)), 0xFFFFFFFE])
    name = STREAM.encode("utf-16-le")
    entry = (
        name.ljust(64, b"\0")
        + pack("<HB", len(name) + 2, 2)
        + bytes(49)
        + pack("<III", first, 512 * count, 0)
    )
    body = b"".join(b"%011d\n" % number for number in range(512 * count // 12)).ljust(512 * count, b"\n")
    content = header + b"".join(pack("<I", each) for each in fat) + more + entry.ljust(512, b"\0") + body
    assert Ole(memoryview(content)).read(STREAM, len(content)) == body


XLS = "application/vnd.ms-excel"
BEGIN = (0x0809, pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))


def place(content: bytes, kind: int) -> tuple[int, bytes]:
    """Return where the first record of a kind begins in a file whose streams are not in pieces, and its body."""
    stream = Ole(memoryview(content)).read("Workbook", len(content))
    at = 0
    while unpack_from("<H", stream, at)[0] != kind:
        at += 4 + unpack_from("<H", stream, at + 2)[0]
    length = unpack_from("<H", stream, at + 2)[0]
    return content.index(stream[at : at + 4 + length]), stream[at + 4 : at + 4 + length]


@pytest.mark.tools
def test_a_cell_that_names_no_string_does_not_hide_it(made: Path) -> None:
    whole = (made / "calc.xls").read_bytes()
    at, _ = place(whole, 0x00FD)
    damaged = whole[: at + 10] + pack("<I", 0x9999) + whole[at + 14 :]
    for content in (whole, damaged):
        text = "".join(read(XLS, content).text)
        assert text.count("frequency") == 1
        assert text.count("Marrowby") == 1


@pytest.mark.tools
def test_an_xls_that_the_library_refuses_gives_its_texts_and_that_is_said(made: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('frequency,"=NA()","=FOO(1)"\nMarrowby,1,2\n', encoding="utf-8")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--infilter=Text - txt - csv "
                    "(StarCalc):44,34,76,1,,0,false,true,false,true", "--convert-to", "xls", "in.csv"], cwd=tmp_path,
                   check=True, capture_output=True, timeout=120)  # fmt: skip
    whole = (tmp_path / "in.xls").read_bytes()
    at, body = place(whole, 0x0006)
    assert body[6] == 2, "an error"
    parsed = read(XLS, whole[: at + 12] + b"\x99" + whole[at + 13 :])
    text = "".join(parsed.text)
    assert "frequency" in text and "Marrowby" in text
    assert [str(note.code) for note in parsed.notes] == ["part_damaged"]


def test_texts_of_records_are_read_over_their_borders() -> None:
    shared = pack("<II", 2, 2) + pack("<HB", 9, 0) + b"over "
    more = b"\x01" + "الحد".encode("utf-16-le") + pack("<HBH", 4, 8, 1) + b"rich" + bytes(4)
    box = pack("<HHHHHHHI", 0, 0, 0, 0, 0, 8, 16, 0)
    found = list(texts(Ole(memoryview(biff(
        BEGIN, (0x0085, pack("<IBBBB", 0, 0, 0, 4, 0) + b"name"), (0x00FC, shared), (0x003C, more),
        (0x0204, pack("<HHHHB", 0, 0, 0, 5, 0) + b"label"), (0x0207, pack("<HB", 6, 0) + b"result"),
        (0x0014, pack("<HB", 7, 0) + b"&Labove"), (0x01B6, box), (0x003C, b"\0a remark"),
        (0x01BE, pack("<I", 0) + b"".join(pack("<HB", len(each), 0) + each for each in (b"a", b"bb", b"ccc", b"dddd"))),
        (0x01B8, bytes(20) + "https://kestrel.example/".encode("utf-16-le") + bytes(2)),
    )))))  # fmt: skip
    assert found == ["name", "over الحد", "rich", "label", "result", " above", "a remark", "a", "bb", "ccc", "dddd",
                     "https://kestrel.example/"]  # fmt: skip


@pytest.mark.parametrize("body", [b"", bytes(8), b"\xff" * 40, pack("<IIHB", 9, 9, 0xFFFF, 1) + b"a"])
@pytest.mark.parametrize("kind", [0x00FC, 0x0085, 0x0204, 0x01B6, 0x01BE, 0x01B8])
def test_damaged_records_end(kind: int, body: bytes) -> None:
    assert isinstance(list(texts(Ole(memoryview(biff(BEGIN, (kind, body), (0x003C, body)))))), list)
