"""PostgreSQL dumps in plain text: tables and rows out of COPY and INSERT, at any length.

Source: PostgreSQL 15, "pg_dump" (plain format), "COPY" (Text Format), 4.1 (lexical structure).
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Kind, Peek, Stream
from actionday.sources.databases._paged import paged
from actionday.sources.databases._pgwalk import Walk
from actionday.sources.databases._table import byte_of, following

HEADER = re.compile(rb"^-- PostgreSQL database (?:cluster )?dump", re.MULTILINE)
COPY = re.compile(rb"^COPY [^\n]{1,4096} FROM stdin;\r?$", re.MULTILINE)


class PgDump:
    """Rows in the order of the dump; ``place`` is the byte at which a row begins."""

    name, sample = "pgdump", "kestrel.pg.sql"
    textual = True
    no_text_of_its_own = no_byte_left = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for the header of pg_dump, MAGIC for a COPY out of one."""
        if peek.kind is Kind.SYSTEM:
            return Claim.NO  # what is no row of a dump begins as the dump does
        if HEADER.search(peek.head, 0, 4096):
            return Claim.STRUCTURE
        return Claim.MAGIC if b" FROM stdin;" in peek.head and COPY.search(peek.head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the tables and their rows behind ``around.after``; what lies before it is passed over, not taken apart.

        Raises Damaged at the end where the dump breaks off.
        """
        walk = Walk(stream, around, byte_of(around.after))
        yield from following(paged(walk.found(), numbered=True), around.after)


SOURCE = PgDump()
