"""A disk in an E01 of which some chunks cannot be had."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import ext
from ewf_writer import written


def disk(folder: Path, files: dict[str, bytes], size: int) -> bytes:
    tree = folder / "tree"
    tree.mkdir()
    for name, data in files.items():
        (tree / name).write_bytes(data)
    return ext(folder / "ext", tree, "-b", "4096", size=size).read_bytes()


def spoilt(folder: Path, raw: bytes, chunks: list[int]) -> Path:
    """Write an E01 of ``raw`` of which some chunks have another checksum."""
    (made,) = written(raw, 1).values()
    data = bytearray(made)
    table = data.index(b"table\0")
    first, count = 76 + table + 24, int.from_bytes(data[table + 76 : table + 80], "little")
    base = int.from_bytes(data[table + 84 : table + 92], "little")
    places = [
        int.from_bytes(data[first + 4 * n : first + 4 * n + 4], "little") & 0x7FFFFFFF for n in range(count)
    ]
    for number in chunks:
        data[base + places[number] + 20] ^= 1
    path = folder / "bad.E01"
    path.write_bytes(data)
    return path
