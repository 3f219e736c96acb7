"""What tests of damaged file systems share: what came of one, and how to damage it."""

from disk_tools import around, companions, sha256

from actionday.model import Damaged, Found, Source
from actionday.testing.context import Alone, Bytes, content


class Listed:
    """What came of one file system: its items, notes, contents by hash, and the error it ended in."""

    def __init__(self, source: Source, raw: bytes) -> None:
        self.found: list[Found] = []
        self.bodies: dict[str, bytes] = {}
        self.ended: Damaged | None = None
        stream = Bytes(raw)
        with companions() as started:
            self.context: Alone = around("disk", started)
            try:
                for each in source.items(stream, self.context):
                    self.found.append(each)
                    if each.runs is not None or each.read is not None:
                        self.bodies[each.name] = content(each, stream)
            except Damaged as error:
                self.ended = error

    def hashes(self) -> set[str]:
        """The SHA-256 of everything read."""
        return {sha256(body) for body in self.bodies.values()}

    def named(self, name: str) -> Found:
        return next(each for each in self.found if each.name == name)

    def codes(self) -> set[str]:
        return {note.code for note in self.context.notes}


class Held:
    """Bytes as the readers of file systems take them."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.size = raw, len(raw)

    def at(self, offset: int, length: int) -> bytes:
        return self.raw[offset : offset + length]


def patched(raw: bytes, at: int, data: bytes) -> bytes:
    return raw[:at] + data + raw[at + len(data) :]


def inode_of(listed: Listed, name: str) -> int:
    return int(str(listed.named(name).meta["inode"]))
