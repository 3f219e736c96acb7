"""What a reader sees on the screen, in print or by hovering is text of an office document, wherever it is kept."""

import pytest
from test_parsers_packages import DOCX, LINKED, PPTX, XLSX, R, S, W, document, read, rels, words

from actionday.model import Loss
from actionday.parsers._events import glyph
from actionday.parsers._unread import MARK, MOST_KEPT, Beside

MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
V = 'xmlns:v="urn:schemas-microsoft-com:vml"'
P = 'xmlns:p="p" xmlns:a="a"'


def body(markup: str) -> str:
    return f"<w:document {W} {MC} {V} {P}><w:body><w:p><w:r><w:t>shown</w:t></w:r></w:p>{markup}</w:body></w:document>"


def of_word(markup: str, **parts: str) -> list[str]:
    return words(DOCX, LINKED | {"word/document.xml": body(markup), **parts})


FALLBACK = (
    '<w:p><w:r><mc:AlternateContent><mc:Choice Requires="zzz">{}</mc:Choice><mc:Fallback><w:t>kept here</w:t>'
    "</mc:Fallback></mc:AlternateContent></w:r></w:p>"
)


@pytest.mark.parametrize(
    "markup",
    [
        FALLBACK.format(""),
        '<w:p><w:r><w:pict><v:shape><v:textpath string="kept here"/></v:shape></w:pict></w:r></w:p>',
        '<w:sdt><w:sdtPr><w:dropDownList><w:listItem w:displayText="kept here" w:value="1"/></w:dropDownList></w:sdtPr></w:sdt>',
        '<w:sdt><w:sdtPr><w:alias w:val="kept here"/></w:sdtPr></w:sdt>',
        '<w:p><w:r><w:fldChar><w:ffData><w:ddList><w:listEntry w:val="kept here"/></w:ddList></w:ffData></w:fldChar></w:r></w:p>',
        '<w:p><w:r><w:fldChar><w:ffData><w:helpText w:val="kept here"/></w:ffData></w:fldChar></w:r></w:p>',
        '<w:p><w:hyperlink w:tooltip="kept here"/></w:p>',
        '<w:tbl><w:tblPr><w:tblCaption w:val="kept here"/></w:tblPr></w:tbl>',
        '<w:p><w:r><w:drawing><wp:docPr xmlns:wp="x" title="kept here"/></w:drawing></w:r></w:p>',
        '<w:p><w:r><w:unknown w:thing="kept here"/></w:r></w:p>',
        "<w:p><w:pPr>kept here</w:pPr></w:p>",
        "<w:p><w:unknown>kept here</w:unknown></w:p>",
    ],
    ids=["fallback", "word art", "drop-down", "name of a control", "form list", "form help", "tip", "caption of a table",
         "title of a picture", "unknown attribute", "property", "unknown element"],
)  # fmt: skip
def test_f01_words_a_grammar_does_not_ask_for_stand_at_the_end(markup: str) -> None:
    assert of_word(markup) == ["shown", *MARK.split(), "kept", "here"]


def test_f01_a_fallback_that_repeats_its_choice_is_not_read_twice() -> None:
    assert of_word(FALLBACK.format("<w:t>kept here</w:t>")) == ["shown", "kept", "here"]


@pytest.mark.parametrize(("code", "font", "text"), [("0073", "Arial", "s"), ("F073", "Arial", "s"), ("F061", "Symbol", "α"),
                                                    ("F04A", "Wingdings", ""), ("zz", "Arial", "")])  # fmt: skip
def test_f01_symbols_are_the_letters_they_show(code: str, font: str, text: str) -> None:
    assert glyph({"w:char": code, "w:font": font}) == text
    symbol = f'<w:r><w:sym w:font="{font}" w:char="{code}"/></w:r>'
    assert of_word(f"<w:p><w:r><w:t>on</w:t></w:r>{symbol}</w:p>") == ["shown", f"on{text}"]


@pytest.mark.parametrize(
    ("label", "kept"),
    [("numlabel", ["numlabel"]), ("Article %1.", ["Article", "%1."]), ("%1.", []), ("", [])],
)
def test_f01_labels_of_lists_are_read_where_they_hold_words(label: str, kept: list[str]) -> None:
    numbering = f'<w:numbering {W}><w:abstractNum><w:lvl><w:lvlText w:val="{label}"/></w:lvl></w:abstractNum></w:numbering>'
    parts = {"word/_rels/document.xml.rels": rels(numbering="numbering.xml"), "word/numbering.xml": numbering}
    assert of_word("", **parts) == ["shown", *(MARK.split() if kept else []), *kept]


@pytest.mark.parametrize("name", ["chart7.xml", "settings.xml", "theme/theme1.xml"])
def test_f01_a_part_is_what_its_relationship_says_whatever_its_name(name: str) -> None:
    parts = {
        "word/_rels/document.xml.rels": rels(aFChunk=name),
        f"word/{name}": "<html><body>kept</body></html>",
    }
    assert of_word("", **parts) == ["shown", "kept"]
    parts["word/_rels/document.xml.rels"] = rels(settings=name)
    assert of_word("", **parts) == ["shown"]


def slide(text: str, place: str = "") -> str:
    return (
        f"<p:sld {P}><p:cSld{' name=' + chr(39) + 'Title Slide' + chr(39) if place else ''}><p:spTree><p:sp><p:nvSpPr><p:nvPr>{place}</p:nvPr></p:nvSpPr>"
        f"<p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
    )


def test_f01_text_on_masters_and_layouts_is_read_and_prompts_are_not() -> None:
    parts = {
        "_rels/.rels": rels(officeDocument="ppt/presentation.xml"),
        "ppt/presentation.xml": f"<p:presentation {P}/>",
        "ppt/_rels/presentation.xml.rels": rels(slide="slides/slide1.xml", slideMaster="m/any.xml"),
        "ppt/slides/slide1.xml": slide("slide"),
        "ppt/m/any.xml": slide("master"),
        "ppt/slideLayouts/slideLayout1.xml": slide("Click to edit", "<p:ph type='title'/>"),
        "ppt/slideLayouts/slideLayout2.xml": slide("own prompt", "<p:ph hasCustomPrompt='1'/>"),
    }
    assert words(PPTX, parts) == ["slide", "master", "own", "prompt"]


SHEET = (
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>cell</t></is></c><c r="B1"><f>"in a formula"&amp;A1</f><v>0</v></c>'
    '</row></sheetData><dataValidations count="1"><dataValidation type="list" sqref="D1" promptTitle="title of a prompt" '
    'prompt="the prompt" error="not allowed"><formula1>"choose me,or me"</formula1></dataValidation></dataValidations>'
    '<hyperlinks><hyperlink ref="A1" location="x" tooltip="a tip" display="shown for it"/></hyperlinks>'
    '<headerFooter><oddHeader>&amp;L&amp;"Arial,Bold"&amp;12printed above &amp;P</oddHeader></headerFooter>'
)


def test_f01_what_a_workbook_shows_besides_its_cells_is_read() -> None:
    parts = {
        "_rels/.rels": rels(officeDocument="xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets><sheet name="one" sheetId="1" r:id="0"/></sheets>'
        '<definedNames><definedName name="the_name">"its value"</definedName><definedName name="_xlnm.Print_Area">A1'
        "</definedName></definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": rels(worksheet="worksheets/sheet1.xml", styles="styles.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{S}">{SHEET}</worksheet>',
        "xl/styles.xml": f'<styleSheet xmlns="{S}"><numFmts><numFmt numFmtId="200" formatCode="&quot;bags&quot;0"/></numFmts>'
        "<cellStyles><cellStyle name='Heading of Style'/></cellStyles></styleSheet>",
    }
    text = "".join(read(XLSX, parts).text)
    for wanted in ("in a formula", "title of a prompt", "the prompt", "not allowed", "choose me,or me", "a tip",
                   "shown for it", "printed above", "the_name", "its value", "bags"):  # fmt: skip
        assert text.count(wanted) == 1, wanted
    for code in ("Arial", "_xlnm", "Heading of Style"):
        assert code not in text


def test_f01_values_of_programs_do_not_flood_the_text() -> None:
    noise = (
        '<w:p w:rsidR="00AB12CD" w:rsidRDefault="00EF34AB"><w:r><w:rPr><w:rFonts w:ascii="Times New Roman"/></w:rPr></w:r>'
        '<w:x w:jc="center" w:color="FF00AA" w:uri="http://schemas.example.org/a/b" w:name="Text Box 12" w:n="1.5"/></w:p>'
    )
    assert of_word(noise * 20) == ["shown"]


def test_f01_what_is_beside_is_bounded_and_the_rest_counted() -> None:
    beside = Beside()
    for number in range(MOST_KEPT + 5_000):
        beside.keep(f"value {number}")
    assert beside.left_out == 5_000
    assert beside.lines([]).count("\n") == MOST_KEPT + 2
    assert [note.code for note in beside.notes()] == [Loss.UNREAD_WORDS]


def test_f01_a_value_that_the_text_has_is_not_put_at_its_end() -> None:
    beside = Beside()
    for value in ("in  the text", "of the text alone", "only here"):
        beside.keep(value)
    assert beside.lines(["it is in the\n", "in the text and of the text alone\n"]) == f"{MARK}only here\n"


def test_f01_documents_without_such_values_end_as_before() -> None:
    assert "".join(read(DOCX, LINKED | {"word/document.xml": document("plain")}).text) == "plain\n\n"
