"""Bzip2: one content, or the members of the tar in it.

Source: bzip2 1.0.8 manual; the format as bzip2 writes it.
"""

from actionday.sources.archives._bzip2 import MAGIC, bunzip
from actionday.sources.archives._bzip2blocks import blocks
from actionday.sources.archives._single import Compressed

_BLOCK = (b"1AY&SY", b"\x17rE8P\x90")  # a block's mark (pi), or at once the end mark (its root)


def _magic(head: bytes) -> bool:
    return head.startswith(MAGIC) and head[3:4] in b"123456789" and head[4:10] in _BLOCK


SOURCE = Compressed(
    "bz2",
    bunzip,
    _magic,
    {".bz2": "", ".tbz2": ".tar", ".tbz": ".tar", ".bz": ""},
    beginnings=(MAGIC,),
    units=blocks,
)
