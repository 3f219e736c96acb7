"""Elements whose text a browser keeps to itself: what other browsers show instead, and what scripts put on the page.

Source: HTML Living Standard, 4.12.3 (template), 4.8.5 (iframe), 16.2 (frameset, noframes, noembed: obsolete).

They become plain blocks before the page is read: what stands in them is markup as any. Within elements whose text is
no markup, and comments, such a tag is text and stays.
"""

import re

HELD = re.compile(
    r"<(?:template|noframes|noembed|frameset)[\s/>]|<iframe\b[^>]{0,4000}>(?!\s{0,100}</iframe)",
    re.IGNORECASE,
)
"""Frames of nearly all pages are empty, and looking where each tag stands takes as long as reading a page."""
TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(script|style|textarea|title|xmp)\b.*?(?:</\1(?=[\s/>])|\Z)|<plaintext\b.*"
    r"|<(/?)(?:template|noframes|noembed|iframe|frameset)(?=[\s/>])",
    re.IGNORECASE | re.DOTALL,
)


def revealed(page: str) -> str:
    """Return a page with these elements as blocks."""
    return TOKEN.sub(_block, page) if HELD.search(page) else page


def _block(found: re.Match[str]) -> str:
    return found[0] if found[2] is None else f"<{found[2]}div"
