"""A number with what it counts, in messages that are kept and shown."""


def counted(count: int, one: str, many: str = "") -> str:
    """Return "1 byte", "2 bytes"; ``many`` where an s does not make it, a verb behind it included ("are")."""
    return f"{count} {one if count == 1 else many or f'{one}s'}"
