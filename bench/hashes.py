"""A list of known hashes as long as NSRL's: how long its import takes, what it holds in memory, how fast it is asked.

    python bench/hashes.py [--rows N] [--folder DIR]

The list is an ``NSRLFile.txt`` with random hashes, of 126 bytes a row; 97 million rows take 12 GB, their import 2.1 GB
and the set 2 GB more. Look-ups are of one process and one hash after another, half of them in the set, in no order.
"""

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import numpy as np

from actionday.storage.case import Case
from actionday.storage.hashes.known import Known
from actionday.storage.hashes.sets import held, mapped, named, recorded

HEADER = b'"SHA-1","MD5","CRC32","FileName","FileSize","ProductCode","OpSystemCode","SpecialCode"\r\n'
LINE = b'"%b","%b","0A1B2C3D","library.dll",123456,12345,"362",""\r\n' % (b"S" * 40, b"M" * 32)
SEED = 20261128
AT_ONCE = 500_000
ASKED = 1_000_000
FACTS = ("--name", "bench", "--authority", "bench", "--country", "ES", "--legal-basis", "bench")


def write(path: Path, rows: int) -> list[bytes]:
    """Write the list; return some of its hashes, from all over it."""
    pairs = np.frombuffer(b"".join(b"%02X" % each for each in range(256)), np.uint8).reshape(256, 2)
    source, kept = np.random.default_rng(SEED), list[bytes]()
    each = max(1, ASKED // 2 * AT_ONCE // rows)
    with path.open("wb") as file:
        file.write(HEADER)
        for at in range(0, rows, AT_ONCE):
            count = min(AT_ONCE, rows - at)
            digests = np.frombuffer(source.bytes(36 * count), np.uint8).reshape(count, 36)
            lines = np.empty((count, len(LINE)), np.uint8)
            lines[:] = np.frombuffer(LINE, np.uint8)
            digits = pairs[digests].reshape(count, 72)
            lines[:, 1:41], lines[:, 44:76] = digits[:, :40], digits[:, 40:]
            file.write(lines.data)
            kept += [digests[row, :20].tobytes() for row in range(0, count, max(1, count // each))]
    return kept


def imported(case: Path, source: Path) -> dict[str, object]:
    """Import the list by the command; return what it cost."""
    command = [sys.executable, "-m", "actionday.app.cli.main"]
    create = [*command, "case", "create", case, *FACTS, "--retain-until", "2099-12-31"]
    subprocess.run([*map(str, create)], check=True, stdout=subprocess.DEVNULL)
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(
        [*command, "hashes", "import", str(case), str(source), "--json"],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found = json.loads(done.stdout)
    return {
        "rows": found["read"],
        "wall": round(wall, 1),
        "cpu": round(cpu, 1),
        "rows_per_s": round(found["read"] / wall),
        "peak_mb": round(after.ru_maxrss / 1024),
        "set_mb": round(found["size"] / 1e6),
    }


def asked(case: Path, kept: list[bytes]) -> dict[str, object]:
    """Look hashes up, those that are in the set and as many others; the second time of two counts."""
    opened = Case.open(case)
    with closing(opened):
        sets = named(recorded(opened.database))
        begun = time.monotonic()
        with held(case, sets) as descriptors:
            spent = time.monotonic() - begun
            known = mapped([os.dup(each) for each in descriptors], sets)
    wanted = [*kept, *(os.urandom(20) for _ in kept)]
    random.Random(SEED).shuffle(wanted)
    found = {"held_against_the_ledger_s": round(spent, 1), "asked": len(wanted)}
    for _ in range(2):
        begun, spent = time.perf_counter(), time.process_time()
        hits = _hits(known, wanted)
        wall, cpu = time.perf_counter() - begun, time.process_time() - spent
        found |= {
            "hits": hits,
            "look_ups_per_s": round(len(wanted) / wall),
            "look_ups_per_cpu_s": round(len(wanted) / cpu),
        }
    known.close()
    return {**found}


def _hits(known: Known, wanted: list[bytes]) -> int:
    nothing, none = bytes(32), bytes(16)
    return sum(bool(known.matches(nothing, none, each)) for each in wanted)


def main() -> None:
    """Measure and print JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder) as folder:
        source, case = Path(folder) / "NSRLFile.txt", Path(folder) / "case"
        kept = write(source, given.rows)
        print(json.dumps({**imported(case, source), **asked(case, kept)}, indent=1))


if __name__ == "__main__":
    main()
