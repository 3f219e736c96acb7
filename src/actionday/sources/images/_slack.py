"""What stands in the headers of an image where its format keeps nothing: told among the facts of the image.

Source: the sections on headers of each format, which say what is reserved, and padding, as zero.
"""

import re
from collections.abc import Iterable

from actionday.model import Context, Stream
from actionday.model.counted import counted

MOST = 64 << 10
"""Bytes told of one image: all its headers are little longer, and facts are kept with an item."""
LOOKED_AT = 1 << 20
"""Bytes of one room that are looked at: a region of a VHDX has 64 KiB, the text in a VMDK mostly 10."""
NULS = re.compile(rb"\0+")


def slack(stream: Stream, around: Context, kind: str, rooms: Iterable[tuple[int, int]]) -> dict[str, object]:
    """Return ``slack``, place and text of what is not zero in ``rooms`` (first byte, byte behind), {} for nothing.

    A byte that is no UTF-8 reads ``\\xNN``; a row of zeros between others is a space. Each is noted (``unclaimed``).
    """
    found: dict[str, str] = {}
    left = MOST
    for first, end in rooms:
        if end <= first or first >= stream.size:
            continue
        stream.seek(first)
        data = stream.read(min(end - first, LOOKED_AT))
        held = data.strip(b"\0")
        if not held:
            continue
        at = first + data.index(held[:1])
        where = f"{counted(len(held), 'byte')} from byte {at} of the file on, in a header"
        around.note("unclaimed", f"{kind}: {where}, where the format keeps nothing{_kept(len(held), left)}")
        told, left = held[:left], max(0, left - len(held))
        if told:
            found[str(at)] = NULS.sub(b" ", told).decode("utf-8", "backslashreplace")
    return {"slack": found} if found else {}


def _kept(length: int, left: int) -> str:
    if length <= left:
        return ": among the facts of the image"
    return f": the first {left} among the facts of the image" if left else ": not kept"
