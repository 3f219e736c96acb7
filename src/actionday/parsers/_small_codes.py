"""The codes of small contents within one document: the first of them guessed each, the others in that of most of these.

Source: none. A guess takes 0.2 to 1.4 ms however few the letters are, and a page can have a hundred thousand of them.
"""

from collections import Counter

from actionday.mime.central import central
from actionday.mime.labels import document_codec
from actionday.model import Note
from actionday.model.counted import counted
from actionday.parsers._decode import decode

MOST_GUESSED = 50
"""Guesses in one document: 70 ms at most."""
SMALL = 4096
"""Bytes; of what is larger a guess costs less than its reading."""


class SmallCodes:
    """Decodes contents of one document, one after the other."""

    def __init__(self) -> None:
        self._guessed: Counter[str] = Counter()
        self._shared = 0

    def text(self, raw: bytes, charset: str | None) -> str:
        """Return the text of a content that says it is in ``charset``, or does not say."""
        guess = len(raw) <= SMALL and not _is_told(raw, charset)
        if guess and self._guessed.total() >= MOST_GUESSED and b"\0" not in raw:
            self._shared += 1
            return raw.decode(central(raw) or self._guessed.most_common(1)[0][0], "replace")
        decoded = decode(memoryview(raw), charset)
        if guess and decoded.encoding:
            self._guessed[decoded.encoding] += 1
        return "".join(decoded.pieces)

    def notes(self) -> tuple[Note, ...]:
        """Return the remark on contents whose code was not guessed alone."""
        if not self._shared:
            return ()
        said = f"{counted(self._shared, 'small content')} within it: read in the code of most before"
        return (Note("encoding_unsure", said),)


def _is_told(raw: bytes, charset: str | None) -> bool:
    """Say whether bytes are UTF-8, or fit what they are declared to be in."""
    declared = document_codec(charset) if charset else None
    for code in ("utf-8", declared):
        try:
            if code:
                raw.decode(code)
                return True
        except (UnicodeDecodeError, LookupError):
            continue
    return False
