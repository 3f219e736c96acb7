"""LZ4 frames: one content, or the members of the tar in it.

Source: LZ4 frame format 1.6.2 and its legacy frame; by libarchive.
"""

from actionday.sources.archives._lz4 import MAGICS, unlz4
from actionday.sources.archives._lz4blocks import blocks
from actionday.sources.archives._single import Compressed

SOURCE = Compressed(
    "lz4",
    unlz4,
    lambda head: head.startswith(MAGICS),
    {".lz4": "", ".tlz4": ".tar"},
    telling=unlz4,
    beginnings=MAGICS,
    units=blocks,
)
