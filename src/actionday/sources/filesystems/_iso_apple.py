"""The Apple tree of a hybrid disc, where its partition map or its own header says that there is one.

Source: Inside Macintosh: Files, 2-59 (master directory block of HFS); Devices, 3-12 (partition map); TN1150 (HFS+).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from actionday.model import Context, Found, Stream
from actionday.sources.archives._streams import Window
from actionday.sources.filesystems._tsk_bytes import Missing, Reader
from actionday.sources.filesystems.hfsplus import SOURCE as HFSPLUS

MAP = 64 * 512
"""Bytes in which the entries of a map are looked for: writers of discs make fewer than eight."""
BLOCKS = (512, 2048)
HEADER, PLUS, EMBEDDED, PLAIN = 1024, (b"H+\0\4", b"HX\0\5"), b"H+", b"BD"


def apple(reader: Reader) -> dict[int, str]:
    """Return what lies where: the first byte of each Apple volume, and whether it is HFS or HFS+."""
    try:
        head = reader.at(0, MAP)
    except Missing:
        return {}
    starts, told = {0}, False
    for at in range(512, len(head), 512):
        entry = head[at : at + 512]
        if entry[:2] == b"PM" and entry[48:57] == b"Apple_HFS":
            starts |= {int.from_bytes(entry[8:12], "big") * block for block in BLOCKS}
            told = True
    found = {start: kind for start in sorted(starts) if (kind := _kind(reader, start))}
    return found or ({-1: "HFS"} if told else {})


def _kind(reader: Reader, start: int) -> str:
    try:
        head = reader.at(start + HEADER, 128)
    except Missing:
        return ""
    if head[:4] in PLUS or (head[:2] == PLAIN and head[124:126] == EMBEDDED):
        return "HFS+"
    return "HFS" if head[:2] == PLAIN and int.from_bytes(head[18:20], "big") else ""


def listed(stream: Stream, start: int, around: Context) -> Iterator[Found]:
    """Yield what the HFS+ volume at byte ``start`` lists, told where it lies on the disc. Raises what HFS+ raises."""
    for found in HFSPLUS.items(Window(stream, start, stream.size - start), around):
        runs = found.runs
        if runs is not None:
            runs = tuple((at if at < 0 else at + start, length) for at, length in runs)
        yield replace(found, runs=runs, place=f"hfs:{start}:{found.place}")
