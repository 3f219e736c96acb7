"""The first of numbered parts of a split file: what it holds begins only when the parts are joined."""

import re

from actionday.model import Claim, Kind, Peek

FIRST = re.compile(r"\.(0{2,4})1$")
ENDINGS = ("1", "1\n")
"""What such a name ends in."""
SECTOR = 512
SIGNS = ((510, b"\x55\xaa"), (512, b"EFI PART"), (1080, b"\x53\xef"), (0, b"XFSB"))
"""Where and how a disk begins: with a boot sector or a table of partitions, with ext, with XFS."""


def first_part(peek: Peek) -> bool:
    """Say whether a file is called ``.001`` and is a whole number of sectors, as parts of a disk are.

    One that begins as a disk may be cut within a sector: by who split it at round figures, or by who broke off.
    What was joined already (kind ``volume``, under the same name) is none any more.
    """
    named = peek.kind is not Kind.VOLUME and FIRST.search(peek.name) is not None
    return named and peek.size > 0 and (peek.size % SECTOR == 0 or _begins(peek.head))


def _begins(head: bytes) -> bool:
    return any(head[at : at + len(sign)] == sign for at, sign in SIGNS)


def joined(peek: Peek, claim: Claim) -> Claim:
    """Return ``claim``, lowered for a part: joining comes first."""
    return Claim.NAME if claim > Claim.NAME and first_part(peek) else claim
