"""What a worker is asked besides items: hashes of a file, what lies beside it, some of its bytes, a picture."""

import hashlib
from collections.abc import Callable

import msgspec

from actionday.model import Damaged, Kind, Limits, Stream
from actionday.model.lacks import MISSING
from actionday.pipeline.chains import Chains
from actionday.pipeline.gaps import gaps, reached
from actionday.pipeline.marker import Marker, Phase, mark_of
from actionday.pipeline.messages import Ask, Done, HashHost, Layer, Preview, Probe, Read
from actionday.pipeline.preview import preview
from actionday.pipeline.reading import PIECE_BYTES


class Errands:
    """Carries them out; ``opener_of`` tells who opens a stream."""

    def __init__(
        self,
        chains: Chains,
        marker: Marker,
        limits: Limits,
        opener_of: Callable[[Stream, str, Kind], tuple[str, list[str]]],
    ) -> None:
        self._chains, self._marker, self._limits = chains, marker, limits
        self._opener_of = opener_of

    def hash(self, order: HashHost) -> Done:
        """Hash a file of an exhibit, or the disk in it; the facts of its end hold the digests.

        Of a disk that cannot be read whole they hold what of it cannot be had.
        """
        mark = mark_of(order.job)
        self._marker.set(mark, Phase.READING, self._limits.seconds(0) * 3)
        stream = self._chains.open(order.exhibit, order.chain)
        stream.seek(0)
        self._marker.meter.begin(order.job, stream.size)
        digests = {name: hashlib.new(name, usedforsecurity=False) for name in order.algorithms}
        while True:
            self._marker.set(mark, Phase.READING, self._limits.seconds(PIECE_BYTES) * 6)
            try:
                piece = stream.read(4 * PIECE_BYTES)
            except Damaged as error:
                return self._lost(order, stream, error)
            if not piece:
                break
            self._marker.meter.walked(len(piece))
            for digest in digests.values():
                digest.update(piece)
        found = {name: digest.hexdigest() for name, digest in digests.items()}
        return Done(order.job, facts=msgspec.json.encode({"size": stream.size, **found}))

    def _lost(self, order: HashHost, stream: Stream, error: Damaged) -> Done:
        """Return the end of a disk that cannot be read whole, with how much of it cannot. Reads the rest once."""
        if not isinstance(order.chain[-1], Layer):
            raise error
        allowed = self._limits.seconds(PIECE_BYTES) * 6
        at = stream.tell()
        at += sum(map(len, reached(stream, at, 4 * PIECE_BYTES)))
        found = gaps(stream, at, lambda: self._marker.set(mark_of(order.job), Phase.READING, allowed))
        facts = msgspec.json.encode({MISSING: found.facts()})
        return Done(order.job, error.status, f"{error}; {found.said('of the disk')}", facts)

    def probe(self, order: Probe) -> None:
        """Open a file of an exhibit as far as its source asks for others beside it."""
        self._marker.set(mark_of(order.job), Phase.READING, self._limits.seconds(0) * 3)
        stream = self._chains.open(order.exhibit, order.chain)
        opener, _ = self._opener_of(stream, order.name, Kind.EXHIBIT)
        if opener in self._chains.openers.images:
            layer = Layer(opener, order.name, order.item)
            _, around = self._chains.opened(order.exhibit, (*order.chain, layer))
            if around is not None and (names := around.belonging):
                self._chains.ask(Ask("belong", order.exhibit, order.item, names=names))

    def read(self, order: Read) -> Done:
        """Return bytes of an item. Raises Damaged where it ends before them."""
        self._marker.set(mark_of(order.job), Phase.READING, self._limits.seconds(order.length))
        stream = self._chains.open(order.exhibit, order.chain)
        stream.seek(order.offset)
        data = stream.read(order.length)
        if len(data) < order.length and order.offset + order.length <= stream.size:
            raise Damaged(f"ends at byte {order.offset + len(data)}")
        return Done(order.job, data=data)

    def preview(self, order: Preview) -> Done:
        """Return a picture as it may be shown."""
        self._marker.set(mark_of(order.job), Phase.READING, self._limits.seconds(order.size))
        stream = self._chains.open(order.exhibit, order.chain)
        stream.seek(0)
        return Done(order.job, data=preview(stream.read(order.size), clear=order.clear))
