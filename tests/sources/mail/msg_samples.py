"""A message of the Kestrel club as a file of Outlook (MSG), written by hand; olefile and Tika's readers know its form."""

from collections.abc import Mapping, Sequence
from struct import pack

from pst_maker import BIN, I32, OBJ, TEXT8, TIME, Values, raw_of, text
from pst_samples import CREW, NADIR, ROTA, SENT, VERA

from compound_files import Tree, compound

ITEM = bytes.fromhex("0b0d020000000000c000000000000046")
IN_PLACE = (I32, 11, TIME)
MINI_NAMES: Tree = {f"__substg1.0_000{number}0102": b"" for number in (2, 3, 4)}


def object_of(values: Values, head: bytes, page: str = "cp1252") -> dict[str, bytes | Tree]:
    """Return the streams of one object: its list of properties, and a stream for each value that is not in it."""
    listed, streams = bytearray(head), dict[str, bytes | Tree]()
    for number, (kind, value) in values.items():
        if isinstance(value, dict):
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = value
            size = 0xFFFFFFFF
        else:
            raw = raw_of(kind, value, page)
            if kind in IN_PLACE:
                listed += pack("<HHI", kind, number, 6) + raw.ljust(8, b"\0")
                continue
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = raw
            size = len(raw) + {0x1F: 2, TEXT8: 1}.get(kind, 0)
        listed += pack("<HHIII", kind, number, 6, size, 0)
    return {"__properties_version1.0": bytes(listed), **streams}


def tree(values: Values, people: Sequence[Values] = (), files: Sequence[Mapping[str, bytes | Tree]] = (), *,
         inner: bool = False, page: str = "cp1252") -> dict[str, bytes | Tree]:  # fmt: skip
    head = (
        bytes(8) + pack("<IIII", len(people), len(files), len(people), len(files)) + bytes(0 if inner else 8)
    )
    made = object_of({0x001A: text("IPM.Note"), **values}, head, page)
    made |= {
        f"__recip_version1.0_#{at:08X}": object_of(each, bytes(8), page) for at, each in enumerate(people)
    }
    return made | {f"__attach_version1.0_#{at:08X}": dict(each) for at, each in enumerate(files)}


def attached(values: Values) -> dict[str, bytes | Tree]:
    return object_of(values, bytes(8))


def of_bytes(name: str, data: bytes) -> dict[str, bytes | Tree]:
    return attached({0x3705: (I32, 1), 0x3707: text(name), 0x3701: (BIN, data)})


def within(inner: dict[str, bytes | Tree]) -> dict[str, bytes | Tree]:
    return attached({0x3705: (I32, 5), 0x3001: text("the message before"), 0x3701: (OBJ, inner)})


def nested(depth: int, *, inner: bool = True) -> dict[str, bytes | Tree]:
    files = [within(nested(depth - 1))] if depth else [of_bytes("deepest.txt", b"the deepest file\n")]
    said: Values = {**VERA, 0x0037: text(f"Depth {depth}"), 0x1000: text(f"Level {depth} of the rota.\r\n")}
    return tree(said, [CREW], files, inner=inner)


def file_of(made: dict[str, bytes | Tree]) -> bytes:
    return compound({"__nameid_version1.0": MINI_NAMES, **made}, ITEM)


def first() -> dict[str, bytes | Tree]:
    said: Values = {**VERA, 0x0037: text("Rota 9"), 0x1000: text("Shift 9 begins at ten.\r\nمناوبة\r\n"), 0x0E06: (TIME, SENT),
                    0x1013: (BIN, b"<p>Shift 9 begins at <b>ten</b>.</p>"), 0x3FDE: (I32, 65001)}  # fmt: skip
    sheet: Tree = {"Workbook": b"an object within" * 20, "\x01CompObj": b"c"}
    ole = attached({0x3705: (I32, 6), 0x3707: text("sheet"), 0x3701: (OBJ, sheet)})
    return tree(
        said,
        [CREW, NADIR],
        [of_bytes("rota.txt", ROTA), of_bytes("مناوبة.bin", bytes(range(256))), ole, within(nested(4))],
    )


SAMPLES = {"mail.msg": lambda: file_of(first())}
