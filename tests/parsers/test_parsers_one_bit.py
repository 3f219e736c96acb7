"""One flipped bit in a document of any format: the words come out, or something says that they may not.

A format without sums cannot show that the flipped letter itself is wrong: the words in which the bit lies are
allowed to go. Left out: Excel up to 2003, whose cells name their text by a number that nothing else repeats.
"""

import random
import re
from collections import Counter
from pathlib import Path

import pytest

from actionday.detectors.filetype import identify_type
from actionday.model import ItemError, Limits, Note
from actionday.model.loss import FAILED_CODES, is_loss
from actionday.parsers import Parsers
from actionday.pipeline.examine import Examiner
from actionday.pipeline.reading import body_of

pytestmark = pytest.mark.tools
PLACES = 12
AROUND = 2
"""Words that a flipped bit may change by itself: one, or two where it turns a blank into a letter."""
SAYS = frozenset({"encoding_unsure", "undecodable", "not_text", "false_mark", "second_reader"})
FORMATS = ("writer.docx", "writer.doc", "writer.rtf", "writer.odt", "writer.epub", "pandoc.epub", "writer.pdf",
           "calc.xlsx", "calc.ods", "impress.ppt", "impress.pptx", "impress.odp", "writer.fodt",
           "pandoc.fb2", "pandoc.ipynb", "calc.xml", "writer.xhtml", "writer.html", "writer.txt")  # fmt: skip


def read(parsers: Parsers, data: bytes) -> tuple[Counter[str], bool]:
    """Return the words, and whether anything says that some may be missing."""
    try:
        parsed = parsers.parse(identify_type(data, data[-65536:], len(data)), data, Limits())
    except ItemError:
        return Counter(), True
    if parsed is None:
        return Counter(), True
    words = Counter(re.findall(r"\w{3,}", "".join(parsed.text)))
    return words, any(_says(note) for note in parsed.notes)


def _says(note: Note) -> bool:
    return is_loss(note.code) or note.code in SAYS


@pytest.mark.parametrize("name", FORMATS)
def test_no_word_goes_without_a_word(name: str, made: Path, parsers: Parsers) -> None:
    whole = (made / name).read_bytes()
    words, said = read(parsers, whole)
    assert words
    assert not said
    dice = random.Random(name)  # the same places every time
    for at in (dice.randrange(len(whole)) for _ in range(PLACES)):
        got, noticed = read(
            parsers, whole[:at] + bytes([whole[at] ^ 1 << dice.randrange(8)]) + whole[at + 1 :]
        )
        lost = (words - got).total()
        assert noticed or lost <= AROUND, f"{name}, byte {at}: {lost} of {words.total()} words are gone"


@pytest.mark.parametrize("name", ["writer.rtf", "writer.doc", "calc.xls", "impress.ppt"])
def test_a_document_that_is_cut_off_is_a_loss_wherever(name: str, made: Path, parsers: Parsers) -> None:
    """A compound file whose directory is gone is of no type that anybody reads, and no unknown format either."""
    whole, examiner = (made / name).read_bytes(), Examiner(parsers, Limits())
    sound = examiner.content(body_of(iter([whole]), Limits()))
    assert not any(is_loss(note.code) for note in sound.notes)
    for end in random.Random(name).sample(range(600, len(whole) * 9 // 10), 25):
        cut = examiner.content(body_of(iter([whole[:end]]), Limits()))
        assert any(is_loss(note.code) or note.code in FAILED_CODES for note in cut.notes), end
