"""What a presentation up to 2003 says beyond its slides: notes, headers, footers, comments, links, alternative texts.

Source: [MS-PPT] 2.3.1 (RecordHeader), 2.13.24 (record types), 2.5.6 (NotesContainer), 2.9.42 (TextCharsAtom), 2.9.43
(TextBytesAtom), 2.10.2 (ExHyperlink), 2.7.1 (Comment10); [MS-ODRAW] 2.2.14 (shapes), 2.3 (properties).

All records of the stream are read, those that a later save replaced as well. Prompts of masters are left out.
"""

from collections.abc import Iterator
from struct import unpack_from
from typing import NamedTuple

from actionday.parsers._unread import Beside

STREAM = "PowerPoint Document"
CHARS, BYTES, STRING = 0x0FA0, 0x0FA8, 0x0FBA
NOTES, NOTES_ATOM, MASTER, HANDOUT = 0x03F0, 0x03F1, 0x03F8, 0x0FC9
LINK, COMMENT, MARGINS = 0x0FD7, 0x2EE0, 0x0FD9
LIST = 0x0FF0
"""Texts of places, for slides (0), masters (1) and notes (2)."""
SHAPE, PLACE, PROPERTIES = 0xF004, 0x0BC3, 0xF00B
SPEAKING = frozenset({LINK, COMMENT, MARGINS})
"""Containers whose strings people see."""
SHOWN = frozenset({0x00C0, 0x0381, 0x038D})
"""Properties of shapes: text of word art, description, tip."""
DEEPEST = 64


class Atom(NamedTuple):
    """A record without others in it, and the containers around it, each with its instance and place."""

    kind: int
    body: bytes
    around: tuple[tuple[int, int, int], ...]
    instance: int


def beyond_slides(stream: bytes, beside: Beside) -> None:
    """Put into ``beside`` all texts of the stream. Never raises for damage."""
    masters, places = _prompts(stream)
    for atom in _atoms(stream):
        outer = {kind: (instance, at) for kind, instance, at in atom.around}
        of_master = (
            MASTER in outer
            or HANDOUT in outer
            or (NOTES in outer and outer[NOTES][1] in masters)
            or (LIST in outer and outer[LIST][0] == 1)
        )
        if of_master and (SHAPE not in outer or outer[SHAPE][1] in places):
            continue
        _take(atom, outer, beside)


def _take(atom: Atom, outer: dict[int, tuple[int, int]], beside: Beside) -> None:
    if atom.kind in (CHARS, BYTES):
        text = atom.body.decode("utf-16-le" if atom.kind == CHARS else "latin-1", "replace")
        for line in text.replace("\x0b", "\r").replace("\n", "\r").split("\r"):
            beside.line(line)
    elif atom.kind == STRING:
        text = atom.body.decode("utf-16-le", "replace")
        if SPEAKING.isdisjoint(outer):
            beside.look("", text)
        else:
            beside.line(text)
    elif atom.kind == PROPERTIES:
        for text in _properties(atom):
            beside.line(text)


def _prompts(stream: bytes) -> tuple[set[int], set[int]]:
    """Return where masters of notes begin, and shapes that are places for text."""
    masters: set[int] = set()
    places: set[int] = set()
    for atom in _atoms(stream):
        if atom.kind == NOTES_ATOM and atom.body[:4] == bytes(4):
            masters |= {at for kind, _, at in atom.around if kind == NOTES}
        elif atom.kind == PLACE:
            places |= {at for kind, _, at in atom.around if kind == SHAPE}
    return masters, places


def _atoms(stream: bytes) -> Iterator[Atom]:
    """Yield the records in their order; each byte belongs to one of them."""
    open_: list[tuple[tuple[int, int, int], int]] = []
    at = 0
    while at + 8 <= len(stream):
        while open_ and open_[-1][1] <= at:
            open_.pop()
        first, kind, length = unpack_from("<HHI", stream, at)
        if first & 0xF == 0xF and len(open_) < DEEPEST:
            open_.append(((kind, first >> 4, at), at + 8 + length))
            at += 8
        else:
            around = tuple(each for each, _ in open_)
            end = min(at + 8 + length, *(end for _, end in open_[-1:]), len(stream))
            yield Atom(kind, stream[at + 8 : end], around, first >> 4)
            at = max(end, at + 8)


def _properties(atom: Atom) -> Iterator[str]:
    """Yield the texts among the properties of a shape: their values stand behind the table, in its order."""
    behind = 6 * atom.instance
    for number in range(min(atom.instance, len(atom.body) // 6)):
        key, value = unpack_from("<HI", atom.body, 6 * number)
        if key & 0x8000:
            if key & 0x3FFF in SHOWN:
                yield atom.body[behind : behind + value].decode("utf-16-le", "replace").strip("\0")
            behind += value
