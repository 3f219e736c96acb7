"""What is left of a removed file of ext: in its inode, where that tells, or as the journal has it."""

from msgspec.structs import replace

from actionday.model import Found, Status
from actionday.sources.filesystems import _ext_fields as fields
from actionday.sources.filesystems._ext_inode import Super
from actionday.sources.filesystems._ext_journal import Journal
from actionday.sources.filesystems._left_over import GONE, IN_A_COPY, IN_ITS_INODE, journaled, left_over
from actionday.sources.filesystems._tsk_runs import Run


def removed(volume: Super, journal: Journal, number: int, raw: bytes, item: Found, runs: list[Run]) -> Found:
    """Return ``item``, a removed file, with what is left of its content; ``runs`` are those of its inode ``raw``.

    Raises BadMap or Missing.
    """
    size = fields.size_of(raw)
    if any(at >= 0 for at, _ in runs):
        reason = IN_ITS_INODE if _inline(raw) else left_over(runs, volume.in_use)
        return replace(item, size=size, runs=tuple(runs), reason=reason)
    copy = journal.copy(number, raw)
    volume.wrong.clear()
    if copy is None:
        return replace(item, size=size, status=Status.EMPTY, reason=GONE)
    meta, mtime = fields.facts_of(number, copy.raw)
    meta |= {key: item.meta[key] for key in ("deleted", "dtime", "dtime_raw") if key in item.meta}
    reason = IN_A_COPY if _inline(copy.raw) else journaled(copy.runs, volume.in_use)
    size = fields.size_of(copy.raw)
    return replace(item, meta=meta, mtime=mtime, size=size, runs=tuple(copy.runs), reason=reason)


def _inline(raw: bytes) -> bool:
    return bool(fields.flags_of(raw) & fields.INLINE)
