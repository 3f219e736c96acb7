"""The text that describes a VMDK: its extents, its parent, its identifiers.

Source: VMware, "Virtual Disk Format 5.0", section "The Descriptor".
"""

import re
from typing import NamedTuple

from actionday.model import Damaged

EXTENT = re.compile(
    r'^(RW|RDONLY|NOACCESS)\s+(\d+)\s+(\w+)(?:\s+"([^"]*)"(?:\s+(\d+))?)?(?=\s|$)', re.IGNORECASE
)
UNTOLD = re.compile(r"^(?:RW|RDONLY|NOACCESS)(?=\s|$)", re.IGNORECASE)
SETTING = re.compile(r'^([\w.]+)\s*=\s*"?([^"]*)"?\s*$')
LONGEST = 1 << 20
MOST_EXTENTS = 4096
NO_PARENT = "ffffffff"


LINE = re.compile(rb"[ \t]*(?:#|(?:RW|RDONLY|NOACCESS)[ \t]|[\w.]+[ \t]*=|$)", re.IGNORECASE)
"""How a line of a descriptor begins."""


class Extent(NamedTuple):
    """One extent: ``length`` and ``offset`` in bytes."""

    access: str
    length: int
    kind: str
    file: str
    offset: int


class Descriptor(NamedTuple):
    """What the text says."""

    kind: str
    identity: str
    parent_identity: str
    parent: str
    extents: list[Extent]

    @property
    def child(self) -> bool:
        """Whether it stands on a parent."""
        return self.parent_identity not in ("", NO_PARENT)


def descriptor(raw: bytes) -> Descriptor:
    """Return the descriptor in ``raw`` (NUL-padded text). Raises Damaged."""
    text = raw.split(b"\0", 1)[0].decode("utf-8", "replace")
    settings: dict[str, str] = {}
    extents: list[Extent] = []
    for line in (each.strip() for each in text.splitlines()):
        if found := EXTENT.match(line):
            access, sectors, kind, file, offset = found.groups()
            extents.append(
                Extent(access.upper(), int(sectors) * 512, kind.upper(), file or "", int(offset or 0) * 512)
            )
        elif UNTOLD.match(line):  # left out, it would move all that follow
            raise Damaged(f"vmdk: an extent in the descriptor cannot be understood: {line[:200]}")
        elif found := SETTING.match(line):
            settings[found[1].lower()] = found[2]
    if "createtype" not in settings or len(extents) > MOST_EXTENTS:
        raise Damaged("vmdk: the descriptor names no type of disk")
    return Descriptor(
        settings["createtype"], settings.get("cid", "").lower(), settings.get("parentcid", "").lower(),
        settings.get("parentfilenamehint", ""), extents,
    )  # fmt: skip


def text_end(raw: bytes) -> int:
    """Return the byte of a descriptor behind the last line that is one of a descriptor's."""
    at = 0
    for line in raw.split(b"\0", 1)[0].splitlines(keepends=True):
        if not LINE.match(line.removeprefix(b"\xef\xbb\xbf").rstrip()):
            break
        at += len(line)
    return at
