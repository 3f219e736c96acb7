"""Every parser, every format that is proven, and every type of our own stands in the documentation."""

import re
from pathlib import Path

from parser_formats import CALC, IMPRESS, PANDOC, WRITER
from parser_pictures import PICTURES, RECORDINGS
from parser_texts import TEXTS

from actionday.detectors.filetype._signatures import SIGNATURES
from actionday.parsers import Parsers

DOCS = Path(__file__).parents[2] / "docs" / "formats" / "documents.md"
TEXT = DOCS.read_text(encoding="utf-8")


def test_every_parser_has_its_row() -> None:
    loaded = Parsers.load()
    names = {parser.name for parser in (*loaded.mimes().values(), *loaded.slow_ones())}
    assert names == set(re.findall(r"(?m)^\| `([a-z]+)` \|", TEXT))


def test_every_ending_with_a_sample_is_listed_and_counted() -> None:
    samples = [*WRITER, *CALC, *IMPRESS, *PANDOC, "impress.pptx", "draw.odg", "source.csv", *TEXTS]
    endings = {name.rpartition(".")[2] for name in samples}
    listed = set(re.findall(r"[a-z0-9]+", TEXT.partition("## Who reads what")[2]))
    assert endings - listed == set()
    assert {name.rpartition(".")[2] for name in (*PICTURES, *RECORDINGS)} - listed == set()
    counted = re.search(r"\*\*(\d+) endings, (\d+) samples\*\*", TEXT)
    assert counted is not None
    assert (int(counted[1]), int(counted[2])) == (len(endings), len(samples))


def test_the_number_of_signatures_is_the_documented_one() -> None:
    assert f"{len(SIGNATURES)} signatures" in TEXT
