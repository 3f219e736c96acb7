"""Whether a dump that begins with its program's comment ends with it: one cut between two statements looks whole.

Source: pg_dump, pg_dumpall and mysqldump, which end so unless they were asked to write no comments at all.
"""

from actionday.model import Stream
from actionday.model.streams import read_at

REACH = 1 << 16
"""Bytes of the end that are looked at: settings and remarks of whoever kept the dump may stand behind it."""
HEAD = 4096
_PAIRS = (
    (b"-- PostgreSQL database dump", b"-- PostgreSQL database dump complete"),
    (b"-- PostgreSQL database cluster dump", b"-- PostgreSQL database cluster dump complete"),
    (b"-- MySQL dump ", b"-- Dump completed"),
    (b"-- MariaDB dump ", b"-- Dump completed"),
)


def lacking(stream: Stream) -> str:
    """Return which last comment is not there, "" where it is or none is due."""
    head = read_at(stream, 0, HEAD)
    at, due = min(((head.find(first), last) for first, last in _PAIRS if first in head), default=(0, b""))
    if at and head[at - 1 : at] != b"\n":
        return ""
    tail = read_at(stream, max(0, stream.size - REACH), REACH)
    return "" if due in tail else f"the comment {due.decode()!r} that ends it is not there"
