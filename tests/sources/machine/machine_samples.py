"""Disks that a kernel made in a virtual machine: see ``samples/machine``."""

import hashlib
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
if str(ROOT) not in sys.path:  # the samples are a package of the repository, not of the product
    sys.path.insert(0, str(ROOT))

from samples.machine.packed_disks import PACKED, names, truth, unpack

__all__ = ["PACKED", "digest", "names", "truth", "unpack"]
SAMPLES: dict[str, Any] = {}
"""None of these is the sample of one source: those are in the rooms."""


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
