"""Plain text of every kind: prose, source code, logs, tables, subtitles, configuration, JSON, SQL, keys.

Source: Unicode 16.0, chapter 3 (UTF-8, UTF-16, UTF-32); RFC 8259, 7 (escapes in JSON).
"""

import re

from actionday.model import Limits, Loss, Note, Parsed
from actionday.parsers._decode import Decoded, decode

ESCAPE = re.compile(r"(?:\\u[0-9a-fA-F]{4})+")
JSON = frozenset({"application/json", "application/x-ndjson", "application/geo+json"})
SYNTAX = '"\\\\'
REASONS = (Loss.TEXT_CUT, "not_text", "encoding_unsure")
EMPTY = "read, but no characters: white space or NUL bytes only"


class Text:
    """Reads text as it is: nothing is reordered, folded or dropped."""

    name, version = "text", 1
    mimes = (
        "text/*",
        *sorted(JSON),
        "application/pgp-encrypted",
        "application/pgp-keys",
        "application/pgp-signature",
        "application/sql",
        "application/x-desktop",
        "application/x-mswinurl",
        "application/x-pem-file",
        "application/x-putty-private-key",
        "application/x-subrip",
        "application/yaml",
    )
    samples = ("plain.txt", "table.csv", "values.json", "notes.md", "page.tex", "film.srt")

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:
        """Return the text in pieces of about 4 MiB; ``meta`` has ``encoding`` and ``encoding_confidence``."""
        decoded = decode(data[: limits.text])
        if mime in JSON:
            decoded.pieces = [unescaped(piece) for piece in decoded.pieces]
        return finished(decoded, len(data), limits)


def finished(decoded: Decoded, size: int, limits: Limits) -> Parsed:
    """Return the result for a decoded text, with what is missing said."""
    notes = decoded.notes()
    if size > limits.text:
        past = size - limits.text
        are = "is" if past == 1 else "are"
        notes += (Note(Loss.TEXT_CUT, f"{past} of {size} bytes {are} beyond the text limit"),)
    blank = all(not piece or piece.isspace() for piece in decoded.pieces)
    reason = EMPTY if blank else notes[-1].reason if notes and notes[-1].code in REASONS else ""
    return Parsed(
        text=[] if blank else [piece for piece in decoded.pieces if piece],
        meta=decoded.meta(),
        reason=reason,
        notes=notes,
    )


def unescaped(piece: str) -> str:
    """Return JSON text with ``\\uXXXX`` of printable letters as these letters; the rest stays.

    Many writers escape all that is no ASCII: Arabic would be neither found nor recognised.
    """
    return ESCAPE.sub(_letters, piece) if "\\u" in piece else piece


def _letters(match: re.Match[str]) -> str:
    units = bytes.fromhex(match[0].replace("\\u", ""))
    try:
        text = units.decode("utf-16-be")
    except UnicodeDecodeError:
        return match[0]
    return match[0] if any(letter < " " or letter in SYNTAX for letter in text) else text


PARSER = Text()
