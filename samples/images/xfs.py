"""XFS by `mkfs.xfs` from a prototype file; its times are those of the run, its contents not."""

from itertools import count
from pathlib import Path

from samples.images.stage import stage, stored
from samples.made import Kind, Place
from samples.tools import run

SMALLEST = 16 << 20  # what mkfs.xfs makes at all, with --unsupported below 300 MB


def xfs(image: Path, size: int, places: list[Place], uuid: str) -> None:
    """Write a file system that holds the places.

    The prototype file has no way to write a space in a name: raises ``ValueError`` for one.
    """
    entries = stored(places)
    if any(" " in place.path for place in entries):
        raise ValueError("a prototype file cannot name a file with a space")
    work = image.with_suffix(".stage")
    work.mkdir()
    lines = ["/dev/null", "0 0", "d--755 0 0", *_folder(entries, "", work, count()), "$"]
    proto = work / "proto"
    proto.write_text("\n".join(lines) + "\n", encoding="utf-8")
    image.write_bytes(b"")
    small = ["--unsupported"] if size < 300 << 20 else []
    run("mkfs.xfs", "-q", *small, "-p", proto.name, "-m", f"uuid={uuid}", "-d", f"file,size={size}",
        image.absolute(), where=work)  # fmt: skip
    for path in work.iterdir():
        path.unlink()
    work.rmdir()


def _folder(entries: list[Place], prefix: str, work: Path, numbers: "count[int]") -> list[str]:
    """Return the lines of one folder: its files, then each folder in it, closed by a dollar sign."""
    lines, inner = [], dict[str, None]()
    for place in entries:
        rest = place.path.removeprefix(prefix)
        if "/" in rest:
            inner[rest.split("/")[0]] = None
        elif place.kind is Kind.SYMLINK:
            lines.append(f"{rest} l--777 0 0 {place.target}")
        else:
            lines.append(f"{rest} ---644 0 0 {stage(place, work, next(numbers)).name}")
    for name in inner:
        deeper = f"{prefix}{name}/"
        below = [place for place in entries if place.path.startswith(deeper)]
        lines += [f"{name} d--755 0 0", *_folder(below, deeper, work, numbers), "$"]
    return lines
