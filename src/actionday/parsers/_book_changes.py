"""The markup of a book without what its pages show as taken out, its own abbreviations put where they are used, for the
library that reads its pages in their order.

Source: EPUB 3.3, 4.2 (OCF ZIP container); HTML Living Standard, 4.7 (edits).
"""

import io
import re
import zipfile

from actionday.mime.packages import TYPE
from actionday.parsers._decode import decode
from actionday.parsers._package import FREE, RATIO, Package
from actionday.parsers._page_changes import wordings
from actionday.parsers._page_entities import expanded
from actionday.parsers._revealed import without_sections
from actionday.parsers._unread import Beside

MARKUP = r"(?i).*\.(?:x?html?|opf|ncx)"
PAGE = re.compile(r"(?is).*\.x?html?")
CONTAINER = "META-INF/container.xml"
LONGEST = 4096
"""Characters of a name that is written anew."""
CHANGED = re.compile(rb"<(?:del|s|strike)[\s/>]|<\0?!\0?E\0?N\0?T\0?I\0?T\0?Y|<!\[CDATA\[", re.IGNORECASE)
"""Declarations in UTF-16 too."""
DECLARED = re.compile(r"(<\?xml[^>]{0,100}?encoding\s*=\s*[\"'])[^\"']{0,40}", re.IGNORECASE)


def accepted_book(data: memoryview) -> memoryview:
    """Return the markup of a book as it reads now, under the names by which all of us know its parts.

    The library has a reader of directories of its own: what that sees differently would be read by nobody. What
    can be read of a damaged part is in it; pictures are not. Raises Damaged, Encrypted, OverLimit.
    """
    package, made = Package(data), io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for name in filter(is_given, (TYPE, CONTAINER, *package.names(MARKUP))):
            if name in package:
                raw = package.salvaged(name, len(data) * RATIO + FREE)[0]
                book.writestr(zipfile.ZipInfo(name), _accepted(raw) if _changes(name, raw) else raw)
    return memoryview(made.getbuffer())


def is_given(name: str) -> bool:
    """Say whether the library can be given a part of this name."""
    return "\0" not in name and len(name) <= LONGEST


def _changes(name: str, raw: bytes) -> bool:
    return PAGE.fullmatch(name) is not None and CHANGED.search(raw) is not None


def _accepted(raw: bytes) -> bytes:
    page = without_sections("".join(expanded(decode(memoryview(raw)).pieces, Beside())))
    return DECLARED.sub(r"\g<1>utf-8", wordings(page)[0], count=1).encode("utf-8", "replace")
