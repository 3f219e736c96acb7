"""Names as they are shown: UTF-8, every byte that is none as ``\\xNN``, the raw bytes kept beside."""

import re

ESCAPED = re.compile("[\udc80-\udcff]")


def shown(path: str) -> tuple[str, bytes | None]:
    """Return how a path (bytes decoded as UTF-8 with surrogate escapes) is shown, and its bytes if they differ."""
    if path.isascii():
        return path, None
    if not ESCAPED.search(path):
        return _encodable(path)
    text = ESCAPED.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", path)
    return _encodable(text)[0], path.encode("utf-8", "surrogateescape")


def _encodable(text: str) -> tuple[str, bytes | None]:
    """Lone surrogates (possible in UTF-16 names) are no Unicode text: shown as their three bytes."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raw = text.encode("utf-8", "surrogatepass")
        return raw.decode("utf-8", "backslashreplace"), raw
    return text, None
