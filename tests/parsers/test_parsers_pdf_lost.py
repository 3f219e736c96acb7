"""PDF: words that lines break, pages and forms that nothing leads to, files without a table, fonts without meaning."""

import resource
import shutil
import subprocess
from pathlib import Path

import pytest
from test_parsers_pdf import printed
from test_parsers_pdf_beside import read, stream, written

from actionday.model import Damaged, Loss
from actionday.parsers._pdf_fonts import may_not_tell
from actionday.parsers._pdf_hyphens import over_the_page, rejoined

PAGE = b"BT /F 12 Tf 10 250 Td (on the page) Tj ET"
HELVETICA = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
OTHER_PAGE = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 8 0 R/Resources<</Font<</F 6 0 R>>>>>>"
FONTS = "/Resources<</Font<</F 6 0 R>>>>"


def document(content: bytes, *more: str | bytes, font: str = HELVETICA, resources: str = FONTS, kids: str = "4 0 R") -> bytes:  # fmt: skip
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 5 0 R{resources}>>"
    tree = f"<</Type/Pages/Kids[{kids}]/Count 1>>"
    return written(
        ["<</Type/Catalog/Pages 2 0 R>>", tree, "<<>>", page, stream("", content, packed=True), font, *more]
    )


def words(content: bytes) -> str:
    return " ".join("".join(read(content).text).split())


OTHERS = (stream("", b"BT /F 12 Tf 10 250 Td (zqsecond words here) Tj ET", packed=True),)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(b"Kids[4 0 R 7 0 R]", b"Kids[4 0 R      ]"), (b"Kids[4 0 R 7 0 R]", b"Kids[           ]"),
     (b"/Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 8", b"/Type/Pagf/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 8")],
)  # fmt: skip
def test_a_page_whose_place_in_the_tree_is_damaged_is_read_and_the_damage_said(
    right: bytes, wrong: bytes
) -> None:
    content = document(PAGE, OTHER_PAGE, *OTHERS, kids="4 0 R 7 0 R").replace(b"/Count 1", b"/Count 2")
    assert words(content) == "on the page zqsecond words here"
    assert right in content
    damaged = content.replace(right, wrong)
    assert {*words(damaged).split()} >= {"on", "the", "page", "zqsecond", "words", "here"}
    assert Loss.PAGE_DAMAGED in [note.code for note in read(damaged).notes]


@pytest.mark.tools
def test_a_browser_s_broken_words_are_whole_and_keep_their_other_reading(tmp_path: Path) -> None:
    page = (
        "<p>the broad-<br>cast of e-<br>mail, see https://kestrel-<br>radio.example/x and "
        "anti-<br>Vale 1990-<br>1995</p>"
    )
    text = "".join(read(printed(tmp_path, page)).text)
    shown, _, others = text.partition("— — —")
    assert " ".join(shown.split()).startswith("the broadcast of email, see https://kestrel-radio.")
    assert {"broad-cast", "e-mail", "https://kestrelradio.example/x"} <= set(others.split())
    assert "1990-\n1995" in shown


@pytest.mark.parametrize(
    ("text", "whole", "others"),
    [
        ("broad\ufffecast.", "broadcast.", ["broad-cast"]),
        ("BROAD-\r\nCAST", "BROADCAST", ["BROAD-CAST"]),
        ("über\u2010\n  gabe", "übergabe", ["über-gabe"]),
        ("a\x02b\x02c", "abc", ["a-b-c"]),
        ("anti-\nVale", "anti-Vale", ["antiVale"]),
        ("mira-\nvale@kestrel.example", "mira-vale@kestrel.example", ["miravale@kestrel.example"]),
        ("1990-\n1995 x -\ny", "1990-\n1995 x -\ny", []),
    ],
)
def test_both_readings_of_a_hyphen(text: str, whole: str, others: list[str]) -> None:
    assert rejoined(text) == (whole, others)


def test_a_word_over_two_pages() -> None:
    assert over_the_page("the broad-\n", "cast of June") == ["broadcast"]
    assert over_the_page("the broad-\n", "Cast of June") == over_the_page("", "x") == []


@pytest.mark.parametrize("kids", ["4 0 R", "4 0 R 7 0 R"], ids=["outside the tree", "beyond the count"])
def test_pages_that_the_tree_does_not_lead_to_are_read_and_said(kids: str) -> None:
    lost = stream("", b"BT /F 12 Tf 10 250 Td (orphaned words) Tj ET", packed=True)
    content = document(PAGE, OTHER_PAGE, lost, kids=kids)
    assert words(content) == "on the page — — — orphaned words"
    assert [note.code for note in read(content).notes] == ["unlinked_part"]


@pytest.mark.tools
def test_they_are_found_in_object_streams(tmp_path: Path) -> None:
    if not shutil.which("qpdf"):
        pytest.skip("packs its document with qpdf: not installed here")
    lost = stream("", b"BT /F 12 Tf 10 250 Td (orphaned words) Tj ET", packed=True)
    (tmp_path / "in.pdf").write_bytes(document(PAGE, OTHER_PAGE, lost))
    subprocess.run(
        ["qpdf", "--preserve-unreferenced", "--object-streams=generate", tmp_path / "in.pdf", tmp_path / "out.pdf"],
        check=True, timeout=60,
    )  # fmt: skip
    packed = (tmp_path / "out.pdf").read_bytes()
    assert b"/ObjStm" in packed
    assert words(packed) == "on the page — — — orphaned words"


@pytest.mark.parametrize(
    ("kind", "resources"),
    [
        ("/Type/XObject/Subtype/Form", "/Resources<</Font<</F 6 0 R>>/XObject<</X 7 0 R>>>>"),
        ("/PatternType 1/PaintType 1/TilingType 1/XStep 9/YStep 9", "/Resources<</Font<</F 6 0 R>>/Pattern<</P 7 0 R>>>>"),
        ("/Type/XObject/Subtype/Form/Group<</S/Transparency/CS/DeviceGray>>",
         "/Resources<</Font<</F 6 0 R>>/ExtGState<</G<</SMask<</S/Luminosity/G 7 0 R>>>>>>>>"),
        ("/Type/XObject/Subtype/Form", FONTS),
    ],
    ids=["form that is not drawn", "pattern", "soft mask", "form that nothing names"],
)  # fmt: skip
def test_text_that_no_page_shows_is_read(kind: str, resources: str) -> None:
    hidden = stream(
        f"{kind}/BBox[0 0 300 300]{FONTS}", b"BT /F 12 Tf 10 20 Td (hidden words) Tj ET", packed=True
    )
    assert words(document(PAGE, hidden, resources=resources)) == "on the page — — — hidden words"


@pytest.mark.tools
@pytest.mark.parametrize("before", [0, 1 << 20])
def test_a_file_without_its_table_is_read_as_far_as_it_is_whole(made: Path, before: int) -> None:
    whole = (made / "writer.pdf").read_bytes()
    wanted = words(whole).partition(" — — —")[0]
    cut = b"noise \xff\n" * (before // 8) + whole[: whole.rindex(b"xref\n0 ")]
    parsed = read(cut)
    assert "".join(parsed.text).split()[:20] == wanted.split()[:20]
    assert parsed.notes[0].code == Loss.BROKEN_OFF
    assert parsed.reason.startswith("PDF: it breaks off: 1 page read, from ")
    assert ("bytes_before" in {note.code for note in parsed.notes}) == bool(before)


def test_bytes_before_the_header_cost_nothing() -> None:
    parsed = read(b"noise\n" * 300_000 + document(PAGE))
    assert list(parsed.text) == ["on the page\n"]
    assert [note.reason for note in parsed.notes] == ["PDF: 1800000 bytes before its header"]


IDENTITY = (
    "<</Type/Font/Subtype/Type0/BaseFont/Foo/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/Foo"
    "/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/Foo"
    "/Flags 4>>>>]>>"
)
GLYPHS = (
    "<</Type/Font/Subtype/Type1/BaseFont/Foo/Encoding<</Type/Encoding/Differences[97/g23/cid_1/glyph22]>>>>"
)


@pytest.mark.parametrize(
    ("font", "shown"),
    [(IDENTITY, b"<00350036003700380039>"), (GLYPHS, b"(abcabc)")],
    ids=["identity", "names"],
)
def test_text_whose_font_says_nothing_waits_and_is_no_text(font: str, shown: bytes) -> None:
    parsed = read(document(b"BT /F 12 Tf 10 250 Td " + shown + b" Tj ET", font=font))
    assert list(parsed.text) == []
    assert (parsed.meta["needs"], parsed.meta["pages_without_text"]) == ("ocr", 1)
    assert parsed.reason == "text without Unicode mapping: what its glyphs mean waits for OCR"


def test_a_page_with_some_such_text_says_so() -> None:
    shown = b"BT /F 12 Tf 10 250 Td (long enough on the page) Tj /G 12 Tf 0 -20 Td (abcabc) Tj ET"
    content = document(shown, GLYPHS, resources="/Resources<</Font<</F 6 0 R/G 7 0 R>>>>")
    assert "long enough on the page" in words(content)
    assert [note.code for note in read(content).notes] == ["pages_wait"]


@pytest.mark.parametrize(
    ("encoding", "ordering", "shown", "text"),
    [("90ms-RKSJ-H", "Japan1", b"<93FA967B8CEA>", "日本語"), ("GBK-EUC-H", "GB1", b"<D6D0CEC4>", "中文"),
     ("UniJIS-UCS2-H", "Japan1", b"<65E5672C8A9E>", "日本語")],
)  # fmt: skip
def test_named_character_maps_are_known(encoding: str, ordering: str, shown: bytes, text: str) -> None:
    font = IDENTITY.replace("Identity-H", encoding).replace("(Identity)", f"({ordering})")
    assert words(document(b"BT /F 12 Tf 10 250 Td " + shown + b" Tj ET", font=font)) == text


@pytest.mark.parametrize("packed", [True, False])
def test_marks_within_marks_cost_no_memory(*, packed: bool) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    content = document(b"")
    deep = stream("", b"/Span<</MCID 1>>BDC\n" * 20_000 + PAGE + b"\nEMC" * 20_000, packed=packed)
    content = content.replace(stream("", b"", packed=True), deep)
    try:
        text = words(content)
    except Damaged as error:
        pytest.fail(str(error))
    assert "on the page" in text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10


@pytest.mark.parametrize(
    ("font", "asks"),
    [(GLYPHS, True), (IDENTITY, True), (HELVETICA, False), (GLYPHS.replace("g23/cid_1/glyph22", "AA/AB/AC"), True),
     (GLYPHS.replace("g23/cid_1/glyph22", "fi/ff/endash/uni0416/afii10017"), False)],
)  # fmt: skip
def test_only_fonts_that_may_not_tell_are_asked(font: str, *, asks: bool) -> None:
    assert may_not_tell(document(PAGE, font=font)) == asks
