"""A message of the Kestrel club as TNEF (``winmail.dat``), written by hand; tnefparse and Debian's tnef read it."""

from collections.abc import Mapping, Sequence
from struct import pack

from pst_maker import BIN, BOOL, I32, OBJ, TEXT8, TIME, Values, raw_of, text
from pst_samples import CREW, NADIR, ROTA, SENT, VERA

MARK = b"\x78\x9f\x3e\x22" + pack("<H", 7)
MESSAGE = bytes.fromhex("0703020000000000c000000000000046")


def attribute(level: int, number: int, data: bytes) -> bytes:
    return pack("<BII", level, number, len(data)) + data + pack("<H", sum(data) & 0xFFFF)


def padded(raw: bytes) -> bytes:
    return raw + bytes(-len(raw) % 4)


def listed(values: Values, named: Mapping[int, bytes] | None = None, page: str = "cp1252") -> bytes:
    """Return a list of properties; ``named``: of a number from 0x8000 on its set and name as they stand there."""
    out = pack("<I", len(values))
    for number, (kind, value) in values.items():
        raw = raw_of(kind, value, page)
        out += pack("<HH", kind, number) + (named or {}).get(number, b"")
        if kind in (I32, BOOL, TIME):
            out += padded(raw)
        else:
            raw += {TEXT8: b"\0", 0x1F: b"\0\0"}.get(kind, b"")
            out += pack("<II", 1, len(raw)) + padded(raw)
    return out


def table(rows: Sequence[Values]) -> bytes:
    return pack("<I", len(rows)) + b"".join(map(listed, rows))


def attached(name: str, data: bytes, more: Values | None = None) -> bytes:
    own = listed({0x3705: (I32, 1), 0x3707: text(name), **(more or {})})
    parts = (
        (0x69002, pack("<HIHHI", 1, 0, 32, 32, 0)),
        (0x18010, b"SHORT~1.TXT\0"),
        (0x6800F, data),
        (0x69005, own),
    )
    return b"".join(attribute(2, number, raw) for number, raw in parts)


def within(inner: bytes) -> bytes:
    own = listed({0x3705: (I32, 5), 0x3001: text("the message before"), 0x3701: (OBJ, MESSAGE + inner)})
    return attribute(2, 0x69002, pack("<HIHHI", 1, 0, 32, 32, 0)) + attribute(2, 0x69005, own)


def stream(values: Values, people: Sequence[Values] = (), files: Sequence[bytes] = (), *, extra: bytes = b"",
           page: str = "cp1252", named: Mapping[int, bytes] | None = None) -> bytes:  # fmt: skip
    code = int(page.removeprefix("cp"))
    head = attribute(1, 0x89006, pack("<I", 0x10000)) + attribute(1, 0x69007, pack("<II", code, 0))
    head += attribute(1, 0x78008, b"IPM.Microsoft Mail.Note\0") + extra
    head += attribute(1, 0x69003, listed(values, named, page))
    return MARK + head + (attribute(1, 0x69004, table(people)) if people else b"") + b"".join(files)


def nested(depth: int) -> bytes:
    files = [within(nested(depth - 1))] if depth else [attached("deepest.txt", b"the deepest file\n")]
    return stream(
        {**VERA, 0x0037: text(f"Depth {depth}"), 0x1000: text(f"Level {depth} of the rota.\r\n")},
        [CREW],
        files,
    )


def first() -> bytes:
    said: Values = {**VERA, 0x0037: text("Rota 9"), 0x1000: text("Shift 9 begins at ten.\r\nمناوبة\r\n"), 0x0E06: (TIME, SENT),
                    0x1013: (BIN, b"<p>Shift 9 begins at <b>ten</b>.</p>"), 0x3FDE: (I32, 65001)}  # fmt: skip
    return stream(
        said,
        [CREW, NADIR],
        [attached("rota.txt", ROTA), attached("مناوبة.bin", bytes(range(256))), within(nested(4))],
    )


SAMPLES = {"winmail.dat": first}
