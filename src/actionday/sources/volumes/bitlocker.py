"""BitLocker: the volume within, opened by a secret of the case, or by the key that lies open while it is suspended.

Source: Joachim Metz, "BitLocker Drive Encryption (BDE) format specification".
"""

from actionday.model import Claim, Context, Peek, Stream, Unsupported
from actionday.sources.volumes._bitlocker_block import Block, block_of, places_of
from actionday.sources.volumes._bitlocker_cipher import NAMES, deciphering
from actionday.sources.volumes._bitlocker_keys import Keys, Opened
from actionday.sources.volumes._bitlocker_parts import DECRYPTED, ENCRYPTED, Layout
from actionday.sources.volumes._enciphered import Enciphered
from actionday.sources.volumes._secret import fitting
from actionday.sources.volumes._sectors import Deciphered, Unknown
from actionday.sources.volumes._signs import NAME, TO_GO, TO_GO_PLACES, bitlocker, unwrapped

MOST_TOLD = 16
"""Protectors that are named in a reason; Windows makes a handful."""


class BitLocker:
    """Volumes of Windows' drive encryption, the portable form too."""

    name, sample = "bitlocker", "bitlocker.raw"
    marks = ((3, NAME), *((at, TO_GO) for at in TO_GO_PLACES))

    def claims(self, peek: Peek) -> Claim:
        """STRUCTURE for the name or the identifier in the boot sector."""
        return unwrapped(peek, Claim.STRUCTURE if bitlocker(peek.head[:512]) else Claim.NO, table=False)

    def open(self, stream: Stream, around: Context, /) -> Stream:
        """Return the volume. Raises Encrypted where no secret fits, Damaged, Unsupported."""
        stream.seek(0)
        boot = stream.read(512)
        portable = boot[3:11] != NAME
        places = places_of(boot)
        block, lost = block_of(stream, places)
        if lost:
            around.note("backup", f"bitlocker: {lost}: another copy of its metadata is used")
        what = f"bitlocker: BitLocker {'To Go ' if portable else ''}volume {block.identifier}"
        facts = _facts(block, portable=portable)
        around.acquired({"bitlocker": facts})
        cipher = None
        if block.state != DECRYPTED:
            cipher = self._cipher(block, what, around, facts, places.sector)
        if block.state not in (DECRYPTED, ENCRYPTED):
            around.note(
                "reencryption", f"{what}: it was being encrypted or decrypted, each part is read as it is now"
            )
        layout = Layout(stream, boot, places, block, cipher)
        return Enciphered(stream, around.name, layout.parts(), what)

    def _cipher(
        self, block: Block, what: str, around: Context, facts: dict[str, object], sector: int
    ) -> Deciphered:
        number, opened = self._opened(block, what, around)
        around.acquired({"bitlocker": facts | _told(opened, number)})
        try:
            return deciphering(opened.cipher, opened.key, sector)
        except (Unknown, ValueError) as error:
            raise Unsupported(f"{what}: {error}: not deciphered here") from error

    def _opened(self, block: Block, what: str, around: Context) -> tuple[int, Opened]:
        """Return the key, and which secret gave it: 0 where it lies open. Raises Encrypted."""
        keys = Keys(block, around)
        if (clear := keys.clear()) is not None:
            return 0, clear
        kinds = [each.said for each in block.protectors]
        more = [f"and {len(kinds) - MOST_TOLD} more"] if len(kinds) > MOST_TOLD else []
        ways = ", ".join([*kinds[:MOST_TOLD], *more])
        return fitting(around, f"{what} ({ways or 'no protector'})", keys.opens)


def _facts(block: Block, *, portable: bool) -> dict[str, object]:
    facts: dict[str, object] = {"version": block.version, "identifier": block.identifier, "to_go": portable}
    if block.description:
        facts["description"] = block.description
    facts["protectors"] = [each.said for each in block.protectors[:MOST_TOLD]]
    return facts


def _told(opened: Opened, number: int) -> dict[str, object]:
    found: dict[str, object] = {
        "cipher": NAMES.get(opened.cipher, hex(opened.cipher)),
        "opened_by": opened.by,
    }
    return found | ({"secret": number} if number else {})


IMAGE = BitLocker()
