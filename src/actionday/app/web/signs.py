"""Signs: a tone, a shape and a word for every state, always all three; and the words of the field in one place.

Words are marked for translation here and put into the reader's language when they are shown.
"""

from typing import NamedTuple


def mark(text: str) -> str:
    """Return ``text``; only says to the extraction that it is to be translated."""
    return text


class Sign(NamedTuple):
    """How a state is shown; ``tone`` "quiet" is a plain word without colour or shape."""

    tone: str
    word: str


STATUSES = {
    "parsed": Sign("done", mark("parsed")),
    "known_good": Sign("quiet", mark("known good")),
    "empty": Sign("quiet", mark("empty")),
    "unreadable": Sign("failed", mark("unreadable")),
    "quarantined": Sign("failed", mark("quarantined")),
    "unsupported": Sign("quiet", mark("unsupported")),
    "encrypted": Sign("failed", mark("encrypted")),
    "queued": Sign("running", mark("queued")),
}
RUN_STATES = {
    "empty": Sign("open", mark("nothing taken in yet")),
    "running": Sign("running", mark("running")),
    "complete": Sign("done", mark("complete")),
    "interrupted": Sign("care", mark("interrupted")),
    "paused": Sign("care", mark("paused")),
    "stalled": Sign("care", mark("stalled")),
}
EXHIBIT_STATES = {
    "open": Sign("care", mark("not complete")),
    "complete": Sign("done", mark("complete")),
}
GROUPS = {
    "parsed": mark("parsed"),
    "known_good": mark("known good"),
    "skipped": mark("skipped"),
    "failed": mark("failed"),
}
KINDS = {
    "exhibit": mark("exhibit"),
    "directory": mark("directory"),
    "volume": mark("volume"),
    "file": mark("file"),
    "deleted": mark("deleted entry"),
    "stream": mark("stream"),
    "system": mark("system file"),
    "symlink": mark("symbolic link"),
    "special": mark("special file"),
    "member": mark("part of a container"),
    "message": mark("message"),
    "attachment": mark("attachment"),
    "record": mark("web record"),
    "revisit": mark("revisit record"),
    "row": mark("row"),
    "unallocated": mark("space that belongs to no file"),
    "carved": mark("found in space that belongs to no file"),
    "shadow": mark("shadow copy"),
}
ACTIONS = {
    "case.created": mark("case created"),
    "case.migrated": mark("case migrated"),
    "key.added": mark("key added"),
    "secret.added": mark("secret added"),
    "limits.changed": mark("limits changed"),
    "hashes.imported": mark("known hashes imported"),
    "exhibit.acquired": mark("exhibit acquired"),
    "exhibit.hashed": mark("exhibit hashed"),
    "exhibit.moved": mark("exhibit found elsewhere"),
    "exhibit.opened": mark("exhibit opened"),
    "exhibit.closed": mark("exhibit closed"),
    "exhibit.reopened": mark("exhibit reopened"),
    "run.started": mark("run started"),
    "run.checkpoint": mark("checkpoint"),
    "run.paused": mark("run paused"),
    "run.interrupted": mark("run interrupted"),
    "run.finished": mark("run finished"),
    "repair": mark("repair"),
    "searched": mark("searched"),
    "viewed": mark("viewed"),
    "download.begun": mark("download begun"),
    "downloaded": mark("downloaded"),
    "export.begun": mark("export begun"),
    "exported": mark("exported"),
    "bundle.begun": mark("bundle begun"),
    "bundled": mark("bundled"),
    "view.saved": mark("view saved"),
    "view.withdrawn": mark("view withdrawn"),
    "verified": mark("verification"),
}
UNSEARCHED = {
    "queued": mark("waiting for the recognition of text in pictures or of speech"),
    "encrypted": mark("a key or a password is needed"),
    "unreadable": mark("damaged, or the account may not read it"),
    "quarantined": mark("a limit was broken in the reading"),
    "unsupported": mark("nothing here reads the format"),
    "known_good": mark("known files: listed and hashed, not read"),
}
"""Why items of a status have no text that a search could find."""
SORTS = {
    "score": mark("best match first"),
    "path": mark("by path"),
    "time": mark("newest first"),
    "oldest": mark("oldest first"),
}
FILTERS = {
    "language": mark("Language"),
    "type": mark("Type"),
    "exhibit": mark("Exhibit"),
    "year": mark("Year"),
    "not_language": mark("Language, left out"),
    "not_type": mark("Type, left out"),
    "not_exhibit": mark("Exhibit, left out"),
    "not_year": mark("Year, left out"),
    "status": mark("State"),
    "group": mark("Outcome"),
    "period": mark("Time"),
    "reason": mark("Reason"),
    "code": mark("Code"),
    "stage": mark("Stage"),
    "action": mark("Act"),
    "actor": mark("Who"),
    "path": mark("Folder"),
}
"""What a list is narrowed by, as an address names it: every printed page begins with it."""
EXPORTS = {
    "items": mark("Items"),
    "issues": mark("What failed"),
    "texts": mark("Texts"),
    "ledger": mark("Ledger"),
    "report": mark("Intake report"),
}
"""What an entry is about that is of a whole list, or of the whole case."""
CHECKS = {
    "ledger": mark("ledger"),
    "head": mark("head"),
    "schema": mark("database"),
    "folder": mark("case folder"),
    "rows": mark("rows"),
    "tables": mark("facts"),
    "objects": mark("stored contents"),
    "index": mark("index"),
    "exhibits": mark("exhibits"),
    "hashes": mark("known hashes"),
}
IMAGER = {
    "examiner": mark("examiner"),
    "software": mark("software"),
    "acquired": mark("acquired"),
    "evidence_number": mark("evidence number"),
    "case_number": mark("case number"),
}
"""What ``access.provenance`` takes over from an imager, in words."""
NONE_OF = frozenset({"first", "changed", "parent", "backing"})
"""Values that are none where nothing stands: no difference, no change, no image below; any other is not known."""
LIMITS = {
    "depth": mark("containers within containers, at most"),
    "ratio": mark("bytes out of an archive for one byte in, at most"),
    "ratio_after": mark("bytes out of an archive from which that counts"),
    "total": mark("bytes out of an archive, as a multiple of the exhibit"),
    "sparse": mark("bytes of holes, at most"),
    "deadline": mark("seconds for one item"),
    "deadline_per_mib": mark("seconds more for each MiB of it"),
    "memory": mark("bytes of memory of a worker"),
    "held": mark("bytes of one content that are held in memory"),
    "text": mark("bytes of one content that are read as text"),
}
"""Limits of a run, by their names in the record."""
ACQUIRED = {
    **IMAGER,
    "backing": mark("image below it"),
    "clock": mark("clock of the machine"),
    "cluster": mark("bytes of a cluster"),
    "creator": mark("made by"),
    "description": mark("description"),
    "extents": mark("parts"),
    "hash_damaged": mark("damaged, where the hash stands"),
    "hash_not_compared": mark("why the imager's hash is not compared"),
    "hash_unknown": mark("why the imager's hash is not known"),
    "id": mark("id"),
    "label": mark("label"),
    "md5": "MD5",
    "media": mark("the disk inside"),
    "missing": mark("what of the disk cannot be had"),
    "model": mark("model"),
    "notes": mark("notes"),
    "parent": mark("image below it"),
    "process": mark("process number"),
    "read_error_count": mark("read errors"),
    "read_errors": mark("sectors with read errors"),
    "sector": mark("bytes of a sector"),
    "segments": mark("segments"),
    "serial": mark("serial number"),
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "size": mark("size"),
    "snapshots": mark("snapshots"),
    "stored_hashes": mark("hashes that the imager stored"),
    "system": mark("operating system"),
    "type": mark("type"),
    "uuid": "UUID",
    "version": mark("version"),
}
"""Facts of an acquisition, in words; one that is not here keeps the name of its field."""
UNKNOWN = Sign("open", mark("unknown"))


def kind_word(kind: str) -> str:
    """Return the word for a kind of item."""
    return KINDS.get(kind, UNKNOWN.word)


def run_sign(state: str) -> Sign:
    """Return the sign of a run's state."""
    return RUN_STATES.get(state, UNKNOWN)


def status_sign(status: str) -> Sign:
    """Return the sign of an item's status."""
    return STATUSES.get(status, UNKNOWN)
