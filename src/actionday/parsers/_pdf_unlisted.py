"""Text that is drawn nowhere: pages outside the page tree, forms and patterns that no page shows.

Source: PDF 1.7 (ISO 32000-1), 7.7.3 (page tree), 8.10 (form XObjects), 8.7.3 (patterns), 11.6.5 (soft masks),
12.5.5 (appearances).
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from actionday.model import Damaged
from actionday.parsers._pdf_open import opened
from actionday.parsers._pdf_rebuilt import DRAWN, Objects, document, objects

PAGE = re.compile(rb"/Type\s*/(?:Page|Template)\b")
CONTENTS = re.compile(rb"/Contents\s*(?:\[|\d{1,8}\s+\d{1,5}\s+R\b)")
MOST = 2000
"""Pages outside the tree that are read."""
MOST_DRAWN = 20_000
"""Forms and patterns that are read as pages of their own: 3 s."""


class Places(NamedTuple):
    """Where objects of a document are looked for."""

    copy: bytes
    """The document as PDFium writes it: what its tables lead to."""
    stored: memoryview
    """Its bytes as they are; none of an encrypted one, whose strings nobody can read there."""
    packed: int
    """Pages within its object streams."""


class Outside(NamedTuple):
    """What may be drawn nowhere."""

    pages: int
    """Pages outside the tree, of which ``MOST`` are read."""
    passed: int
    """Forms and patterns beyond ``MOST_DRAWN``, which are not read by themselves."""
    texts: Iterator[str]
    """Of all pages, forms and patterns that may be outside."""


def unlisted(where: Places, listed: int, unread: int, read: Callable[[Any], str]) -> Outside:
    """Return what may be drawn nowhere.

    ``listed`` is the number of pages that PDFium finds, ``unread`` of those that it cannot load: their objects may be
    sound where the tree that leads to them is not. ``read`` gives the text of one.
    """
    had = listed - unread
    drawn_there = len(DRAWN.findall(where.copy))
    found = Objects()
    if _pages(where.stored) + where.packed > had or len(DRAWN.findall(where.stored)) > drawn_there:
        found = objects(bytes(where.stored))
    if len(found.pages()) <= had and (drawn_there or _pages(where.copy) > had):
        found = objects(where.copy)
    pages, drawn = found.pages(), found.drawn()
    beyond = max(len(pages) - listed, 0)
    pages = pages[: listed + MOST] if len(pages) > had else []
    made = document(found, pages, drawn[:MOST_DRAWN]) if pages or drawn else b""
    return Outside(beyond, max(len(drawn) - MOST_DRAWN, 0), _texts(made, read) if made else iter(()))


def _pages(data: bytes | memoryview) -> int:
    return max(len(PAGE.findall(data)), len(CONTENTS.findall(data)))


def _texts(made: bytes, read: Callable[[Any], str]) -> Iterator[str]:
    import pypdfium2  # type: ignore[import-untyped]

    try:
        held = opened(memoryview(made), ())
    except Damaged:
        return
    try:
        for number in range(len(held)):
            try:
                page = held[number]
                try:
                    yield read(page)
                finally:
                    page.close()
            except pypdfium2.PdfiumError:
                continue
    finally:
        held.close()
