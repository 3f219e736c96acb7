"""LUKS 1 and 2: said to be encrypted; not opened.

Source: "LUKS On-Disk Format Specification" 1.2.3; "LUKS2 On-Disk Format Specification" 1.1.3.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Encrypted, Found, Peek, Stream
from actionday.sources.volumes._signs import unwrapped

MAGIC, SECOND = b"LUKS\xba\xbe", b"SKUL\xba\xbe"
SECOND_PLACES = (0x4000, 0x8000, 0x10000)
"""Where LUKS 2 keeps its second header, as far as the first bytes of a stream reach."""


class Luks:
    """Linux unified key setup."""

    name, sample = "luks", "luks.raw"
    binary = True
    marks = ((0, MAGIC), *((at, SECOND) for at in SECOND_PLACES))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the header, MAGIC for the second one alone."""
        if peek.head[:6] == MAGIC:
            return unwrapped(peek, Claim.STRUCTURE, table=False)
        second = peek.size > SECOND_PLACES[0] and any(
            peek.head[at : at + 6] == SECOND for at in SECOND_PLACES
        )
        return unwrapped(peek, Claim.MAGIC if second else Claim.NO, table=False)

    def items(self, stream: Stream, around: Context, /) -> Iterator[Found]:
        """Raise Encrypted, saying which version and identifier."""
        stream.seek(0)
        head = stream.read(512)
        version, first = int.from_bytes(head[6:8], "big"), head[:6] == MAGIC
        if not first:
            raise Encrypted("LUKS 2 volume whose first header is gone")
        uuid = head[168:208].split(b"\0")[0].decode("ascii", "replace")
        facts: dict[str, object] = {"version": version, "uuid": uuid}
        if version == 2 and (label := head[24:72].split(b"\0")[0].decode("utf-8", "replace")):
            facts["label"] = label
        around.acquired({"luks": facts})
        raise Encrypted(f"LUKS {version} volume {uuid}")
        yield


SOURCE = Luks()
