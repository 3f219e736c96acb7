"""The models a worker keeps loaded: the language of a text, and its compression. Loading them takes a while."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from actionday.detectors.language import UNDETERMINED, UNNAMED, Attribution, Identifier, Segment, whole
from actionday.mime.prose import is_prose
from actionday.model.language import REPORTING_THRESHOLD
from actionday.pipeline.extracted import Text, windows
from actionday.storage.objects.frames import Compressor

GUESSED_BY = 3
"""Windows by which it is told whether a text whose language is a guess is writing at all."""


class Reader:
    """The models a worker keeps loaded: language and compression."""

    def __init__(self) -> None:
        self._identifier = Identifier.load()
        self._compressor = Compressor()

    def languages(self, texts: Sequence[Text]) -> list[Attribution]:
        """Return the language of each text, in order; of a long one window by window.

        No language is guessed of what is no writing, and none of what nobody read: it must be told or is ``und``.
        """
        texts = [text.written for text in texts]
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
