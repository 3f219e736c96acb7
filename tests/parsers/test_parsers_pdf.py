"""PDF as real programs print it: right-to-left pages in reading order, scans sent to OCR, damage said."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from parser_formats import PASSWORD
from PIL import Image

from actionday.model import Damaged, Encrypted, Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._pdf_properties import _date
from actionday.parsers.pdf import PARSER

LIMITS = Limits()
PAGE = """<html lang="ar" dir="rtl"><head><meta charset="utf-8"><title>صفحة</title></head>
<body style="font-family:'%s','DejaVu Sans'"><h1>السلام عليكم</h1>
<p>الله أكبر في 25 دولة و 60 مدينة، لا إله إلا الله. رقم الهاتف 0123456789 هنا.</p>
<p>موقع https://kestrel.example/x?a=1&amp;b=2 هنا</p>
<p>الأخبار والإعلام والآن لأن الإسلام (بين قوسين) 12.5%% ٢٥</p>
<table><tr><td>مدينة</td><td>إذاعة</td></tr></table>
<p dir="ltr">English with 25 and 60, then العربية inside it.</p>
<p>زبان فارسی کتاب پژوهش گفت</p><p>מועדון הבז 25</p></body></html>"""
WORDS = (
    "السلام عليكم", "الله أكبر", "25 دولة و 60 مدينة", "لا إله إلا الله",
    "رقم الهاتف 0123456789 هنا", "الأخبار والإعلام",
    "https://kestrel.example/x?a=1&b=2", "لأن الإسلام (بين قوسين)", "12.5%", "٢٥", "مدينة إذاعة",
    "English with 25 and 60, then العربية inside it.", "زبان فارسی کتاب پژوهش گفت", "מועדון הבז 25",
)  # fmt: skip


def read(content: bytes) -> Parsed:
    return PARSER.parse(memoryview(content), "application/pdf", LIMITS)


def printed(folder: Path, page: str) -> bytes:
    browser = shutil.which("chromium")
    if not browser:
        pytest.skip("prints its page with Chromium: not installed here")
    (folder / "page.html").write_text(page, encoding="utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
               f"--user-data-dir={folder}/profile", f"--print-to-pdf={folder}/page.pdf",
               f"{folder}/page.html"]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "page.pdf").read_bytes()


@pytest.mark.browser
@pytest.mark.parametrize("font", ["Noto Naskh Arabic", "DejaVu Sans"])
def test_t04_arabic_is_in_reading_order_with_base_letters(font: str, tmp_path: Path) -> None:
    text = "".join(read(printed(tmp_path, PAGE % font)).text)
    assert [each for each in WORDS if each not in text] == []
    assert not any("\ufb50" <= letter <= "\ufefc" for letter in text)


@pytest.mark.browser
def test_t04_vowel_marks_stay_on_their_letters(tmp_path: Path) -> None:
    page = (
        "<html dir=rtl><meta charset=utf-8><body style=\"font-family:'Noto Naskh Arabic'\"><p>مُحَمَّدٌ الطَّالِبَ</p>"
    )
    import unicodedata

    text = "".join(read(printed(tmp_path, page)).text)
    bare = "".join(letter for letter in text if unicodedata.category(letter) != "Mn")
    assert "محمد الطالب" in bare
    assert "الطَّالِبَ" in text or unicodedata.normalize("NFC", "الطَّالِبَ") in unicodedata.normalize("NFC", text)


def test_t06_a_scan_waits_for_ocr() -> None:
    out = io.BytesIO()
    Image.new("L", (400, 300), 200).save(out, "PDF")
    parsed = read(out.getvalue())
    assert (list(parsed.text), parsed.meta["needs"], parsed.meta["pages_without_text"]) == ([], "ocr", 1)
    assert parsed.reason == "no characters: pages are pictures; waits for OCR"


def drawn(*contents: bytes, extra: bytes = b"", info: bytes = b"<<>>") -> bytes:
    """A PDF of one page a content stream, Helvetica as /F, written by hand; ``extra`` goes into the first page."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"]
    kids = []
    for number, content in enumerate(contents):
        kids.append(b"%d 0 R" % (len(objects) + 1))
        objects.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]"
                       b"/Resources<</Font<</F 3 0 R>>>>/Contents %d 0 R%s>>"
                       % (len(objects) + 2, extra if number == 0 else b""))  # fmt: skip
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(kids), b" ".join(kids))
    objects.append(info)
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + end % (size, table, size, size - 1, len(out))


def test_pages_are_pieces_and_broken_words_are_whole() -> None:
    parsed = read(
        drawn(
            b"BT /F 12 Tf 20 200 Td (kestrel-) Tj 0 -14 Td (club & <friends>) Tj ET",
            b"BT /F 12 Tf 20 200 Td (two) Tj ET",
        )
    )
    assert parsed.meta["pages"] == 2
    assert list(parsed.text) == ["kestrelclub & <friends>\n", "two\n", "\n— — —\nkestrel-club\n"]


def test_t06_a_text_layer_of_blanks_is_no_text() -> None:
    parsed = read(drawn(b"BT 3 Tr /F 12 Tf 20 200 Td (     ) Tj ET"))
    assert (list(parsed.text), parsed.reason) == ([], "read, but no characters: blank pages")


def test_notes_fields_and_links_are_text() -> None:
    annotations = (
        b"/Annots[<</Type/Annot/Subtype/Text/Rect[0 0 9 9]/Contents(a note)>>"
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(a field)/Rect[0 0 9 9]>>"
        b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://kestrel.example/?a=1&b=2)>>>>]"
    )
    text = "".join(read(drawn(b"BT /F 12 Tf 20 200 Td (body) Tj ET", extra=annotations)).text)
    assert [
        each for each in ("body", "a note", "a field", "https://kestrel.example/?a=1&b=2") if each not in text
    ] == []


def test_a_property_that_is_no_unicode_costs_its_letter() -> None:
    info = b"<</Title(\xfe\xff\x00A\xd8\x00\x00B)/CreationDate(D:2026)>>"
    meta = read(drawn(b"BT /F 12 Tf 20 200 Td (body) Tj ET", info=info)).meta
    assert (meta["title"], meta["created"]) == ("A�B", "2026-01-01T00:00:00")


@pytest.mark.tools
def test_a06_a_password_is_asked_for_and_opens(made: Path) -> None:
    content = (made / "locked.pdf").read_bytes()
    with pytest.raises(Encrypted, match="PDF: needs a password"):
        read(content)
    parsers = Parsers.load()
    with pytest.raises(Encrypted):
        parsers.parse("application/pdf", content, LIMITS, ("wrong",))
    opened = parsers.parse("application/pdf", content, LIMITS, ("wrong", PASSWORD))
    assert opened is not None
    assert "Marrowby & Co" in "".join(opened.text)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"%PDF-1.4\n" + bytes(900), b"no pdf at all"])
def test_what_is_no_pdf_is_damaged(content: bytes) -> None:
    with pytest.raises(Damaged, match="PDF"):
        read(content)


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("D:20260602101112+02'00'", "2026-06-02T08:11:12Z"), ("D:20260602101112Z", "2026-06-02T10:11:12Z"),
     ("D:20260602101112-05'30", "2026-06-02T15:41:12Z"), ("D:2026", "2026-01-01T00:00:00"),
     ("D:20261399", "D:20261399"), ("yesterday", "yesterday")],
)  # fmt: skip
def test_dates_of_pdf(value: str, wanted: str) -> None:
    assert _date(value) == wanted


def test_what_lies_beyond_the_text_limit_is_said() -> None:
    pages = [b"BT /F 12 Tf 20 200 Td (some words of this page) Tj ET"] * 9
    parsed = PARSER.parse(memoryview(drawn(*pages)), "application/pdf", Limits(text=60))
    assert len(parsed.text) < 9
    assert "stopped after page" in parsed.reason


def revised(first: bytes, second: bytes) -> bytes:
    """A PDF saved twice: the second time with another content for its page."""
    base = drawn(b"BT /F 12 Tf 50 700 Td (" + first + b") Tj ET")
    start = int(base.rsplit(b"startxref", 1)[1].split()[0])
    number = next(
        n for n in range(1, 20) if first in base.partition(b"\n%d 0 obj" % n)[2].partition(b"endobj")[0]
    )
    stream = b"BT /F 12 Tf 50 700 Td (" + second + b") Tj ET"
    update = b"%d 0 obj<</Length %d>>stream\n%s\nendstream endobj\n" % (number, len(stream), stream)
    table = len(base) + len(update)
    return base + update + (
        b"xref\n%d 1\n%010d 00000 n \ntrailer<</Root 1 0 R/Size 9/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
        % (number, len(base), start, table)
    )  # fmt: skip


def test_what_an_earlier_revision_said_is_read_and_named() -> None:
    parsed = read(revised(b"the meeting is at the mill", b"there is no meeting"))
    assert "".join(parsed.text).split("\n")[:1] == ["there is no meeting"]
    assert "the meeting is at the mill" in "".join(parsed.text)
    assert parsed.meta["earlier_revisions"] == 1
    assert parsed.reason.startswith("PDF: 1 earlier revisions")
    assert [note.code for note in parsed.notes] == ["earlier_revisions"]


def test_a_revision_that_says_nothing_else_is_counted_alone() -> None:
    parsed = read(revised(b"as it was", b"as it was"))
    assert (parsed.meta["earlier_revisions"], parsed.reason) == (1, "")
    assert "".join(parsed.text).count("as it was") == 1
