"""Which signs a text has: told for all spellings in one pass, so that most of them need not look at it.

Source: none. A search for two letters takes 1.2 ns a character, and the spellings would need fifty; the pass takes 3.7.
"""

import re
from collections.abc import Collection, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from actionday.mime.otherwise.runs import runs
from actionday.mime.otherwise.signs import BEYOND_LATIN, FIGURE, LETTERS, PARTING, ROW, RUN, Seen, Sign
from actionday.mime.otherwise.spelling import Spelling

LATIN = "".join(map(chr, range(256)))
KINDS = 14
"""Bits for signs of letters beside each other, and for those beyond Latin 1: were there more, some would share one."""
RARE_BIT, FIRST_BIT, RUN_BIT, FIRST_BEYOND_BIT, ROW_BIT = 1 << 0, 1 << 1, 1 << 15, 1 << 16, 1 << 30
ALL_LETTERS = 0x110000
"""Of Unicode. Of the table only the pages take memory that a text asks for."""
SHIFT = np.uint32(16)
IN_A_ROW, IN_A_RUN = 1 << 15, np.uint32(1 << 31)
"""Bits of two letters that no sign has: the one of the first half is masked where signs are told."""
SIGNS = (1 << 15) - 1
WINDOW = 1 << 14
"""Characters looked at together: what is worked out for them stays in the processor's cache."""
OVERLAP = 32
"""More of them, in which a run or a row is seen that begins at the end of a window."""
END = b"\n\n"
"""Stands behind a text, whose last letters may begin a sign."""
SIXTEEN = (2, 4, 8)
"""Steps by which pairs are laid upon each other, so that each stands for sixteen letters."""


class Watch:
    """Some spellings, and two tables: of what signs two letters beside each other, and one beyond Latin 1, may be.

    The first has a bit for each sign that begins with the two letters, and 16 bits on one for each that ends with them.
    """

    def __init__(self, spellings: Sequence[Spelling]) -> None:
        """Take note of the signs."""
        own = dict.fromkeys(
            sign for spelling in spellings for sign in spelling.signs if sign not in (RUN, ROW)
        )
        self._bits = {RUN: RUN_BIT, ROW: ROW_BIT} | _numbered(own)
        self._asking = [(sum({self._bits[sign] for sign in each.signs}), each) for each in spellings]
        pairs = np.zeros((256, 256), np.uint32)
        self._beyond = np.zeros(ALL_LETTERS, np.uint32)
        for sign in own:
            self._beyond[list(map(ord, sign.beyond))] |= self._bits[sign]
            for triple in sign.triples:
                first, second, third = map(_members, triple)
                pairs[np.ix_(second, first)] |= self._bits[sign]
                pairs[np.ix_(third, second)] |= self._bits[sign] << SHIFT
        letters = _members(LETTERS)
        pairs[np.ix_(letters, letters)] |= IN_A_RUN
        figures, parting = _members(FIGURE), _members(PARTING)
        for first, second in ((figures, figures), (figures, parting), (parting, figures)):
            pairs[np.ix_(second, first)] |= IN_A_ROW
        self._pairs = pairs.ravel()

    def asked(self, text: str) -> Iterator[tuple[Spelling, Seen]]:
        """Yield the spellings of which a text has signs, with what is seen of them."""
        bits, inside = self._seen(text)
        found = runs(inside)
        bits |= RUN_BIT if found else 0
        for signs, spelling in self._asking:
            if signs & bits:
                own = frozenset(sign for sign in spelling.signs if self._bits[sign] & bits)
                yield spelling, Seen(own, found)

    def _seen(self, text: str) -> tuple[int, bytes]:
        """Return the bits of the signs that a text has, and of each letter whether it and the next are of a run."""
        bits = 0
        inside: list[bytes] = []
        for at in range(0, len(text), WINDOW):
            raw, beyond = self._latin(text[at : at + WINDOW + OVERLAP])
            if len(raw) < WINDOW + OVERLAP:
                raw += END
            # each two letters beside each other are one number
            pairs = np.ndarray((len(raw) - 1,), "<u2", raw, 0, (1,))
            found = self._pairs.take(pairs, mode="clip")
            bits |= beyond | int(np.bitwise_or.reduce(found[:-1] & (found[1:] >> SHIFT))) & SIGNS
            sixteen = _sixteen(found)
            bits |= ROW_BIT if sixteen & IN_A_ROW else 0
            length = min(WINDOW, len(text) - at)
            if sixteen >= IN_A_RUN or found[0] >= IN_A_RUN:
                inside.append((found[:length] >= IN_A_RUN).tobytes())
            else:
                inside.append(bytes(length))  # nothing long enough to be a run begins or goes on here
        return bits, b"".join(inside)

    def _latin(self, text: str) -> tuple[bytes, int]:
        """Return a text in Latin 1, and the bits of what is beyond."""
        try:
            return text.encode("latin-1"), 0
        except UnicodeEncodeError:
            letters = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), "<u4")
            beyond = letters[letters > ord(LATIN[-1])]
            raw = np.where(letters > ord(LATIN[-1]), ord(BEYOND_LATIN), letters).astype(np.uint8)
            return raw.tobytes(), int(np.bitwise_or.reduce(self._beyond.take(beyond, mode="clip")))


def _sixteen(found: NDArray[np.uint32]) -> int:
    """Return the bits that all pairs of some sixteen letters have, of which each letter is in one pair."""
    for step in SIXTEEN:
        if len(found) <= step:
            return 0
        found = found[:-step] & found[step:]
    return int(np.bitwise_or.reduce(found))


def _numbered(signs: Collection[Sign]) -> dict[Sign, int]:
    """Return a bit for each of some signs."""
    bits = dict.fromkeys(signs, RARE_BIT)
    common = [sign for sign in signs if not (sign.rare or sign.like)]
    bits |= {sign: FIRST_BIT << at % KINDS for at, sign in enumerate(sign for sign in common if sign.triples)}
    bits |= {sign: bits[sign.like] for sign in signs if sign.like}
    beyond = (sign for sign in common if not sign.triples)
    return bits | {sign: FIRST_BEYOND_BIT << at % KINDS for at, sign in enumerate(beyond)}


def _members(signs: str) -> list[int]:
    return [ord(letter) for letter in re.findall(f"[{signs}]", LATIN)]
