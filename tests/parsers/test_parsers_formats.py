"""Every claimed format, as a real writer makes it: each word of the document is in the text, none is doubled."""

from pathlib import Path

import pytest
from parser_formats import CALC, IMPRESS, LOCKED, PANDOC, WRITER
from parser_source import AUTHOR, BODY, CURLY, LITERALS, SHEET, SHEET_LITERALS, TITLE, missing, repeated
from parser_texts import TEXTS

from actionday.detectors.filetype import identify_type
from actionday.model import Encrypted, Limits, Parsed
from actionday.parsers import Parsers

LIMITS = Limits()
OFFICE = [*WRITER, *IMPRESS, *PANDOC, "impress.pptx", "draw.odg"]
WITH_ESCAPES = {"pandoc.commonmark", "pandoc.md", "pandoc.tex", "pandoc.textile", "pandoc.haddock", "pandoc.json",
                "pandoc.ipynb"}  # fmt: skip
"""Markup that is text itself and escapes some signs: it stays as it was written, so words alone are compared."""
WITH_PROPERTIES = ["writer.docx", "writer.doc", "writer.rtf", "writer.odt", "writer.fodt", "writer.pdf",
                   "writer.html", "pandoc.epub", "impress.ppt", "impress.pptx", "impress.odp"]  # fmt: skip
NAMES_TITLE_TWICE = {"pandoc.ctx", "pandoc.fb2", "pandoc.html", "pandoc4.xhtml", "pandoc.tex", "pandoc.texi",
                     "pandoc.json", "writer.uot"}  # fmt: skip


def read(parsers: Parsers, content: bytes) -> tuple[str, Parsed, str]:
    mime = identify_type(content[:131072], content[-65536:], len(content))
    parsed = parsers.parse(mime, content, LIMITS)
    assert parsed is not None, f"nobody reads {mime}"
    return mime, parsed, "".join(parsed.text).translate(CURLY)


@pytest.mark.tools
@pytest.mark.parametrize("name", OFFICE)
def test_every_word_of_the_document_is_read(name: str, made: Path, parsers: Parsers) -> None:
    _, parsed, text = read(parsers, (made / name).read_bytes())
    assert missing(text, BODY) == {}
    assert name in WITH_ESCAPES or [each for each in LITERALS if each not in text] == []
    assert name in NAMES_TITLE_TWICE or repeated(text, BODY) == {}
    assert parsed.reason == ""
    assert parsed.notes == ()


@pytest.mark.tools
@pytest.mark.parametrize("name", [*CALC, "source.csv"])
def test_every_cell_of_the_table_is_read_once(name: str, made: Path, parsers: Parsers) -> None:
    _, parsed, text = read(parsers, (made / name).read_bytes())
    text = text.replace('""', '"')
    assert missing(text, SHEET) == {}
    assert [each for each in SHEET_LITERALS if each not in text] == []
    assert repeated(text, SHEET) == {}
    assert parsed.notes == ()


@pytest.mark.parametrize("name", TEXTS)
def test_every_word_of_a_text_format_is_read(name: str, parsers: Parsers) -> None:
    wanted, content = TEXTS[name]
    mime, parsed, text = read(parsers, content.encode())
    assert mime == wanted
    assert missing(text, BODY) == {}
    assert [each for each in LITERALS if each not in text.replace('\\"', '"')] == []
    assert parsed.meta["encoding"] == "utf-8"


@pytest.mark.tools
@pytest.mark.parametrize("name", [name for files in LOCKED.values() for name in files])
def test_a_document_with_a_password_is_said_to_be_encrypted(name: str, made: Path, parsers: Parsers) -> None:
    with pytest.raises(Encrypted, match="password"):
        read(parsers, (made / name).read_bytes())


@pytest.mark.tools
@pytest.mark.parametrize("name", WITH_PROPERTIES)
def test_title_and_author_have_one_name_in_all_formats(name: str, made: Path, parsers: Parsers) -> None:
    _, parsed, _ = read(parsers, (made / name).read_bytes())
    assert (parsed.meta["title"], parsed.meta["author"]) == (TITLE, AUTHOR)


@pytest.mark.tools
@pytest.mark.parametrize("name", ["impress.ppt", "impress.pptx", "impress.odp", "pandoc.docx", "writer.pdf"])
def test_times_are_rfc_3339(name: str, made: Path, parsers: Parsers) -> None:
    from datetime import datetime

    _, parsed, _ = read(parsers, (made / name).read_bytes())
    assert datetime.fromisoformat(str(parsed.meta["created"])).year >= 2025


def test_more_than_sixty_formats_are_claimed_with_a_sample() -> None:
    kinds = {name.rpartition(".")[2] for name in (*OFFICE, *CALC, *TEXTS)}
    assert len(kinds) >= 60, sorted(kinds)
