"""Writes a small HFS+ volume: a header, an allocation file, a catalogue of one leaf, the files' blocks.

Source: Apple, Technical Note TN1150, "HFS Plus Volume Format".
"""

import struct

BLOCK = 4096
EPOCH = 2082844800
"""Seconds from 1904 to 1970."""
STAMP = 1718452800 + EPOCH
ROOT, FIRST = 2, 16


def volume(files: dict[str, bytes], blocks: int = 64, attributes: dict[str, dict[str, bytes]] | None = None,
           forks: dict[str, bytes] | None = None) -> bytes:  # fmt: skip
    """Return a volume whose root holds ``files``; ``attributes`` are those of a file, by name, ``forks`` its resources."""
    disk = bytearray(blocks * BLOCK)
    at, records = 8, [_folder(ROOT, "vol", len(files)), _thread(ROOT, 1, "vol")]
    for number, (name, data) in enumerate(sorted(files.items()), FIRST):
        count = -(-len(data) // BLOCK)
        fork = (forks or {}).get(name, b"")
        behind = -(-len(fork) // BLOCK)
        resource = _fork(len(fork), at + count if fork else 0, behind)
        records += [_file(number, name, _fork(len(data), at, count), resource), _file_thread(number, name)]
        disk[at * BLOCK : at * BLOCK + len(data)] = data
        disk[(at + count) * BLOCK : (at + count) * BLOCK + len(fork)] = fork
        at += count + behind
    _catalogue(
        disk, sorted(records, key=lambda record: (struct.unpack_from(">I", record, 2)[0], record[8:])), 2
    )
    _extents(disk, 4)
    numbers = {name: number for number, name in enumerate(sorted(files), FIRST)}
    beside = [_attribute(numbers[file], name, value) for file, values in sorted((attributes or {}).items())
              for name, value in sorted(values.items())]  # fmt: skip
    if beside:
        _tree(disk, beside, 5, 266, 6)
    disk[BLOCK : BLOCK + -(-blocks // 8)] = _allocated(at, blocks, bool(beside))
    header = _header(blocks, len(files), blocks - at, bool(beside))
    disk[1024 : 1024 + len(header)] = header
    disk[-1024 : -1024 + len(header)] = header
    return bytes(disk)


def _allocated(used: int, blocks: int, beside: bool) -> bytes:
    """Return the allocation file, the highest bit of a byte for the first of eight: of eight blocks five or seven are
    the trees', those from there to ``used`` the files'."""
    taken = ("1" * (7 if beside else 5)).ljust(8, "0") + "1" * (used - 8)
    return int(taken.ljust(-(-blocks // 8) * 8, "0"), 2).to_bytes(-(-blocks // 8), "big")


def _header(blocks: int, files: int, free: int, beside: bool) -> bytes:
    head = struct.pack(
        ">2sHI4sI4I2I7IIQ32x", b"H+", 4, 1 << 8, b"test", 0, STAMP, STAMP, 0, STAMP, files, 0,
        BLOCK, blocks, free, 0, 65536, 65536, FIRST + files, 1, 1,
    )  # fmt: skip
    forks = [_fork(BLOCK, 1, 1), _fork(BLOCK, 4, 1), _fork(2 * BLOCK, 2, 2),
             _fork(2 * BLOCK, 5, 2) if beside else _fork(0, 0, 0), _fork(0, 0, 0)]  # fmt: skip
    return head + b"".join(forks)


def _fork(size: int, start: int, count: int) -> bytes:
    return struct.pack(">QII", size, 0, count) + struct.pack(">II", start, count).ljust(64, b"\0")


def _key(parent: int, name: str) -> bytes:
    letters = name.encode("utf-16-be")
    return struct.pack(">HIH", 6 + len(letters), parent, len(letters) // 2) + letters


def _folder(number: int, name: str, count: int) -> bytes:
    return _key(1, name) + struct.pack(
        ">HHII5IIIBBHI32xII", 1, 0, count, number, *[STAMP] * 5, 0, 0, 0, 0, 0o40755, 0, 0, 0
    )


def _thread(number: int, parent: int, name: str) -> bytes:
    return _key(number, "") + struct.pack(">HhIH", 3, 0, parent, len(name)) + name.encode("utf-16-be")


def _file_thread(number: int, name: str) -> bytes:
    letters = name.encode("utf-16-be")
    return _key(number, "") + struct.pack(">HhIH", 4, 0, ROOT, len(letters) // 2) + letters


def _file(number: int, name: str, data: bytes, resource: bytes) -> bytes:
    body = struct.pack(">HHII5IIIBBHI32xII", 2, 0, 0, number, *[STAMP] * 5, 0, 0, 0, 0, 0o100644, 0, 0, 0)
    return _key(ROOT, name) + body + data + resource


def _node(kind: int, height: int, records: list[bytes], forward: int = 0) -> bytes:
    node = struct.pack(">IIbBHH", forward, 0, kind, height, len(records), 0)
    offsets = []
    for record in records:
        offsets.append(len(node))
        node += record + b"\0" * (len(record) % 2)
    offsets.append(len(node))
    tail = b"".join(struct.pack(">H", offset) for offset in reversed(offsets))
    return node.ljust(BLOCK - len(tail), b"\0") + tail


def _attribute(number: int, name: str, value: bytes) -> bytes:
    letters = name.encode("utf-16-be")
    key = struct.pack(">HHIIH", 12 + len(letters), 0, number, 0, len(letters) // 2) + letters
    return key + struct.pack(">IIII", 0x10, 0, 0, len(value)) + value


def _catalogue(disk: bytearray, records: list[bytes], block: int) -> None:
    _tree(disk, records, block, 516, 6)


def _tree(disk: bytearray, records: list[bytes], block: int, longest: int, flags: int) -> None:
    info = struct.pack(">HIIIIHHII", 1, 1, len(records), 1, 1, BLOCK, longest, 2, 0) + struct.pack(
        ">HIBBI64x", 0, BLOCK * 2, 0, 0xCF, flags
    )
    head = _node(1, 0, [info, bytes(128), b"\xc0".ljust(BLOCK - 256 - 14 - 8 - len(info) + 106, b"\0")])
    disk[block * BLOCK : (block + 1) * BLOCK] = head
    disk[(block + 1) * BLOCK : (block + 2) * BLOCK] = _node(-1, 1, records)


def _extents(disk: bytearray, block: int) -> None:
    info = struct.pack(">HIIIIHHII", 0, 0, 0, 0, 0, BLOCK, 10, 1, 0) + struct.pack(
        ">HIBBI64x", 0, BLOCK, 0, 0, 2
    )
    disk[block * BLOCK : (block + 1) * BLOCK] = _node(1, 0, [info, bytes(128), b"\x80".ljust(256, b"\0")])
