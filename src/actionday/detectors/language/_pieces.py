"""Which parts of a text are read: short ones whole, long ones in windows, so that no text costs much."""

import numpy as np

from actionday.detectors.language._alphabet import Alphabet, plane_zero

Piece = tuple[int, str]  # offset in the text, and what stands there

WHOLE = 600  # characters: read whole up to here
GLANCES, GLANCE = (
    6,
    60,
)  # windows of a longer text and their width: 360 characters tell a language beyond doubt
WHOLE_MIXED = 8_000  # a text in several languages is read whole up to here,
WINDOWS, WINDOW = 110, 60  # beyond it in so many windows
_EDGE = 24  # characters within which a window's cut word ends
_SAMPLED = 2_000  # letters looked at to see whether a text has a second script
SECOND_SCRIPT = 0.1  # its share of letters from which on it is looked for


def glances(text: str) -> str:
    """Return what of a text it is judged by: all of it, or some windows from start to end, one a line."""
    if len(text) <= WHOLE:
        return text
    return "\n".join([window for _, window in _windows(text, GLANCES, GLANCE)])


def details(text: str) -> list[Piece]:
    """Return the parts of a text that is in several languages."""
    if len(text) <= WHOLE_MIXED:
        return [(0, text)]
    return _windows(text, WINDOWS, WINDOW)


def _windows(text: str, count: int, width: int) -> list[Piece]:
    step = (len(text) - width) / (count - 1)
    return [_window(text, int(step * number), width) for number in range(count)]


def _window(text: str, start: int, width: int) -> Piece:
    """Return a window without the words that its edges would cut."""
    end = min(len(text), start + width)
    if start:
        space = text.find(" ", start, start + _EDGE)
        start = space + 1 if space >= 0 else start
    if end < len(text):
        space = text.rfind(" ", end - _EDGE, end)
        end = space if space > start else end
    return start, text[start:end]


def has_second_script(alphabet: Alphabet, text: str) -> bool:
    """Return whether an even sample of the text's letters has a second script worth looking for."""
    if text.isascii():
        return False
    sample = text[:: max(1, len(text) // _SAMPLED)]
    codes = plane_zero(np.frombuffer(sample.encode("utf-32-le", "surrogatepass"), np.uint32))
    tally = np.bincount(alphabet.script[codes], minlength=2)
    tally[0] = 0
    second = np.partition(tally, -2)[-2]
    return bool(second > SECOND_SCRIPT * tally.sum())
