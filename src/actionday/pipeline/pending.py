"""What is still to be done, as the database keeps it: containers being gone through, large contents to be examined.

A run that was killed goes on from these rows. They are written in the checkpoint that stores the items around them.
"""

import msgspec

from actionday.model import Kind
from actionday.model.errors import Refused
from actionday.model.identity import item_id
from actionday.pipeline.messages import Done, Examine, Issue, Kept, Located, Opened, Results, Row, Scope
from actionday.pipeline.placing import joined, row_of

Values = tuple[object, ...]

NEW = (
    "INSERT INTO containers (item, exhibit, opener, scope, name, kind, size, state, row) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, 'open', ?) ON CONFLICT (item) DO UPDATE SET opener = excluded.opener, "
    "scope = excluded.scope, row = excluded.row WHERE opener = 'large'"
)
KEPT = (
    "INSERT INTO containers (item, exhibit, opener, scope, name, kind, size, state) "
    "VALUES (?, ?, ?, ?, ?, '', ?, 'done') "
    "ON CONFLICT (item) DO UPDATE SET scope = excluded.scope, opener = excluded.opener"
)
CLOSED = "UPDATE containers SET state = 'done', row = NULL WHERE item = ?"
AFTER = "UPDATE containers SET after = ? WHERE item = ?"
FOUND_OUT = "UPDATE exhibits SET sources = ?, acquisition = ? WHERE number = ?"
"""What opening told of the exhibit, kept with its row: after a kill nobody opens it again."""
LARGE = "large"
"""Opener of what is no container: a content too large to be held, still to be examined."""
EXAMINED = "DELETE FROM containers WHERE item = ? AND opener = 'large'"


def touched(statement: str, values: Values) -> tuple[bytes | None, int | None]:
    """Return the item of the container that one of the statements above is about, or the number of the exhibit."""
    if statement == FOUND_OUT:
        return None, int(str(values[2]))
    item = values[1 if statement == AFTER else 0]
    return (item, None) if isinstance(item, bytes) else (None, None)


def new(exhibit: int, opened: Opened) -> Values:
    """Return the values of ``NEW`` for a container that is to be opened."""
    encode = msgspec.msgpack.encode
    row = opened.row
    return (
        row.id,
        exhibit,
        opened.opener,
        encode(opened.scope),
        opened.name,
        row.kind,
        opened.size,
        encode(opened),
    )


def large(exhibit: int, item: bytes, scope: Scope, found: Located) -> Values:
    """Return the values of ``NEW`` for a large content."""
    encode = msgspec.msgpack.encode
    row = encode((scope, found))
    return item, exhibit, LARGE, encode(scope), found.name, found.kind, found.size, row


def kept(exhibit: int, each: Kept) -> Values:
    """Return the values of ``KEPT``: where a container's stream is to be had again."""
    return each.scope.item, exhibit, each.opener, msgspec.msgpack.encode(each.scope), each.name, each.size


def unread(order: Examine, done: Done) -> Results:
    """Return what is stored of a batch whose stream could not be opened: each item says so."""
    rows = tuple(_row(order.scope, each, done) for each in order.found)
    code = Refused.code_of(done.code, done.status)
    issues = tuple(Issue(row.id, "read", row.path, code, done.reason) for row in rows)
    return Results(order.job, rows, issues=issues)


def _row(scope: Scope, each: Located, done: Done) -> Row:
    item, parent, path = item_id(scope.item, each.place), scope.item, joined(scope.path, each.name)
    if each.kind == Kind.EXHIBIT:
        return row_of(scope.item, None, "", each, status=done.status, reason=done.reason)
    return row_of(item, parent, path, each, status=done.status, reason=done.reason)
