"""What a type that nobody parses says of its own end: by it one sees that a content is not whole."""

from actionday.detectors.filetype._ole import UNKNOWN, ole_cut


def cut_off(mime: str, head: bytes, size: int) -> str:
    """Return what of a content of ``size`` bytes lies behind its end by what its head says, or ""."""
    return ole_cut(head, size) if mime == UNKNOWN else ""
