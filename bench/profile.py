"""Where the time goes: one process of an ingest under cProfile, so that the next optimiser starts with a figure.

    python -m bench.profile worker IMAGE [--files N] [--top N] [-o STATS]
    python -m bench.profile main IMAGE
    python -m bench.profile intake IMAGE

``worker`` examines the files of an image in this process, without a sandbox: list, read, hash, type, parse, tell
the language, make terms, compress, encode the message, which then goes nowhere. ``main`` is the process that
writes, with one worker beside it: waiting for it is the largest line. cProfile makes small Python functions look
dearer than they are; read shares, not seconds.
"""

import argparse
import cProfile
import gc
import itertools
import os
import pstats
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from actionday.model import Broken, Kind, Limits
from actionday.parsers import Parsers
from actionday.pipeline.budget import Budget, Left
from actionday.pipeline.chains import Chains
from actionday.pipeline.examine import Examiner
from actionday.pipeline.ingest import Ingest
from actionday.pipeline.known_files import KnownFiles
from actionday.pipeline.marker import Marker
from actionday.pipeline.messages import Answer, Ask, Scope
from actionday.pipeline.openers import Openers
from actionday.pipeline.output import Output
from actionday.pipeline.recursion import Recursion
from actionday.pipeline.text import Reader
from actionday.pipeline.visit import Visit, located
from actionday.storage.case import Case
from actionday.storage.hashes.known import Known
from bench.intake import Lying, batches, listed, opened, reading, taken_in
from bench.ours import create

COLUMNS = ("tottime", "cumtime")


class Away:
    """Where a worker's messages go here: encoded, counted, forgotten."""

    def __init__(self) -> None:
        self._encoder = msgspec.msgpack.Encoder()
        self.bytes = 0

    def send(self, message: object) -> None:
        """Encode and count."""
        self.bytes += len(self._encoder.encode(message))


def nobody(question: Ask) -> tuple[Answer, list[int]]:
    """Refuse what a worker asks: file systems that need a companion are not profiled here."""
    raise Broken(f"a profiled worker has nobody to ask for {question.what!r}")


class Examined:
    """A worker's parts, put together as ``pipeline.worker`` does, around one image."""

    def __init__(self) -> None:
        limits, self.away, self.openers = Limits(), Away(), Openers()
        marker = Marker()
        self._chains = Chains(self.openers, limits, nobody)
        self._output = Output(self.away.send, Reader(), marker, limits)
        examiner = Examiner(Parsers.load(), limits)
        known = KnownFiles(Known(()))
        self._recursion = Recursion(self._chains, examiner, self._output, marker, self.away.send, known)
        self._visit = Visit(
            Scope(1, bytes(16), "", (), 1, ()), Budget(1 << 40, limits, Left(1 << 40)), {}, False
        )
        gc.freeze()

    def all(self, image: Path, files: int) -> int:
        """Examine up to ``files`` files; return how many there were."""
        found = batches(listed(self.openers, opened(image), image.name, Kind.EXHIBIT))
        done = 0
        for done, each in enumerate(itertools.islice(found, files), 1):
            self._one(each, done)
        self._output.flush(1)
        return done

    def _one(self, each: Lying, number: int) -> None:
        item = number.to_bytes(16, "big")
        self._recursion.read(self._visit, located(each.found), item, lambda: reading(each), None)
        if self._output.full():
            self._output.flush(1)


def worker(image: Path, files: int) -> Callable[[], str]:
    """Return what is to be profiled of a worker; everything it needs is loaded."""
    examined = Examined()

    def run() -> str:
        count = examined.all(image, files)
        return f"{count} files, {examined.away.bytes / 1e6:.1f} MB of messages"

    return run


def intake(image: Path, files: int) -> Callable[[], str]:
    """Return what is to be profiled of intake alone; it takes the whole image."""
    openers = Openers()
    whole = "" if files == sys.maxsize else ", of the whole image"
    return lambda: f"{taken_in(image, openers)[0].files} files{whole}"


def main_process(image: Path, files: int) -> Callable[[], str]:
    """Return what is to be profiled of the writing process; it takes the whole image."""
    folder = Path(tempfile.mkdtemp(prefix="actionday-profile-"))
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    create(folder / "case", {})
    whole = "" if files == sys.maxsize else ", of the whole image"

    def run() -> str:
        case = Case.open(folder / "case")
        outcome = Ingest(case, 1, lambda _: None).run([image], None)
        case.close()
        shutil.rmtree(folder)
        return f"{outcome.balance.found} items{whole}"

    return run


PROCESSES = {"worker": worker, "main": main_process, "intake": intake}


def main() -> None:
    """Profile one process and print its dearest functions, by their own time and with what they call."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("process", choices=list(PROCESSES))
    parser.add_argument("image", type=Path)
    parser.add_argument("--files", type=int, default=sys.maxsize, help="stop after so many (worker)")
    parser.add_argument("--top", type=int, default=30, help="lines of each table")
    parser.add_argument("-o", dest="out", type=Path, help="keep the raw profile, for pstats or snakeviz")
    given = parser.parse_args()
    run = PROCESSES[given.process](given.image, given.files)
    profile, begun = cProfile.Profile(), time.process_time()
    said = profile.runcall(run)
    print(f"{said}, {time.process_time() - begun:.1f} s of processor time under the profiler")
    if given.out:
        profile.dump_stats(given.out)
    stats = pstats.Stats(profile)
    stats.strip_dirs()
    for column in COLUMNS:
        stats.sort_stats(column).print_stats(given.top)


if __name__ == "__main__":
    main()
