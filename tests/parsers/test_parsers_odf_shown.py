"""What a reader of an OpenDocument file sees outside its running text is read as well."""

import pytest
from test_parsers_packages import ODT, words

from actionday.parsers._unread import MARK

NAMES = " ".join(
    f'xmlns:{each}="{each}"'
    for each in ("office", "text", "draw", "form", "table", "style", "presentation", "xlink")
)
ODP = "application/vnd.oasis.opendocument.presentation"


def content(markup: str = "", before: str = "") -> str:
    return (
        f"<office:document-content {NAMES}>{before}<office:body><office:text><text:p>shown</text:p>{markup}</office:text>"
        "</office:body></office:document-content>"
    )


@pytest.mark.parametrize(
    "markup",
    [
        '<form:text form:title="kept here"/>',
        '<form:option form:label="kept here"/>',
        '<form:textarea form:current-value="kept here"/>',
        '<text:p><text:drop-down><text:label text:value="kept here"/></text:drop-down></text:p>',
        '<text:p><text:a xlink:href="#x" office:title="kept here"/></text:p>',
        '<text:user-field-decl office:string-value="kept here"/>',
        '<text:p><text:alphabetical-index-mark text:string-value="kept" text:key1="here"/></text:p>',
        '<text:p><text:bibliography-mark text:author="kept" text:note="here"/></text:p>',
        '<text:dde-connection-decl office:dde-topic="kept" office:dde-item="here"/>',
        '<draw:unknown draw:thing="kept here"/>',
        "<text:unknown>kept here</text:unknown>",
    ],
)  # fmt: skip
def test_f01_words_in_attributes_of_opendocument_are_read(markup: str) -> None:
    assert [each for each in words(ODT, {"content.xml": content(markup)}) if each not in MARK] == [
        "shown",
        "kept",
        "here",
    ]


def test_f01_labels_of_lists_in_opendocument_are_read() -> None:
    label = '<text:list-level-style-number style:num-prefix="Article " style:num-suffix="."/>'
    styles = f"<office:automatic-styles><text:list-style>{label}</text:list-style></office:automatic-styles>"
    assert words(ODT, {"content.xml": content(before=styles)}) == ["shown", *MARK.split(), "Article"]


def test_f01_text_boxes_of_master_pages_are_read_and_places_are_not() -> None:
    def frame(kind: str, text: str) -> str:
        return f"<draw:frame {kind}><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"

    styles = (
        f"<office:document-styles {NAMES}><office:master-styles><style:master-page style:display-name='Office Theme'>"
        f"{frame('', 'on each slide')}{frame('presentation:class=' + chr(34) + 'title' + chr(34), 'Click to edit')}"
        "</style:master-page></office:master-styles></office:document-styles>"
    )
    assert words(ODP, {"content.xml": content(), "styles.xml": styles}) == ["shown", "on", "each", "slide"]
