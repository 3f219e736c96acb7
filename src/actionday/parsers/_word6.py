"""The text of Word 6 and Word 95 documents, as their stream holds it.

Source: Microsoft Word 6 binary file format (1993), "File Information Block": ``wIdent``, ``nFib``, ``fComplex``,
``fcMin``, ``fcMac``; "Special characters". The library that reads later versions makes nothing of these, or garbage.
"""

from struct import unpack_from

from actionday.model import Encrypted, Loss, Note
from actionday.parsers._decode import decode
from actionday.parsers._ole import Ole

IDENTS = (0xA5DC, 0xA5DB)
"""Word 6 and 95; Word 2 in a compound file, as some converters left it."""
FIRST_LATER = 106
"""``nFib`` of Word 97's forerunners: Word 95 has 104."""
COMPLEX, LOCKED = 0x0004, 0x0100
SIGNS = bytes.maketrans(b"\x07\x0b\x0c\x0d\x0e\x13\x14\x15\x1e", b"\t\n\n\n\n   -")
"""Ends of cells, lines, pages and paragraphs, borders of fields, a hyphen that does not break."""
SILENT = bytes(code for code in range(32) if code not in b"\x07\x09\x0a\x0b\x0c\x0d\x0e\x13\x14\x15\x1e")
NAME = "Word 6/95"


def is_word6(ole: Ole) -> bool:
    """Say whether a compound file is a document of these versions."""
    head = ole.read("WordDocument", 4)
    return (
        len(head) == 4
        and unpack_from("<H", head)[0] in IDENTS
        and unpack_from("<H", head, 2)[0] < FIRST_LATER
    )


def word6(ole: Ole, size: int) -> tuple[list[str], list[Note]]:
    """Return the text of all stories, one behind the other, and what is to be said of it. Raises Encrypted."""
    stream = ole.read("WordDocument", size)
    if len(stream) < 32:
        return [], [Note(Loss.BROKEN_OFF, f"{NAME}: the document ends within its header")]
    flags = unpack_from("<H", stream, 10)[0]
    if flags & LOCKED:
        raise Encrypted("office document: needs a password (fEncrypted)")
    begin, end = unpack_from("<II", stream, 24)
    notes = []
    if flags & COMPLEX:
        notes.append(
            Note(
                Loss.NOT_WHOLE, f"{NAME}: saved in pieces: their order, and what was deleted, cannot be told"
            )
        )
    if not begin < end <= len(stream):
        notes.append(Note(Loss.BROKEN_OFF, f"{NAME}: the text is said to end at byte {end} of {len(stream)}"))
        begin, end = (begin if begin < len(stream) else 32), len(stream)
    raw = stream[begin:end].translate(SIGNS, SILENT)
    text = "".join(decode(memoryview(raw)).pieces)
    return [text] if text.strip() else [], notes
