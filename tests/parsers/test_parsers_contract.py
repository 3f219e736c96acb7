"""What every registered parser promises, tried on real samples: the same twice, every damage answered."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, sampled_from
from parser_pictures import PICTURES, RECORDINGS
from parser_texts import TEXTS

from actionday.detectors.filetype import identify_type
from actionday.model import Broken, Limits, Parsed
from actionday.parsers import Parsers
from actionday.testing.parsers import check_claims, check_parser, outcome

MADE = ("writer.docx", "writer.doc", "writer.rtf", "writer.odt", "writer.fodt", "writer.epub", "writer.pdf",
        "calc.xlsx", "calc.xls", "calc.ods", "impress.pptx", "impress.odp", "pandoc.fb2")  # fmt: skip
TEXT_SAMPLES = (
    "plain.txt",
    "escaped.json",
    "people.vcf",
    "dates.ics",
    "cells.ipynb",
    "feed.rss",
    "drawing.svg",
)
ALL = Parsers.load()


def small_samples() -> Iterator[tuple[str, bytes]]:
    for name in TEXT_SAMPLES:
        yield TEXTS[name][0], TEXTS[name][1].encode()
    yield from (*PICTURES.values(), *RECORDINGS.values())
    yield "text/html", b"<title>T</title><p>one <b>two</b> &amp; <script>x</script>three"


def test_the_law_of_the_registry_holds() -> None:
    check_claims(dict.fromkeys(ALL.mimes().values()))
    assert ALL.missing == ()


def test_two_parsers_of_one_type_are_a_defect() -> None:
    one = ALL.find("application/pdf")
    assert one is not None
    with pytest.raises(Broken, match="application/pdf is claimed by 'pdf' and by 'pdf'"):
        Parsers([one, one])


def test_an_exact_claim_goes_before_a_family_and_nobody_is_none() -> None:
    names = {mime: parser.name for mime in ("text/html", "text/x-anything", "image/svg+xml", "image/webp")
             if (parser := ALL.find(mime))}  # fmt: skip
    assert names == {
        "text/html": "html",
        "text/x-anything": "text",
        "image/svg+xml": "xml",
        "image/webp": "picture",
    }
    assert ALL.parse("application/x-executable", b"\x7fELF", Limits()) is None


@pytest.mark.parametrize(
    ("mime", "content"), list(small_samples()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_small_samples_keep_the_contract(mime: str, content: bytes) -> None:
    parser = ALL.find(mime)
    assert parser is not None
    check_parser(parser, mime, content)


@pytest.mark.tools
@pytest.mark.parametrize("name", MADE)
def test_made_samples_keep_the_contract(name: str, made: Path) -> None:
    content = (made / name).read_bytes()
    mime = identify_type(content[:131072], content[-65536:], len(content))
    parser = ALL.find(mime)
    assert parser is not None
    check_parser(parser, mime, content)


@settings(max_examples=150, deadline=None)
@given(sampled_from(sorted(ALL.mimes())), binary(max_size=400))
def test_any_bytes_under_any_type_give_a_result_or_an_issue(mime: str, content: bytes) -> None:
    parser = ALL.find(mime.replace("*", "x-any"))
    assert parser is not None
    result = outcome(parser, mime.replace("*", "x-any"), content, Limits())
    assert isinstance(result, Parsed | str)
