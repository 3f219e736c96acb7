"""How much memory the members of a 7z need: by the properties of the coders in its list.

Source: 7-Zip's Methods.txt; LZMA and LZMA2 of the LZMA SDK (dictionary), PPMd of 7-Zip (order, memory).
"""

from actionday.model import Damaged, Stream
from actionday.sources.archives._sevenfolders import PPMD
from actionday.sources.archives._sevenlist import listing
from actionday.sources.archives._sevenstreams import LZMA1, LZMA2

LARGEST = 40
"""The property of LZMA2 that means 4 GiB less a byte."""


def largest_dictionary(stream: Stream) -> int:
    """Return the bytes of the largest dictionary that a list asks for, 0 where it is not to be read."""
    try:
        found = listing(stream).folders
    except (ValueError, Damaged):
        return 0
    return max((_dictionary(*each) for folder in found for each in folder.methods), default=0)


def _dictionary(method: bytes, properties: bytes) -> int:
    if method == LZMA2 and len(properties) == 1 and properties[0] <= LARGEST:
        bits = properties[0]
        return (1 << 32) - 1 if bits == LARGEST else (2 | bits & 1) << (bits // 2 + 11)
    return (
        int.from_bytes(properties[1:5], "little") if method in (LZMA1, PPMD) and len(properties) == 5 else 0
    )
