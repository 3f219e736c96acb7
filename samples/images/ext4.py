"""ext4, written by e2fsprogs: byte for byte the same each time.

`mkfs.ext4 -d` takes times and order from the machine; a script for `debugfs` does not.
"""

import os
from pathlib import Path

from samples.clock import START
from samples.images.stage import folders, stage, stored
from samples.made import Kind, Place
from samples.tools import ToolError, run

FEATURES = ",".join(
    ("extent", "filetype", "dir_index", "sparse_super", "large_file", "huge_file", "flex_bg", "dir_nlink",
     "extra_isize", "64bit", "metadata_csum")
)  # fmt: skip


def ext4(image: Path, size: int, places: list[Place], uuid: str, label: str = "kestrel") -> None:
    """Write a file system of ``size`` bytes that holds the places; deleted ones are removed at the end."""
    image.write_bytes(b"")
    os.truncate(image, size)
    block = "1024" if size < 64 << 20 else "4096"
    extended = f"hash_seed={uuid},lazy_itable_init=0,root_owner=0:0"
    run("mkfs.ext4", "-q", "-F", "-b", block, "-I", "256", "-m", "0", "-O", f"none,{FEATURES}", "-U", uuid,
        "-L", label, "-N", str(len(places) * 2 + 64), "-E", extended, image)  # fmt: skip
    work = image.with_suffix(".stage")
    work.mkdir()
    entries = stored(places)
    said = run("debugfs", "-w", "-f", "-", image, given=_script(entries, work), complaints=True)
    for number in range(len(entries)):
        (work / f"{number:06d}").unlink(missing_ok=True)
    work.rmdir()
    _check(said)


def _check(said: bytes) -> None:
    """Raise if debugfs reported anything: it ends with 0 also when a command failed."""
    noise = (b"debugfs:", b"debugfs 1.", b"Allocated inode:")
    bad = [line for line in said.splitlines() if line and not line.startswith(noise)]
    if bad:
        raise ToolError(f"debugfs: {bad[0].decode(errors='replace')}")


def _script(entries: list[Place], work: Path) -> bytes:
    names = folders(entries)
    lines: list[bytes] = [b'mkdir "%s"' % _name(name) for name in names]
    for number, place in enumerate(entries):
        lines += _entry(place, work, number)
    for path, when in [
        *((name, START) for name in names),
        *((one.path, one.mtime or START) for one in entries),
    ]:
        lines += _times(path, when)
    lines += [b'rm "/%s"' % _name(place.path) for place in entries if place.kind is Kind.DELETED]
    return b"\n".join([*lines, b""])


def _name(path: str) -> bytes:
    return os.fsencode(path)


def _entry(place: Place, work: Path, number: int) -> list[bytes]:
    folder, _, name = place.path.rpartition("/")
    go = b'cd "/%s"' % _name(folder)
    if place.kind is Kind.SYMLINK:
        return [go, b'symlink "%s" "%s"' % (_name(name), _name(place.target or ""))]
    return [go, b'write "%s" "%s"' % (_name(str(stage(place, work, number))), _name(name))]


def _times(path: str, when: int) -> list[bytes]:
    """Return commands that set the times and owner that debugfs took from this machine."""
    fields = [("mtime", when), ("atime", when), ("ctime", when), ("crtime", when)]
    fields += [(f"{name}_extra", 0) for name in ("mtime", "atime", "ctime", "crtime")]
    stamps = [
        b'sif "/%s" %s %s' % (_name(path), name.encode(), _value(name, value)) for name, value in fields
    ]
    return [*stamps, b'sif "/%s" uid 0' % _name(path), b'sif "/%s" gid 0' % _name(path)]


def _value(name: str, value: int) -> bytes:
    return b"%d" % value if name.endswith("_extra") else b"@%d" % value
