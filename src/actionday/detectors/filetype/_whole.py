"""A type that more than the first and last bytes of a content tell.

Source: [MS-CFB] 2.6: the directory of a compound file may lie anywhere in it.
"""

from mmap import mmap

from actionday.detectors.filetype._ole import ole_type
from actionday.mime.compound import MAGIC


def retold(mime: str, data: bytes | mmap, tail: bytes, size: int) -> str:
    """Return the type of a content of ``size`` bytes that was told as ``mime`` by its first bytes.

    ``data`` is as much of it as is held. What costs more is looked at in compound files alone: their directory.
    """
    if data[:8] != MAGIC:
        return mime
    return ole_type(data, tail, size)  # type: ignore[arg-type]
