"""One layer of an image of containers: its members in order, and the digests of its file and of its tar.

Source: OCI image-spec 1.1, ``layer.md`` (media types ``tar``, ``tar+gzip``, ``tar+zstd``) and ``config.md``
(DiffID: the digest of the tar that is not compressed).
"""

import hashlib
from collections.abc import Iterator

from actionday.model import Damaged, Found, ItemError, Stream
from actionday.sources.archives._gzip import MAGIC, gunzip
from actionday.sources.archives._streams import BLOCK, Body, Window
from actionday.sources.archives._tape import Unpacked
from actionday.sources.archives._tarwalk import Walk
from actionday.sources.archives._zstd import is_zstd, unzstd

HEAD = 64


class LayerTape:
    """A layer read once from its beginning to its end."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._unpacked = hashlib.sha256()
        stream.seek(0)
        head = stream.read(HEAD)
        self._packed = "gzip" if head.startswith(MAGIC) else "zstd" if is_zstd(head) else ""
        self.damage = ""

    def members(self) -> Iterator[Found]:
        """Yield the members; where they break off ``damage`` says why. Remarks are those of the layer's own items."""
        content = Body(self._hashed())
        try:
            yield from Walk(Unpacked(content), lambda *_: None).members()
        except (ItemError, OSError, EOFError) as error:
            self.damage = str(error)
        try:
            while content.skip(1 << 30):
                pass
        except (ItemError, OSError, EOFError) as error:
            self.damage = self.damage or str(error)

    def digests(self) -> tuple[str, str]:
        """Return SHA-256 of the file and of the tar in it, once all members were asked for. Raises Damaged."""
        tar = self._unpacked.hexdigest()
        if not self._packed:
            return tar, tar
        whole = hashlib.sha256()
        for chunk in _pieces(self._stream):
            whole.update(chunk)
        return whole.hexdigest(), tar

    def _hashed(self) -> Iterator[bytes]:
        for chunk in self._chunks():
            self._unpacked.update(chunk)
            yield chunk

    def _chunks(self) -> Iterator[bytes]:
        window = Window(self._stream, 0, self._stream.size)
        if self._packed == "gzip":
            return gunzip(window, lambda *_: None, lambda *_: None)
        if self._packed == "zstd":
            return unzstd(window, lambda *_: None, lambda *_: None)
        return _pieces(self._stream)


def _pieces(stream: Stream) -> Iterator[bytes]:
    stream.seek(0)
    left = stream.size
    while left:
        chunk = stream.read(min(left, BLOCK))
        if not chunk:
            raise Damaged(f"ends {left} bytes early")
        left -= len(chunk)
        yield chunk
