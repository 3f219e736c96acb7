"""What members that are no plain files look like, the same in every archive format."""

import stat
from collections.abc import Mapping

from actionday.model import Found, Kind, Status
from actionday.model.names import text_of

LONGEST_TARGET, LONGEST_PART = 4096, 256
"""Bytes of a path and of one of its parts that no system opens (Linux's PATH_MAX and NAME_MAX, and one)."""
CONTROL = frozenset(b"\0\n\r")
CARRIED = "unclaimed"
"""A remark: an entry that has no content by its type carries some; it is an item of its own."""
_SPECIAL = {
    stat.S_IFIFO: "FIFO",
    stat.S_IFCHR: "character device",
    stat.S_IFBLK: "block device",
    stat.S_IFSOCK: "socket",
}


def directory(name: bytes, place: str, mtime: str | None, meta: Mapping[str, object]) -> Found:
    """Return a directory; the slash that some formats store at its end is no part of its name."""
    text, raw = text_of(name.rstrip(b"/") or name)
    return Found(name=text, raw=raw, kind=Kind.DIRECTORY, place=place, mtime=mtime, meta=meta)


def link(name: bytes, place: str, target: bytes, mtime: str | None, meta: Mapping[str, object], *,
         hard: bool = False) -> Found:  # fmt: skip
    """Return a link with its literal target: an item, never followed."""
    text, raw = text_of(name)
    to, _ = text_of(target)
    return Found(
        name=text, raw=raw, place=place, mtime=mtime, status=Status.UNSUPPORTED,
        kind=Kind.MEMBER if hard else Kind.SYMLINK, meta={**meta, "target": to},
        reason=f"{'hard' if hard else 'symbolic'} link to {to!r}: not followed",
    )  # fmt: skip


def special(name: bytes, place: str, kind: int, mtime: str | None, meta: Mapping[str, object]) -> Found:
    """Return a device, FIFO or socket (``kind`` is the file type of ``stat``): an item, never opened."""
    text, raw = text_of(name)
    what = _SPECIAL.get(kind, f"entry of type {kind:o}")
    return Found(name=text, raw=raw, kind=Kind.SPECIAL, place=place, mtime=mtime, meta=meta,
                 status=Status.UNSUPPORTED, reason=f"{what}: not opened")  # fmt: skip


def is_path(target: bytes) -> bool:
    """Say whether a link's target could be one: what could not (a text, say) is content that it carries."""
    parts = target.split(b"/")
    return len(target) < LONGEST_TARGET and max(map(len, parts)) < LONGEST_PART and not CONTROL & set(target)


def content_of(name: bytes, place: str) -> Found:
    """Return, bare, the item of what an entry carries that has no content by its type (directory, link, device)."""
    text, raw = text_of((name.rstrip(b"/") or name) + b" content")
    return Found(name=text, raw=raw, kind=Kind.MEMBER, place=f"{place}d")


def unreadable(name: bytes, place: str, reason: str, size: int | None = None) -> Found:
    """Return a member of which only the name can be given."""
    text, raw = text_of(name)
    return Found(name=text, raw=raw, kind=Kind.MEMBER, place=place, size=size, status=Status.UNREADABLE,
                 reason=reason)  # fmt: skip
