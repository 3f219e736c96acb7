"""The image the ingest bench runs on: a real ext4 file system of this machine's own Python and Debian trees.

At least half of its bytes are text: every text file of the trees is taken, and binary files as they come while
they stay below the text. Names, sizes and contents are the machine's own, so the rate is that of a server. Beside
the image lies what is in it, by path and SHA-256, taken while the files were copied: no reader is asked.

    python -m bench.image OUT BYTES
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from bench.work import shown

ROOTS = (
    sysconfig.get_path("stdlib"),
    sysconfig.get_path("purelib"),
    "/usr/lib/python3",
    "/usr/share",
    "/usr/include",
    "/usr/lib",
)
"""Python first: in a gigabyte of /usr/share alone there would be none."""
SNIFF = 4096
PIECE = 1 << 20
PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"PK\x03\x04", b"%PDF", b"(\xb5/\xfd")


class Made(NamedTuple):
    """What the image holds: files, their bytes, how many of the bytes are text, and the size of the image."""

    path: Path
    files: int
    bytes: int
    text: int
    size: int

    @property
    def truth(self) -> Path:
        """Where path and SHA-256 of every file stand."""
        return self.path.with_suffix(".truth.json")


def is_text(head: bytes) -> bool:
    """Say whether a file that begins with ``head`` counts as text here: no NUL, not compressed."""
    return b"\0" not in head and not head.startswith(PACKED)


def candidates(roots: Sequence[str]) -> Iterator[tuple[Path, int, bool]]:
    """Yield every regular file below ``roots`` once, with its size and whether it is text, by root and name."""
    seen: set[str] = set()
    for root in roots:
        if any(root.startswith(f"{each}/") for each in seen):
            continue
        for folder, folders, names in os.walk(root):
            folders[:] = sorted(each for each in folders if f"{folder}/{each}" not in seen)
            for name in sorted(names):
                path = Path(folder) / name
                if path.is_symlink() or not path.is_file():
                    continue
                try:
                    with path.open("rb") as file:
                        head = file.read(SNIFF)
                except OSError:  # not ours to read: the image is of what is
                    continue
                yield path, path.stat().st_size, is_text(head)
        seen.add(root.rstrip("/"))


def make(out: Path, size: int, roots: Sequence[str] = ROOTS) -> Made:
    """Make an ext4 image with about ``size`` bytes of files at ``out``; needs ``mkfs.ext4``."""
    out.unlink(missing_ok=True)
    staging = Path(tempfile.mkdtemp(dir=out.parent))
    total, text, blocks = 0, 0, 0
    truth: dict[str, str] = {}
    for path, length, textual in candidates(roots):
        if total >= size:
            break
        if not textual and 2 * (total - text + length) > total + length:
            continue
        length, truth[shown(path.relative_to("/"))] = _copy(path, staging)
        total, text = total + length, text + (length if textual else 0)
        blocks += -(-length // 4096)
    _format(out, staging, len(truth), blocks)
    shutil.rmtree(staging)
    made = Made(out, len(truth), total, text, out.stat().st_size)
    made.truth.write_text(json.dumps(truth))
    return made


def _format(out: Path, staging: Path, files: int, blocks: int) -> None:
    inodes = files + files // 4 + 1_000
    tables = inodes // 16 + files // 8  # inodes of 256 bytes, directories
    least = [
        "-q",
        "-F",
        "-b",
        "4096",
        "-m",
        "0",
        "-J",
        "size=4",
        "-N",
        str(inodes),
    ]  # no slack to flatter a rate
    wanted = (blocks + tables) * 103 // 100 + 2_048
    for room in (
        wanted,
        wanted * 11 // 10,
        wanted * 5 // 4,
    ):  # trees of many small folders take more than that
        done = subprocess.run(
            ["mkfs.ext4", *least, "-d", staging, out, str(room)],
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
        )
        if done.returncode == 0:
            return
        out.unlink(missing_ok=True)
    raise OSError(f"mkfs.ext4: {done.stderr.strip()}")


def _copy(path: Path, staging: Path) -> tuple[int, str]:
    """Copy a file; return the bytes that were copied and their SHA-256."""
    target = staging / path.relative_to("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, length = hashlib.sha256(), 0
    with path.open("rb") as source, target.open("wb") as copy:
        while piece := source.read(PIECE):
            digest.update(piece)
            length += copy.write(piece)
    shutil.copystat(path, target)
    return length, digest.hexdigest()


def acquire(image: Path, compression: str) -> Path:
    """Make an E01 of ``image`` beside it, by ewfacquire; ``compression`` is ``none``, ``fast`` or ``best``."""
    target = image.with_name(f"{image.stem}-{compression}")
    command = ["ewfacquire", "-q", "-u", "-f", "encase6", "-c", f"deflate:{compression}", "-S", "8GiB"]
    done = subprocess.run(
        [*command, "-t", target, image], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OSError(f"ewfacquire: {(done.stderr or done.stdout).strip()[-300:]}")
    return target.with_name(target.name + ".E01")


if __name__ == "__main__":
    print(make(Path(sys.argv[1]), int(sys.argv[2])))
