"""What most carvers have in common."""

from actionday.model import Stream


class Plain:
    """A type whose name tells its suffix, and that may begin anywhere."""

    suffix = ""
    aligned = False
    most = 64 << 20

    def called(self, _stream: Stream, _size: int, /) -> str:
        """Return the suffix of the type."""
        return self.suffix
