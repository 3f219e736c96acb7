"""What a PDF says of letters with marks around them, and of scripts without spaces, is what was printed."""

import shutil
import subprocess
from pathlib import Path
from unicodedata import normalize

import pytest
from test_parsers_pdf import printed, read

SAID = {
    "Thai": "วิศวกรสมชายซ่อมเสาส่งสัญญาณในหมู่บ้านมะขามหวาน และเขียนรายงาน",
    "Hindi": "इंजीनियर ने गाँव में प्रसारण टावर की मरम्मत की और रिपोर्ट लिखी",
    "Khmer": "វិស្វករបានជួសជុលបង្គោលផ្សាយនៅភូមិ ហើយសរសេររបាយការណ៍",
    "Lao": "ວິສະວະກອນສ້ອມແປງເສົາສົ່ງສັນຍານຢູ່ບ້ານ",
    "Burmese": "အင်ဂျင်နီယာသည်ရွာရှိတာဝါတိုင်ကိုပြင်ဆင်ခဲ့သည်",
    "Bengali": "প্রকৌশলী গ্রামের টাওয়ার মেরামত করেছেন",
    "Tamil": "பொறியாளர் கிராமத்தில் கோபுரத்தை பழுதுபார்த்தார்",
    "Yoruba": "Ẹ̀kọ́ ọ̀rọ̀ àwọn ọmọ́",
    "Vietnamese": "Kỹ sư đã sửa tháp phát sóng ở làng và viết báo cáo",
    "English": "The engineer repaired the mast and wrote a report",
}
ARABIC = "بدأ المهندس زهران إصلاح برج الإرسال"


FONTS = ",".join(f"'Noto Sans{script}'" for script in (
    "", " Thai", " Devanagari", " Khmer", " Lao", " Myanmar", " Bengali", " Tamil", " Arabic"
))  # fmt: skip


def page_of(*said: str) -> str:
    return (
        f'<meta charset=utf-8><body style="font-family:{FONTS}">{"".join(f"<p>{each}</p>" for each in said)}'
    )


def text_of(content: bytes) -> str:
    return normalize("NFC", "".join(read(content).text))


def fonts_for(*letters: str) -> None:
    """Skip where no font of Noto has the letters: a browser draws boxes then."""
    for letter in letters:
        asked = ["fc-list", f":charset={ord(letter):x}", "family"]
        if b"Noto Sans" not in subprocess.run(asked, capture_output=True, check=False).stdout:
            pytest.skip(f"prints {letter}: no font for it here")


@pytest.mark.browser
@pytest.mark.parametrize("beside", [(), (ARABIC,)], ids=["alone", "on a page with Arabic"])
def test_what_a_browser_prints_is_read(beside: tuple[str, ...], tmp_path: Path) -> None:
    said = [*SAID.values(), *beside]
    fonts_for(*(each[0] for each in said))
    lines = text_of(printed(tmp_path, page_of(*said))).splitlines()
    assert [each for each in said if normalize("NFC", each) not in lines] == []


@pytest.mark.browser
@pytest.mark.parametrize("beside", [(), (ARABIC,)], ids=["alone", "on a page with Arabic"])
def test_columns_and_sizes_keep_their_words(beside: tuple[str, ...], tmp_path: Path) -> None:
    cells = "".join(f"<tr><td>{SAID['Thai']}<td>{SAID['Lao']}" for _ in range(3))
    page = page_of(*beside, f"<p style='font-size:19px'>{SAID['Hindi']}", f"<table style='font-size:9px'>{cells}</table>",
                   f"<p style='font-size:6px'>{SAID['Khmer']}</p>")  # fmt: skip
    text = text_of(printed(tmp_path, page))
    assert [text.count(SAID[name]) for name in ("Hindi", "Khmer", "Thai", "Lao")] == [1, 1, 3, 3]


def by_office(folder: Path, page: str) -> bytes:
    office = shutil.which("soffice")
    if not office:
        pytest.skip("prints its page with LibreOffice: not installed here")
    (folder / "page.html").write_text(page, encoding="utf-8")
    command = [office, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to",
               "pdf:writer_web_pdf_Export", "--outdir", str(folder), str(folder / "page.html")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "page.pdf").read_bytes()


@pytest.mark.tools
@pytest.mark.parametrize("beside", [(), (ARABIC,)], ids=["alone", "on a page with Arabic"])
def test_what_an_office_program_prints_is_read(beside: tuple[str, ...], tmp_path: Path) -> None:
    said = [SAID[name] for name in ("English", "Thai", "Lao", "Hindi", "Bengali", "Tamil", "Yoruba")]
    text = text_of(by_office(tmp_path, page_of("first", *beside, *said)))
    assert [each for each in said if normalize("NFC", each) not in text] == []


CHINESE = "工程师欧阳修复了翡翠村的发射塔"


def spread(apart: float, first: int = 1) -> bytes:
    """A page on which Chinese letters of 12 points stand ``apart`` points from each other, no blank among them.

    ``first`` is the code of the first letter; of code 0 nothing says what it is.
    """
    shown = b" ".join(
        b"1 0 0 1 %g 200 Tm <%02x> Tj" % (20 + at * (12 + apart), at + first) for at in range(len(CHINESE))
    )
    rows = b"\n".join(b"<%02x> <%04x>" % (at, ord(letter)) for at, letter in enumerate(CHINESE, first) if at)
    cmap = (
        b"begincmap 1 begincodespacerange <00> <ff> endcodespacerange %d beginbfchar\n%s\nendbfchar endcmap"
    )
    names = b"".join(b"/g%d" % (at + first) for at in range(len(CHINESE)))
    drawn = b"".join(b"/g%d 7 0 R" % (at + first) for at in range(len(CHINESE)))
    font = (b"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar %d/LastChar %d"
            b"/Widths[%s]/Encoding<</Differences[%d%s]>>/CharProcs<<%s>>/ToUnicode 6 0 R/Resources<<>>>>")  # fmt: skip
    count = len(CHINESE)
    streams = [
        b"BT /F 12 Tf %s ET" % shown,
        cmap % (rows.count(b"\n") + 1, rows),
        b"1000 0 100 0 900 800 d1 100 0 800 800 re f",
    ]
    content, mapped, square = (b"<</Length %d>>stream\n%s\nendstream" % (len(each), each) for each in streams)
    bodies = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
              b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
              content, font % (first, count, b"1000 " * count, first, names, drawn), mapped, square]  # fmt: skip
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 8\n0000000000 65535 f \n%strailer<</Size 8/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
    return out + end % (table, len(out))


@pytest.mark.parametrize(("apart", "wanted"), [
    (0, CHINESE), (2.3, CHINESE), (4, CHINESE), (9, CHINESE), (15, " ".join(CHINESE)),
])  # fmt: skip
def test_a_gap_between_ideographs_that_holds_no_blank_parts_no_word(apart: float, wanted: str) -> None:
    assert "".join(read(spread(apart)).text) == f"{wanted}\n"


def test_a_character_that_no_font_tells_is_said_to_be_missing() -> None:
    """So do browsers where no font has a script: its first letter is a box without a map to Unicode."""
    parsed = read(spread(0, first=0))
    assert "".join(parsed.text) == f"{CHINESE[1:]}\n"
    assert [note.code for note in parsed.notes] == ["pages_wait"]
    assert parsed.reason == "PDF: 1 character that no font tells: not in the text, waits for OCR"
