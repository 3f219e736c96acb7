"""An item's path and its row, from where it was found and what came of it."""

import msgspec

from actionday.model import Kind
from actionday.pipeline.messages import Located, Row, Scope
from actionday.pipeline.reading import Body


def joined(path: str, name: str) -> str:
    """Return the path of ``name`` below ``path``."""
    return f"{path}/{name}" if path else name


def placed(scope: Scope, each: Located) -> tuple[bytes | None, str]:
    """Return the container of an item and its path; an exhibit has none and is called by nothing."""
    if each.kind == Kind.EXHIBIT:
        return None, ""
    return scope.item, joined(scope.path, each.name)


def _possible(size: int | None) -> int | None:
    """Return a declared size that the database can hold; a damaged file system declares what it likes."""
    return size if size is not None and 0 <= size < 1 << 63 else None


def row_of(
    item: bytes,
    parent: bytes | None,
    path: str,
    located: Located,
    *,
    body: Body | None = None,
    status: str,
    reason: str,
    opened: bool = False,
) -> Row:
    """Return the row of an item; a content's size is the one that was read, else the declared one, if it can be."""
    return Row(
        id=item,
        parent=parent,
        place=located.place,
        path=path,
        raw=located.raw,
        kind=located.kind,
        size=_possible(located.size) if body is None else body.size,
        sha256=None if body is None else body.sha256,
        mtime=located.mtime,
        status=status,
        reason=reason,
        opened=opened,
        runs=None if located.runs is None else msgspec.msgpack.encode(located.runs),
        meta=located.meta,
    )
