"""Words where a PDF has none by its grammar, or where no viewer shows them: comments, names, keys, trees, images."""

import shutil
import subprocess
import time
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import binary
from tests.parsers.test_parsers_pdf_contents import read, written

from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_operators import between, prose

SAID = "the kestrel kwhid at the dock"
W = SAID.encode()
N = b"/" + W.replace(b" ", b"#20")
SHOWN = b"BT /F 12 Tf 10 250 Td (the schedule of week twelve) Tj ET"
HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"


def held(content: bytes, head: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(content), content)


def pdf(
    content: bytes = SHOWN, *more: bytes, root: bytes = b"", page: bytes = b"", used: bytes = b""
) -> bytes:
    """A PDF of one page; objects from 6 on are ``more``."""
    return written(
        b"<</Type/Catalog/Pages 2 0 R%s>>" % root,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>%s>>%s>>"
        % (used, page),
        held(content),
        HELVETICA,
        *more,
    )


def inline(data: bytes, head: bytes = b"") -> bytes:
    return b"BI /W 9 /H 1 /BPC 8 /CS /G %s ID %s EI %s" % (head, data, SHOWN)


def xmp(inner: bytes) -> bytes:
    return held(b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>%s</x:xmpmeta>" % inner, b"/Type/Metadata/Subtype/XML")


def field(entries: bytes) -> tuple[bytes, bytes]:
    return b"<</FT/Btn/T(a)/Subtype/Widget/Rect[0 0 9 9]%s>>" % entries, held(
        b"q Q", b"/Subtype/Form/BBox[0 0 9 9]"
    )


SCRIPT = b"<</S/JavaScript/JS(app.beep)>>"
FIELDS = b"/AcroForm<</Fields[6 0 R]>>"
IN_CONTENTS = {
    "a comment before": pdf(b"% " + W + b"\n" + SHOWN),
    "a comment behind": pdf(SHOWN + b" % " + W),
    "a comment with a parenthesis": pdf(b"% (\n" + SHOWN + b" " + W),
    "an inline image": pdf(inline(W)),
    "an inline image in figures": pdf(inline(W.hex().encode() + b">", b"/F /AHx")),
    "an inline image that is packed": pdf(inline(zlib.compress(W), b"/F/Fl")),
    "an inline image without an end": pdf(SHOWN + b" BI /W 9 ID " + W),
    "the dictionary of an inline image": pdf(inline(b"x", b"/KW (" + W + b")")),
    "a name": pdf(N + b" MP " + SHOWN),
    "a mark": pdf(N + b" BMC " + SHOWN + b" EMC"),
    "a key of a mark": pdf(b"/Span<<" + N + b" 1>>BDC " + SHOWN + b" EMC"),
    "a string of a mark": pdf(b"/Span<</KW(" + W + b")>>BDC " + SHOWN + b" EMC"),
    "a meaning of no glyphs": pdf(b"/Span<</ActualText(" + W + b")>>BDC EMC " + SHOWN),
    "a string": pdf(b"(" + W + b") 1 w " + SHOWN),
    "a string in figures": pdf(b"<" + W.hex().encode() + b"> 1 w " + SHOWN),
    "a string in an array": pdf(b"[(" + W + b")] 0 d " + SHOWN),
    "a string without an end": pdf(SHOWN + b" (" + W),
    "a form": pdf(SHOWN, held(b"BT ET % " + W + b"\nq Q", FORM), used=b"/XObject<</X 6 0 R>>"),
    "a function": pdf(SHOWN, held(b"{ % " + W + b"\n dup pop }", b"/FunctionType 4"), page=b"/KW 6 0 R"),
    "a comment of a map": pdf(SHOWN, held(b"begincmap % " + W + b"\n endcmap"), page=b"/KW 6 0 R"),
    "a string of a map": pdf(SHOWN, held(b"begincmap /KW (" + W + b") def endcmap"), page=b"/KW 6 0 R"),
    "a name of a map": pdf(SHOWN, held(b"begincmap /KW " + N + b" def endcmap"), page=b"/KW 6 0 R"),
}  # fmt: skip
IN_OBJECTS = {
    "a name": pdf(page=b"/KW " + N),
    "a name in an array": pdf(page=b"/KW [" + N + b" /B]"),
    "a name that is an object": pdf(SHOWN, N, page=b"/KW 6 0 R"),
    "a name nothing refers to": pdf(SHOWN, b"<</A " + N + b">>"),
    "a name in an object stream": pdf(SHOWN, held(b"9 0 <</A " + N + b">>", b"/Type/ObjStm/N 1/First 4")),
    "a key": pdf(page=N + b" 1"),
    "a key within": pdf(page=b"/KW<<" + N + b" 1>>"),
    "a resource": pdf(used=b"/XObject<<" + N + b" 4 0 R>>"),
    "a long name of a font": pdf().replace(b"/BaseFont/Helvetica", b"/BaseFont" + N),
    "a long name of a colour": pdf(page=b"/KW[/Separation " + N + b"/DeviceGray 5 0 R]"),
    "a long name of a style": pdf(page=b"/KW<</S" + N + b">>"),
    "the state of a button": pdf(SHOWN, *field(b"/AP<</N<<" + N + b" 7 0 R/Off 7 0 R>>>>"), root=FIELDS),
    "a script's name": pdf(SHOWN, SCRIPT, root=b"/Names<</JavaScript<</Names[(" + W + b")6 0 R]>>>>"),
    "an embedded file's": pdf(SHOWN, held(b"x", b"/Type/EmbeddedFile"), root=b"/Names<</EmbeddedFiles<</Names[(" + W
                              + b")<</F(a.txt)/EF<</F 6 0 R>>>>]>>>>"),
    "a page's": pdf(root=b"/Names<</Pages<</Names[(" + W + b")3 0 R]>>>>"),
    "a place's": pdf(root=b"/Names<</Dests<</Names[(" + W + b")[3 0 R/Fit]]>>>>"),
    "a place's, as a key": pdf(root=b"/Dests<<" + N + b"[3 0 R/Fit]>>"),
    "a layer's": pdf(SHOWN, b"<</Type/OCG/Name(" + W + b")>>", root=b"/OCProperties<</OCGs[6 0 R]/D<<>>>>"),
    "a field's": pdf(SHOWN, *field(b"/TM(" + W + b")"), root=FIELDS),
    "an identifier": pdf(page=b"/NM(" + W + b")"),
    "a language": pdf(root=b"/Lang(" + W + b")"),
    "an appearance": pdf(root=b"/DA(" + W + b" 0 g /Helv 12 Tf)"),
    "a date": pdf(page=b"/LastModified(" + W + b")"),
    "the document's identifier": pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[(" + W + b")(" + W + b")]"),
    "a name of the trailer": pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R/KW " + N),
    "a comment of XMP": pdf(SHOWN, xmp(b"<!-- " + W + b" -->"), root=b"/Metadata 6 0 R"),
    "an instruction of XMP": pdf(SHOWN, xmp(b"<?kw " + W + b" ?>"), root=b"/Metadata 6 0 R"),
    "bare words behind a dictionary": pdf().replace(b"/MediaBox[0 0 300 300]", b"/MediaBox[0 0 300 300] " + W + b" "),
    "bare words behind a stream": pdf().replace(b"endstream", b"endstream " + W),
    "a key of an object stream": pdf(SHOWN, held(b"9 0 <</A 1>>", b"/Type/ObjStm/N 1/First 4/KW(" + W + b")")),
    "a key of a table": pdf(SHOWN, held(b"\0\0", b"/Type/XRef/W[1 1 1]/KW" + N)),
    "a key of a form nothing draws": pdf(SHOWN, held(b"q Q", FORM + b"/KW(" + W + b")")),
    "a key of a page in no tree": pdf(SHOWN, b"<</Type/Page/KW(" + W + b")>>"),
    "a key of a font nothing uses": pdf(SHOWN, b"<</Type/Font/KW(" + W + b")>>"),
    "metadata nothing refers to": pdf(SHOWN, xmp(b"<x:a>" + W + b"</x:a>")),
    "bare words of the trailer": pdf().replace(b"/Root 1 0 R", b"/Root 1 0 R " + W + b" "),
    "bare words behind the trailer": pdf().replace(b"startxref", W + b"\nstartxref"),
    "a comment in an object stream": pdf(SHOWN, held(b"9 0 <</A 1 % " + W + b"\n>>", b"/Type/ObjStm/N 1/First 4")),
    "bare words in an object stream": pdf(SHOWN, held(b"9 0 <</A 1>> " + W, b"/Type/ObjStm/N 1/First 4")),
}  # fmt: skip


@pytest.mark.parametrize("kind", IN_CONTENTS)
def test_words_that_a_content_does_not_draw_are_read_once_and_said(kind: str) -> None:
    parsed = read(IN_CONTENTS[kind])
    assert "".join(parsed.text).count(SAID) == 1
    assert "unlinked_part" in [note.code for note in parsed.notes]


@pytest.mark.parametrize("kind", IN_OBJECTS)
def test_words_of_objects_that_are_no_strings_for_reading_are_read_once(kind: str) -> None:
    assert "".join(read(IN_OBJECTS[kind]).text).count(SAID) == 1


@pytest.mark.parametrize(
    "name", ["пустельга у мельницы вечером", "العوسق يلتقي عند الميناء", "red kestrel Grüße"]
)
def test_names_in_other_letters_are_read(name: str) -> None:
    coded = b"/" + b"".join(b"#%02x" % each for each in name.encode())
    assert name in "".join(read(pdf(page=b"/KW " + coded)).text)
    assert name in "".join(read(pdf(page=b"/KW /" + name.replace(" ", "#20").encode())).text)


@pytest.mark.parametrize(
    "entries", [b"/V/kwhid", b"/AP<</N<</kwhid 7 0 R/Off 7 0 R>>>>", b"/AS/Off/DV/kwhid"]
)
def test_export_values_of_buttons_are_read(entries: bytes) -> None:
    assert "kwhid" in "".join(read(pdf(SHOWN, *field(entries), root=FIELDS)).text)


def test_single_words_that_name_a_script_are_read_and_those_of_places_not() -> None:
    tree = (
        b"<</JavaScript 7 0 R/Dests 10 0 R>>",
        b"<</Kids[8 0 R]>>",
        b"<</Limits[(kwjs)(kwjs)]/Names[(kwjs)9 0 R]>>",
    )
    places = b"<</Kids[11 0 R]>>", b"<</Limits[(section)(section)]/Names[(section)[3 0 R/Fit]]>>"
    text = "".join(read(pdf(SHOWN, *tree, SCRIPT, *places, root=b"/Names 6 0 R")).text)
    assert ("kwjs" in text, "section" in text) == (True, False)


SOUND = {
    "resources": pdf(b"/F1 gs /Im0 Do " + SHOWN, used=b"/ExtGState<</F1 9 0 R>>"),
    "a font": pdf().replace(b"/BaseFont/Helvetica", b"/BaseFont/ABCDEF+Times#20New#20Roman,Bold"),
    "a font of a content": pdf(b"BT /Times#20New#20Roman 12 Tf ET " + SHOWN),
    "a colour": pdf(b"/PANTONE#20Black#20C cs " + SHOWN, page=b"/KW[/DeviceN[/PANTONE#20Black#20C/Cyan]/DeviceGray 5 0 R]"),
    "a style": pdf(b"/List#20Paragraph <</MCID 0>> BDC " + SHOWN + b" EMC", root=b"/KW<</RoleMap<</Table#20Grid/P>>>>"),
    "a register of colours": pdf(root=b"/OutputIntents[<</RegistryName(http://www.color.org)/OutputConditionIdentifier(Any)>>]"),
    "a button": pdf(SHOWN, *field(b"/V/Yes/AS/Off/AP<</N<</Yes 7 0 R/Off 7 0 R>>>>"), root=FIELDS),
    "a ligature": pdf(b"/Span<</ActualText<FEFF06440623>>>BDC " + SHOWN + b" EMC"),
    "an image": pdf(inline(bytes(range(128, 256)))),
    "strings that are shown": pdf(SHOWN + b" BT [(the )-20<6b65737472656c20>(meets)]TJ (at the) ' 1 0 (ten) \" ET"),
    "what a designer of forms drew": pdf(SHOWN, xmp(b"<?renderCache.textRun 21 OF THE FORM 0 0?>"), root=b"/Metadata 6 0 R"),
    "a map": pdf(SHOWN, held(b"%!PS-Adobe-3.0 Resource-CMap\n%%DocumentNeededResources: ProcSet (CIDInit)\n%%Title: (TeX a b)\n"
                             b"begincmap endcmap"), page=b"/KW 6 0 R"),
    "an object stream": pdf(SHOWN, held(b"9 0 10 9 <</A 1>>  <</B null>>", b"/Type/ObjStm/N 2/First 9")),
}  # fmt: skip


@pytest.mark.parametrize("kind", SOUND)
def test_of_the_vocabulary_of_the_format_and_what_is_shown_nothing_is_read_again(kind: str) -> None:
    parsed = read(SOUND[kind])
    assert ("— — —" in "".join(parsed.text), parsed.notes) == (False, ())


@given(binary(max_size=200))
def test_any_bytes_are_gone_through(code: bytes) -> None:
    prose(b"of the kestrel " + code), between(code, Budget()), between(b"% of the kestrel " + code, Budget())


@pytest.mark.parametrize("unit", [b"(a)", b"[(a)", b"<aa>", b"<aa> 1 ", b"% a\n", b"BI ", b"BI ID a EI ", b"BI /F [", b"/#20",
                                  b"\\", b"(", b")", b"<", b"</ActualText(", b"\x80"])  # fmt: skip
def test_hostile_ones_end_soon(unit: bytes) -> None:
    begun = time.process_time()
    prose(b"of the kestrel <66666666> <FEFF> " + unit * (500_000 // len(unit)))
    between(b"of the kestrel " + unit * (500_000 // len(unit)), Budget())
    assert time.process_time() - begun < 5


ADDRESS = b"kwhid@kestrel.example"
ADDRESSED = {
    "a comment": pdf(b"% " + ADDRESS + b"\n" + SHOWN),
    "a comment of one word": pdf(b"% kwhid\n" + SHOWN),
    "an onion in a comment": pdf(b"% http://kwhid.onion/x\n" + SHOWN),
    "a string": pdf(b"(" + ADDRESS + b") 1 w " + SHOWN),
    "bare in a content": pdf(SHOWN + b" " + ADDRESS + b" "),
    "bare in an object": pdf().replace(b"/MediaBox[0 0 300 300]", b"/MediaBox[0 0 300 300] " + ADDRESS + b" "),
    "a name": pdf(page=b"/KW /" + ADDRESS),
    "a name in a content": pdf(b"/" + ADDRESS + b" MP " + SHOWN),
    "an onion as a name": pdf(page=b"/KW /http:#2f#2fkwhid.onion#2fx"),
    "an identifier": pdf(page=b"/NM(" + ADDRESS + b")"),
    "a place's name": pdf(root=b"/Names<</Dests<</Names[(" + ADDRESS + b")[3 0 R/Fit]]>>>>"),
    "a field's name": pdf(SHOWN, b"<</FT/Tx/T(" + ADDRESS + b")>>", root=FIELDS),
    "UTF-16 without its mark": pdf(page=b"/KW<" + SAID.encode("utf-16-be").hex().encode() + b">"),
    "UTF-16 in the other order": pdf(page=b"/KW<" + SAID.encode("utf-16-le").hex().encode() + b">"),
    "a remark said to be a signature": pdf(page=b"/KW<</ByteRange[0 0]/Contents(" + W + b")>>"),
}  # fmt: skip


@pytest.mark.parametrize("kind", ADDRESSED)
def test_addresses_and_words_in_other_codes_are_read_once(kind: str) -> None:
    assert "".join(read(ADDRESSED[kind]).text).count("kwhid") == 1


def test_bare_words_of_an_encrypted_document_are_read(tmp_path: Path) -> None:
    tool = shutil.which("qpdf")
    if tool is None:
        pytest.skip("qpdf is not installed here")
    (tmp_path / "in.pdf").write_bytes(IN_CONTENTS["a comment before"])
    arguments = [
        tool,
        "--encrypt",
        "",
        "owner",
        "256",
        "--",
        str(tmp_path / "in.pdf"),
        str(tmp_path / "out.pdf"),
    ]
    subprocess.run(arguments, check=True)
    made = (tmp_path / "out.pdf").read_bytes().replace(b"endstream", b"endstream come alone kwbare")
    text = "".join(read(made).text)
    assert SAID in text and "come alone kwbare" in text
