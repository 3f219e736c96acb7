"""The first of numbered parts of a split file: what it holds begins only when the parts are joined."""

import re

from actionday.model import Claim, Kind, Peek

FIRST = re.compile(r"\.(0{2,4})1$")
ENDINGS = ("1", "1\n")
"""What such a name ends in."""
SECTOR = 512


def first_part(peek: Peek) -> bool:
    """Say whether a file is called ``.001`` and is a whole number of sectors, as parts of a disk are.

    What was joined already (kind ``volume``, under the same name) is none any more.
    """
    named = peek.kind is not Kind.VOLUME and FIRST.search(peek.name) is not None
    return named and peek.size > 0 and peek.size % SECTOR == 0


def joined(peek: Peek, claim: Claim) -> Claim:
    """Return ``claim``, lowered for a part: joining comes first."""
    return Claim.NAME if claim > Claim.NAME and first_part(peek) else claim
