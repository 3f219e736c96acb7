"""Names of members that are no UTF-8, read by the code page that all of them together are likeliest in."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from msgspec.structs import replace

from actionday.mime.named import SAMPLE, page_of
from actionday.model import Found, ItemError

MOST = 4000
"""Names that the guess is made by, at most."""


def named(items: Iterator[Found], names: Callable[[], Iterable[bytes]]) -> Iterator[Found]:
    """Yield items, each name that is no UTF-8 read by the code page; how it was told before stands beside it.

    ``names``, asked once and where there is such a name alone, gives those of the archive that may be in a code page.
    It may raise ItemError where no more can be had. Bytes that the page does not have stay as they were told.
    """
    page: str | None = None
    asked = False
    for found in items:
        if found.raw is None:
            yield found
            continue
        if not asked:
            asked, page = True, _page(names())
        yield found if page is None else _shown(found, found.raw, page)


def _page(names: Iterable[bytes]) -> str | None:
    held, size = list[bytes](), 0
    told = iter(names)
    try:
        for name in islice((each for each in told if not each.isascii()), MOST):
            held.append(name)
            size += len(name)
            if size > SAMPLE:
                break
    except ItemError:
        pass  # the names before it are as good; whoever lists the members says what is damaged
    guess = page_of(held)
    return guess.page if guess else None


def _shown(found: Found, raw: bytes, page: str) -> Found:
    try:
        name = raw.decode(page)
    except UnicodeDecodeError:
        return found
    if found.name.endswith("/") is not name.endswith("/"):
        name = name.rstrip("/")
    return replace(found, name=name, meta={**found.meta, "name_encoding": page, "name_bytes": found.name})
