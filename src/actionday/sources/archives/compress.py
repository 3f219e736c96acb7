"""compress (.Z): one content, or the members of the tar in it.

Source: compress(1), POSIX.1-2024; LZW with codes of 9 to 16 bits; by libarchive, up to an impossible code by ourselves.
"""

from actionday.sources.archives._raw import COMPRESS, uncompress
from actionday.sources.archives._resumed import COMPRESS as AGAIN
from actionday.sources.archives._single import Compressed


def _magic(head: bytes) -> bool:
    return head.startswith(COMPRESS) and len(head) > 2 and 9 <= head[2] & 0x1F <= 16


SOURCE = Compressed(
    "compress", uncompress, _magic, {".z": "", ".taz": ".tar"}, beginnings=(COMPRESS,), again=AGAIN
)
