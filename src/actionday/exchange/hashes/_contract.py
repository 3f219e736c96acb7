"""What a format of known hashes is asked, and what it gives: packed digests, some thousands at a time."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Protocol

from actionday.exchange.hashes._given import Given
from actionday.model import Claim
from actionday.storage.hashes.layout import CALLED, WIDTHS

DIGITS = {2 * width: name for name, width in WIDTHS.items()}
"""Algorithms by the hexadecimal digits of their digests."""
WANTED = ", ".join(f"{CALLED[name]} has {digits}" for digits, name in sorted(DIGITS.items()))
MOST_TOLD = 128
"""Digits beyond which a reason only says that there are more: reasons are counted, and must be few."""
NO_HASH = "no hash in it"
Position = Mapping[str, int | str]
"""Where a format goes on: its own words, kept between two runs of an import. Empty at the beginning."""


class Bad(NamedTuple):
    """A row that gives no hash: where it stands ("line 7"), and why, in one of a few sentences."""

    where: str
    reason: str


class Batch(NamedTuple):
    """Some rows. ``digests``: packed, by algorithm and label; ``position``: where it goes on behind them."""

    digests: Mapping[tuple[str, str], bytes]
    rows: int
    blank: int
    bad: list[Bad]
    position: Position


class Format(Protocol):
    """One format. ``kind``: what its sets are for unless the person says otherwise, good or bad."""

    name: str
    called: str
    """The name of a set of which nobody gave one, "" for that of the file."""
    kind: str
    only: bool
    """Whether ``kind`` may not be another: files that are sought are never taken for known good."""

    def claims(self, head: bytes, name: str) -> Claim:
        """Say whether a file of this name that begins with ``head`` is of the format."""
        ...

    def version(self, given: Given) -> str:
        """Return which edition of the set it is, as the file says, "" where it does not."""
        ...

    def batches(self, given: Given, position: Position) -> Iterator[Batch]:
        """Yield what is behind ``position``. Raises Damaged where the file cannot be read to its end."""
        ...


def digits(text: str) -> tuple[str, bytes] | str:
    """Return algorithm and digest that hexadecimal digits are, or why they are none.

    Capital letters and blanks around them are as good.
    """
    text = text.strip()
    if not text:
        return NO_HASH
    try:
        found = bytes.fromhex(text) if " " not in text else None
    except ValueError:
        found = None
    if found is not None and (name := DIGITS.get(len(text))):
        return name, found
    if not all(each in "0123456789abcdefABCDEF" for each in text):
        return NO_HASH
    many = str(len(text)) if len(text) <= MOST_TOLD else f"more than {MOST_TOLD}"
    return f"{many} hexadecimal digits: {WANTED}"


def strongest(texts: Mapping[str, str]) -> tuple[str, bytes] | str:
    """Return the strongest hash of a row that has some, by algorithm; else why the first of them is none.

    A digest under the name of another algorithm is none of that one.
    """
    why = ""
    for name, width in WIDTHS.items():
        text = texts.get(name, "").strip()
        if not text:
            continue
        found = digits(text)
        if not isinstance(found, str) and found[0] == name:
            return found
        told = found if isinstance(found, str) else f"{2 * width} hexadecimal digits were to be there"
        why = why or f"{CALLED[name]}: {told}"
    return why or NO_HASH
