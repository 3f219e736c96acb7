"""A stream as readers of file systems ask for it."""

from collections.abc import Callable

from actionday.model import Damaged, Stream
from actionday.sources.filesystems._tsk_bytes import AskingReader, FileReader, Missing, Reader


def reader_of(stream: Stream) -> Reader:
    """Return a reader of ``stream``: straight from the open file where it offers one, else through windows."""
    offer = getattr(stream, "descriptor", None)
    where: tuple[int, int] | None = offer() if offer is not None else None
    return AskingReader(_asking(stream), stream.size) if where is None else FileReader(*where, stream.size)


def _asking(stream: Stream) -> Callable[[int, int], bytes]:
    def ask(offset: int, length: int) -> bytes:
        try:
            stream.seek(offset)
            return stream.read(length)
        except (Damaged, EOFError, OSError) as error:
            raise Missing(str(error)) from error

    return ask
