"""Elements whose text a browser keeps to itself: what other browsers show instead, and what scripts put on the page.

Source: HTML Living Standard, 4.12.3 (template), 4.8.5 (iframe), 16.2 (frameset, noframes, noembed: obsolete).
Microsoft, "About conditional comments": what they hold is shown by Internet Explorer up to 9, and by Outlook.

They become plain blocks before the page is read: what stands in them is markup as any. Within elements whose text is
no markup, and comments, such a tag is text and stays.
"""

import re
from html import escape

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


OVERRIDE = re.compile(
    r"<bdo\b[^>]{0,200}?\bdir\s{0,9}=\s{0,9}([\"']?)(rtl|ltr)[^>]{0,200}>|</bdo\s*>", re.IGNORECASE
)
TURNS, UNTURNED = {"rtl": "\u202e", "ltr": "\u202d"}, "\u202c"
LONGEST_CONDITION = 200
CONDITION, ENDIF = "<!--[if", "<![endif]"
SECTION = "<![CDATA["
SECTIONS = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(script|style|textarea|title|xmp)\b.*?(?:</\1(?=[\s/>])|\Z)"
    r"|<!\[CDATA\[((?>(?:[^\]]++|\](?!\]>))*))(\]\]>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
"""Plain characters of XHTML (XML 1.0, 2.7), which a reader of HTML hides up to the first ">"."""
UNSHOWN = re.compile(
    r"<(xml|style|script)\b.*?(?:</\1\s*>|\Z)|<[^>]*+(?:>|(?P<text>\Z))", re.IGNORECASE | re.DOTALL
)
"""Tags, and what a conditional comment holds that nobody reads; behind the last tag there are none."""


def revealed(page: str) -> str:
    """Return a page with these elements as blocks, what Outlook shows of its comments, and plain characters escaped."""
    page = _conditions(page) if CONDITION in page else page
    page = without_sections(page)
    page = OVERRIDE.sub(_turned, page) if "<bdo" in page or "<BDO" in page else page
    return TOKEN.sub(_block, page) if HELD.search(page) else page


def without_sections(page: str) -> str:
    """Return a page with sections of plain characters as text; those of scripts and style sheets stay."""
    return SECTIONS.sub(_plain, page) if SECTION in page else page


def _conditions(page: str) -> str:
    """Return a page with conditional comments that hold words as blocks; of tags alone they stay comments."""
    parts: list[str] = []
    at = 0
    while (start := page.find(CONDITION, at)) >= 0 and (end := page.find("-->", start)) >= 0:
        condition, sign, held = page[start:end].partition("]>")
        if sign and len(condition) < LONGEST_CONDITION and held.rstrip().endswith(ENDIF):
            inner = held.rstrip().removesuffix(ENDIF)
            if any(map(str.isalpha, untagged(inner))):
                parts += [page[at:start], f"<div>{inner}</div>"]
                at = end + 3
                continue
        parts.append(page[at : end + 3])
        at = end + 3
    return "".join((*parts, page[at:]))


def untagged(markup: str) -> str:
    """Return markup with a blank for each tag."""
    return UNSHOWN.sub(lambda found: found[0] if found["text"] is not None else " ", markup)


def _turned(found: re.Match[str]) -> str:
    """Return a tag with the character that says the same of what stands in its element."""
    turn = TURNS.get((found[2] or "").lower())
    return f"{found[0]}{turn}" if turn else f"{UNTURNED}{found[0]}"


def _plain(found: re.Match[str]) -> str:
    return escape(found[2], quote=False) if found[3] else found[0]


def _block(found: re.Match[str]) -> str:
    return found[0] if found[2] is None else f"<{found[2]}div"
