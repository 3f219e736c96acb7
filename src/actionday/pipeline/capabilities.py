"""Giving up what root may do, before a worker sees evidence: whoever examines devices often runs as root.

Source: capabilities(7), capset(2), PR_CAPBSET_DROP and PR_CAP_AMBIENT of prctl(2).
"""

import ctypes
import struct

PR_CAPBSET_DROP, PR_CAP_AMBIENT, AMBIENT_CLEAR_ALL = 24, 47, 4
VERSION_3 = 0x20080522
LARGEST = 63
DAC_READ_SEARCH = 2
"""Kept where it is held: Python's own folders may be another account's, and Landlock says what is read."""


def drop(libc: ctypes.CDLL) -> bool:
    """Drop every capability but reading what modes forbid; return whether no other is left."""
    for number in range(LARGEST + 1):
        libc.prctl(PR_CAPBSET_DROP, number, 0, 0, 0)
    libc.prctl(PR_CAP_AMBIENT, AMBIENT_CLEAR_ALL, 0, 0, 0)
    header = struct.pack("<Ii", VERSION_3, 0)
    held = ctypes.create_string_buffer(24)
    if libc.capget(header, held) != 0:
        return False
    kept = struct.unpack("<6I", held.raw)[1] & 1 << DAC_READ_SEARCH
    return bool(libc.capset(header, struct.pack("<6I", kept, kept, 0, 0, 0, 0)) == 0)
