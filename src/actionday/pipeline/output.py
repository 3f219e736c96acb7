"""What a job has produced and not yet sent: filled item by item, sent in batches of a few MiB."""

from collections import Counter
from collections.abc import Callable
from mmap import mmap
from time import monotonic

import msgspec

from actionday.detectors.language import Attribution
from actionday.model import Limits, Note
from actionday.pipeline.budget import Left
from actionday.pipeline.extracted import Text, digest, encoded, named, terms
from actionday.pipeline.marker import Marker, Phase
from actionday.pipeline.messages import Bundle, Content, Issue, Kept, Object, Opened, Results, Row, Terms
from actionday.pipeline.reading import Body
from actionday.pipeline.text import Reader, segments
from actionday.storage.objects.frames import BUNDLE_BYTES, SMALL

SEND_BYTES = 4 << 20
"""Large enough that a message's fixed cost vanishes, small enough that two workers' messages fit in memory."""
SEND_SECONDS = 1.0
"""A batch of a folder has up to 16 MiB or 256 files: of what gives little text, nothing was searchable till its end."""
SEEN_KEPT = 500_000
"""Contents a worker remembers having sent (32 bytes each and their overhead: some 50 MB)."""


class Pending(msgspec.Struct):
    """A content whose text still waits for its language: languages are told in batches."""

    item: bytes
    content: Content
    text: Text

    @property
    def key(self) -> bytes:
        """What tells a reading from every other, of these bytes and of others."""
        return self.content.sha256 + self.content.reading


class Output:
    """Collects the results of one job after another and sends them."""

    def __init__(
        self,
        send: Callable[[Results], None],
        reader: Reader,
        marker: Marker,
        limits: Limits,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._send, self._reader, self._marker, self._limits = send, reader, marker, limits
        self._clock, self._since = clock, 0.0
        self._seen: set[bytes] = set()
        self._clear()

    def _clear(self) -> None:
        self._rows: list[Row] = []
        self._contents: list[Content] = []
        self._objects: list[Object] = []
        self._bundles: list[Bundle] = []
        self._small: dict[bytes, bytes] = {}
        self._small_bytes = 0
        self._pending: list[Pending] = []
        self._issues: list[Issue] = []
        self._opened: list[Opened] = []
        self._kept: list[Kept] = []
        self._weight = 0
        self.after: str | None = None
        self.bytes = 0
        self._unpacked: Counter[bytes] = Counter()

    def row(self, row: Row) -> None:
        """Add a finished item."""
        if not self._rows:
            self._since = self._clock()
        self._rows.append(row)
        self._weight += 200 + len(row.meta)

    def opened(self, opened: Opened) -> None:
        """Add a container that is to be opened by a job of its own."""
        self._opened.append(opened)

    def place(self, kept: Kept) -> None:
        """Say where the stream of a container is to be had again."""
        self._kept.append(kept)

    def unpacked(self, account: bytes, left: Left) -> None:
        """Report what was unpacked since the last call, under the archive it came out of."""
        if left.used:
            self._unpacked[account] += left.used
            left.reset()

    def issue(self, item: bytes | None, stage: str, path: str, note: Note) -> None:
        """Add a line to the issue log."""
        whole = "/".join(part for part in (path, note.path) if part)
        self._issues.append(Issue(item, stage, whole, note.code, note.reason))
        self._weight += 200

    def content(self, content: Content, item: bytes, text: Text | None, data: bytes | mmap) -> bytes:
        """Add a content as it was read, with its text if it has one; return the reading, for the item's row.

        ``data`` is the content itself, to compare; one too large to be held is not compared: of some it is the
        beginning, and a text equal to that is not the content.
        """
        data = data if isinstance(data, bytes) and len(data) == content.size else b""
        if text is not None and text.characters:
            read = digest(encoded(text), data, content.sha256)
            content = msgspec.structs.replace(
                named(content, read, by_chance=text.by_chance), text=read, characters=text.characters
            )
            self._pending.append(Pending(item, content, text))
            self._weight += text.characters
            return content.reading
        content = named(content)
        key = content.sha256 + content.reading
        if key not in self._seen:
            self._contents.append(content)
            self._remember(key)
        return content.reading

    def keep(self, body: Body) -> None:
        """Keep the bytes of a content that cannot be read from the exhibit again."""
        self._object(body.sha256, bytes(body.data))
        self._weight += body.size

    def _object(self, sha256: bytes, data: bytes) -> None:
        key = b"object" + sha256
        if key not in self._seen:
            self._objects.append(Object(sha256, len(data), self._reader.frames(data)))
            self._remember(key)

    def _text(self, sha256: bytes, data: bytes) -> None:
        """Keep a text, a small one together with others."""
        if len(data) >= SMALL:
            self._object(sha256, data)
            return
        key = b"object" + sha256
        if key in self._seen:
            return
        self._remember(key)
        self._small[sha256] = data
        self._small_bytes += len(data)
        if self._small_bytes >= BUNDLE_BYTES:
            self._bundle()

    def _bundle(self) -> None:
        """Compress the small texts that wait."""
        if self._small:
            members = tuple((sha256, len(data)) for sha256, data in self._small.items())
            self._bundles.append(Bundle(members, self._reader.bundle(list(self._small.values()))))
            self._small, self._small_bytes = {}, 0

    def _remember(self, key: bytes) -> None:
        if len(self._seen) >= SEEN_KEPT:
            self._seen.clear()
        self._seen.add(key)

    def full(self) -> bool:
        """Say whether it is time to send: enough has come together, or the first of it has waited long enough."""
        if self._weight >= SEND_BYTES:
            return True
        return bool(self._rows) and self._clock() - self._since >= SEND_SECONDS

    def flush(self, job: int) -> None:
        """Send what was collected as results of ``job``."""
        found = tuple(self._texts())
        self._bundle()
        results = Results(
            job,
            tuple(self._rows),
            tuple(self._contents),
            tuple(self._objects),
            found,
            tuple(self._issues),
            tuple(self._opened),
            tuple(self._kept),
            self.after,
            self.bytes,
            dict(self._unpacked),
            tuple(self._bundles),
        )
        self._clear()
        self._send(results)
        self._marker.meter.sent()

    def _beat(self, item: bytes, size: int) -> None:
        self._marker.set(item, Phase.EXAMINING, self._limits.seconds(size))

    def _texts(self) -> list[Terms]:
        fresh = self._unseen()
        if fresh:
            self._beat(fresh[0].item, self._weight)
        for each, language in zip(fresh, self._reader.languages([each.text for each in fresh]), strict=True):
            self._beat(each.item, each.text.characters)
            self._keep_text(each, language)
        found = []
        for each in self._pending:
            self._beat(each.item, each.text.characters)
            found.append(Terms(each.item, each.content.sha256, *terms(each.text)))
        return found

    def _unseen(self) -> list[Pending]:
        """Return the readings whose text has not been sent: copies of a file are told once."""
        fresh = {each.key: each for each in self._pending if each.key not in self._seen}
        return list(fresh.values())

    def _keep_text(self, each: Pending, language: Attribution) -> None:
        if each.content.text is not None:
            self._text(each.content.text, encoded(each.text))
        self._contents.append(
            msgspec.structs.replace(
                each.content,
                language=language.language,
                script=language.script,
                confidence=round(language.confidence, 4),
                segments=segments(language, each.text.characters - each.text.code),
            )
        )
        self._remember(each.key)
