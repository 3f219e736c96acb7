"""Plain text of every kind: prose, source code, logs, tables, subtitles, configuration, JSON, SQL, keys.

Source: Unicode 16.0, chapter 3 (UTF-8, UTF-16, UTF-32); RFC 8259, 7 (escapes in JSON).
"""

import re
from contextlib import suppress

from actionday.mime.declared import LOOKED_AT, declared
from actionday.model import Limits, Loss, Note, Parsed
from actionday.parsers._decode import decode
from actionday.parsers._decoded import Decoded

ESCAPE = re.compile(r"(\\(?<!\\\\)\\*+)(u[0-9a-fA-F]{4}(?:\\u[0-9a-fA-F]{4})*)")
"""Begins with a letter of its own, so that a text is searched for it at the speed of memory."""
CONTROL = re.compile(r"(\\[bfnrt])(?=\w)")
"""The end of a line within a value: it sticks to the word behind it, so that nobody would find that."""
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
        decoded = decode(data[: limits.text], declared(bytes(data[:LOOKED_AT])))
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

    Many writers escape all that is no ASCII: Arabic would be neither found nor recognised. Bytes of UTF-8 that stand
    as one escape each, as in what Facebook lets its users download, are read as what they are. Behind ``\\n`` and the
    like a line ends.
    """
    if "\\" not in piece:
        return piece
    return _ended(ESCAPE.sub(_letters, piece) if "\\u" in piece else piece)


def _ended(piece: str) -> str:
    """Return the text with its lines ended behind what says so. Split and joined: a third of the time of ``sub``."""
    parts = CONTROL.split(piece)
    for at in range(1, len(parts), 2):
        before = parts[at - 1]
        if not before.endswith("\\") or (len(before) - len(before.rstrip("\\"))) % 2 == 0:
            parts[at] += "\n"
    return "".join(parts)


def _letters(match: re.Match[str]) -> str:
    if len(match[1]) % 2 == 0:  # the backslash is itself escaped: a text that tells of escapes
        return match[0]
    before, written = match[1][1:], "\\" + match[2]
    units = bytes.fromhex(written.replace("\\u", ""))
    if not any(units[::2]):
        with suppress(UnicodeDecodeError):
            text = units[1::2].decode("utf-8")
            return before + "".join(_letter(letter, f"\\u{ord(letter):04x}") for letter in text)
    text = units.decode("utf-16-be", "surrogatepass")
    at, parts = 0, [before]
    for letter in text:
        width = 12 if letter > "\uffff" else 6
        parts.append(_letter(letter, written[at : at + width]))
        at += width
    return "".join(parts)


def _letter(letter: str, written: str) -> str:
    """Return a letter that is printed, or how it is written: syntax, control characters, half a pair of units."""
    return written if letter < " " or letter in SYNTAX or "\ud800" <= letter <= "\udfff" else letter


PARSER = Text()
