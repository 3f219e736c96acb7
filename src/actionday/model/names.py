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
