"""A letter of a PDF's font of drawings that nothing draws is said: PDFium leaves it out without a word."""

import pytest
from test_parsers_pdf_beside import read, stream, written

from actionday.model import Loss

NAMES, DRAWINGS = "/a /b /c /d", "/a 8 0 R /b 9 0 R /c 10 0 R /d 8 0 R"
MAP = (
    b"/CIDInit /ProcSet findresource begin begincmap\n1 begincodespacerange <00> <FF> endcodespacerange\n"
    b"4 beginbfchar\n<01> <65E5>\n<02> <5FD7>\n<03> <85CF>\n<04> <0020>\nendbfchar\nendcmap"
)
DRAWING = b"1000 0 0 0 900 900 d1 0 0 900 900 re f"


def pdf(names: str = NAMES, drawings: str = DRAWINGS, mapped: bytes = MAP, *, apart: bool = False) -> bytes:
    listed = f"<</Type/Encoding/Differences [1 {names}]>>"
    encoding, procs = ("11 0 R", "12 0 R") if apart else (listed, f"<<{drawings}>>")
    return written(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            "<</Type/Pages/Kids[4 0 R]/Count 1>>",
            "<<>>",
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 6 0 R/Resources<</Font<</F 5 0 R>>>>>>",
            f"<</Type/Font/Subtype/Type3/FontBBox[0 0 1000 1000]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 1/LastChar 4"
            f"/Widths[1000 1000 1000 500]/Encoding {encoding}/CharProcs {procs}/ToUnicode 7 0 R/Resources<<>>>>",
            stream("", b"BT /F 12 Tf 10 50 Td <01> Tj <02> Tj <03> Tj ET"),
            stream("", mapped),
            *[stream("", DRAWING)] * 3,
            listed,
            f"<<{drawings}>>",
        ]
    )


@pytest.mark.parametrize("apart", [False, True])
def test_a_sound_font_of_drawings_has_no_line(*, apart: bool) -> None:
    parsed = read(pdf(apart=apart))
    assert ("日志藏" in "".join(parsed.text), parsed.notes) == (True, ())


@pytest.mark.parametrize("apart", [False, True])
@pytest.mark.parametrize(
    ("names", "drawings"),
    [
        ("/a /x /c /d", DRAWINGS),
        (NAMES, "/a 8 0 R /c 10 0 R /d 8 0 R"),
        (NAMES, "/a 8 0 R /b 99 0 R /c 10 0 R"),
    ],
    ids=["another name", "no drawing of that name", "a drawing that is not there"],
)
def test_a_letter_without_its_drawing_is_a_loss(names: str, drawings: str, *, apart: bool) -> None:
    parsed = read(pdf(names, drawings, apart=apart))
    assert "志" not in "".join(parsed.text)
    (note,) = parsed.notes
    assert (note.code, note.reason.split(",")[0]) == (
        Loss.PAGE_DAMAGED,
        "PDF: 1 letter has a place and no drawing in 1 font of drawings",
    )


def test_names_that_a_damage_moves_cost_the_last_letter() -> None:
    parsed = read(pdf("/a=/b /c"))
    assert Loss.PAGE_DAMAGED in [note.code for note in parsed.notes]


@pytest.mark.parametrize("mapped", [b"\xff\xfe garbage", MAP.replace(b"beginbfchar", b"bXginbfchar"), b""])
def test_a_map_that_says_nothing_is_said(mapped: bytes) -> None:
    parsed = read(pdf(mapped=mapped))
    said = [(note.code, note.reason.split(",")[0]) for note in parsed.notes]
    assert (Loss.PAGE_DAMAGED, "PDF: 1 font has a map to letters that cannot be read") in said
