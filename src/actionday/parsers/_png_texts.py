"""A PNG without its texts, for a library that refuses a picture because of them.

Source: PNG (third edition), 5.3 (chunks), 11.3.3 (texts). Pillow 13 refuses a text of more than 1 MiB and texts of more
than 64 MiB in one picture; how many bytes one has is only known when it is unpacked.
"""

from struct import unpack_from
from zlib import crc32

MAGIC = b"\x89PNG\r\n\x1a\n"
TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})
PROFILE, SHORT = b"Raw profile type", 1000
"""A text that holds Exif, which the library reads; as one of up to 1,000 bytes it holds less than 1 MiB."""


def without_texts(content: bytes) -> bytes:
    """Return a PNG without its texts, b"" where there is none, or one is damaged.

    A damaged one is left to the library, which says so.
    """
    if not content.startswith(MAGIC):
        return b""
    kept, begin, at = [], 0, len(MAGIC)
    while at + 12 <= len(content):
        size, kind = unpack_from(">I4s", content, at)
        end = at + 12 + size
        short = size <= SHORT and content.startswith(PROFILE, at + 8)
        if kind in TEXTS and not short and end <= len(content):
            if crc32(content[at + 4 : end - 4]) != unpack_from(">I", content, end - 4)[0]:
                return b""
            kept.append(content[begin:at])
            begin = end
        at = end
    return b"".join((*kept, content[begin:])) if kept else b""
