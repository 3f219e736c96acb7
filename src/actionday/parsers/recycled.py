"""What the recycle bin of Windows notes of a file: where it lay, its length, when it was moved there (``$I`` files).

Source: libyal dtformats, "Windows Recycle.Bin file formats", $I file (versions 1 and 2); MS-DTYP 2.3.3 (FILETIME).
"""

from struct import Struct

from actionday.model import Damaged, Limits, Parsed
from actionday.model.counted import counted
from actionday.model.times import filetime

HEAD = Struct("<QQQ")
"""Version, bytes of the file, when it was moved; then the path, behind its length where the version is 2."""


class Recycled:
    """The path as text; size and time of the deletion as metadata."""

    name, version = "recycled", 1
    mimes = ("application/x-ms-recycled",)
    samples = ("$IKESTRE.txt",)
    whole = True

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return the path, and whatever stands behind its end on a line of its own. Raises Damaged."""
        if len(data) < HEAD.size + 4:
            raise Damaged(f"recycle bin: {counted(len(data), 'byte is', 'bytes are')} no entry")
        version, size, moved = HEAD.unpack_from(data)
        at = HEAD.size + 4 * (version == 2)
        path, _, behind = bytes(data[at:]).decode("utf-16-le", "replace").partition("\0")
        if not path:
            raise Damaged("recycle bin: the entry has no path")
        text = "\n".join((path, *filter(None, behind.split("\0"))))
        return Parsed(
            text=(text,), meta={"original_path": path, "original_size": size, "dtime": filetime(moved)}
        )


PARSER = Recycled()
