"""Facts of an item in which a disk lies: how much of it cannot be had.

Both have ``bytes`` and ``of``. They have no byte in common, for the second begins where the disk ends.
"""

MISSING = "missing"
"""Ranges of the disk that are not in what is there of its image."""
SHORT = "short"
"""What its tables, or the file system on it, place behind its end."""
