"""What a worker may say: a worker may be taken over by the bytes it reads, and what it then sends is a lie.

``messages`` gives the shapes, which the wire enforces. Here stands what a shape cannot hold: that a worker speaks
of its own orders alone, that numbers fit the database, that ids are functions of their places, that what is
declared in pieces adds up, and that nobody fills the disk. Whoever breaks a rule is killed, as at a deadline.
"""

from collections import Counter
from collections.abc import Iterator

import msgspec

from actionday.model import Kind, Limits, Status
from actionday.model.identity import ID_BYTES, item_id
from actionday.model.lacks import MISSING
from actionday.pipeline.documents import SEGMENTS
from actionday.pipeline.exhibits import HASHES
from actionday.pipeline.extracted import READING_BYTES
from actionday.pipeline.fitting import MOST as FACTS
from actionday.pipeline.jobs import Job, Jobs
from actionday.pipeline.messages import (
    Ask,
    Bundle,
    Content,
    Done,
    Examine,
    Expand,
    Frame,
    HashHost,
    Large,
    Listing,
    Member,
    Noted,
    Object,
    Report,
    Results,
    Row,
    Scope,
)
from actionday.pipeline.pool import WorkerProcess
from actionday.pipeline.wire import FAULT
from actionday.storage.objects import FRAME_BYTES

STATUSES, KINDS = frozenset(Status), frozenset(Kind)
HASH_BYTES = 32
MOST = (1 << 63) - 1
"""The largest number of the database."""
FRAME_SLACK = 64 << 10
"""What compression may add to a frame that cannot be compressed."""
HEADROOM = 200
"""Lists around facts in which they can still be read: whoever reads them later may stand deeper."""
DEEPER = 4
"""Volumes within volumes count as deep as archives, and are not refused for it: four times is far out of reach."""
LONGEST_NAME = 200
"""Characters that name what a stream is a part of."""
READ_MOST = 1 << 44
"""Bytes read that one message may claim: 16 TiB."""


class Conduct:
    """Judges what workers send; keeps count of what each job has sent of large objects."""

    def __init__(self, jobs: Jobs, limits: Limits, *, known: bool = False) -> None:
        """``known``: whether the run has sets of known hashes."""
        self._jobs, self._limits, self._known = jobs, limits, known
        self._frames: Counter[int] = Counter()
        """Frames of the object that a job is sending just now."""
        self._sent: Counter[int] = Counter()
        """Bytes of large objects that a job has sent, unpacked."""

    def breach(self, message: Report, worker: WorkerProcess) -> str:
        """Return which rule a message of ``worker`` breaks, "" if none."""
        if isinstance(message, Ask):
            return ""  # answered for the exhibits of this run alone, and never twice at once
        if isinstance(message, Done) and message.job in (0, FAULT):
            return "begins twice" if message.job == 0 and worker.ready else ""
        job = self._jobs.all.get(message.job)
        if job is None or all(message.job != getattr(order, "job", 0) for order in worker.orders):
            return f"speaks of order {message.job}, which it does not have"
        return next(self._broken(message, job), "")

    def forget(self, jobs: list[int]) -> None:
        """Count anew what jobs send that are given to another worker, or are done."""
        for job in jobs:
            del self._frames[job], self._sent[job]

    def _broken(self, message: Report, job: Job) -> Iterator[str]:
        if isinstance(message, Results):
            yield from self._results(message, job)
        elif isinstance(message, Listing):
            yield from _listing(message, job)
        elif isinstance(message, Frame):
            yield from self._frame(message, job)
        elif isinstance(message, Large):
            yield from self._large(message, job)
        elif isinstance(message, Done):
            yield from _done(message, job)

    def _results(self, results: Results, job: Job) -> Iterator[str]:
        if not isinstance(job.order, Examine | Expand):
            found = results.rows or results.opened or results.kept or results.contents
            if found or results.objects or results.bundles:
                yield "found items where none were asked for"
            return
        scope = job.order.scope
        for row in results.rows:
            yield from _row(row, scope)
            if row.status == Status.KNOWN_GOOD and not self._known:  # else ``verify`` looks it up
                yield f"calls {row.path!r} known good where nothing is known"
        for opened in results.opened:
            yield from _row(opened.row, scope)
            yield from _scope(opened.scope, scope, self._limits)
        for kept in results.kept:
            yield from _scope(kept.scope, scope, self._limits)
        for content in results.contents:
            yield from _content(content)
        for each in results.objects:
            yield from _object(each)
        for bundle in results.bundles:
            yield from _bundle(bundle)
        accounts = {scope.account, *job.items()}
        if any(key not in accounts or not 0 <= count <= READ_MOST for key, count in results.unpacked.items()):
            yield "charges what it unpacked to others"
        if not 0 <= results.read <= READ_MOST:
            yield f"read {results.read} bytes"

    def _frame(self, frame: Frame, job: Job) -> Iterator[str]:
        order = job.order
        if not isinstance(order, Examine | Expand):
            yield "sends a content where none was asked for"
            return
        self._frames[frame.job] += 1
        self._sent[frame.job] += FRAME_BYTES
        if len(frame.data) > FRAME_BYTES + FRAME_SLACK:
            yield f"sends a frame of {len(frame.data)} bytes"
        # each file of a file system has the allowance to itself, members of one archive share it
        shares = len(order.found) if isinstance(order, Examine) and not order.scope.archive else 1
        if self._sent[frame.job] > (order.budget + 2 * FRAME_BYTES) * max(shares, 1):
            yield "sends more than may come out of what it was given"

    def _large(self, large: Large, job: Job) -> Iterator[str]:
        frames = self._frames.pop(large.job, 0)
        if frames == 0 or frames != -(-large.size // FRAME_BYTES) or len(large.sha256) != HASH_BYTES:
            yield f"declares an object of {large.size} bytes after {frames} frames"
        if isinstance(job.order, Examine | Expand):
            yield from _scope(large.scope, job.order.scope, self._limits)


def _row(row: Row, scope: Scope) -> Iterator[str]:
    own = row.id == scope.item and row.parent is None
    if not own and (row.parent is None or row.id != item_id(row.parent, row.place)):
        yield f"gives {row.path!r} an id that is not of its place"
    if row.status not in STATUSES or row.kind not in KINDS:
        yield f"gives {row.path!r} the status {row.status!r} and the kind {row.kind!r}"
    if row.size is not None and not 0 <= row.size <= MOST:
        yield f"gives {row.path!r} a size of {row.size}"
    if row.sha256 is not None and len(row.sha256) != HASH_BYTES:
        yield f"gives {row.path!r} a hash of {len(row.sha256)} bytes"
    if len(row.reading) not in (0, READING_BYTES):
        yield f"gives {row.path!r} a reading of {len(row.reading)} bytes"
    if row.meta and not _is_json(row.meta):
        yield f"gives {row.path!r} facts that are no JSON"


def _scope(claimed: Scope, own: Scope, limits: Limits) -> Iterator[str]:
    if claimed.exhibit != own.exhibit or len(claimed.item) != ID_BYTES:
        yield "opens something of another exhibit"
    if not own.depth <= claimed.depth <= DEEPER * limits.depth:
        yield f"opens something {claimed.depth} deep"
    if claimed.room is not None and not all(0 <= each <= MOST for each in claimed.room):
        yield f"opens something out of which {claimed.room} bytes may come"


def _content(content: Content) -> Iterator[str]:
    digests = (len(content.sha256), len(content.md5), len(content.sha1))
    if digests != (HASH_BYTES, 16, 20) or (content.text is not None and len(content.text) != HASH_BYTES):
        yield "gives a content hashes of a wrong length"
    if len(content.reading) != READING_BYTES:
        yield f"gives a content a reading of {len(content.reading)} bytes"
    if not 0 <= content.size <= MOST or not 0 <= (content.characters or 0) <= MOST:
        yield "gives a content a size that there cannot be"
    if any(part and not _is_json(part) for part in (content.meta, content.segments)):
        yield "gives a content facts that are no JSON"
    elif content.segments and not _tells_languages(content.segments):
        yield "gives a content languages that are none"


def _object(each: Object) -> Iterator[str]:
    whole = len(each.frames) == -(-each.size // FRAME_BYTES)
    if (
        not whole
        or len(each.sha256) != HASH_BYTES
        or any(len(f) > FRAME_BYTES + FRAME_SLACK for f in each.frames)
    ):
        yield f"declares an object of {each.size} bytes in {len(each.frames)} frames"


def _bundle(bundle: Bundle) -> Iterator[str]:
    sizes = [size for _, size in bundle.members]
    known = all(len(sha256) == HASH_BYTES for sha256, _ in bundle.members)
    whole = known and bool(sizes) and min(sizes) > 0 and sum(sizes) <= FRAME_BYTES
    if not whole or len(bundle.frame) > FRAME_BYTES + FRAME_SLACK:
        yield f"declares {len(sizes)} objects of {sum(sizes)} bytes in a frame of {len(bundle.frame)}"


def _listing(listing: Listing, job: Job) -> Iterator[str]:
    if not isinstance(job.order, Expand):
        yield "lists a container that it was not given"
    if listing.again and not (
        not listing.after  # whoever goes on behind a place has not met the first names before it
        and listing.again.keys() <= {each.place for each in listing.found}
        and all(len(item) == ID_BYTES for item in listing.again.values())
    ):
        yield "lists further names of what is no item, or that it does not list"
    for each in listing.found:
        if (
            each.kind not in KINDS
            or each.kind == Kind.EXHIBIT
            or (each.status and each.status not in STATUSES)
        ):
            yield f"lists {each.name!r} with the status {each.status!r} and the kind {each.kind!r}"
        if each.meta and not _is_json(each.meta):
            yield f"lists {each.name!r} with facts that are no JSON"


def _done(done: Done, job: Job) -> Iterator[str]:
    if done.status and done.status not in STATUSES:
        yield f"ends with the status {done.status!r}"
    elif done.facts and not _is_json(done.facts):
        yield "ends with facts that are no JSON"
    elif isinstance(job.order, HashHost) and not done.status and not _hashes(done.facts, job.order):
        yield "ends with hashes that are none"
    elif isinstance(job.order, HashHost) and done.status and done.facts and not _lost(done.facts):
        yield "ends with ranges of a disk that are none"
    elif isinstance(job.order, Expand) and done.facts and not _stored(done.facts):
        yield "ends with facts that no imager stores"
    elif done.member and not (isinstance(job.order, Expand) and _is_member(done.member)):
        yield "is a part of what there cannot be"


def _is_member(member: Member) -> bool:
    named = (member.assembly, member.of, member.name)
    return all(len(each) <= LONGEST_NAME and each.isprintable() for each in named)


def _hashes(facts: bytes, order: HashHost) -> bool:
    found = msgspec.json.decode(facts or b"null")
    if not isinstance(found, dict) or not isinstance(size := found.get("size"), int) or not 0 <= size <= MOST:
        return False
    return all(_is_hex(found.get(name)) for name in order.algorithms)


def _lost(facts: bytes) -> bool:
    """Say whether they are what ``Gaps.facts`` tells of a disk, and nothing else."""
    found = msgspec.json.decode(facts)
    told = found.get(MISSING) if isinstance(found, dict) and len(found) == 1 else None
    if not isinstance(told, dict) or len(facts) > FACTS:
        return False
    return all(isinstance(told.get(key), int) and 0 <= told[key] <= MOST for key in ("bytes", "of"))


def _is_hex(value: object) -> bool:
    try:
        return isinstance(value, str) and 16 <= len(bytes.fromhex(value)) <= HASH_BYTES
    except ValueError:
        return False


def _stored(facts: bytes) -> bool:
    try:
        layers = msgspec.json.decode(facts, type=list[Noted])
    except msgspec.ValidationError:
        return False
    if len(facts) > 2 * FACTS:
        return False
    return all(
        each.stored.keys() <= set(HASHES) and all(map(_is_hex, each.stored.values())) for each in layers
    )


def _tells_languages(segments: bytes) -> bool:
    try:
        SEGMENTS(segments)
    except msgspec.ValidationError:
        return False
    return True


def _is_json(data: bytes) -> bool:
    """Say whether it is JSON, and not so deep that it could be read here and not where it is indexed or proved."""
    try:
        msgspec.json.decode(data)
        if data.count(b"[") + data.count(b"{") > HEADROOM:
            msgspec.json.decode(b"".join((b"[" * HEADROOM, data, b"]" * HEADROOM)))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True
