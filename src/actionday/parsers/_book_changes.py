"""A book without what its pages show as taken out, its own abbreviations put where they are used, for the library that
reads its pages in their order.

Source: EPUB 3.3, 4.2 (OCF ZIP container); HTML Living Standard, 4.7 (edits).
"""

import io
import re
import zipfile

from actionday.model import ItemError
from actionday.parsers._decode import decode
from actionday.parsers._package import Package
from actionday.parsers._page_changes import wordings
from actionday.parsers._page_entities import expanded
from actionday.parsers._revealed import without_sections
from actionday.parsers._unread import Beside

PAGES = r"(?i).*\.x?html?"
CHANGED = re.compile(rb"<(?:del|s|strike)[\s/>]|<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y|<!\[CDATA\[", re.IGNORECASE)
"""Declarations in UTF-16 too."""
DECLARED = re.compile(r"(<\?xml[^>]{0,100}?encoding\s*=\s*[\"'])[^\"']{0,40}", re.IGNORECASE)


def accepted_book(data: memoryview) -> memoryview:
    """Return the book as it reads now, itself where nothing of it changes or a part of it is damaged."""
    package = Package(data)
    made = io.BytesIO()
    try:
        changed = {name: raw for name in package.names(PAGES) if CHANGED.search(raw := package.read(name))}
        if not changed:
            return data
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
            for name in package.names(r"[^\0]*[^/\0]"):
                raw = changed[name] if name in changed else b"".join(package.chunks(name))
                book.writestr(zipfile.ZipInfo(name), _accepted(raw) if name in changed else raw)
    except (ItemError, ValueError, zipfile.LargeZipFile):
        return data  # the reading of the book itself says what is damaged
    return memoryview(made.getvalue())


def _accepted(raw: bytes) -> bytes:
    page = without_sections("".join(expanded(decode(memoryview(raw)).pieces, Beside())))
    return DECLARED.sub(r"\g<1>utf-8", wordings(page)[0], count=1).encode("utf-8", "replace")
