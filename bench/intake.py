"""Intake alone: every file of an image listed, read once, hashed three ways and typed, without its text.

One process, no sandbox, no database, no index: the sources, the reading and the typing that a worker uses, driven
by a loop, to be held against other tools that list and hash. What a whole ingest costs is measured by
``bench.ours``; no rate of this file is one of the product.

    python -m bench.intake IMAGE [--hash-only] [-o HASHES.json]

``--hash-only`` times nothing but the three hashes, over the same bytes in memory: file by file, and as one stream.
"""

import argparse
import gc
import json
import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

from actionday.detectors.filetype import identify_type
from actionday.model import Context, Found, Kind, Limits, Stream
from actionday.model.plugin import HEAD_BYTES, TAIL_BYTES
from actionday.model.streams import RunStream
from actionday.pipeline.openers import Openers
from actionday.pipeline.peek import StreamPeek
from actionday.pipeline.reading import Digests, body_of, complete, pieces, small_body
from actionday.pipeline.streams import BlockStream, DescriptorStream
from actionday.pipeline.visit import run_size
from actionday.testing.context import Alone

BATCH = 256
"""Items sorted by where they lie before they are read, as a job of the pipeline does."""


class Lying(NamedTuple):
    """A file of the image and the stream its bytes are in."""

    found: Found
    path: str
    stream: Stream


class Spent(NamedTuple):
    """Files and bytes read, and the wall and processor seconds that took."""

    files: int
    bytes: int
    wall: float
    cpu: float


def listed(openers: Openers, stream: Stream, name: str, kind: Kind, path: str = "") -> Iterator[Lying]:
    """Yield the files with bytes in their container, volumes within volumes gone through; archives are files."""
    opener = openers.claimed(StreamPeek(name, kind, stream))
    around: Context = Alone(name)
    while opener in openers.images:
        stream = BlockStream(openers.images[opener].open(stream, around))
        opener = openers.claimed(StreamPeek(name, Kind.VOLUME, stream))
    if opener is None:
        return
    for found in openers.sources[opener].items(stream, around):
        below = f"{path}/{found.name}" if path else found.name
        if found.runs is None or found.status is not None:
            continue
        if found.kind is Kind.VOLUME:
            inner = RunStream(stream, found.runs, run_size(found.runs))
            yield from listed(openers, inner, found.name, Kind.VOLUME, below)
        elif found.kind is Kind.FILE:
            yield Lying(found, below, stream)


def batches(lying: Iterator[Lying]) -> Iterator[Lying]:
    """Yield the files in batches, each in the order of the image."""
    batch: list[Lying] = []
    for each in lying:
        batch.append(each)
        if len(batch) == BATCH:
            yield from sorted(batch, key=_offset)
            batch = []
    yield from sorted(batch, key=_offset)


def _offset(each: Lying) -> int:
    return each.found.runs[0][0] if each.found.runs else -1


def opened(image: Path) -> Stream:
    """Return an image file as a worker sees it: a descriptor with a size."""
    return DescriptorStream(os.open(image, os.O_RDONLY), image.stat().st_size)


def reading(each: Lying) -> Stream:
    """Return the bytes of a file."""
    runs = each.found.runs or ()
    return RunStream(each.stream, runs, run_size(runs))


def taken_in(image: Path, openers: Openers) -> tuple[Spent, dict[str, str]]:
    """List, read, hash and type every file; return what that took, and SHA-256 by path."""
    hashes: dict[str, str] = {}
    size, wall, cpu, limits = 0, time.perf_counter(), time.process_time(), Limits()
    for each in batches(listed(openers, opened(image), image.name, Kind.EXHIBIT)):
        reader = partial(reading, each)
        body = small_body(reader, _no_beat) or body_of(pieces(reader, _no_beat), limits)
        body = complete(body, each.found.size)
        identify_type(body.data[:HEAD_BYTES], body.data[-TAIL_BYTES:], body.size)
        size += body.size
        if body.error is None:
            hashes[each.path] = body.sha256.hex()
    return Spent(len(hashes), size, time.perf_counter() - wall, time.process_time() - cpu), hashes


def _no_beat() -> None:
    """Say nothing: there is no deadline here."""


def hashed(image: Path, openers: Openers, *, stream: bool) -> Spent:
    """Hash the same bytes three ways from memory; only that is timed. ``stream``: as one, not file by file."""
    files, size, wall, cpu = 0, 0, 0.0, 0.0
    digests = Digests()
    for each in batches(listed(openers, opened(image), image.name, Kind.EXHIBIT)):
        data = reading(each).read()
        begun, used = time.perf_counter(), time.process_time()
        digests = digests if stream else Digests()
        digests.update(data)
        digests.digests()
        wall, cpu = wall + time.perf_counter() - begun, cpu + time.process_time() - used
        files, size = files + 1, size + len(data)
    return Spent(files, size, wall, cpu)


def main() -> None:
    """Print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("image", type=Path)
    parser.add_argument("--hash-only", action="store_true")
    parser.add_argument("-o", dest="out", type=Path, help="write SHA-256 by path here")
    given = parser.parse_args()
    openers = Openers()
    gc.freeze()  # as a worker does once it is loaded
    if given.hash_only:
        spent = {
            "each": hashed(given.image, openers, stream=False)._asdict(),
            "stream": hashed(given.image, openers, stream=True)._asdict(),
        }
        print(json.dumps(spent))
        return
    took, hashes = taken_in(given.image, openers)
    if given.out:
        given.out.write_text(json.dumps(hashes))
    print(json.dumps(took._asdict()))


if __name__ == "__main__":
    main()
