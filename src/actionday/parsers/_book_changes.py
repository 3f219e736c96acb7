"""A book without what its pages show as taken out, for the library that reads its pages in their order.

Source: EPUB 3.3, 4.2 (OCF ZIP container); HTML Living Standard, 4.7 (edits).
"""

import io
import re
import zipfile

from actionday.model import ItemError
from actionday.parsers._decode import decode
from actionday.parsers._package import Package
from actionday.parsers._page_changes import wordings

PAGES = r"(?i).*\.x?html?"
STRUCK = re.compile(rb"<(?:del|s|strike)[\s/>]", re.IGNORECASE)
DECLARED = re.compile(r"(<\?xml[^>]{0,100}?encoding\s*=\s*[\"'])[^\"']{0,40}", re.IGNORECASE)


def accepted_book(data: memoryview) -> memoryview:
    """Return the book as it reads now, itself where nothing was taken out or a part of it is damaged."""
    package = Package(data)
    made = io.BytesIO()
    try:
        struck = {name: raw for name in package.names(PAGES) if STRUCK.search(raw := package.read(name))}
        if not struck:
            return data
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
            for name in package.names(r"[^\0]*[^/\0]"):
                raw = struck[name] if name in struck else b"".join(package.chunks(name))
                book.writestr(zipfile.ZipInfo(name), _accepted(raw) if name in struck else raw)
    except (ItemError, ValueError, zipfile.LargeZipFile):
        return data  # the reading of the book itself says what is damaged
    return memoryview(made.getvalue())


def _accepted(raw: bytes) -> bytes:
    page = "".join(decode(memoryview(raw)).pieces)
    return DECLARED.sub(r"\g<1>utf-8", wordings(page)[0], count=1).encode("utf-8", "replace")
