"""A worker: a locked process that takes orders over a socket and answers with rows. Forked off by ``forkserver``.

It opens nothing by itself: every descriptor comes from the main process, by ``Ask``. One order at a time.
"""

import gc
import os
import traceback
from collections import deque
from socket import socket

import msgspec

from actionday.model import VOLUMES, Found, ItemError, Kind, Note, OverLimit, Status, Stream
from actionday.model.errors import Refused
from actionday.pipeline.allowance import Allowance, room_with
from actionday.pipeline.budget import Budget, Left, Share
from actionday.pipeline.chains import Chains
from actionday.pipeline.earlier import Unchanged, way_of
from actionday.pipeline.errands import Errands
from actionday.pipeline.examine import Examiner
from actionday.pipeline.known_files import KnownFiles
from actionday.pipeline.layers import Layers
from actionday.pipeline.listing import Batch
from actionday.pipeline.loaded import Loaded
from actionday.pipeline.marker import Marker, Phase
from actionday.pipeline.messages import (
    Answer,
    Ask,
    Done,
    Examine,
    Expand,
    GoOn,
    HashHost,
    Kept,
    Layer,
    Listing,
    Located,
    Order,
    Preview,
    Probe,
    Read,
    Scope,
    Setup,
    Stored,
)
from actionday.pipeline.openers import binary
from actionday.pipeline.outcome import Outcome, code_of
from actionday.pipeline.output import Output
from actionday.pipeline.peek import StreamPeek
from actionday.pipeline.recursion import Recursion
from actionday.pipeline.repeats import Repeats
from actionday.pipeline.sandbox import lock
from actionday.pipeline.slowly import Slowly
from actionday.pipeline.visit import Visit, first_offset, is_whole, item_of, located, run_size
from actionday.pipeline.wire import FAULT, Closed, Wire
from actionday.storage.hashes.known import Known
from actionday.storage.hashes.sets import mapped


class Worker:
    """Carries out orders one after another until the connection closes."""

    def __init__(self, wire: Wire, marker: Marker, setup: Setup, loaded: Loaded, known: Known) -> None:
        self._wire, self._marker = wire, marker
        self._limits = setup.limits
        self._ahead: deque[Order] = deque()
        secrets = [each.decode("utf-8", "surrogateescape") for each in setup.secrets]
        self._chains = Chains(loaded.openers, setup.limits, self._ask, secrets, marker.renew)
        self._output = Output(self._send, loaded.reader, marker, setup.limits)
        examiner = Examiner(loaded.parsers, setup.limits, secrets)
        files = KnownFiles(known)
        self._recursion = Recursion(self._chains, examiner, self._output, marker, self._send, files)
        self._slowly = Slowly(loaded.parsers, examiner, setup.limits, secrets, self._output, marker)
        seconds = setup.limits.seconds
        self._layers = Layers(self._chains, self._recursion, self._output, marker, seconds, self._known)
        self._errands = Errands(self._chains, marker, setup.limits, self._recursion.passage.opener_of)

    def _send(self, message: object) -> None:
        """Send; while the main process is too busy to take it, no deadline runs."""
        with self._marker.paused():
            self._wire.send(message)

    def _ask(self, question: Ask) -> tuple[Answer, list[int]]:
        with self._marker.paused():
            self._wire.send(question)
            while True:
                message, descriptors = self._wire.receive()
                if isinstance(message, Answer):
                    return message, descriptors
                self._ahead.append(message)  # the next order was on its way already

    def _next(self) -> Order:
        order: Order = self._ahead.popleft() if self._ahead else self._wire.receive()[0]
        return order

    def run(self) -> None:
        """Take orders until the main process closes the connection."""
        while True:
            self._carry_out(self._next())
            self._marker.idle()

    def _carry_out(self, order: Order) -> None:
        done = Done(getattr(order, "job", 0))
        self._recursion.begin(done.job)
        try:
            if isinstance(order, Examine) and order.slow:
                self._slowly.carry_out(order, self._chains.content)
            elif isinstance(order, Examine):
                self._examine(order)
            elif isinstance(order, Expand):
                done = self._expand(order)
            elif isinstance(order, HashHost):
                done = self._errands.hash(order)
            elif isinstance(order, Probe):
                self._errands.probe(order)
            elif isinstance(order, Read):
                done = self._errands.read(order)
            elif isinstance(order, Preview):
                done = self._errands.preview(order)
        except ItemError as error:
            done = self._failed(order, error)
        except OSError as error:
            done = self._failed(order, Refused.or_damaged(error.strerror or str(error)))
        self._output.flush(done.job)
        self._wire.send(done)

    def _failed(self, order: Order, error: ItemError) -> Done:
        """Return the end of an order that could not even begin; a container says so in the issue log."""
        if isinstance(order, Expand):
            self._layers.told(order.scope, self._chains.unopened, [])
            self._chains.unopened = None
            unsupported = error.status is Status.UNSUPPORTED
            if not (unsupported and is_whole(order.scope.chain)):  # its parts say what they are, unread
                note = Note(
                    code_of(error, "" if unsupported and self._is_text(order) else order.kind), str(error)
                )
                self._output.issue(order.scope.item, "open", order.scope.path, note)
            noted = msgspec.json.encode(self._layers.noted)
            return Done(order.job, error.status, str(error), noted, code=error.code)
        return Done(getattr(order, "job", 0), error.status, str(error), code=error.code)

    def _is_text(self, order: Expand) -> bool:
        """Say whether an exhibit is a text that begins as an image does: it was read as what it is."""
        if order.kind != Kind.EXHIBIT or order.opener not in self._chains.openers.images:
            return False
        stream = self._chains.open(order.scope.exhibit, order.scope.chain)
        return not binary(StreamPeek(order.name, Kind.EXHIBIT, stream))

    # one order each

    def _examine(self, order: Examine) -> None:
        scope = order.scope
        shared, share = self._budget(0, order.budget), Share(self._limits)
        for each in sorted(order.found, key=first_offset):
            # what lies in a file system stands alone; what was unpacked shares its archive's allowance
            item = item_of(scope, each)
            nested = bool(scope.archive) or isinstance(each.step, Stored)
            budget = shared if nested else self._budget(0, order.budget)
            own = Budget(run_size(each.runs or ()), self._limits, budget.left, share=share)
            self._one(Visit(scope, budget, order.skip, False, own), each, item)
            self._output.unpacked(scope.account if nested else item, budget.left)
            if self._output.full():
                self._output.flush(order.job)

    def _one(self, visit: Visit, each: Located, item: bytes) -> None:
        scope = visit.scope
        if each.kind == Kind.EXHIBIT and item not in visit.skip and self._exhibit(visit, each, item):
            return
        if each.runs is None or each.status == Status.QUEUED:
            self._recursion.plain(visit, each, item, each.status or Status.PARSED, each.reason, each.code)
            return
        size = run_size(each.runs)
        self._output.bytes += sum(length for offset, length in each.runs if offset >= 0)
        self._recursion.read(visit, each, item, lambda: self._chains.content(scope, each, size), None)

    def _exhibit(self, visit: Visit, each: Located, item: bytes) -> bool:
        """Hand an exhibit that is a container to a job of its own; return whether it is one."""
        size = each.size or 0
        return self._recursion.exhibit(
            visit, each, item, lambda: self._chains.content(visit.scope, each, size)
        )

    def _expand(self, order: Expand) -> Done:
        scope, layers, beside = order.scope, 0, 0
        self._marker.set(scope.item, Phase.LISTING, self._limits.seconds(0) * 3)
        self._layers.begin()
        stream = self._chains.open(scope.exhibit, scope.chain)
        lacking, before = list[str](), Repeats()
        if (ended := self._layers.whole(order, self._visit(order, scope), lacking)) is not None:
            return Done(order.job, ended.status, ended.reason, msgspec.json.encode(self._layers.noted))
        opener = order.opener or self._opener(stream, order, Kind(order.kind), lacking, before)
        while opener in self._chains.openers.images:
            if (layers := layers + 1) > self._limits.depth:
                raise OverLimit(f"more than {self._limits.depth} images within one another")
            scope = msgspec.structs.replace(
                scope, chain=(*scope.chain, Layer(opener, order.name, scope.item))
            )
            visit = self._visit(order, scope)
            stream, around = self._layers.opened(order, visit, layers)
            # its disk is hashed, whatever is in it
            self._output.place(Kept(scope, order.name, opener, stream.size))
            self._layers.told(scope, around, lacking)
            beside += sum(around.beside.values())
            self._layers.beside(order, visit, around, layers)
            self._layers.states(order, visit, around, layers, room_with(order, beside, self._limits))
            opener = self._opener(stream, order, Kind.VOLUME, lacking, before)
        self._output.place(Kept(scope, order.name, opener, stream.size))
        allowance = Allowance(room_with(order, beside, self._limits), stream.size, self._limits)
        ended = self._through(order, self._visit(order, scope), opener, stream, allowance)
        if ended.status is Status.PARSED and lacking:
            ended = Outcome.lacking(lacking)._replace(told=ended.told)
        told = msgspec.json.encode([*self._layers.noted, *ended.told])
        return Done(order.job, ended.status, ended.reason, told, member=ended.member)

    def _visit(self, order: Expand, scope: Scope) -> Visit:
        return Visit(scope, self._budget(order.size, order.budget), order.skip, False)

    def _opener(self, stream: Stream, order: Expand, kind: Kind, lacking: list[str], before: Repeats) -> str:
        """Return who opens ``stream``; what of its ends cannot be read is noted and added to ``lacking``."""
        opener, gaps = self._recursion.passage.opener_of(stream, order.name, kind, before)
        for why in gaps:
            self._output.issue(order.scope.item, "open", order.scope.path, Note("gap", why))
        lacking += gaps
        return opener

    def _through(
        self, order: Expand, visit: Visit, opener: str, stream: Stream, allowance: Allowance
    ) -> Outcome:
        batch, unchanged = Batch(order.job, self._listed), Unchanged(visit.scope, stream)
        self._marker.meter.begin(order.job, stream.size)

        def each(found: Found, item: bytes) -> None:
            room, why = allowance.of(found, item)
            known = order.resumed and self._known(order.scope.exhibit, item)
            if known or self._recursion.passage.spaces.takes(visit, found, item, opener):
                return
            if why:
                self._recursion.plain(visit, located(found), item, Status.QUARANTINED, why)
            elif found.kind in VOLUMES:
                self._recursion.volume(visit, found, item, room, way_of(visit.scope, opener, found))
            elif found.runs is not None and found.read is None and found.status is None:
                lies = msgspec.structs.replace(located(found), room=room)
                first = allowance.first or unchanged.first(found)
                batch.add(lies, first, goes_on=not (allowance.counted or unchanged))
            else:
                self._recursion.item(visit, found, item, stream)
            self._marker.meter.given(visit.budget.left.used)
            self._output.unpacked(visit.scope.account, visit.budget.left)
            if self._output.full():
                self._output.flush(order.job)

        walked = self._layers.watched(stream)
        ended = self._recursion.passage.through(
            visit, opener, order.name, walked, each, order.after, order.kind
        )
        batch.send()
        return ended

    def _listed(self, listing: Listing) -> None:
        """Send a batch; carry out what comes back until told to go on."""
        self._output.flush(listing.job)
        self._wire.send(listing)
        self._marker.idle()
        while not isinstance(order := self._next(), GoOn):
            self._carry_out(order)
            self._marker.idle()
        self._recursion.begin(listing.job)

    def _known(self, exhibit: int, item: bytes) -> bool:
        return bool(self._ask(Ask("known", exhibit, item))[0].size)

    def _budget(self, packed: int, left: int) -> Budget:
        return Budget(packed, self._limits, Left(left))


def main(connection: int, marker: int, loaded: Loaded) -> None:
    """Be a worker on the inherited descriptors ``connection`` and ``marker``, with what is loaded already."""
    wire = Wire(socket(fileno=connection), Setup)
    try:
        _started(wire, Marker(marker), loaded).run()
    except Closed:
        os._exit(0)
    except BaseException:  # our own fault, or memory: the main process hears of it, stderr may be a file
        wire.send(Done(FAULT, "fault", traceback.format_exc(limit=-6)))
        os._exit(1)


def _started(wire: Wire, marker: Marker, loaded: Loaded) -> Worker:
    """Return the worker, locked, that has told the main process so."""
    setup, descriptors = wire.receive()
    known = mapped(descriptors, setup.hash_sets)
    locks = lock(setup.limits.memory)
    worker = Worker(Wire(wire.socket, Order), marker, setup, loaded, known)
    wire.send(Done(0, facts=msgspec.json.encode({"locks": locks._asdict()})))
    gc.freeze()
    return worker
