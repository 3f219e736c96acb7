"""The case's database: rows, work still to do, and the ledger's tables, in one SQLite file (WAL).

Read ``connection.py`` (opening, migrations), then one file a table. Queries are plain SQL kept to what SQLite and
PostgreSQL share.
"""

from actionday.storage.database.connection import ForeignSchema, check_newest, connect, migrate, transaction

__all__ = ["ForeignSchema", "check_newest", "connect", "migrate", "transaction"]
