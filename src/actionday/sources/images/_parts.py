"""Numbered parts of a split file, and the first of them: what it holds begins only when the parts are joined.

Source: no standard; the namings of dd, dcfldd, FTK Imager (``.001``) and of split(1) (``.000`` with -d -a 3, ``aa``).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from actionday.model import Claim, Kind, Peek
from actionday.sources.archives._partnames import called

FIRST = re.compile(r"\.(0{2,4})1$")
"""How a first part is called by the tools that image disks; by the others (WEAK) many a file is that is none."""
WEAK = re.compile(r"(.+)(?:\.(0{1,6}|0?1|0{5}1)|(?P<letters>a{2,5}))", re.DOTALL)
DIGITS = re.compile(r"(.+)\.(\d{1,6})", re.DOTALL)
LETTERS = re.compile(r"[a-z]{2,5}$")
ENDINGS = ("1", "1\n", "0", "aa")
"""What such a name ends in."""
SECTOR = 512
SIGNS = ((510, b"\x55\xaa"), (512, b"EFI PART"), (1080, b"\x53\xef"), (0, b"XFSB"), (1024, b"H+"), (1024, b"HX"),
         (32, b"NXSB"), (0x10040, b"_BHRfS_M"), (0x8001, b"CD001"))  # fmt: skip
"""What a disk begins with whose length is told there: a boot record, a file system."""
WIDENED = 25 * 26
"""Parts that split(1) calls by two letters; behind ``yz`` follows ``zaaa``."""


class Naming(NamedTuple):
    """How the parts of a set are called: digits behind a dot, or letters."""

    stem: str
    width: int
    start: int = 1
    letters: bool = False

    def name(self, number: int) -> str:
        """Return the name of part ``number`` >= 1."""
        if not self.letters:
            return f"{self.stem}.{self.start + number - 1:0{self.width}d}"
        if self.width == 2 and number > WIDENED:
            return f"{self.stem}z{_lettered(number - 1 - WIDENED, 3)}"
        return f"{self.stem}{_lettered(number - 1, self.width)}"

    @property
    def sure(self) -> bool:
        """Whether the name alone tells that a file is such a part."""
        return not self.letters and self.start == 1 and 3 <= self.width <= 5


def _lettered(number: int, width: int) -> str:
    return "".join(chr(97 + number // 26**place % 26) for place in range(width - 1, -1, -1))


def _value(letters: str) -> int:
    found = 0
    for each in letters:
        found = found * 26 + ord(each) - 97
    return found


def naming(name: str) -> Naming | None:
    """Return how the parts are called whose first may be called ``name``."""
    if found := FIRST.search(name):
        return Naming(name[: found.start()], len(found[1]) + 1)
    if (weak := WEAK.fullmatch(name)) is None:
        return None
    if weak["letters"]:
        width = len(weak["letters"])
        return Naming(name[:-width], width, letters=True)
    return Naming(weak[1], len(weak[2]), int(weak[2]))


def later(name: str) -> Iterator[tuple[Naming, int]]:
    """Yield of which sets, whose names tell little, a file may be a later part, and which (2: the second)."""
    if found := DIGITS.fullmatch(name):
        digits, value = found[2], int(found[2])
        for width in range(1, len(digits) + 1):
            if width == len(digits) or digits[0] != "0":
                for start in (0, 1):
                    each = Naming(found[1], width, start)
                    if value > start and not each.sure:
                        yield each, value - start + 1
    elif run := LETTERS.search(name):
        for width in range(2, len(run[0]) + 1):
            value = _value(name[-width:])
            if value and len(name) > width:
                yield Naming(name[:-width], width, letters=True), value + 1
        if len(name) > 4 and len(run[0]) >= 4 and name[-4] == "z":
            yield Naming(name[:-4], 2, letters=True), WIDENED + _value(name[-3:]) + 1


def first_part(peek: Peek) -> bool:
    """Say whether a file is called ``.001`` and is a whole number of sectors, as parts of a disk are.

    One that begins as a disk may be cut within a sector: by who split it at round figures, or by who broke off; one
    called in another way has to begin so. What was joined already (kind ``volume``, under the same name) is none.
    """
    if peek.kind is Kind.VOLUME or peek.size <= 0 or called(peek.name) is not None:
        return False
    if FIRST.search(peek.name):
        return peek.size % SECTOR == 0 or _begins(peek.head)
    return WEAK.fullmatch(peek.name) is not None and _begins(peek.head)


def _begins(head: bytes) -> bool:
    return any(head[at : at + len(sign)] == sign for at, sign in SIGNS)


def joined(peek: Peek, claim: Claim) -> Claim:
    """Return ``claim``, lowered for a part: joining comes first."""
    return Claim.NAME if claim > Claim.NAME and first_part(peek) else claim
