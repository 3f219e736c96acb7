"""Whether a program or library is whole: ELF, PE; what its headers name lies within it.

Source: System V ABI, gABI 4.1 (ELF header, sections, segments); PE format (Microsoft), 3 and 4 (COFF header, sections).
"""

from struct import unpack_from

from actionday.detectors.whole._content import Content
from actionday.model import Note

NO_BYTES = 8
"""A section that takes no room in the file."""
EMPTY = 0


def elf(content: Content) -> Note | None:
    """Compare with the sections, in a file without with the segments (a core dump)."""
    head = content.at(0, 64) or b""
    if len(head) < 52:
        return content.short("ELF", 52)
    order, wide = (">" if head[5] == 2 else "<"), head[4] == 2
    if wide and len(head) < 64:
        return content.short("ELF", 64)
    segments, sections = unpack_from(order + ("QQ" if wide else "II"), head, 32 if wide else 28)
    per_segment, count, per_section, many = unpack_from(order + "4H", head, 54 if wide else 42)
    if sections and per_section >= (64 if wide else 40):
        if many == 0:  # more than 65,279: the first section tells
            width = 8 if wide else 4
            many = max(
                content.number(sections + (32 if wide else 20), width, "big" if order == ">" else "little"), 1
            )
        parts = _parts(content, sections, per_section, many, order + ("4xI16xQQ" if wide else "4xI8xII"))
        end = max((at + size for kind, at, size in parts if kind not in (EMPTY, NO_BYTES)), default=0)
        return content.short("ELF", max(end, sections + per_section * many))
    if segments and per_segment >= (56 if wide else 32):
        parts = _parts(content, segments, per_segment, count, order + ("I4xQ16xQ" if wide else "II8xI"))
        end = max((at + size for kind, at, size in parts if kind), default=0)
        return content.short("ELF", max(end, segments + per_segment * count))
    return None


def _parts(content: Content, at: int, each: int, count: int, form: str) -> list[tuple[int, int, int]]:
    table = content.at(at, each * min(count, 1 << 20)) or b""
    return [unpack_from(form, table, place) for place in range(0, len(table) - each + 1, each)]


def pe(content: Content) -> Note | None:
    """Compare with the sections: what of them is used, padding behind the last may lack; and with the signature."""
    at = content.number(60, 4)
    head = content.at(at, 264) if at > 0 else None
    if head is None or head[:4] != b"PE\0\0" or len(head) < 24:
        return content.short("PE", at + 24) if head is not None and b"PE\0\0".startswith(head[:4]) else None
    count, optional = unpack_from("<H12xH", head, 6)
    table = at + 24 + optional
    parts = content.at(table, 40 * count) or b""
    end = table + 40 * count
    for place in range(0, len(parts) - 39, 40):
        used, size, start = unpack_from("<I4xII", parts, place + 8)
        if start:
            end = max(end, start + min(size, used or size))
    directories = 24 + (112 if head[24:26] == b"\x0b\x02" else 96)
    if len(head) >= directories + 40 and optional >= directories + 40 - 24:
        signature, size = unpack_from("<II", head, directories + 32)
        end = max(end, signature + size if size else 0)
    return content.short("PE", end)
