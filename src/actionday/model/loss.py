"""What of the issue log means that something was not read whole, and what is a mere remark.

The code of an issue tells: a member of ``Loss`` is incompleteness, whatever the item's status, and one of them in
an exhibit makes the run end with exit code 1; any other code is a remark (an oddity, an assumption, what waits).

Source: DESIGN invariant 5 (what was not read whole is a finding), section 6 (exit codes).
"""

from collections.abc import Iterable
from enum import StrEnum


class Loss(StrEnum):
    """Codes of issues by which something that is in the exhibit, or should be there, is not in the case."""

    NOT_WHOLE = "not_whole"
    """A reason on a parsed item that nobody classed: what is not said to be a remark is none."""
    BROKEN_OFF = "broken_off"
    """A content ends before its own structure does."""
    TEXT_CUT = "text_cut"
    """A limit stopped the reading of a text."""
    HEADER_KEPT = "header_kept"
    """More header lines of parts than are kept: what is beyond stands in the bytes and is not searched."""
    METADATA_CUT = "metadata_cut"
    """More metadata of a picture or recording than is kept: what is beyond stands in the bytes and is not searched."""
    STRINGS_CUT = "strings_cut"
    UNREAD_WORDS = "unread_words"
    """More values with words stand in a document beside its text than are kept."""
    PART_DAMAGED = "part_damaged"
    """A part of a document (a sheet, a part of a package) gave no text, or not all."""
    PAGE_DAMAGED = "page_damaged"
    PARTS_LIMIT = "parts_limit"
    """More parts than are gone through."""
    UNDECODED = "undecoded"
    """Bytes of an encoded body that no decoder could use."""
    DAMAGED = "damaged"
    """Some of what a container holds could not be listed or read."""
    DIRECTORY = "directory"
    """A directory could not be listed to its end."""
    DEPTH = "depth"
    """Directories below the deepest that is listed."""
    UNNAMED = "unnamed"
    """What is in use on a file system and no directory names: its content is in the case, its name is not."""
    CHECKSUM = "checksum"
    """A checksum that is stored differs from that of the bytes: what they tell may not be what was written."""
    DIGEST = "digest_differs"
    """The same of a digest that a record carries of its content."""
    CLAIMED_TWICE = "claimed_twice"
    """A block of a file system is part of two files, or of a file and a table: one of them is not what was written."""
    GAP = "gap"
    """A range of a disk or a file of the exhibit cannot be read."""
    RANGE_MISSING = "range_missing"
    """A range of a disk lies in what is not there: a segment, a part, an extent, or chunks that no table places."""
    SEGMENT_MISSING = "segment_missing"
    SEGMENT_SHORT = "segment_short"
    SEGMENT_UNPLACED = "segment_unplaced"
    SHORT = "short"
    """A disk, a partition or a file system ends before its own tables say: what lay behind is not there."""
    TABLE = "table"
    """A table of an image is damaged: where that part of the disk lies cannot be told."""
    CHANGED = "changed"
    """A file of the exhibit was altered between its reading and its hashing, between two runs, or while it was read."""
    HASH_DIFFERS = "hash_differs"
    """The disk is not what its imager noted."""
    VOLUME_UNREAD = "volume_unread"
    """A disk, partition or other exhibit as a whole that holds data and that nobody here reads."""
    PLACE_TWICE = "place_twice"
    """A source gave two items one place: the second has no row."""


_LOSSES = frozenset(map(str, Loss))


def is_loss(code: str) -> bool:
    """Say whether the code of an issue means incompleteness."""
    return code in _LOSSES


LACKING = frozenset(
    {
        Loss.SEGMENT_MISSING,
        Loss.SEGMENT_SHORT,
        Loss.SEGMENT_UNPLACED,
        Loss.RANGE_MISSING,
        Loss.SHORT,
        Loss.TABLE,
    }
)
"""Codes by which is said that a part of a disk is not there: whatever holds that disk is not whole either."""

FAILED_CODES = frozenset(
    {"access_refused", "encrypted", "unreadable", "quarantined", "over_limit", "timed_out"}
)
"""Codes of lines that say why an item failed as a whole: its status tells the exit code, its line why."""


def disks_not_whole(codes: Iterable[str]) -> bool:
    """Say whether one of the codes tells that not all files of a disk could be listed: a part lacks, or is unread."""
    return not (LACKING | {Loss.GAP, Loss.DIRECTORY, Loss.VOLUME_UNREAD}).isdisjoint(codes)


def tells_loss(code: str) -> bool:
    """Say whether a line of the issue log names something that is not in the case; any other is a remark."""
    return is_loss(code) or code in FAILED_CODES


_OF_THE_BYTES = frozenset(
    {
        Loss.CHECKSUM,
        Loss.DIGEST,
        Loss.CLAIMED_TWICE,
        Loss.HASH_DIFFERS,
        Loss.CHANGED,
        Loss.UNNAMED,
        Loss.PLACE_TWICE,
    }
)
"""Losses that say whether the bytes, or the name, are what they were: all of what is there was read."""


MOVED_UNHASHED = "moved_unhashed"
"""A remark: whether a file is the one an interrupted run began with cannot be proved: it had not been hashed."""
SAME_BYTES = "same_bytes"
"""A remark: a file of an exhibit is, byte for byte, one of another exhibit."""
ENDS_EARLY = "ends_early"
"""A remark: what is lacking at the end of a disk, by its own tables, belongs to no file system on it."""
BLOCK_CUT = "block_cut"
"""A remark: the file of a virtual disk ends within a block, behind all that the disk has in it."""
HOLDS_NOTHING = "holds_nothing"
"""A remark: an exhibit was listed to its end, and nothing is in it."""
NOT_RECOGNISED = "not_recognised"
"""A remark: nobody knows what an exhibit is: not one file of it could be told, its bytes alone are in the case."""
MAY_BE_CUT = "may_be_cut"
"""A remark: a text ends as a cut one would, and as many whole ones do."""
ENCRYPTED_PART = "encrypted_part"
"""A remark: a part of a document needs a key (exit code 0, as for an encrypted item)."""
PAGES_WAIT = "pages_wait"
"""A remark: some pages wait for OCR."""
MODEL_MISSING = "model_missing"
"""A remark: a model of a language that texts around are in is not there: letters were recognised without it."""
NOT_UNDONE = "not_undone"
"""A remark: more is written in escapes and codings than is undone: it stands in the text as it is written."""
TEXT_IN_PART = frozenset(
    {*map(str, _LOSSES - _OF_THE_BYTES), ENCRYPTED_PART, PAGES_WAIT}
    | {"not_well_formed", "short_body", "torn_database", "truncated", NOT_UNDONE}
)
"""Codes of lines on an item that was read by which its text is there in part alone, losses and remarks."""
READ_WITH = "read_with"
"""A remark: a file is a part of a set, and its bytes are read with the first file of it."""
NOT_DONE = frozenset({
    ENCRYPTED_PART, MODEL_MISSING, MOVED_UNHASHED, NOT_RECOGNISED, NOT_UNDONE, PAGES_WAIT, "carving", "coding",
    "crash", "huge", "journal", "key_slot", "log", "missing_files", "missing_part", "nesting", "not_expanded",
    "not_opened", "not_text", "not_well_formed", "notes", "order_unsure", "orphans", "out_of_use", "parser_failed",
    "partial", "plugin_missing", "read_as_text", "segments_apart", "short_body", "statement", "torn_database",
    "truncated", "unallocated", "unchecked", "undecodable", "unjudged", "unsupported", "waits",
})  # fmt: skip
"""Remarks by which something was not done with an item, or not to its end, though nothing is missing in the case for
it; any other tells what was noticed (an oddity, an assumption, what is the same elsewhere)."""


def tells_failure(code: str) -> bool:
    """Say whether a line of the issue log tells that something could not be done; any other is a mere note."""
    return tells_loss(code) or code in NOT_DONE
