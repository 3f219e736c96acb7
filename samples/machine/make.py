"""Make the samples of disks in a virtual machine: ``python -m samples.machine.make --work DIR [--only NAME ...]``.

Exit codes: 0 made; 1 a recipe failed, which is named with what it said.
"""

import argparse
import shutil
import sys
from pathlib import Path

from samples.machine import apfs
from samples.machine.boot import boot, initial
from samples.machine.pack import pack
from samples.machine.packages import unpack
from samples.machine.packed_disks import PACKED

HERE = Path(__file__).parent
CLOCK = "2026-03-02T09:00:00"
"""What the machine's clock begins with: a day behind what the files have."""


def recipes() -> dict[str, Path]:
    """Return the recipes by their names."""
    return {path.stem: path for path in sorted((HERE / "recipes").glob("*.sh"))}


def make(work: Path, into: Path, only: list[str]) -> list[str]:
    """Make samples and return the names of those whose recipe failed; those are not packed."""
    chosen = {name: path for name, path in recipes().items() if not only or name in only}
    root = unpack(work)
    if any(name.startswith("apfs") for name in chosen):
        apfs.add(root, work)
    out = work / "out"
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    boot(root, initial(root, work, list(chosen.values())), out, CLOCK)
    failed = []
    for name in chosen:
        code = out / name / "code"
        if not code.exists() or code.read_text().strip() != "0":
            failed.append(name)
        else:
            pack(name, out / name, into)
    return failed


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, make the samples, say which could not be made."""
    parser = argparse.ArgumentParser(prog="samples.machine.make", description=__doc__)
    parser.add_argument("--work", type=Path, required=True, help="folder for packages and disks, some 2 GB")
    parser.add_argument("--out", type=Path, default=PACKED, help="where the packed samples go")
    parser.add_argument("--only", nargs="*", default=[], help="recipes to run (default: all)")
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    failed = make(given.work.resolve(), given.out, given.only)
    for name in failed:
        log = given.work / "out" / name / "log"
        print(f"{name}: failed\n{log.read_text()[-2000:] if log.exists() else 'never run'}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
