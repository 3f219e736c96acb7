"""The slow lane within a worker: one content of which the fast lane told all but what takes seconds to read."""

from collections.abc import Callable, Sequence
from functools import partial

import msgspec

from actionday.model import (
    Around,
    ItemError,
    Limits,
    Loss,
    Note,
    OverLimit,
    Parsed,
    SlowParser,
    Status,
    Stream,
)
from actionday.model.foreign import plainly
from actionday.model.loss import PAGES_WAIT
from actionday.model.waiting import SAID, waits_for
from actionday.parsers import Parsers
from actionday.pipeline.examine import NO_TEXT, Examiner, waiting
from actionday.pipeline.marker import Marker, Phase
from actionday.pipeline.messages import Content, Examine, Located, Scope
from actionday.pipeline.outcome import Verdicted, both
from actionday.pipeline.output import Output
from actionday.pipeline.placing import placed, row_of
from actionday.pipeline.reading import Body, body_of, complete, pieces
from actionday.pipeline.spelt import with_spellings
from actionday.pipeline.visit import item_of

WAITED = frozenset({"needs", "pages_without_text"})


class Slowly:
    """Reads a content once more and reports its item, in the place of itself as it waited."""

    def __init__(
        self,
        parsers: Parsers,
        examiner: Examiner,
        limits: Limits,
        secrets: Sequence[str],
        output: Output,
        marker: Marker,
    ) -> None:
        self._parsers, self._examiner, self._limits, self._secrets = parsers, examiner, limits, secrets
        self._output, self._marker = output, marker

    def carry_out(self, order: Examine, stream: Callable[[Scope, Located, int], Stream]) -> None:
        """Report the items of an order of the slow lane; ``stream`` opens what one of a size holds."""
        for each in order.found:
            self._item(order, each, partial(stream, order.scope, each, each.size or 0))

    def _item(self, order: Examine, each: Located, reader: Callable[[], Stream]) -> None:
        (parent, path), item = placed(order.scope, each), item_of(order.scope, each)
        if (verdict := order.skip.get(item)) is not None:
            self._output.issue(item, "parse", path, Note(Status.QUARANTINED, verdict.reason))
            row = row_of(item, parent, path, each, status=Status.QUARANTINED, reason=verdict.reason)
            self._output.row(row)
            return

        def beat() -> None:
            self._marker.set(item, Phase.READING, self._limits.seconds(1 << 20))

        body = complete(body_of(pieces(reader, beat), self._limits, None, each.size), each.size)
        slow = order.slow
        if slow is not None and body.sha256 != slow.sha256:
            why = f"its SHA-256 is {body.sha256.hex()}, it was {slow.sha256.hex()} when it was hashed"
            self._output.issue(item, "read", path, Note(Loss.CHANGED, both(str(body.error or ""), why)))
            self._output.row(row_of(item, parent, path, each, status=Status.UNREADABLE, reason=why))
            return
        found, plain = self._read(body, each.kind, item, slow.around if slow is not None else Around())
        for note in found.notes:
            self._output.issue(item, "parse", path, note)
        reading = self._output.content(found.content, item, found.text, body.data)
        reason = both(_own(each.reason, plain), found.reason)
        row = row_of(item, parent, path, each, body=body, status=found.status, reason=reason)
        self._output.row(msgspec.structs.replace(row, reading=reading))

    def _read(self, body: Body, kind: str, item: bytes, around: Around) -> tuple[Verdicted, Parsed]:
        """Return what the parsers of both lanes say of a content, and what that of the fast lane says alone."""
        content = self._examiner.bare(body, kind)
        parser = self._parsers.slow(content.mime)
        plain = Parsed()
        if parser is None:
            return Verdicted(Status.QUEUED, waits_for("a reader", content.mime), content, None, ()), plain

        def beat(seconds: float) -> None:
            self._marker.set(item, Phase.EXAMINING, seconds)

        data = memoryview(body.data)
        try:
            beat(self._limits.seconds(len(data)))
            plain = self._parsers.parse(content.mime, data, self._limits, self._secrets) or plain
            slow = parser.read(data, content.mime, self._limits, around, beat)
        except ItemError as error:
            waits = error.status is Status.QUEUED
            reason = waits_for(parser.slow, str(error)) if waits else str(error)
            notes = () if waits else (Note(error.code, reason),)
            return Verdicted(error.status, reason, content, None, notes), plain
        except MemoryError:
            why = "needs more memory than a worker may use"
            return Verdicted(OverLimit.status, why, content, None, (Note(OverLimit.code, why),)), plain
        except Exception as error:  # a library's own fault on hostile bytes: the item's, not ours to stop for
            why = plainly(error)
            return Verdicted(Status.UNREADABLE, why, content, None, (Note("parser_failed", why),)), plain
        return self._both(content, parser, plain, slow), plain

    def _both(self, content: Content, parser: SlowParser, plain: Parsed, slow: Parsed) -> Verdicted:
        """Put what was recognised behind what the content states of itself, each said to be what it is."""
        text, cut = with_spellings([*plain.text, *slow.text], plain.code)
        meta = {key: value for key, value in plain.meta.items() if key not in WAITED} | dict(slow.meta)
        quick = self._parsers.find(content.mime)
        names = [f"{each.name} {each.version}" for each in (quick, parser) if each is not None]
        content = msgspec.structs.replace(
            content, parser=" + ".join(names), meta=msgspec.json.encode(meta) if meta else b""
        )
        said = "" if "wait" in plain.reason else plain.reason
        notes = (*(note for note in plain.notes if note.code != PAGES_WAIT), *slow.notes, *cut)
        reason = both(said, slow.reason)
        if not text.characters:
            reason = reason or NO_TEXT
            return Verdicted(Status.EMPTY, reason, content, text, (*notes, Note("no_text", reason)))
        if reason and not any(note.reason == reason for note in notes):
            notes = (Note(Loss.NOT_WHOLE if said else "no_text", reason), *notes)
        return Verdicted(Status.PARSED, reason, content, text, notes)


def _own(stored: str, plain: Parsed) -> str:
    """Return what the source of an item said of it: what stands before the reason that a parser gave."""
    needs = str(plain.meta.get("needs", ""))
    for reason in (waiting(needs, plain.reason) if needs else plain.reason, plain.reason):
        if reason and stored.endswith(reason):
            return stored[: -len(reason)].removesuffix("; ")
    said = SAID.search(stored)
    return stored[: said.start()].removesuffix("; ") if said else ""
