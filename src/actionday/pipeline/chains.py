"""Following a chain from the exhibit to a stream, in a worker; opened layers are kept for the next job."""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from socket import socket

import msgspec

from actionday.model import Context, Derivation, Limits, Note, Part, ReadWith, Run, Stream
from actionday.model.errors import Refused
from actionday.model.names import printed
from actionday.model.streams import RunStream
from actionday.pipeline.deriving import Deriving
from actionday.pipeline.free import Free
from actionday.pipeline.messages import (
    Answer,
    Ask,
    Below,
    Chain,
    Earlier,
    Host,
    Layer,
    Located,
    Member,
    Scope,
    Slice,
    Stored,
    Whole,
)
from actionday.pipeline.openers import Openers
from actionday.pipeline.streams import BlockStream, DescriptorStream, Held
from actionday.storage.objects import Location, ObjectStream

Asker = Callable[[Ask], tuple[Answer, list[int]]]
CHAINS_KEPT = 16
"""An open image keeps tables and blocks of some MiB; more chains than this are seldom in use at once."""


class Around:
    """The ``Context`` of one container in a worker."""

    def __init__(self, chains: "Chains", exhibit: int, item: bytes, name: str) -> None:
        self.name, self.after = name, None
        self._chains, self._exhibit, self._item = chains, exhibit, item
        self.secrets: Sequence[str] = chains.secrets
        self.limits: Limits = chains.limits
        self.notes: list[Note] = []
        self.facts: dict[str, object] = {}
        self.stored: dict[str, str] = {}
        """Hashes that the imager noted of the whole disk, to be compared."""
        self.beside: dict[str, int] = {}
        """Bytes of each stream that was found beside this one."""
        self.earlier = False
        """It is an earlier state of another stream."""
        self.begins: int | None = None
        """The byte of its disk at which a partition begins."""
        self.outside: set[str] = set()
        """Names of what was looked at beside a file of the exhibit and is none of it."""
        self.disk: object = None
        """What an image reader made of it."""
        self.free: Free | None = None
        """Which bytes of the stream belong to nothing in it, where its source says so."""
        self.belongs: Member | None = None
        """Of what it says that it is a part."""

    after: str | None

    def sibling(self, name: str) -> Stream | None:
        """Return the stream called ``name`` beside this one, or None."""
        answer, _ = self._chains.ask(Ask("sibling", self._exhibit, self._item, name=name))
        if answer.chain is None:
            return None
        try:
            stream = self._chains.open(self._exhibit, answer.chain)
        except Refused as error:  # else it would be said of the file that was given
            raise Refused(f"{name}: {error}") from error
        self.beside[name] = stream.size
        return stream

    @property
    def belonging(self) -> tuple[str, ...]:
        """The files beside it that are read with it: those it asked for and did not find to be none of it."""
        strange = frozenset(getattr(self.disk, "strangers", ()))
        return tuple(name for name in self.beside if name not in strange)

    def glance(self, name: str) -> Stream | None:
        """Return the stream called ``name`` beside this one, or None, to be looked at: it may not be needed."""
        answer, descriptors = self._chains.ask(Ask("glance", self._exhibit, self._item, name=name))
        if answer.chain is not None:
            return self._chains.open(self._exhibit, answer.chain)
        if answer.outside:
            self.outside.add(name)
        return DescriptorStream(descriptors[0], answer.size) if descriptors else None

    def siblings(self) -> Sequence[str]:
        """Return the names beside this one."""
        return self._chains.ask(Ask("siblings", self._exhibit, self._item))[0].names

    def below(self, folder: str) -> Iterator[Below]:
        """Yield the entries below a folder of the same container, in the order of their paths, a page at a time."""
        after = b""
        while True:
            answer, _ = self._chains.ask(Ask("below", self._exhibit, self._item, name=folder, path=after))
            if not answer.entries:
                return
            after, found = msgspec.msgpack.decode(answer.entries, type=tuple[bytes, list[Below]])
            if not found:
                return
            yield from found

    def note(self, code: str, reason: str, path: str = "") -> None:
        """Add a line to the issue log."""
        self.notes.append(Note(code, reason, path))

    def acquired(self, facts: Mapping[str, object]) -> None:
        """Keep what the imager stored."""
        self.facts.update(facts)

    def member(self, assembly: str, of: str, name: str = "", *, beside: bool = False) -> None:
        """Say that the stream is one of several that are put together."""
        self.belongs = Member(assembly, printed(of), printed(name), beside)

    def unallocated(self, runs: Iterable[Run], unit: int, first: int = 0) -> None:
        """Keep which bytes of the stream belong to nothing in it."""
        self.free = Free.of(runs, unit, first)

    def derive(self, work: Derivation) -> bytes:
        """Return the key that a secret gives. Raises TooCostly, ValueError."""
        return self._chains.deriving.key(work)

    def companion(self) -> socket | None:
        """Return a connection to a fresh file-system companion."""
        _, descriptors = self._chains.ask(Ask("companion", self._exhibit, self._item))
        return socket(fileno=descriptors[0]) if descriptors else None


class Chains:
    """Opens chains and keeps the last ones open."""

    def __init__(
        self,
        openers: Openers,
        limits: Limits,
        ask: Asker,
        secrets: Sequence[str] = (),
        further: Callable[[], None] = lambda: None,
    ) -> None:
        """``further`` is called as another secret is tried: a deadline begins anew."""
        self.openers, self.limits, self.ask, self.secrets = openers, limits, ask, secrets
        self._kept: OrderedDict[tuple[int, Chain], tuple[Stream, Around | None]] = OrderedDict()
        self.deriving = Deriving(self._deriver, further)
        self.unopened: Around | None = None
        """The surroundings of the layer that could not be opened last: what it told before stands there."""

    def _deriver(self) -> socket | None:
        _, descriptors = self.ask(Ask("deriver"))
        return socket(fileno=descriptors[0]) if descriptors else None

    def content(self, scope: Scope, each: Located, size: int) -> Stream:
        """Return the content of an item in a container, ``size`` bytes. Raises as ``open``."""
        chain = scope.chain if each.step is None else (each.step,)
        base = self.open(scope.exhibit, chain)
        if each.step is not None and isinstance(each.step, Stored | Host):
            base.seek(0)
            return base
        return RunStream(base, each.runs or (), size)

    def open(self, exhibit: int, chain: Chain) -> Stream:
        """Return the stream at the end of ``chain``. Raises ItemError or OSError."""
        return self.opened(exhibit, chain)[0]

    def opened(self, exhibit: int, chain: Chain) -> tuple[Stream, Around | None]:
        """Return the stream and, for an image reader, what it noted while opening."""
        key = (exhibit, chain)
        if key not in self._kept:
            self._kept[key] = self._make(exhibit, chain)
            if len(self._kept) > CHAINS_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _make(self, exhibit: int, chain: Chain) -> tuple[Stream, Around | None]:
        *before, step = chain
        if isinstance(step, Host):
            answer, descriptors = self.ask(Ask("host", exhibit, number=step.number, path=step.path))
            return DescriptorStream(_one(descriptors, answer), answer.size), None
        if isinstance(step, Stored):
            return self._stored(step), None
        if isinstance(step, Whole):
            return self._volume(exhibit, step) if step.volume is not None else self._whole(exhibit, step)
        if isinstance(step, Layer) and step.state is not None:
            return self._state(exhibit, (*before, msgspec.structs.replace(step, state=None)), step.state)
        if isinstance(step, Earlier) and step.place is not None:
            return self._before(exhibit, (*before, msgspec.structs.replace(step, place=None)), step.place)
        base = self.open(exhibit, tuple(before))
        if isinstance(step, Earlier):
            return base, self._states(step, exhibit, base)
        if isinstance(step, Slice):
            return RunStream(base, step.runs, step.size), None
        return self._layer(step, exhibit, base)

    def _layer(self, step: Layer, exhibit: int, base: Stream) -> tuple[Stream, Around]:
        around = self.unopened = Around(self, exhibit, step.item, step.name)
        try:
            disk = self.openers.images[step.image].open(base, around)
        except ReadWith as error:
            raise error.apart() if error.file in around.outside else error  # noqa: B904 - the same, told as it is here
        self.unopened = None
        around.disk = disk
        around.stored |= getattr(disk, "stored", {})
        return BlockStream(disk), around

    def _state(self, exhibit: int, chain: Chain, number: int) -> tuple[Stream, None]:
        """Return an earlier state of an image, which is opened once for all of them: thousands may share a table."""
        _, around = self.opened(exhibit, chain)
        assert around is not None
        return BlockStream(around.disk.state(number)), None  # type: ignore[attr-defined]

    def _states(self, step: Earlier, exhibit: int, base: Stream) -> Around:
        """Return what a source makes of a stream that keeps earlier states."""
        around = Around(self, exhibit, step.item, "")
        around.disk = self.openers.sources[step.source].earlier(base)  # type: ignore[attr-defined]
        return around

    def _before(self, exhibit: int, chain: Chain, place: str) -> tuple[Stream, None]:
        """Return an earlier state of a stream; its tables are read once for all of them."""
        _, around = self.opened(exhibit, chain)
        assert around is not None
        return BlockStream(around.disk.state(place)), None  # type: ignore[attr-defined]

    def _whole(self, exhibit: int, step: Whole) -> tuple[Stream, Around]:
        """Return a whole, and what was noted as it was put together; of a group of volumes nothing can be read."""
        around = self.unopened = Around(self, exhibit, step.item, step.of)
        parts = [Part(self.open(exhibit, chain), path) for chain, path in step.parts]
        around.disk = made = self.openers.assemblies[step.assembly].assemble(parts, step.of, around)
        self.unopened = None
        disk: Stream = made if made.volumes is None else Held(b"")  # type: ignore[assignment]
        return BlockStream(disk), around

    def _volume(self, exhibit: int, step: Whole) -> tuple[Stream, None]:
        """Return a volume of a group, which is put together once for all of them."""
        _, around = self.opened(exhibit, (msgspec.structs.replace(step, volume=None),))
        assert around is not None
        return BlockStream(around.disk.volume(step.volume)), None  # type: ignore[attr-defined]

    def _stored(self, step: Stored) -> Stream:
        answer, descriptors = self.ask(Ask("stored", sha256=step.sha256))
        file = open(_one(descriptors, answer), "rb")  # noqa: SIM115 - lives as long as the stream
        location = msgspec.msgpack.decode(answer.location, type=Location)
        return ObjectStream(file, location.start, location.size, list(location.frames), location.skip)


def _one(descriptors: list[int], answer: Answer) -> int:
    if not descriptors:
        raise Refused.or_damaged(answer.error or "cannot be opened")
    return descriptors[0]


_: type[Context] = Around
