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
from actionday.model.waiting import waits_for
from actionday.parsers import Parsers
from actionday.pipeline.examine import NO_TEXT, Examiner
from actionday.pipeline.marker import Marker, Phase
from actionday.pipeline.messages import Content, Examine, Located, Scope
from actionday.pipeline.outcome import Verdicted, both
from actionday.pipeline.output import Output
from actionday.pipeline.placing import placed, row_of
from actionday.pipeline.reading import Body, body_of, complete, pieces
from actionday.pipeline.spelt import with_spellings
from actionday.pipeline.visit import item_of


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
        found = self._read(body, each.kind, item, slow.around if slow is not None else Around())
        for note in found.notes:
            self._output.issue(item, "parse", path, note)
        reading = self._output.content(found.content, item, found.text, body.data)
        row = row_of(item, parent, path, each, body=body, status=found.status, reason=found.reason)
        self._output.row(msgspec.structs.replace(row, reading=reading))

    def _read(self, body: Body, kind: str, item: bytes, around: Around) -> Verdicted:
        """Return what the parsers of both lanes say of a content."""
        content = self._examiner.bare(body, kind)
        mime = content.mime
        parser = self._parsers.slow(mime)
        if parser is None:
            return Verdicted(Status.QUEUED, waits_for("a reader", mime), content, None, ())

        def beat(seconds: float) -> None:
            self._marker.set(item, Phase.EXAMINING, seconds)

        data = memoryview(body.data)
        try:
            beat(self._limits.seconds(len(data)))
            plain = self._parsers.parse(mime, data, self._limits, self._secrets) or Parsed()
            slow = parser.read(data, mime, self._limits, around, beat)
        except ItemError as error:
            if error.status is Status.QUEUED:
                return Verdicted(Status.QUEUED, waits_for(parser.slow, str(error)), content, None, ())
            return Verdicted(error.status, str(error), content, None, (Note(error.code, str(error)),))
        except MemoryError:
            why = "needs more memory than a worker may use"
            return Verdicted(OverLimit.status, why, content, None, (Note(OverLimit.code, why),))
        except Exception as error:  # a library's own fault on hostile bytes: the item's, not ours to stop for
            why = plainly(error)
            return Verdicted(Status.UNREADABLE, why, content, None, (Note("parser_failed", why),))
        return self._both(content, parser, plain, slow)

    def _both(self, content: Content, parser: SlowParser, plain: Parsed, slow: Parsed) -> Verdicted:
        """Put what was recognised behind what the content states of itself, each said to be what it is."""
        text, cut = with_spellings([*plain.text, *slow.text], plain.code)
        meta = {key: value for key, value in plain.meta.items() if key != "needs"} | dict(slow.meta)
        quick = self._parsers.find(content.mime)
        names = [f"{each.name} {each.version}" for each in (quick, parser) if each is not None]
        content = msgspec.structs.replace(
            content, parser=" + ".join(names), meta=msgspec.json.encode(meta) if meta else b""
        )
        notes = (*plain.notes, *slow.notes, *cut)
        if text.characters:
            if slow.reason and not any(note.reason == slow.reason for note in notes):
                notes = (Note(Loss.NOT_WHOLE, slow.reason), *notes)
            return Verdicted(Status.PARSED, slow.reason, content, text, notes)
        reason = slow.reason or NO_TEXT
        return Verdicted(Status.EMPTY, reason, content, text, (*notes, Note("no_text", reason)))
