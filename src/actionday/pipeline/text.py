"""From what a parser read to what is kept of it: the text as an object, its language, its index terms."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from actionday.detectors.language import UNDETERMINED, UNNAMED, Attribution, Identifier, Segment, whole
from actionday.mime.otherwise import MARK, beside
from actionday.mime.prose import is_prose
from actionday.model import Note
from actionday.model.language import REPORTING_THRESHOLD
from actionday.storage.index.document import encoded as encoded_words
from actionday.storage.index.normalise import normalise
from actionday.storage.objects.frames import Compressor

UNDONE = "unread_words"
"""A remark: not every spelling of letters by others is undone."""
GUESSED_BY = 3
"""Windows by which it is told whether a text whose language is a guess is writing at all."""
WINDOW = 4 << 20
"""Characters normalised at once: a text of 64 MiB is never held twice."""


class Text(NamedTuple):
    """An extracted text, whole; ``by_chance``: no parser read it, it is what could be made out in a content."""

    pieces: tuple[str, ...]
    characters: int
    by_chance: bool = False


def gather(pieces: Sequence[str], *, by_chance: bool = False) -> Text:
    """Return the pieces of a text, empty ones left out."""
    kept = tuple(piece for piece in pieces if piece)
    return Text(kept, sum(map(len, kept)), by_chance)


def with_spellings(pieces: Sequence[str], *, by_chance: bool = False) -> tuple[Text, tuple[Note, ...]]:
    """Return the pieces of a text with what they say where they are written otherwise, and a note where that is cut."""
    found = beside(pieces)
    added = (MARK, *(f"{line}\n" for line in found.lines)) if found.lines else ()
    notes = (Note(UNDONE, "more is written in escapes and codings than is read: found as written"),)
    return gather((*pieces, "".join(added)), by_chance=by_chance), notes if found.more else ()


def encoded(text: Text) -> bytes:
    """Return the text as UTF-8; lone surrogates, which no encoding has, become U+FFFD."""
    return b"".join(map(_encoded, text.pieces))


def _encoded(piece: str) -> bytes:
    try:
        return piece.encode()
    except UnicodeEncodeError:
        return piece.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def digest(data: bytes, content: bytes, sha256: bytes) -> bytes:
    """Return the SHA-256 of a text's bytes, which for plain UTF-8 is that of the content itself."""
    return sha256 if data == content else hashlib.sha256(data).digest()


class Reader:
    """The models a worker keeps loaded: language and compression."""

    def __init__(self) -> None:
        self._identifier = Identifier.load()
        self._compressor = Compressor()

    def languages(self, texts: Sequence[Text]) -> list[Attribution]:
        """Return the language of each text, in order; of a long one window by window.

        No language is guessed of what is no writing, and none of what nobody read: it must be told or is ``und``.
        """
        parts = [list(windows(text.pieces)) for text in texts]
        told = iter(self._identifier.identify([window for each in parts for window in each]))
        found = [_together([(len(window), next(told)) for window in each]) for each in parts]
        return [_sure(text, each) for text, each in zip(texts, found, strict=True)]

    def frames(self, data: bytes) -> tuple[bytes, ...]:
        """Return an object's compressed frames."""
        return tuple(self._compressor.frames(data))

    def bundle(self, texts: Sequence[bytes]) -> bytes:
        """Return the frame that several small objects share."""
        return self._compressor.bundle(texts)


def terms(text: Text) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return the index terms: words, and second forms of words, in windows; a function of the text alone.

    As UTF-8, which of a text of 64 MiB with one emoji in each window takes a quarter of what ``str`` would.
    """
    body: list[bytes] = []
    alt: list[bytes] = []
    for window in windows(text.pieces):
        found = normalise(window)
        body += [encoded_words(found.body)] if found.body else []
        alt += [encoded_words(found.alt)] if found.alt else []
    return tuple(body), tuple(alt)


def windows(pieces: Sequence[str]) -> Iterator[str]:
    """Yield a text in windows of up to ``WINDOW`` characters that end at white space where there is any.

    How the text is cut into pieces makes no difference to its windows.
    """
    rest = ""
    for piece in pieces:
        rest = rest + piece if rest else piece
        while len(rest) > WINDOW:
            space = max(rest.rfind("\n", 0, WINDOW), rest.rfind(" ", 0, WINDOW))
            end = space + 1 if space > 0 else WINDOW
            yield rest[:end]
            rest = rest[end:]
    if rest:
        yield rest


def _sure(text: Text, told: Attribution) -> Attribution:
    """Return what was told of a text without a guess that is none: keys and blobs have letters, and no language."""
    if told.confidence >= REPORTING_THRESHOLD or told.language == UNDETERMINED:
        return told
    if text.by_chance or not is_prose(text.pieces, GUESSED_BY):
        return whole(text.characters, UNDETERMINED, told.script, min(told.confidence, UNNAMED))
    return told


def _together(told: Sequence[tuple[int, Attribution]]) -> Attribution:
    """Return the attribution of a text from those of its windows: the language of most characters leads."""
    if len(told) == 1:
        return told[0][1]
    weights: Counter[tuple[str, str]] = Counter()
    joined: list[Segment] = []
    at = 0
    for length, each in told:
        for segment in each.segments:
            weights[segment.language, segment.script] += segment.end - segment.start
            _join(joined, segment, at)
        at += length
    (language, script), _ = max(
        weights.items(), key=lambda item: (item[1], item[0]), default=(("und", "Zyyy"), 0)
    )
    own = [each.confidence for _, each in told if each.language == language]
    return Attribution(language, script, sum(own) / len(own) if own else 0.0, tuple(joined))


def _join(joined: list[Segment], segment: Segment, at: int) -> None:
    start, end = segment.start + at, segment.end + at
    last = joined[-1] if joined else None
    if last is not None and (last.language, last.script) == (segment.language, segment.script):
        confidence = min(last.confidence, segment.confidence)
        joined[-1] = Segment(last.start, end, segment.language, segment.script, confidence)
    else:
        joined.append(Segment(start, end, segment.language, segment.script, segment.confidence))


def segments(attribution: Attribution, characters: int) -> bytes:
    """Return the segments as JSON with the fields of ``export texts``; nothing when one covers the whole text.

    Nine texts of ten have one: 90 bytes a content would say again what language, script and confidence say.
    """
    found = attribution.segments
    if len(found) == 1 and (found[0].start, found[0].end) == (0, characters):
        only = found[0]
        if (only.language, only.script) == (attribution.language, attribution.script):
            return b""
    return msgspec.json.encode(
        [
            {
                "start": each.start,
                "end": each.end,
                "language": each.language,
                "script": each.script,
                "confidence": round(each.confidence, 4),
            }
            for each in attribution.segments
        ]
    )
