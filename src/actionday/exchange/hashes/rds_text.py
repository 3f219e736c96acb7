"""NSRL Reference Data Set, version 2: ``NSRLFile.txt``, also in the zip archive in which it is given out.

A row is kept by its SHA-1; the MD5 and the CRC32 beside it say nothing more.

Source: NIST, "Data Formats of the NSRL Reference Data Set (RDS) Distribution" (RDS 2.x), section NSRLFile.txt.
"""

import re
from collections.abc import Iterator

from actionday.exchange.hashes._contract import Bad, Batch, Position, digits
from actionday.exchange.hashes._given import Given, lines
from actionday.model import Claim

HEADER = b'"SHA-1","MD5","CRC32"'
BEGINS = re.compile(rb'^"([0-9A-Fa-f]{40})",', re.MULTILINE)
QUOTED = re.compile(r"[\"' \t]*([^\"',]*)")
VERSION = re.compile(rb"\d{4}\.\d{2}\.\d+|\d+\.\d+")


class RdsText:
    """RDS 2.x."""

    name, called, kind, only = "nsrl-rds-2", "NSRL RDS", "good", False

    def claims(self, head: bytes, name: str) -> Claim:  # noqa: ARG002 - what it begins with says it
        """Claim what has the header of ``NSRLFile.txt``."""
        return Claim.MAGIC if head.startswith(HEADER) else Claim.NO

    def version(self, given: Given) -> str:
        """Return the number in ``version.txt``, which lies beside the list."""
        found = VERSION.search(given.beside("version.txt"))
        return found[0].decode() if found else ""

    def batches(self, given: Given, position: Position) -> Iterator[Batch]:
        """Yield the SHA-1 of each line; names may hold any bytes but the end of a line."""
        number = int(position.get("line", 0))
        for block, end in lines(given, int(position.get("offset", 0))):
            count = block.count(b"\n") + (not block.endswith(b"\n"))
            found = BEGINS.findall(block)
            bad, blank = list[Bad](), 0
            if len(found) != count:
                found, bad, blank = _one_by_one(block, number)
            packed = bytes.fromhex(b"".join(found).decode("ascii"))
            number += count
            rows = len(found) + len(bad)
            yield Batch({("sha1", ""): packed}, rows, blank, bad, {"offset": end, "line": number})


def _one_by_one(block: bytes, number: int) -> tuple[list[bytes], list[Bad], int]:
    """Return the digits, the bad lines and how many are blank, of a block in which not every line is as it should."""
    found, bad, blank = list[bytes](), list[Bad](), 0
    for each in block.removesuffix(b"\n").split(b"\n"):
        number += 1
        if not each.strip():
            blank += 1
        elif number == 1 and HEADER in each[: len(HEADER) + 3]:
            continue
        elif match := BEGINS.match(each):
            found.append(match[1])
        else:
            cell = QUOTED.match(each.decode("utf-8", "replace"))
            said = digits(cell[1] if cell else "")
            if isinstance(said, str):
                bad.append(Bad(f"line {number}", said))
            elif said[0] == "sha1":
                found.append(said[1].hex().encode())
            else:
                bad.append(Bad(f"line {number}", "its first column is no SHA-1"))
    return found, bad, blank


HASHES = RdsText()
