"""Where an item is in its container, with what its number counts: bytes, entries, parts, names of a directory.

A source counts its places as its format does, and a case keeps the number alone. What it counts is told by the source
that opened the container, or, where that is not kept (a small container within another), by the container's type.
"""

import re
import sqlite3
from enum import StrEnum
from typing import NamedTuple

from actionday.access.items import Item


class Unit(StrEnum):
    """What the number of a place counts."""

    BYTE = "byte"
    UNPACKED = "unpacked byte"
    ENTRY = "entry"
    FILE = "file"
    PART = "part"
    MESSAGE = "message"
    NAME = "name"
    NAME_BYTE = "name byte"
    INODE = "inode"
    BLOCK = "block"
    PARTITION = "partition"
    PATH = "path"


WORDS = {
    Unit.BYTE: "byte %(n)s",
    Unit.UNPACKED: "byte %(n)s of what it unpacks to",
    Unit.ENTRY: "entry %(n)s, counted from 0",
    Unit.FILE: "file %(n)s of the exhibit, counted from 0",
    Unit.PART: "part %(n)s of the message",
    Unit.MESSAGE: "the message itself",
    Unit.NAME: "name %(n)s of the directory with inode %(within)s",
    Unit.NAME_BYTE: "byte %(n)s of the directory with inode %(within)s",
    Unit.INODE: "inode %(n)s",
    Unit.BLOCK: "block %(n)s",
    Unit.PARTITION: "partition %(n)s",
    Unit.PATH: "a path in the folder",
}
CHATS = ("telegram-json", "telegram-html", "whatsapp", "signal-text", "signal-backup", "discord", "discord-package",
         "discord-csv")  # fmt: skip
OPENERS = {
    **dict.fromkeys(
        [
            "tar",
            "cpio",
            "ar",
            "data",
            "encoded",
            "warc",
            "arc",
            "appended",
            "rtf",
            "resumed",
            "pgdump",
            "mysqldump",
            "unallocated",
            "passages",
        ],
        Unit.BYTE,
    ),
    **dict.fromkeys(["mbox", "mbx", "mmdf", "babyl", "dbox"], Unit.BYTE),
    **dict.fromkeys(["ext", "iso9660", "unallocated", "passages"], Unit.BYTE),
    **dict.fromkeys(CHATS, Unit.BYTE),
    **dict.fromkeys(["gz", "bz2", "xz", "lzma", "zst", "lz4", "lzop", "compress", "rpm"], Unit.UNPACKED),
    **dict.fromkeys(["zip", "package", "compound", "7z", "rar", "cab", "attached"], Unit.ENTRY),
    **dict.fromkeys(["eml", "eml-long", "eml-wide", "eml-cr", "emlx", "smime-signed"], Unit.MESSAGE),
    **dict.fromkeys(["xfs", "ntfs", "fat", "exfat", "hfsplus"], Unit.NAME),
    **dict.fromkeys(["gpt", "mbr", "searched", "bsdlabel", "apm"], Unit.PARTITION),
    **dict.fromkeys(["udf", "squashfs", "ufs"], Unit.NAME_BYTE),
    "message": Unit.PART,
    "files": Unit.FILE,
    "folder": Unit.PATH,
}
"""What a place of each source counts; one that is not here is shown as it stands."""
TYPES = (
    (r"application/(x-tar|x-cpio|x-archive|vnd\.debian\.binary-package|mbox|x-mbx|x-dovecot-dbox|warc)", "tar"),
    (r"application/(gzip|x-bzip2|x-xz|x-lzma|zstd|x-lz4|x-compress|x-rpm)", "gz"),
    (r"application/(zip|java-archive|epub\+zip|x-7z-compressed|vnd\.rar|vnd\.ms-cab-compressed|hwp\+zip)", "zip"),
    (r"application/vnd\.(android|oasis\.opendocument|openxmlformats|ms-visio\.drawing|.*macroEnabled)", "zip"),
    (r"application/(x-ole-storage|x-msi|x-ms-thumbs-db|msword|vnd\.(ms-(excel|powerpoint)|visio))", "compound"),
    (r"message/.*", "eml"),
    (r"text/.*|application/(xml|json|xhtml\+xml|javascript)", "data"),
)  # fmt: skip
"""Types of containers, and a source that counts as theirs does."""
MARKED = re.compile(r"(?:[+@bf]|hfs:\d+:)(\d+)")
"""A byte, whatever else the source counts: what belongs to no entry, what no directory lists."""
NUMBERED = re.compile(r"(unnamed|orphan|table):(\d+)")
NAMED = re.compile(r"(?:udf:)?(\d+):(\d+)")
PLAIN = re.compile(r"p?(\d+(?:\.\d+)*)")
CHAT = re.compile(r"(?:[tcl]\d+-|[tclsxa])(\d+)")
"""A message of an export in JSON, behind the byte of its chat; a chat, a section, an account, what was damaged."""
COMPOUND = re.compile(r"[sor](\d+)")
"""A stream, a file within it, or a storage, by the number of its entry in the directory of a compound file."""


class Placed(NamedTuple):
    """A place as it is kept, and what it counts; ``unit`` is None where that is not known."""

    place: str
    unit: Unit | None = None
    number: str = ""
    within: str = ""

    @property
    def whole(self) -> bool:
        """Whether ``unit`` and ``number`` say all that ``place`` does."""
        return self.place == self.number

    @property
    def said(self) -> str:
        """The place in words."""
        if self.unit is None:
            return self.place
        words = WORDS[self.unit] % {"n": self.number, "within": self.within}
        return words if self.whole else f"{words} ({self.place})"


def placed(database: sqlite3.Connection, item: Item) -> Placed:
    """Return where an item is in its container; an exhibit is in none, and has no place."""
    if not item.parent:
        return Placed(item.place)
    query = (
        "SELECT o.opener, p.kind, c.mime FROM items p LEFT JOIN containers o ON o.item = p.id "
        "LEFT JOIN contents c ON c.sha256 = p.sha256 AND c.reading = p.reading WHERE p.id = ?"
    )
    row = database.execute(query, (bytes.fromhex(item.parent),)).fetchone()
    return counted_by(_opener(*row) if row else "", item.place)


def _opener(opener: str | None, kind: str, mime: str | None) -> str:
    """Return the source that opened a container, or one that counts as it does."""
    if opener in OPENERS:
        return str(opener)
    if kind == "message":
        return "message"
    return next((source for types, source in TYPES if re.match(types, mime or "")), "")


def counted_by(opener: str, place: str) -> Placed:
    """Return what a place of the source ``opener`` counts."""
    unit = OPENERS.get(opener)
    if unit is Unit.PATH:
        return Placed(place, unit, place)
    if found := MARKED.match(place):
        return Placed(place, Unit.BYTE, found[1])
    if opener in CHATS and (found := CHAT.fullmatch(place)):
        return Placed(place, unit, found[1])
    if opener == "compound" and (found := COMPOUND.match(place)):
        return Placed(place, unit, found[1])
    if found := NUMBERED.match(place):
        return Placed(place, Unit.BLOCK if found[1] == "table" else Unit.INODE, found[2])
    if found := NAMED.match(place):
        udf = place.startswith("udf:")  # whatever opened it: on a disc, beside the trees of ISO 9660
        return Placed(place, Unit.NAME_BYTE if udf else unit, found[2], found[1])
    found = PLAIN.match(place)
    return Placed(place, unit, found[1]) if found and unit else Placed(place)
