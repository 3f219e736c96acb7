"""Pages whose elements stand deeper within one another than a browser would build them, made flat.

Source: HTML Living Standard, 13.2.5 (where a tag ends), 13.2.6.4 (which elements end by themselves).

A tree of any depth costs its reader the square of it: each level of a list indents all below it, and each block
within an unclosed link repeats what is open. Tags beyond the limits are left out, what they hold is not.
"""

import re
from collections import defaultdict

ATTRIBUTES = r"(?>(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+))*)(?:>|\Z)"
"""What follows the name of a tag, its end included. Never fails and never goes back: a value whose quotation mark is
not closed takes the rest of the page, as it does in a browser."""
RAW = r"(script|style|textarea|title|xmp|iframe|noembed|noframes)\b.*?(?:</\1(?=[\s/>])|\Z)"
"""Elements whose text is no markup. Within a drawing or a formula it is."""


def _tokens(raw: str) -> re.Pattern[str]:
    parts = (r"!--(?:-?>|.*?(?:--!?>|\Z))", raw, rf"(?P<tag>/?[a-z][^\s/>]*+){ATTRIBUTES}")
    return re.compile(f"<(?:{'|'.join(parts)})", re.IGNORECASE | re.DOTALL)


TOKEN, TOKEN_FOREIGN = _tokens(RAW), _tokens("((?!))")
FOREIGN = re.compile(r"<(?:svg|math)\b", re.IGNORECASE)
LISTS = ("ul", "ol")
"""What the library indents by depth."""
INLINE = """a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q s samp small span
    strike strong sub sup time tt u var"""
ENDED = """area base basefont bgsound body br col colgroup dd dt embed frame head hr html img input keygen li link meta
    optgroup option p param rb rp rt rtc source tbody td tfoot th thead tr track wbr"""
"""Without content, or closed by the next of their kind: however many there are, they add a few levels to the rest."""
KINDS = dict.fromkeys(INLINE.split(), "inline") | dict.fromkeys(LISTS, "list")
PASSED = frozenset(("", *ENDED.split(), *(f"/{name}" for name in ENDED.split())))
DEEPEST = {"list": 32, "inline": 32, "block": 256}
"""Elements open at once; Chromium stops at 512 of all kinds. Of 270 pages of manuals the deepest had 70 blocks and 6
lists; what passes 32 are links that nobody closed."""


def flat(page: str) -> str:
    """Return a page without the tags of elements beyond ``DEEPEST``, a line break for those of blocks.

    Reads the page once, and once more where it is too deep.
    """
    tokens = TOKEN_FOREIGN if FOREIGN.search(page) else TOKEN
    if page.count("<") - page.count("</") <= min(DEEPEST.values()) or not _too_deep(page, tokens):
        return page
    levels = _Levels()
    parts, at = [], 0
    for found in tokens.finditer(page):
        tag = (found["tag"] or "").lower()
        if tag in PASSED or levels.keeps(tag):
            continue
        parts += [page[at : found.start()], "" if KINDS.get(tag.lstrip("/")) == "inline" else "<br>"]
        at = found.end()
    return "".join((*parts, page[at:]))


def _too_deep(page: str, tokens: re.Pattern[str]) -> bool:
    levels = _Levels()
    return not all(tag in PASSED or levels.keeps(tag) for _, tag in tokens.findall(page))


class _Levels:
    """How many elements are open, by name and by kind, and of how many the beginning was left out."""

    def __init__(self) -> None:
        self._open: defaultdict[str, int] = defaultdict(int)
        self._left_out: defaultdict[str, int] = defaultdict(int)
        self._deep = dict.fromkeys(DEEPEST, 0)

    def keeps(self, tag: str) -> bool:
        """Say whether a tag, ``name`` or ``/name``, stays."""
        if tag[0] == "/":
            return self._end(tag[1:], KINDS.get(tag[1:], "block"))
        return self._begin(tag, KINDS.get(tag, "block"))

    def _begin(self, name: str, kind: str) -> bool:
        if self._deep[kind] >= DEEPEST[kind]:
            self._left_out[name] += 1
            return False
        self._open[name] += 1
        self._deep[kind] += 1
        return True

    def _end(self, name: str, kind: str) -> bool:
        if self._left_out[name]:
            self._left_out[name] -= 1
            return False
        if self._open[name]:
            self._open[name] -= 1
            self._deep[kind] -= 1
        return True
