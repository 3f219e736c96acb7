"""LZ4 frames: one content, or the members of the tar in it.

Source: LZ4 frame format 1.6.2 and its legacy frame; by libarchive.
"""

from actionday.sources.archives._raw import LZ4, unlz4
from actionday.sources.archives._single import Compressed

SOURCE = Compressed("lz4", unlz4, lambda head: head.startswith(LZ4), {".lz4": "", ".tlz4": ".tar"})
