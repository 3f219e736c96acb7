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
from operator import add

from actionday.storage.index import arabic, hebrew
from actionday.storage.index.aligned import LONGEST, ONE_SCRIPT, Aligned, Token
from actionday.storage.index.blocks import blocks
from actionday.storage.index.fold import SPELT_OUT, SPELT_OUT_LETTERS, Table, beyond_bmp, composed
from actionday.storage.index.seams import NON_JOINER, inside, may_hold_hebrew, sewn, sewn_lines, sewn_marks
from actionday.storage.index.unspaced import BMP_RUNS, RUNS

VERSION = 5  # of the rules: an index made by others is rebuilt
SPACE = array("I", [32])
LONG_RUN = 24  # characters from which columns are faster than pairs
SHORT_RUN = 12  # characters; such runs repeat (Korean words, names), so what they become is remembered
SHORT_CHUNK = 24  # characters; such words come again, and what they are is remembered: 10 MB at most
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


class Normaliser:
    """The rules with their tables, which fill as they meet new characters. Cheap to keep, slow to make."""

    def __init__(self) -> None:
        self.fold = Table()
        self.ascii = {code: self.fold[code] for code in range(128)}
        self.spell_out = Table(SPELT_OUT)
        self._known = lru_cache(maxsize=1 << 12)(self._others)
        self._parts = lru_cache(maxsize=1 << 14)(self._joined)
        self._tokens = lru_cache(maxsize=1 << 15)(self._short)

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
        if len(chunk) > SHORT_CHUNK:
            yield from self._aligned(chunk, offset)
            return
        for start, end, word, alts, parts in self._tokens(chunk):
            yield Token(offset + start, offset + end, word, alts, parts)

    def _short(self, chunk: str) -> tuple[Token, ...]:
        return tuple(self._aligned(chunk, 0))

    def _aligned(self, chunk: str, offset: int) -> Iterator[Token]:
        return Aligned(self.fold, self.spell_out, chunk, offset).tokens()


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
