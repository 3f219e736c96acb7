"""BitLocker: said to be encrypted; not opened.

Source: Joachim Metz, "BitLocker Drive Encryption (BDE) format specification", volume header.
"""

from collections.abc import Iterator

from actionday.model import Claim, Context, Encrypted, Found, Peek, Stream
from actionday.sources.volumes._signs import NAME, TO_GO, TO_GO_PLACES, bitlocker, unwrapped


class BitLocker:
    """Volumes of Windows' drive encryption, the portable form too."""

    name, sample = "bitlocker", "bitlocker.raw"
    marks = ((3, NAME), *((at, TO_GO) for at in TO_GO_PLACES))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the name or the identifier in the boot sector."""
        return unwrapped(peek, Claim.STRUCTURE if bitlocker(peek.head[:512]) else Claim.NO, table=False)

    def items(self, stream: Stream, _around: Context, /) -> Iterator[Found]:
        """Raise Encrypted."""
        stream.seek(0)
        portable = stream.read(512)[3:11] != b"-FVE-FS-"
        raise Encrypted("BitLocker To Go volume" if portable else "BitLocker volume")
        yield


SOURCE = BitLocker()
