"""Lzma (.lzma, "alone"), the predecessor of xz: one content, or the members of the tar in it.

Source: the .lzma format as the LZMA SDK describes it; it has no magic number and no check.
"""

from actionday.sources.archives._single import Compressed
from actionday.sources.archives._xz import is_lzma, unlzma

SOURCE = Compressed("lzma", unlzma, is_lzma, {".lzma": "", ".tlz": ".tar"}, beginnings=(b"\x5d",))
