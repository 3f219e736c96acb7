"""What a page shows as taken out or put in: its text as it reads now, and as it read before.

Source: HTML Living Standard, 4.7 (``ins``, ``del``), 4.5.5 (``s``), 16.2 (``strike``: obsolete).
"""

import re
from collections.abc import Mapping

from actionday.parsers._nesting import ATTRIBUTES
from actionday.parsers._tracked import State

HELD = re.compile(r"<(?:del|s|strike)[\s/>]", re.IGNORECASE)
"""Nothing is glued where nothing was taken out."""
TOKEN = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))|<(script|style|textarea|title|xmp)\b.*?(?:</\1(?=[\s/>])|\Z)|<plaintext\b.*"
    rf"|<(/?)(del|s|strike|ins)(?=[\s/>]){ATTRIBUTES}",
    re.IGNORECASE | re.DOTALL,
)


def wordings(page: str) -> tuple[str, str]:
    """Return a part of a page without what was taken out, and without what was put in; the latter "" where it is whole.

    An element that is not closed ends with the part.
    """
    if not HELD.search(page):
        return page, ""
    now: list[str] = []
    before: list[str] = []
    opened = {"ins": 0, "del": 0, "s": 0, "strike": 0}
    at = 0
    for found in TOKEN.finditer(page):
        name = (found[3] or "").lower()
        if not name:
            continue
        _take(page[at : found.start()], _state(opened), now, before)
        at = found.end()
        opened[name] = max(0, opened[name] + (-1 if found[2] else 1))
    _take(page[at:], _state(opened), now, before)
    return "".join(now), "".join(before)


def _state(opened: Mapping[str, int]) -> State:
    new, old = opened["ins"] > 0, opened["del"] + opened["s"] + opened["strike"] > 0
    return "passed" if new and old else "new" if new else "old" if old else ""


def _take(text: str, state: State, now: list[str], before: list[str]) -> None:
    """Put a passage into the wordings it is in; what was put in and taken out again goes with what was taken out."""
    if state in ("", "new"):
        now.append(text)
    if state != "new":
        before.append(f" {text} " if state == "passed" else text)
