"""From what a parser read to what is kept of it: the text as bytes, in windows, as index terms. Needs no model."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from actionday.pipeline.messages import Content
from actionday.storage.index.document import encoded as encoded_words
from actionday.storage.index.normalise import inside_run, normalise

WINDOW = 4 << 20
"""Characters normalised at once: a text of 64 MiB is never held twice."""
READING_BYTES = 16
Read = tuple[bytes, bytes, str, str | None, bytes, bytes | None, bool]
"""MD5, SHA-1, type, parser, metadata, SHA-256 of the text, whether it was made out by chance."""
BACK = 1 << 16
"""Characters to go back for white space that parts words, from some that does not: 1,000 wrapped lines of Chinese."""


class Text(NamedTuple):
    """An extracted text, whole; ``by_chance``: no parser read it, it is what could be made out in a content.

    ``code``: so many characters at its end are words out of code, in no language.
    """

    pieces: tuple[str, ...]
    characters: int
    by_chance: bool = False
    code: int = 0

    @property
    def written(self) -> "Text":
        """The text without the words out of code: what tells its language."""
        return gather(self.pieces[:-1], by_chance=self.by_chance) if self.code else self


def gather(pieces: Sequence[str], code: str = "", *, by_chance: bool = False) -> Text:
    """Return the pieces of a text, empty ones left out, with words out of code behind them."""
    kept = tuple(piece for piece in (*pieces, code) if piece)
    return Text(kept, sum(map(len, kept)), by_chance, len(code))


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


def named(content: Content, text: bytes | None = None, *, by_chance: bool = False) -> Content:
    """Return a reading with its name, a function of what was read alone; ``text``: SHA-256 of its text.

    So readings of the same bytes that are alike are one, and none takes the place of another, whoever comes first.
    """
    read = (content.md5, content.sha1, content.mime, content.parser, content.meta, text, by_chance)
    return msgspec.structs.replace(content, reading=reading_of(read))


def reading_of(read: Read) -> bytes:
    """Return the name of a reading."""
    return hashlib.blake2b(msgspec.msgpack.encode(read), digest_size=READING_BYTES).digest()


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
    """Yield a text in windows of up to ``WINDOW`` characters that end at white space between words where there is any.

    How the text is cut into pieces makes no difference to its windows.
    """
    rest = ""
    for piece in pieces:
        rest = rest + piece if rest else piece
        while len(rest) > WINDOW:
            end = _end(rest)
            yield rest[:end]
            rest = rest[end:]
    if rest:
        yield rest


def _end(text: str) -> int:
    """Return where the first window of a longer text ends; a function of the ``WINDOW`` characters alone."""
    window = text[:WINDOW]
    first = end = max(map(window.rfind, "\n ")) + 1
    while end > WINDOW - BACK and (not window[end:].strip() or inside_run(window, end)):
        end = max(window.rfind(sign, WINDOW - BACK, end - 1) for sign in "\n ") + 1
    return (end if end > WINDOW - BACK else first) if first > 1 else WINDOW
