"""Signal's backup for Android: encrypted as a whole; what can be told without its passphrase.

Source: Signal-Android, ``FullBackupExporter`` and ``Backups.proto`` (BackupFrame.Header: iv, salt, version).
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Kind, Peek, Status, Stream
from actionday.model.streams import read_at

HEADER = re.compile(
    rb"\0\0\0(?P<frame>[\x36\x38])\x0a(?P<header>[\x34\x36])\x0a\x10(?P<iv>.{16})\x12\x20(?P<salt>.{32})(?P<rest>\x18[\x00-\x7f])?",
    re.DOTALL,
)
"""The first frame: its length, and a header with an iv of 16 bytes, a salt of 32, and in newer ones a version."""
REASON = "signal: a backup that opens with its passphrase of 30 digits alone"


class SignalBackup:
    """One item, the messages, which are ``encrypted``: with what their key is derived from."""

    name, sample = "signal-backup", "signal.backup"
    binary = True
    marks = ((0, b"\0\0\0\x36\x0a\x34\x0a\x10"), (0, b"\0\0\0\x38\x0a\x36\x0a\x10"))
    no_byte_left = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for the first frame, whose lengths agree with one another."""
        return Claim.STRUCTURE if _header(peek.head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:  # noqa: ARG002
        """Yield the messages, encrypted."""
        header = _header(read_at(stream, 0, 64))
        if header is None:
            return
        version = header["rest"][1] if header["rest"] else 0
        meta = {"iv": header["iv"].hex(), "salt": header["salt"].hex(), "version": version}
        yield Found(
            name="messages", kind=Kind.MEMBER, place="0", status=Status.ENCRYPTED, reason=REASON, meta=meta
        )


def _header(head: bytes) -> re.Match[bytes] | None:
    found = HEADER.match(head)
    if found is None or (found["frame"] == b"\x38") != (found["rest"] is not None):
        return None
    return found if found["frame"][0] == found["header"][0] + 2 else None


SOURCE = SignalBackup()
