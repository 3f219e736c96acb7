"""Signs of spellings: letters beside each other, of which a text has some wherever it has the spelling.

Source: none. ``watch`` looks for all of them at once.
"""

from collections.abc import Sequence
from typing import NamedTuple


class Sign:
    """Three letters beside each other, given as triples of sets; or one beyond Latin 1."""

    def __init__(
        self,
        *triples: tuple[str, str, str],
        beyond: str = "",
        rare: bool = False,
        like: "Sign | None" = None,
    ) -> None:
        """Each set is what stands between the brackets of a regular expression, ``beyond`` the letters themselves.

        Where two triples share a letter in their middles, the first of one may stand with the last of the other.
        ``rare``: hardly a text has it; such signs are not told from each other. ``like``: another that this one is
        not told from, for there are more signs than can be: of the two, not more texts have one than had either.
        """
        self.triples = triples
        self.beyond = beyond
        self.rare = rare
        self.like = like


class Seen(NamedTuple):
    """What is seen of a text before it is read."""

    signs: frozenset[Sign]
    """Those of a spelling that it may have."""
    runs: Sequence[tuple[int, int]]
    """Where its long runs of letters and figures begin and end."""


ANY = "\\0-\xff"
"""Whatever stands there, be it the end of the text."""
BEYOND_LATIN = "?"
"""What stands for every letter beyond Latin 1."""
FOREIGN = f"\x80-\xff{BEYOND_LATIN}"
"""Letters beyond ASCII."""
FIGURE = "0-9A-Fa-f"
PARTING = " \\t\\r\\n,:;\\-"
"""What stands between bytes in figures."""
LETTERS = "A-Za-z0-9+/"
"""The alphabet of base64."""
RUN = Sign()
"""Letters of base64, ``runs.LEAST`` in a row."""
ROW = Sign()
"""Sixteen letters in a row, in pairs: each is a figure or parts bytes, and no pair is of such as part them alone."""
