"""Members of Linux software RAID: named with level, devices and role; not assembled.

Source: Linux kernel, ``include/uapi/linux/raid/md_p.h`` (superblocks 0.90 and 1.x).
"""

from collections.abc import Iterator
from uuid import UUID

from actionday.model import Claim, Context, Found, Peek, Stream, Unsupported
from actionday.sources.volumes._signs import u32

MAGIC = (0xA92B4EFC).to_bytes(4, "little")
SUPER = 256
LEVELS = {-4: "multipath", -1: "linear", 0: "RAID 0", 1: "RAID 1", 4: "RAID 4", 5: "RAID 5", 6: "RAID 6",
          10: "RAID 10"}  # fmt: skip
TAIL = 65536


class Md:
    """Members of an array."""

    name, sample = "md", "md.raw"
    binary = True

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for a superblock at the start; MAGIC for one at the end.

        A mirror that keeps it at the end begins with its file system, which is then opened as such.
        """
        if MAGIC in (peek.head[:4], peek.head[4096:4100]):
            return Claim.STRUCTURE
        tail = peek.tail
        return (
            Claim.MAGIC if any(tail[at : at + 4] == MAGIC for at in _ends(peek.size, len(tail))) else Claim.NO
        )

    def items(self, stream: Stream, around: Context, /) -> Iterator[Found]:
        """Raise Unsupported, naming the array."""
        for at in (4096, 0, *_ends(stream.size, stream.size)):
            stream.seek(at)
            raw = stream.read(SUPER)
            if raw[:4] == MAGIC:
                around.acquired({"md": _facts(raw)})
                raise Unsupported(f"Linux software RAID member ({_said(raw)}): arrays are not assembled here")
        raise Unsupported("Linux software RAID member: arrays are not assembled here")
        yield


def _ends(size: int, window: int) -> list[int]:
    """Return where superblocks 1.0 and 0.90 would lie, counted from ``window`` bytes before the end."""
    places = ((size // 512 - 16) // 8 * 8 * 512, (size // TAIL - 1) * TAIL)
    return [at - (size - window) for at in places if at > 0 and at >= size - window]


def _facts(raw: bytes) -> dict[str, object]:
    if u32(raw, 4) == 1:
        level = int.from_bytes(raw[72:76], "little", signed=True)
        name = raw[32:64].split(b"\0")[0].decode("utf-8", "replace")
        return {"version": 1, "uuid": str(UUID(bytes=raw[16:32])), "name": name, "level": level,
                "devices": u32(raw, 92), "number": u32(raw, 160)}  # fmt: skip
    return {"version": 0, "level": int.from_bytes(raw[28:32], "little", signed=True), "devices": u32(raw, 40)}


def _said(raw: bytes) -> str:
    facts = _facts(raw)
    level = LEVELS.get(int(str(facts["level"])), f"level {facts['level']}")
    name = f", {facts['name']}" if facts.get("name") else ""
    return f"{level} of {facts['devices']} devices{name}"


SOURCE = Md()
