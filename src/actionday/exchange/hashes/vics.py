"""Project VIC and CAID: JSON of the Video Image Classification Standard, 1.3 and 2.0 (OData).

Each object of an array called ``value`` or ``Media`` that holds no such array itself is a record, wherever it
stands; its category is kept as the file has it, for what a number means is said by each country's scheme.

Source: VICS data model 1.3 and 2.0, entity Media (MD5, SHA1, Category); RFC 8259 (JSON); OData JSON Format 4.0.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from actionday.exchange.hashes._contract import Bad, Batch, Position, strongest
from actionday.exchange.hashes._given import Given
from actionday.model import Claim, Damaged

TOKEN = re.compile(rb'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"|["{}\[\]:]', re.DOTALL)
"""A string whole, or a sign of structure; a quotation mark alone is a string cut at the end of what is held."""
ARRAYS = frozenset({b'"value"', b'"media"'})
LONGEST = 16 << 20
"""Bytes of one record; real ones have some hundred."""
DEEPEST = 200
SHORT = 200
RECORDS = 5000
MARKS = (b"VICS", b"ProjectVic", b"ProjectVIC", b'"MediaID"', b'"odata.', b'"@odata.')
EDITION = re.compile(rb"DataModels/([0-9][0-9.]{0,10}?)\.xml")


class Vics:
    """VICS 1.3 and 2.0."""

    name, called, kind, only = "vics", "", "bad", True

    def claims(self, head: bytes, name: str) -> Claim:
        """Claim JSON that names the data model or has its fields."""
        start = head.lstrip()
        if not start.startswith((b"{", b"[")):
            return Claim.NO
        if any(mark in head for mark in MARKS):
            return Claim.MAGIC
        return Claim.NAME if name.lower().endswith(".json") else Claim.NO

    def version(self, given: Given) -> str:
        """Return the edition of the data model: a file does not say which edition of the set it is."""
        found = EDITION.search(given.head)
        return f"VICS {found[1].decode()}" if found else ""

    def batches(self, given: Given, position: Position) -> Iterator[Batch]:
        """Yield the records in order; what was read before is gone through again and not given."""
        skip = int(position.get("record", 0))
        number = 0
        digests, bad = defaultdict[tuple[str, str], list[bytes]](list), list[Bad]()
        rows = 0
        for text in _records(given):
            number += 1
            if number <= skip:
                continue
            rows += 1
            _take(text, number, digests, bad)
            if rows == RECORDS:
                yield Batch(_joined(digests), rows, 0, bad, {"record": number})
                digests, bad, rows = defaultdict(list), [], 0
        if rows:
            yield Batch(_joined(digests), rows, 0, bad, {"record": number})


def _joined(digests: dict[tuple[str, str], list[bytes]]) -> dict[tuple[str, str], bytes]:
    return {key: b"".join(each) for key, each in digests.items()}


def _take(text: bytes, number: int, digests: dict[tuple[str, str], list[bytes]], bad: list[Bad]) -> None:
    """Take one record: its strongest hash, under its category."""
    where = f"record {number}"
    try:
        record: dict[str, Any] = {str(key).lower(): value for key, value in json.loads(text).items()}
    except (ValueError, RecursionError):
        bad.append(Bad(where, "is no JSON"))
        return
    said = strongest(
        {name: each for name in ("sha256", "sha1", "md5") if isinstance(each := record.get(name), str)}
    )
    if isinstance(said, str):
        bad.append(Bad(where, said))
    else:
        digests[said[0], _category(record.get("category"))].append(said[1])


def _category(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return "".join(each for each in str(value) if each.isprintable())[:SHORT].strip()


class _Open:
    """A brace or bracket that is open: where it began, and what it is."""

    __slots__ = ("among", "array", "at", "holds", "listed")

    def __init__(self, at: int, *, array: bool, listed: bool = False, among: bool = False) -> None:
        self.at, self.array = at, array
        self.listed = listed
        """An array whose objects are records."""
        self.among = among
        """An object of such an array."""
        self.holds = False
        """One that holds such an array itself, and so is no record."""


class _Scan:
    """Goes through JSON token by token, of which no more is held than the record that is open."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._last, self._key = b"", b""
        self.ended = False

    def taken(self, held: bytes, seen: int) -> tuple[list[bytes], int]:
        """Return the records that end behind byte ``seen`` of ``held``, and up to where it was gone through."""
        found = list[bytes]()
        for token in TOKEN.finditer(held, seen):
            sign = token[0]
            if sign == b'"':
                return found, token.start()
            if sign[:1] == b'"':
                self._last = sign
            elif sign == b":":
                self._key = self._last
            elif sign in b"{[":
                self._begun(token.start(), array=sign == b"[")
            else:
                self._over(held, token.end(), found, array=sign == b"]")
        return found, len(held)

    def let_go(self, seen: int) -> int:
        """Return how many bytes need not be held any more: all but the outermost record that is open."""
        count = next((each.at for each in self._open if each.among and not each.holds), seen)
        for each in self._open:
            each.at -= count
        return count

    def _begun(self, at: int, *, array: bool) -> None:
        above = self._open[-1] if self._open else None
        if len(self._open) >= DEEPEST:
            raise Damaged(f"is nested more than {DEEPEST} deep")
        if array and (above is None or self._key.lower() in ARRAYS):
            for each in self._open:
                each.holds = True
            self._open.append(_Open(at, array=True, listed=True))
        elif array:
            self._open.append(_Open(at, array=True))
        else:
            self._open.append(_Open(at, array=False, among=above is not None and above.listed))
        self._key = b""

    def _over(self, held: bytes, end: int, found: list[bytes], *, array: bool) -> None:
        if not self._open or self._open[-1].array != array:
            raise Damaged("is no JSON: a bracket closes what is not open")
        done = self._open.pop()
        if done.among and not done.holds:
            found.append(held[done.at : end])
        self.ended = not self._open


def _records(given: Given) -> Iterator[bytes]:
    """Yield the bytes of each record. Raises Damaged where the file ends before its JSON does."""
    scan, held, seen = _Scan(), b"", 0
    try:
        for block in given.blocks(0):
            held += block
            found, seen = scan.taken(held, seen)
            yield from found
            gone = scan.let_go(seen)
            held, seen = held[gone:], seen - gone
            if len(held) > LONGEST:
                raise Damaged(f"a record is longer than {LONGEST} bytes")
    except Damaged as error:
        raise Damaged(f"{given.path}: {error}") from error
    if not scan.ended:
        raise Damaged(f"{given.path}: ends in the middle of its JSON")


HASHES = Vics()
