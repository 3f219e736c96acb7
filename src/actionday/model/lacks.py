"""Facts of an item that is not whole: how much of the disk in it, or of a file, cannot be had.

Those of a disk have ``bytes`` and ``of``. They have no byte in common, for the second begins where the disk ends.
"""

MISSING = "missing"
"""Ranges of the disk that are not in what is there of its image."""
SHORT = "short"
"""What its tables, or the file system on it, place behind its end."""
NOT_HAD = "cannot_be_had"
"""Of a file: ranges of its bytes that cannot be had."""
ZEROS_ALONE = "nothing but zeros"
"""How the reason of a content begins that holds no other byte."""

BEHIND_GAP = "behind the gap"
"""What a stretch of a file is called that stands behind a range which cannot be had, before ``@`` and its byte."""
