"""Plain lists of MD5, SHA-1 and SHA-256: one a line, as md5sum, sha256sum, their BSD kin and hashdeep write them, or a
table with a header that names its columns.

A line without a header is kept by the hash that it begins with; a row of a table by its strongest.

Source: GNU coreutils manual, "md5sum invocation"; md5deep/hashdeep file format 1.0; RFC 4180 (CSV).
"""

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from actionday.exchange.hashes._contract import DIGITS, NO_HASH, Bad, Batch, Position, digits, strongest
from actionday.exchange.hashes._given import Given, lines
from actionday.model import Claim
from actionday.storage.hashes.layout import WIDTHS

HASHDEEP = b"%%%% HASHDEEP-1."
COLUMNS = re.compile(r"%%%% (size,[a-z0-9,]*filename)\s*")
BSD = re.compile(r"\\?(MD5|SHA1|SHA256|SHA-1|SHA-256) ?\(.*\) ?= ?([0-9A-Fa-f]+)", re.DOTALL)
PLAIN = re.compile(
    rb"^\\?([0-9A-Fa-f]{32}(?:[0-9A-Fa-f]{8}(?:[0-9A-Fa-f]{24})?)?)(?:[ \t,;|][^\n]*)?\r?$", re.MULTILINE
)
FIRST = re.compile(r"[ \t\"']*\\?([0-9A-Fa-f]+)(?=[\s,;|\"']|$)")
FORMS = {"md5": "md5", "md5hash": "md5", "hashmd5": "md5", "sha1": "sha1", "sha1hash": "sha1", "hashsha1": "sha1",
         "sha256": "sha256", "sha256hash": "sha256", "hashsha256": "sha256",
         "hash": "hash", "hashvalue": "hash", "category": "category"}  # fmt: skip
"""What headers call their columns, without blanks, dashes and underscores, in small letters."""
SEPARATORS = ",;\t|"
SHORT = 200
COMMENTS = ("#", "%%%%")


class Table(NamedTuple):
    """Which column holds what; ``header``: the number of the line that says so."""

    columns: dict[int, str]
    separator: str
    header: int


class Plain:
    """Lists and tables."""

    name, called, kind, only = "list", "", "bad", False

    def claims(self, head: bytes, name: str) -> Claim:  # noqa: ARG002 - any text may be one
        """Claim what is text, after all others."""
        return Claim.NO if b"\0" in head else Claim.NAME

    def version(self, given: Given) -> str:  # noqa: ARG002 - the contract
        """Return "": a list does not say which edition it is."""
        return ""

    def batches(self, given: Given, position: Position) -> Iterator[Batch]:
        """Yield the hashes of each block of lines."""
        number = int(position.get("line", 0))
        table = table_of(given.head)
        taken = _line if table is None else partial(_cells, table)
        for block, end in lines(given, int(position.get("offset", 0))):
            whole = block.removeprefix(b"\xef\xbb\xbf") if number == 0 else block
            count = whole.count(b"\n") + (not whole.endswith(b"\n"))
            found = PLAIN.findall(whole) if table is None else []
            if len(found) == count:
                batch = _packed(found, count)
            else:
                batch = _one_by_one(whole, number, taken, 0 if table is None else table.header)
            number += count
            yield batch._replace(position={"offset": end, "line": number})


def table_of(head: bytes) -> Table | None:
    """Return what the header of a table says, None where a list has none."""
    texts = head.decode("utf-8", "replace").splitlines()[:50]
    if head.startswith(HASHDEEP):
        for number, text in enumerate(texts, start=1):
            if match := COLUMNS.fullmatch(text):
                return _table(match[1].split(","), ",", number)
        return None
    for number, text in enumerate(texts, start=1):
        if not text.strip() or text.startswith("#"):
            continue
        for separator in SEPARATORS:
            cells = next(csv.reader([text], delimiter=separator), [])
            if (found := _table(cells, separator, number)) is not None:
                return found
        return None
    return None


def _table(cells: list[str], separator: str, header: int) -> Table | None:
    named = {at: FORMS.get(re.sub(r"[\s_-]", "", each).lower(), "") for at, each in enumerate(cells)}
    columns = {at: name for at, name in named.items() if name}
    return Table(columns, separator, header) if set(columns.values()) & {*WIDTHS, "hash"} else None


def _packed(found: list[bytes], count: int) -> Batch:
    """Return the batch of lines that each hold what they should."""
    by_length = defaultdict[int, list[bytes]](list)
    for each in found:
        by_length[len(each)].append(each)
    digests = {
        (DIGITS[length], ""): bytes.fromhex(b"".join(each).decode("ascii"))
        for length, each in by_length.items()
    }
    return Batch(digests, count, 0, [], {})


Taken = Callable[[str], tuple[str, bytes, str] | str]


def _one_by_one(block: bytes, number: int, taken: Taken, header: int) -> Batch:
    digests, bad, rows, blank = defaultdict[tuple[str, str], list[bytes]](list), list[Bad](), 0, 0
    for each in block.removesuffix(b"\n").split(b"\n"):
        number += 1
        text = each.decode("utf-8", "replace").strip("\r")
        if not text.strip() or text.startswith(COMMENTS):
            blank += 1
            continue
        if number == header:
            continue
        rows += 1
        said = taken(text)
        if isinstance(said, str):
            bad.append(Bad(f"line {number}", said))
        else:
            digests[said[0], said[2]].append(said[1])
    return Batch({key: b"".join(each) for key, each in digests.items()}, rows, blank, bad, {})


def _line(text: str) -> tuple[str, bytes, str] | str:
    """Return algorithm, digest and label of a line of a list, or why it has none."""
    bsd = BSD.match(text)
    match = bsd or FIRST.match(text)
    if match is None:
        return NO_HASH
    said = digits(match[2] if bsd else match[1])
    return said if isinstance(said, str) else (*said, "")


def _cells(table: Table, text: str) -> tuple[str, bytes, str] | str:
    """Return algorithm, digest and label of a row of a table, or why it has none."""
    try:
        cells = next(csv.reader([text], delimiter=table.separator), [])
    except csv.Error:
        return "is no row of a table"
    given = {name: cells[at] for at, name in table.columns.items() if at < len(cells)}
    label = "".join(each for each in given.pop("category", "") if each.isprintable())[:SHORT].strip()
    said = strongest(given)
    if said == NO_HASH and "hash" in given:
        said = digits(given["hash"])
    return said if isinstance(said, str) else (*said, label)


HASHES = Plain()
