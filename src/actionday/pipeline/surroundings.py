"""What processes that see evidence are told of the account that started them: what Python needs to start, no more.

Where secrets stand in variables (keys of a cloud, a token), one whose reader was taken over would read them in its own
memory, and in ``/proc/self/environ``.
"""

import os
from collections.abc import Mapping

NAMES = frozenset(
    {"HOME", "PATH", "LD_LIBRARY_PATH", "LANG", "TZ", "TMPDIR", "VIRTUAL_ENV", "TESSDATA_PREFIX"}
)
BEGINNINGS = ("PYTHON", "LC_", "ACTIONDAY_")
SETTING = {
    "OPENBLAS_NUM_THREADS": "1",  # a process with threads cannot be forked
    "OMP_NUM_THREADS": "1",
    "OMP_THREAD_LIMIT": "1",  # of Tesseract, which asks for four
    "MALLOC_ARENA_MAX": "2",
    "TZ": "UTC",  # libarchive tells times of some formats by the local zone
    "LC_ALL": "C.UTF-8",
}


def surroundings(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the environment of a process that sees evidence."""
    kept = {name: value for name, value in environ.items() if name in NAMES or name.startswith(BEGINNINGS)}
    return kept | SETTING
