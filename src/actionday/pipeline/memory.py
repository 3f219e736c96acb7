"""What the allocator is told, so that a process holds no more than it needs: few arenas, what is free given back."""

import ctypes

ARENA_MAX = -8
"""``M_ARENA_MAX`` of glibc's malloc.h."""


def give_back() -> None:
    """Return what the allocator holds free, where it can (glibc).

    Between two checkpoints the index writer and the messages take some hundred MiB in pieces too small to be
    mapped apart; without this the process stays at its highest for the rest of the run.

    Source: malloc_trim(3).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def few_arenas() -> None:
    """Let all threads share two arenas of the allocator, where it has any (glibc); to be called before there are any.

    Each thread of the index writer has one of its own otherwise, and none gives another what it holds free: the
    process that writes was a fifth smaller at its highest.

    Source: mallopt(3), M_ARENA_MAX.
    """
    options = getattr(ctypes.CDLL(None), "mallopt", None)
    if options is not None:
        options(ARENA_MAX, 2)
