"""What is kept of a name in a folder: its place, its times, its mode and owner."""

import os

import msgspec

from actionday.model import Kind, Status
from actionday.model.names import text_of
from actionday.model.times import nanoseconds, rfc3339
from actionday.pipeline.messages import Host, Located
from actionday.pipeline.streams import HOLE


def _names(relative: bytes) -> tuple[str, bytes | None, str]:
    """Return name, raw name and place of a path in bytes."""
    name, raw = text_of(relative)
    literal = raw is None and not name.startswith("hex:")  # one may be called like the place of another
    return name, raw, name if literal else f"hex:{relative.hex()}"


def _meta(facts: os.stat_result) -> bytes:
    return msgspec.json.encode(
        {"mode": f"{facts.st_mode & 0o7777:04o}", "uid": facts.st_uid, "gid": facts.st_gid}
    )


def _file_meta(facts: os.stat_result) -> bytes:
    """Return what is kept of a file, with what tells later that nothing was written to it."""
    return msgspec.json.encode(
        {
            "mode": f"{facts.st_mode & 0o7777:04o}",
            "uid": facts.st_uid,
            "gid": facts.st_gid,
            "ctime": nanoseconds(facts.st_ctime_ns),
            "inode": facts.st_ino,
        }
    )


def file_of(relative: bytes, facts: os.stat_result) -> Located:
    """Return a regular file at a path below the folder."""
    name, raw, place = _names(relative)
    size = facts.st_size
    stored = min(size, facts.st_blocks * 512)
    runs = ((0, size),) if stored == size else ((0, stored), (HOLE, size - stored))  # how much nobody stored
    return Located(
        name,
        Kind.FILE,
        place,
        raw,
        size,
        _mtime(facts),
        None,
        "",
        runs,
        _file_meta(facts),
        step=Host(0, relative),
    )


def plain(
    relative: bytes,
    kind: Kind,
    facts: os.stat_result | None,
    status: Status | None,
    reason: str,
    code: str = "",
) -> Located:
    """Return anything else, with the status it has already where nothing of it is read."""
    name, raw, place = _names(relative)
    meta = b"" if facts is None else _meta(facts)
    mtime = None if facts is None else _mtime(facts)
    return Located(name, kind, place, raw, None, mtime, status, reason, None, meta, code=code)


def _mtime(facts: os.stat_result) -> str | None:
    return rfc3339(facts.st_mtime_ns // 1_000_000_000, facts.st_mtime_ns % 1_000_000_000)
