"""Pieces of the original around hits, with the very words marked.

Offsets are ours (``normalise.tokens``), counted in characters of the text as it was found; neither a mark nor
a cut parts a letter from what combines with it. Texts are normalised in bulk, 20 to 500 MB/s; only where a
hit is likely are they taken apart word by word.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from actionday.storage.index.matching import Sought, Span, nearby_of, sought_words
from actionday.storage.index.node import Node
from actionday.storage.index.normalise import normalise, tokens
from actionday.storage.index.stretch import Glance, Row

WIDTH = 240  # characters of a snippet
WINDOW = 4_096  # characters taken apart in one go: 1 to 4 ms
OVERLAP = 512  # characters of the next window seen too: a phrase over the seam is found
BLOCK = 64 * WINDOW  # characters looked over in bulk
MOST_BLOCKS = {
    True: 512,
    False: 16,
}  # looked over for a snippet, in a text of ASCII or another: 0.3 and 0.2 s
MOST_FUZZY = 4  # of these, where words may differ by letters: 0.1 to 1 s each for a thousand of them
MOST_WINDOWS = 24  # taken apart for a snippet: 0.05 s
MOST_LOOKS = 30_000  # words times windows looked over once one was given: 0.1 s
EDGE = 300  # characters to go back for the beginning of a word; longer words are cut anyway
COMBINED = 64  # marks that one letter may carry before they are parted from it
JOINER = "\u200d"  # what stands on both of its sides is one picture


def highlights(
    text: str, query: Node | Sequence[Sought], start: int = 0, end: int | None = None
) -> list[Span]:
    """Return the spans in ``text[start:end]`` that the query found, in order, merged where they overlap.

    Only words that the query seeks in the text are marked: no fields, nothing under a NOT. A hit that begins
    before ``start`` is not marked; one that begins before ``end`` is marked whole. Time: of ``end - start``.
    For more than one text ``query`` is given as ``sought_words`` of it.
    """
    seeking = _sought(query)
    end = len(text) if end is None else min(end, len(text))
    found: list[Span] = []
    for low, high in _windows(text, start, end):
        likely = _likely(seeking, text[low:high])
        found += _spans(text, likely, low, high)
    return _within(start, end, found)


def snippet(text: str, query: Node | Sequence[Sought], *, width: int = WIDTH) -> list[tuple[str, bool]]:
    """Return about ``width`` characters of the text as pieces, each with whether it is marked.

    The stretch begins shortly before a hit, in the first window of the text that holds the most of the
    query's words and phrases. Without a hit (a query by fields; 100 MB with the only hit far behind) it is
    the beginning. Joined, the pieces are a stretch of the original. ``query`` as for ``highlights``.
    """
    seeking = _sought(query)
    best = _best_window(text, seeking)
    start = 0 if best is None else _start(text, best.hit - width // 4)
    end = _boundary(text, start + width)
    if best is None:
        spans = []
    elif best.covers(text, start, end):  # what was taken apart is not taken apart again
        spans = _within(start, end, best.spans(text))
    else:
        spans = highlights(text, seeking, start, end)
    if spans and end < spans[-1][1] <= end + EDGE:
        end = spans[-1][1]  # a part of a word that was found is none
    return list(_pieces(text, start, end, spans))


def seen(text: str, query: Node | Sequence[Sought]) -> int:
    """Return of how many characters from its beginning ``snippet`` sees whether a hit is in them."""
    return min(len(text), _blocks(text, _sought(query)) * BLOCK)


def likely(text: str, query: Node | Sequence[Sought]) -> bool:
    """Say whether a stretch may hold a hit: a no is certain, a yes is for ``highlights`` to see. In bulk."""
    return bool(_likely(_sought(query), text))


def _sought(query: Node | Sequence[Sought]) -> Sequence[Sought]:
    return query if isinstance(query, Sequence) else sought_words(query)


class _Window(NamedTuple):
    """A window taken apart: where it lies, its words, what is likely in it, and where its first hit begins."""

    low: int
    high: int
    row: Row
    likely: Sequence[Sought]
    hit: int

    def covers(self, text: str, start: int, end: int) -> bool:
        """Say whether the hits that begin in a stretch are those seen here: no other window sees more of it."""
        windows = list(_windows(text, start, min(end, len(text))))
        return all(self.low <= low and high <= self.high for low, high in windows)

    def spans(self, text: str) -> Iterator[Span]:
        """Yield the hits here, each widened to whole letters."""
        return _hits(text, self.row, self.likely, self.low)


def _best_window(text: str, seeking: Sequence[Sought]) -> _Window | None:
    """Return the first window with hits for the most of what is sought."""
    best, most = None, 0
    for low, high, likely in _promising(text, seeking):
        row = Row(tokens(text[low:high]))
        found = [next(each.spans(row), None) for each in likely]
        hits = [_back(text, low + span[0]) for span in found if span is not None]
        if len(hits) > most:
            best, most = _Window(low, high, row, likely, min(hits)), len(hits)
        if most == len(seeking):
            break
    return best


def _promising(text: str, seeking: Sequence[Sought]) -> Iterator[tuple[int, int, list[Sought]]]:
    """Yield windows in which more is likely found than in those before, at most ``MOST_WINDOWS``, with what is."""
    most = given = looks = 0
    for start in range(0, seen(text, seeking), BLOCK):
        first, last = max(0, start - OVERLAP), min(len(text), start + BLOCK + OVERLAP)
        in_block = _likely(seeking, text[first:last])
        if len(in_block) <= most:
            continue
        for low, high in _windows(text, start, min(start + BLOCK, len(text))):
            likely = in_block if (low, high) == (first, last) else _likely(in_block, text[low:high])
            if len(likely) > most:
                yield low, high, likely
                most, given = len(likely), given + 1
            looks += len(in_block)
            if given == MOST_WINDOWS or (given and looks > MOST_LOOKS):
                return
            if most == len(in_block):
                break


def _blocks(text: str, seeking: Sequence[Sought]) -> int:
    return MOST_BLOCKS[text.isascii()] if nearby_of(seeking) is None else MOST_FUZZY


def _likely(seeking: Sequence[Sought], stretch: str) -> list[Sought]:
    if not seeking:
        return []
    glance = Glance(normalise(stretch), len(seeking), nearby_of(seeking))
    return [each for each in seeking if each.likely(glance)]


def _spans(text: str, seeking: Sequence[Sought], low: int, high: int) -> Iterator[Span]:
    """Yield the hits in a window, each widened to whole letters."""
    if seeking:
        yield from _hits(text, Row(tokens(text[low:high])), seeking, low)


def _hits(text: str, row: Row, seeking: Sequence[Sought], low: int) -> Iterator[Span]:
    for each in seeking:
        for start, end in each.spans(row):
            yield _back(text, low + start), _boundary(text, low + end)


def _within(start: int, end: int, found: Iterable[Span]) -> list[Span]:
    return _merged(sorted(span for span in set(found) if start <= span[0] < end))


def _windows(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield overlapping windows that cover a stretch, each beginning and ending between words if it can."""
    for at in range(start, end, WINDOW):
        low = max(text.rfind(" ", max(0, at - EDGE), at), text.rfind("\n", max(0, at - EDGE), at)) + 1
        stop = min(at + WINDOW, end) + OVERLAP
        space = text.find(" ", stop, stop + EDGE)
        yield (
            low or (0 if at <= EDGE else at),
            len(text) if stop >= len(text) else stop if space < 0 else space,
        )


def _merged(spans: Sequence[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _pieces(text: str, start: int, end: int, spans: Sequence[Span]) -> Iterator[tuple[str, bool]]:
    at = start
    for low, high in spans:
        if low > at:
            yield text[at:low], False
        yield text[low : min(high, end)], True
        at = min(high, end)
    if at < end:
        yield text[at:end], False


def _start(text: str, at: int) -> int:
    """Return a place to begin at: behind the next white space, if there is one soon."""
    if at <= 0:
        return 0
    for near in range(at, min(at + 24, len(text))):
        if text[near].isspace():
            return near + 1
    return _boundary(text, at)


def _boundary(text: str, at: int) -> int:
    """Return the next place that does not part a letter from what combines with it."""
    last = min(len(text), at + COMBINED)
    while at < last and at > 0 and (_combines(text[at]) or text[at - 1] == JOINER):
        at += 1
    return min(at, len(text))


def _back(text: str, at: int) -> int:
    """Return the place before which no letter is parted from what combines with it, here or earlier."""
    first = max(0, at - COMBINED)
    while at > first and at < len(text) and (_combines(text[at]) or text[at - 1] == JOINER):
        at -= 1
    return at


def _combines(char: str) -> bool:
    """Tell whether a character belongs to the one before it: a mark, a joiner, a skin tone."""
    return unicodedata.category(char)[0] == "M" or char == JOINER or "\U0001f3fb" <= char <= "\U0001f3ff"
