"""Text → the words that the index and a query have in common, and where each stood in the original.

Words are runs of letters, marks and digits after folding (``fold``); scripts without spaces between words
become bigrams, one token a character, the last of a run alone: whatever a text holds, each of its
characters begins exactly one token, so a query of one character is a prefix and one of many a phrase.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import add
from typing import NamedTuple

from actionday.storage.index import arabic, hebrew
from actionday.storage.index.blocks import blocks
from actionday.storage.index.clusters import clusters
from actionday.storage.index.fold import SPELT_OUT, SPELT_OUT_LETTERS, Table, beyond_bmp, composed
from actionday.storage.index.seams import NON_JOINER, inside, may_hold_hebrew, sewn, sewn_lines, sewn_marks
from actionday.storage.index.unspaced import BMP_RUNS, RUNS

VERSION = 4  # of the rules: an index made by others is rebuilt
LONGEST = 200  # characters in a word; longer ones (base64, minified code) are cut into pieces of this length
ONE_SCRIPT = re.compile("[\u30a1-\u30fa\u30fc]+|[\u3400-\u9fff]+")  # Katakana, ideographs
SPACE = array("I", [32])
LONG_RUN = 24  # characters from which columns are faster than pairs
SHORT_RUN = 12  # characters; such runs repeat (Korean words, names), so what they become is remembered
OTHERS = re.compile("([^\x00-\x7f]+)")
GLANCE = 16  # characters by which it is guessed whether a block is of an unspaced script
SPARSE = 1.08  # bytes a character up to which it pays to look at those beyond ASCII one by one
CHUNKS = re.compile("[0-9A-Za-z\x80-\U0010ffff]+")
_SPELT = "".join(sorted(SPELT_OUT_LETTERS))
SPELT_OUT_BYTES = _SPELT.encode("latin-1")
SPELT_OUT_WORD = re.compile(rf"(?<!\S)[^\s{_SPELT}]*+[{_SPELT}]\S*")
LONG_WORD = re.compile(f"[^ ]{{{LONGEST}}}")


@dataclass(frozen=True, slots=True)
class Terms:
    """``body``: the words in order; ``alt``: second spellings and stems, found too and ranked below."""

    body: str
    alt: str


class Token(NamedTuple):
    """A word of ``Terms.body`` with its second spellings, and ``text[start:end]`` it stands for."""

    start: int
    end: int
    word: str
    alts: tuple[str, ...]
    parts: tuple[str, ...] = ()
    """What is written together with a non-joiner (Persian plurals and prefixes): found by each, asks for none."""


class Normaliser:
    """The rules with their tables, which fill as they meet new characters. Cheap to keep, slow to make."""

    def __init__(self) -> None:
        self.fold = Table()
        self.ascii = {code: self.fold[code] for code in range(128)}
        self.spell_out = Table(SPELT_OUT)
        self._known = lru_cache(maxsize=1 << 12)(self._others)
        self._parts = lru_cache(maxsize=1 << 14)(self._joined)

    def normalise(self, text: str) -> Terms:
        """Return the words of a text, some of them parted by more than one space.

        ``body.split()`` is the word of each of ``tokens(text)``, ``alt.split()`` all their ``alts``, order
        aside. Anything goes in: control characters, lone surrogates, marks without a base.
        """
        if text.isascii():
            return Terms(_cut(text.translate(self.ascii)), "")
        bodies: list[str] = []
        alts: list[str] = []
        for lines in blocks(text):
            if lines.isascii():
                bodies.append(lines.translate(self.ascii))
                continue
            block, body, found = self._words(lines)
            bodies.append(body)
            alts += found
            alts += arabic.stems(body)
            alts += hebrew.stems(body)
            alts += self._spelt_out(block)
            if NON_JOINER in block:
                alts += [
                    part
                    for chunk in CHUNKS.findall(block)
                    if NON_JOINER in chunk
                    for part in self._parts(chunk)
                ]
        return Terms(_cut(" ".join(bodies)), " ".join(alts))

    def _words(self, lines: str) -> tuple[str, str, list[str]]:
        """Return lines composed, with nothing left in them that parts a word, their words and what runs may be."""
        encoded = lines.encode("utf-8", "surrogatepass")
        if may_hold_hebrew(encoded):
            lines = sewn_marks(lines)
        dense = len(encoded) > len(lines) * SPARSE
        guessed = BMP_RUNS.search(lines, 0, GLANCE) is not None
        block = composed(sewn_lines(lines, self.fold) if guessed else lines)
        folded = self._fold(block, dense)
        body, found = _unspaced(folded)
        if guessed or body is folded or (joined := sewn_lines(lines, self.fold)) is lines:
            return block, body, found
        block = composed(joined)
        return block, *_unspaced(self._fold(block, dense))

    def _spelt_out(self, block: str) -> list[str]:
        """Return the second spelling of words with ä, ö, ü, ø, å: those words alone are folded again."""
        latin = block.encode("latin-1", "ignore")
        if len(latin.translate(None, SPELT_OUT_BYTES)) == len(latin):
            return []
        words = " ".join(SPELT_OUT_WORD.findall(block))
        folded, spelt = (self._parted(words.translate(table)) for table in (self.fold, self.spell_out))
        pairs = zip(folded, spelt, strict=True)
        return [new for old, new in pairs if old != new and len(new) <= LONGEST]

    def _joined(self, chunk: str) -> tuple[str, ...]:
        """Return the parts of the words that are written with a non-joiner between them."""
        return tuple(part for token in self._chunk_tokens(chunk, 0) for part in token.parts)

    def _parted(self, folded: str) -> list[str]:
        """Return the words of a folded text without those of unspaced scripts."""
        return (folded if folded.isascii() else _runs_in(folded).sub(" ", folded)).split()

    def _fold(self, block: str, dense: bool) -> str:
        """Return a composed block folded, each time by the fastest way that it allows."""
        if block.isascii():
            return block.translate(self.ascii)
        if dense:
            return block.translate(self.fold)
        parts = OTHERS.split(block)
        parts[1::2] = map(self._known, parts[1::2])
        return "".join(parts).translate(self.ascii if all(map(str.isascii, parts)) else self.fold)

    def _others(self, part: str) -> str:
        return part.translate(self.fold)

    def tokens(self, text: str) -> Iterator[Token]:
        """Yield the words of a text in order, with offsets into it.

        ``end`` may lie behind the next ``start``: bigrams overlap. Memory: the longest run without ASCII
        punctuation or space, and the text once more.
        """
        for chunk in CHUNKS.finditer(text if text.isascii() else sewn(text, self.fold)):
            if chunk[0].isascii():
                word, start = chunk[0].translate(self.ascii), chunk.start()
                for at in range(0, len(word), LONGEST):
                    part = word[at : at + LONGEST]
                    yield Token(start + at, start + at + len(part), part, ())
            else:
                yield from self._chunk_tokens(chunk[0], chunk.start())

    def _chunk_tokens(self, chunk: str, offset: int) -> Iterator[Token]:
        aligned = _Aligned(self, chunk, offset)
        for word in re.finditer("[^ ]+", aligned.folded):
            at = word.start()
            for run in RUNS.finditer(word[0]):
                yield from aligned.words(at, word.start() + run.start())
                yield from aligned.bigrams(word.start() + run.start(), word.start() + run.end())
                at = word.start() + run.end()
            yield from aligned.words(at, word.end())


@lru_cache(maxsize=1)
def rules() -> Normaliser:
    """Return this process's rules, made when first asked for."""
    return Normaliser()


def normalise(text: str) -> Terms:
    """Return ``Normaliser.normalise`` of a text."""
    return rules().normalise(text)


def tokens(text: str) -> Iterator[Token]:
    """Yield ``Normaliser.tokens`` of a text."""
    return rules().tokens(text)


def inside_run(text: str, at: int) -> bool:
    """Tell whether a cut before ``text[at]``, at white space, would part a run of an unspaced script all the same."""
    return inside(text, at, rules().fold)


class _Aligned:
    """A folded chunk in which each character knows where it came from."""

    def __init__(self, rules: Normaliser, chunk: str, offset: int) -> None:
        letters: list[str] = []
        self.spelt: list[str] = []
        self.spans: list[tuple[int, int]] = []
        self.joins: list[int] = []
        for start, end in clusters(chunk):
            for char in composed(chunk[start:end]):
                if char == NON_JOINER:
                    self.joins.append(len(letters))
                new, spelt = rules.fold[ord(char)], rules.spell_out[ord(char)]
                letters += new
                self.spelt += new if spelt == new else [spelt, *("" for _ in new[1:])]
                self.spans += [(offset + start, offset + end)] * len(new)
        self.folded = "".join(letters)
        runs = ONE_SCRIPT.finditer(self.folded)
        self.runs = {run.start(): run[0] for run in runs if 2 <= len(run[0]) <= 6}

    def words(self, start: int, end: int) -> Iterator[Token]:
        """Yield a word between spaces and runs, or nothing."""
        word = self.folded[start:end]
        spelt = "".join(self.spelt[start:end])
        alts = (spelt,) if spelt != word and len(spelt) <= LONGEST else ()
        for at in range(0, len(word), LONGEST):
            part = word[at : at + LONGEST]
            parts = self._parts(start, end) if len(word) <= LONGEST else ()
            yield Token(*self._span(start + at, start + at + len(part)), part, alts + _forms(part), parts)
            alts = ()

    def _parts(self, start: int, end: int) -> tuple[str, ...]:
        cuts = [start, *(at for at in self.joins if start < at < end), end]
        return tuple(self.folded[a:b] for a, b in pairwise(cuts) if a < b) if len(cuts) > 2 else ()

    def bigrams(self, start: int, end: int) -> Iterator[Token]:
        """Yield a run of a script without spaces."""
        for at in range(start, end):
            last = min(at + 2, end)
            alts = (self.runs[at],) if at in self.runs else ()
            yield Token(*self._span(at, last), self.folded[at:last], alts)

    def _span(self, start: int, end: int) -> tuple[int, int]:
        return self.spans[start][0], self.spans[end - 1][1]


def _forms(word: str) -> tuple[str, ...]:
    """Return the light forms of a word by its script."""
    if arabic.WORD.fullmatch(word):
        return arabic.forms(word)
    return hebrew.forms(word) if hebrew.WORD.fullmatch(word) else ()


def _runs_in(folded: str) -> re.Pattern[str]:
    return RUNS if beyond_bmp(folded) else BMP_RUNS


def _unspaced(folded: str) -> tuple[str, list[str]]:
    """Return the text with runs of unspaced scripts as bigrams, and the words these runs may be."""
    if folded.isascii():
        return folded, []
    parts: list[str] = _runs_in(folded).split(folded)
    if len(parts) == 1:
        return folded, []
    alts: list[str] = []
    for at in range(1, len(parts), 2):
        run = parts[at]
        parts[at], words = _short_run(run) if len(run) <= SHORT_RUN else _run(run)
        alts += words
    return "".join(parts), alts


def _run(run: str) -> tuple[str, tuple[str, ...]]:
    """Return the bigrams of a run, and what stands in it as 2 to 6 characters of one script by itself.

    東京都 is found by 京都 as a part; a text where 京都 stands between other scripts is ranked above it.
    """
    whole = tuple(part for part in ONE_SCRIPT.findall(run) if 2 <= len(part) <= 6)
    if len(run) <= LONG_RUN:
        return f" {' '.join(map(add, run, run[1:]))} {run[-1]} ", whole
    return f" {_interleaved(run)} ", whole


def _interleaved(run: str) -> str:
    """Return the bigrams of a long run, made of three columns at once."""
    chars = array("I", run.encode("utf-32-le"))
    cells = array("I", bytes(12 * len(chars)))
    cells[0::3], cells[1::3], cells[2::3] = chars, chars[1:] + SPACE, SPACE * len(chars)
    return cells.tobytes().decode("utf-32-le")


_short_run = lru_cache(maxsize=1 << 16)(_run)


def _cut(body: str) -> str:
    """Return the words with the over-long ones cut; hops from space to space, which few texts notice."""
    at, last, find = 0, len(body) - LONGEST, body.rfind
    while at < last:
        space = find(" ", at, at + LONGEST + 1)
        if space < 0:
            return LONG_WORD.sub("\\g<0> ", body)
        at = space + 1
    return body
