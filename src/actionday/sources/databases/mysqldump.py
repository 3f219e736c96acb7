"""Dumps of MySQL and MariaDB: tables and rows out of INSERT statements of any length.

Source: MySQL 8.0, "mysqldump", "INSERT", 9.1 (literals), 9.7 (comments that are executed); MariaDB, "mariadb-dump".
"""

import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Found, Kind, Peek, Stream
from actionday.sources.databases._mysqlwalk import Walk
from actionday.sources.databases._paged import paged
from actionday.sources.databases._table import byte_of, following
from actionday.sources.databases.pgdump import HEADER as OTHER

HEADER = re.compile(
    rb"^(?:--|#) (?:MySQL dump|MariaDB dump|phpMyAdmin (?:SQL|MySQL)[ -]Dump|Adminer \S+ |HeidiSQL|Host: )",
    re.MULTILINE,
)
INSERT = re.compile(rb"^(?:INSERT|REPLACE) INTO `[^\n]{1,4096}?\bVALUES\b", re.MULTILINE)


class MySqlDump:
    """Rows in the order of the dump; ``place`` is the byte at which a row begins."""

    name, sample = "mysqldump", "kestrel.mysql.sql"
    textual = True
    no_text_of_its_own = no_byte_left = True

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for the header of a program that writes dumps, MAGIC for rows with names in backticks."""
        if peek.kind is Kind.SYSTEM or OTHER.search(peek.head, 0, 4096):
            return Claim.NO
        if b"INTO `" in peek.head and INSERT.search(peek.head):
            return Claim.STRUCTURE if HEADER.search(peek.head, 0, 4096) else Claim.MAGIC
        return Claim.STRUCTURE if HEADER.search(peek.head, 0, 4096) and b"TABLE" in peek.head else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the tables, their rows behind ``around.after``, and what is no row.

        Raises Damaged at the end where the dump breaks off.
        """
        walk = Walk(stream, around, byte_of(around.after))
        yield from following(paged(walk.found(), numbered=True), around.after)


SOURCE = MySqlDump()
