"""Names as evidence has them: bytes, shown as text without losing any of them."""


def text_of(raw: bytes) -> tuple[str, bytes | None]:
    """Return a name as text, and its bytes where they are no UTF-8 (each such byte then reads ``\\xNN``).

    >>> text_of(b"caf\\xe9")
    ('caf\\\\xe9', b'caf\\xe9')
    """
    try:
        return raw.decode(), None
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace"), raw


def printed(name: str, most: int = 200) -> str:
    """Return a name of at most ``most`` characters that can be printed: others stand as U+FFFD."""
    return "".join(char if char.isprintable() else "\ufffd" for char in name[:most])
