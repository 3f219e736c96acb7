"""Giving memory back to the system."""

import ctypes


def give_back() -> None:
    """Return what the allocator holds free, where it can (glibc).

    Between two checkpoints the index writer and the messages take some hundred MiB in pieces too small to be
    mapped apart; without this the process stays at its highest for the rest of the run.

    Source: malloc_trim(3).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
