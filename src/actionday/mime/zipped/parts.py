"""The parts of a document package: what they are called and where they lie, decided once for source and parser.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.4.17 (names), appendix D (their code: UTF-8 with bit 11, else code page 437);
ECMA-376 part 2, 7.3; OpenDocument 1.3 part 2, 3. Programs of many houses write UTF-8 without bit 11: what is UTF-8
is read so.
"""

from typing import NamedTuple

from actionday.mime.zipped.directory import directory
from actionday.mime.zipped.records import ENCRYPTED, Member, stored_name
from actionday.model import Damaged, Stream

STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
UNPACKED = frozenset({STORED, DEFLATED, BZIP2, LZMA})
"""Methods of which the parsers read parts; ECMA-376 and OpenDocument know the first two."""


class Part(NamedTuple):
    """A part as the directory lists it; ``number`` is its place there."""

    number: int
    member: Member
    doubled: bool
    """Whether others have its name: the last of them is the one that a name means."""


class Parts(NamedTuple):
    """The parts by name, in the order of the directory, and why that is not whole, or ""."""

    named: dict[str, Part]
    damage: str


def parts(stream: Stream) -> Parts:
    """Return what the directory of a package lists, up to where it is damaged; nothing where there is none."""
    found: dict[str, Part] = {}
    try:
        for number, member in enumerate(directory(stream).entries(stream)):
            name = name_of(member)
            found[name] = Part(number, member, name in found)
    except Damaged as error:
        return Parts(found, str(error))
    return Parts(found, "")


def name_of(member: Member) -> str:
    """Return what a part is called: its Unicode path where it has one, whole, with whatever stands in it."""
    raw = stored_name(member)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("cp437")


def read_alike(member: Member, local: Member) -> bool:
    """Say whether a parser gets from a part what an archive's reader gets: packed so that both know it."""
    same = member.method == local.method and not (member.flags ^ local.flags) & ENCRYPTED
    return same and member.method in UNPACKED
