"""A store of the Kestrel club, written by ``pst_maker``: mail, files, messages four deep, an appointment."""

from collections.abc import Callable
from struct import pack

from pst_maker import BIN, I32, OBJ, TIME, Maker, Part, Values, message, properties, store, text

SENT = 134_247_780_000_000_000
"""2026-06-01T09:00:00Z as Windows counts."""
ROTA = b"Shift 9 begins at ten.\n" * 400
VERA: Values = {0x0042: text("Vera Falk"), 0x0065: text("vera@kestrel.example"), 0x0C1A: text("Vera Falk"),
                0x0C1F: text("vera@kestrel.example"), 0x0039: (TIME, SENT), 0x0E07: (I32, 0x01)}  # fmt: skip
CREW: Values = {
    0x0C15: (I32, 1),
    0x3001: text("Crew"),
    0x3002: text("SMTP"),
    0x3003: text("crew@kestrel.example"),
}
NADIR: Values = {0x0C15: (I32, 3), 0x3001: text("نادر"), 0x3003: text("/o=Kestrel/cn=nadir"),
                 0x39FE: text("nadir@kestrel.example")}  # fmt: skip
APPOINTMENT = bytes.fromhex("0220060000000000c000000000000046")


def attached(name: str, data: bytes, **more: tuple[int, object]) -> Part:
    extra = {int(key[1:], 16): value for key, value in more.items()}
    return properties({0x3705: (I32, 1), 0x3707: text(name), 0x3701: (BIN, data), **extra})


def within(inner: Part) -> Part:
    return properties({0x3705: (I32, 5), 0x3001: text("the message before"), 0x3701: (OBJ, inner)})


def nested(depth: int) -> Part:
    files = [within(nested(depth - 1))] if depth else [attached("deepest.txt", b"the deepest file\n")]
    return message(
        {**VERA, 0x0037: text(f"Depth {depth}"), 0x1000: text(f"Level {depth} of the rota.\r\n")},
        [CREW],
        files,
    )


def first() -> Part:
    page = b"<p>Shift 9 begins at <b>ten</b>.</p>"
    return message(
        {**VERA, 0x0037: text("\x01\x05Re: Rota 9"), 0x1000: text("Shift 9 begins at ten.\r\nمناوبة\r\n"),
         0x1013: (BIN, page), 0x3FDE: (I32, 65001), 0x1035: text("<rota-9@kestrel.example>")},
        [CREW, NADIR], [attached("rota.txt", ROTA), attached("مناوبة.bin", bytes(range(256)))],
        [{0x3707: text("rota.txt")}, {0x3707: text("مناوبة.bin")}],
    )  # fmt: skip


def names() -> Part:
    entries = b"".join(pack("<IHH", own, 3 << 1, at) for at, own in enumerate((0x8208, 0x820D, 0x820E)))
    entries += pack("<IHH", 0, 2 << 1 | 1, 3)
    words = "Keywords".encode("utf-16-le")
    return properties({0x0001: (I32, 251), 0x0002: (BIN, APPOINTMENT), 0x0003: (BIN, entries),
                       0x0004: (BIN, pack("<I", len(words)) + words)})  # fmt: skip


def appointment() -> Part:
    return message({0x001A: text("IPM.Appointment"), 0x0037: text("Crew meeting"), 0x1000: text("Bring the rota.\r\n"),
                    0x8000: text("Pier 4"), 0x8001: (TIME, SENT), 0x8002: (TIME, SENT + 36_000_000_000),
                    0x0039: (TIME, SENT)})  # fmt: skip


MESSAGES: dict[int, Callable[[], Part]] = {
    0x200024: first,
    0x200044: lambda: nested(4),
    0x200064: appointment,
}


def filled(*, wide: bool = True, coding: int = 1) -> Maker:
    maker = Maker(wide=wide, coding=coding)
    return store(maker, {number: make() for number, make in MESSAGES.items()}, names=names())


SAMPLES = {"mail.pst": lambda: filled().file()}
