"""The peers that install from the registries: each does its usual work on the same image, and is held to it.

tsk_recover + sha256sum and 7zz bring out and hash every file; plaso (log2timeline) lists, hashes and parses.
None of them keeps texts or can be searched, so what they do is part of what an ingest does, never more.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.measure import Used, measured
from bench.work import Work, compared, of_folder, of_sha256sum

PLASO = "plaso==20260720"
HASHES_OF_PLASO = """
import json, sys
from plaso.storage import factory
reader = factory.StorageFactory.CreateStorageReaderForFile(sys.argv[1])
found, events = {}, reader.GetNumberOfAttributeContainers("event")
for stream in reader.GetAttributeContainers("event_data_stream"):
    spec = stream.path_spec
    if stream.sha256_hash and spec.type_indicator in ("EXT", "TSK") and not getattr(spec, "data_stream", None):
        found[spec.location.lstrip("/")] = stream.sha256_hash
json.dump({"events": events, "hashes": found}, sys.stdout)
"""
"""Run by plaso's own Python: SHA-256 by path, of files of the file system itself."""


class Step(NamedTuple):
    """One command of a peer, and what it used."""

    name: str
    used: Used


class Peer(NamedTuple):
    """A peer's run: its version, its commands one after another, and what it brought out."""

    name: str
    version: str
    steps: tuple[Step, ...]
    work: Work
    note: str = ""

    @property
    def wall(self) -> float:
        """Seconds of all steps."""
        return sum(step.used.wall for step in self.steps)

    @property
    def cpu(self) -> float:
        """Processor seconds of all steps."""
        return sum(step.used.cpu for step in self.steps)


class Absent(Exception):
    """A peer is not here; the text says what brings it."""


def first_line(*command: str) -> str:
    """Return the first line a program says, on either stream, that is not empty. Raises Absent."""
    if shutil.which(command[0]) is None:
        raise Absent(f"{command[0]} is not installed")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    return lines[0] if lines else "unknown"


def tsk_recover(image: Path, truth: Mapping[str, str], folder: Path, *, ewf: bool = False) -> Peer:
    """Recover every allocated file into a folder, then hash them with sha256sum. Raises Absent."""
    version = first_line("tsk_recover", "-V")
    out, sums = folder / "recovered", folder / "sums.txt"
    kind = ("-i", "ewf") if ewf else ()
    recovered = measured(["tsk_recover", "-a", *kind, image, out], 1)
    script = 'find "$0" -type f -print0 | xargs -0 sha256sum'
    summed = measured(["sh", "-c", script, out], 1, out=sums)
    with sums.open(encoding="utf-8", errors="backslashreplace") as lines:
        work = compared(truth, of_sha256sum(lines, out))
    shutil.rmtree(out)
    return Peer("tsk_recover + sha256sum", version, (Step("recover", recovered), Step("hash", summed)), work)


def sevenzip(image: Path, truth: Mapping[str, str], folder: Path) -> Peer:
    """Extract every file with 7zz, then hash them with it. Raises Absent."""
    version = first_line("7zz", "i")
    out = folder / "extracted"
    extracted = measured(["7zz", "x", "-bd", "-y", "-mmt1", f"-o{out}", image], 1)
    summed = measured(["7zz", "h", "-bd", "-mmt1", "-scrcSHA256", out], 1)
    work = compared(truth, of_folder(out))
    shutil.rmtree(out)
    return Peer("7zz x + h", version, (Step("extract", extracted), Step("hash", summed)), work)


def install_plaso(folder: Path) -> Path:
    """Put plaso into a virtual environment of its own; return its bin. Raises Absent."""
    place = folder / "plaso"
    for command in (
        [sys.executable, "-m", "venv", place],
        [place / "bin" / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check", PLASO],
    ):
        done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise Absent(f"{PLASO} cannot be installed: {done.stderr.strip().splitlines()[-1:]}")
    return place / "bin"


def plaso(
    place: Path, image: Path, truth: Mapping[str, str], folder: Path, cores: int, deadline: float
) -> Peer:
    """Run log2timeline with its default parsers; ``place`` is the bin folder of its environment.

    On one core as a single process, on more with one worker a core. Archives are left closed, its default,
    which spares it work. Raises TimeoutExpired.
    """
    store, said = folder / "timeline.plaso", folder / "log2timeline.txt"
    store.unlink(missing_ok=True)
    form = ["--single_process"] if cores == 1 else ["--workers", str(cores)]
    used = measured([place / "log2timeline", *_plaso_words(folder), *form, "--storage-file", store, image],
                    cores, out=said, folder=folder, deadline=deadline)  # fmt: skip
    if used.code or not store.exists():
        raise Absent(f"log2timeline ended with {used.code}: {said.read_text()[-500:]}")
    found = json.loads(_asked(place, store))
    version = PLASO.partition("==")[2]
    note = f"{found['events']} events"
    return Peer("plaso", version, (Step("log2timeline", used),), compared(truth, found["hashes"]), note)


def _plaso_words(folder: Path) -> Sequence[str]:
    return (
        "-q", "-u", "--status_view", "none", "--partitions", "all", "--volumes", "all", "--vss_stores", "none",
        "--hashers", "md5,sha1,sha256", "--logfile", str(folder / "log2timeline.log.gz"),
    )  # fmt: skip


def _asked(place: Path, store: Path) -> str:
    command = [str(place / "python"), "-c", HASHES_OF_PLASO, str(store)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
