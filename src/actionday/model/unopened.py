"""Why an item by its very kind has no content: it leads elsewhere, or is a device, a pipe, a socket, a label."""

from typing import Final

NOT_FOLLOWED: Final = "not followed"
NEVER_OPENED: Final = "never opened"


def not_followed(what: str) -> str:
    """Return the reason of an item that leads elsewhere: a link, a reparse point."""
    return f"{what}: {NOT_FOLLOWED}"


LINK_LEFT: Final = not_followed("symbolic link")


def never_opened(what: str) -> str:
    """Return the reason of an item that is no file: a device, a FIFO, a volume's label."""
    return f"{what}: {NEVER_OPENED}"
