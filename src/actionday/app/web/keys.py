"""The keys, in one table: the script obeys it, the help sheet and ``docs/pages.md`` print it, a test checks it.

Single keys work outside fields and dialogs only. None needs Ctrl or Alt; "/" has "f" beside it.
"""

from typing import NamedTuple

from actionday.app.web.signs import mark


class Key(NamedTuple):
    """``keys``: what is pressed ("g o" one after the other); ``act``: what the script does; ``scope``: where."""

    scope: str
    keys: str
    act: str
    words: str


SCOPES = {
    "everywhere": mark("everywhere"),
    "lists": mark("in lists"),
    "item": mark("item"),
    "shield": mark("pictures"),
}

SHOWN = {
    "ArrowDown": "↓",
    "ArrowUp": "↑",
    "Escape": "Esc",
    "PageDown": "Page Down",
    "PageUp": "Page Up",
}
"""What is printed on a key, where it is not the name that a browser gives it."""

KEYS = (
    Key("everywhere", "?", "keys", mark("these keys")),
    Key("everywhere", "f", "find", mark("go to the find field")),
    Key("everywhere", "/", "find", mark("go to the find field")),
    Key("everywhere", "g o", "go:overview", mark("overview")),
    Key("everywhere", "g i", "go:ingest", mark("ingest")),
    Key("everywhere", "g x", "go:exhibits", mark("exhibits")),
    Key("everywhere", "g f", "go:issues", mark("what failed")),
    Key("everywhere", "g s", "go:search", mark("search")),
    Key("everywhere", "g t", "go:items", mark("items")),
    Key("everywhere", "g v", "go:views", mark("saved views")),
    Key("everywhere", "g l", "go:ledger", mark("ledger")),
    Key("everywhere", "p", "palette", mark("go to a page, saved view, exhibit, id or hash")),
    Key("everywhere", "L", "lock", mark("hide the case at once")),
    Key("everywhere", "u", "up", mark("up: what this is part of")),
    Key("everywhere", "Escape", "close", mark("close what is open beside or above")),
    Key("lists", "j", "next", mark("next row")),
    Key("lists", "k", "previous", mark("row before")),
    Key("lists", "ArrowDown", "next", mark("next row")),
    Key("lists", "ArrowUp", "previous", mark("row before")),
    Key("lists", "Home", "first", mark("first row")),
    Key("lists", "End", "last", mark("last row")),
    Key("lists", "Enter", "open", mark("open (beside the list, where there is room)")),
    Key("lists", "o", "full", mark("open on a page of its own")),
    Key("lists", "PageDown", "page-next", mark("next page")),
    Key("lists", "PageUp", "page-previous", mark("page before")),
    Key("item", "v", "view", mark("next view: text, metadata, places, bytes")),
    Key("item", "y", "copy", mark("copy link and hash")),
    Key("shield", "Space", "hold", mark("hold to look at the picture")),
)


def as_data() -> list[dict[str, str]]:
    """Return the table for the script."""
    return [{"scope": key.scope, "keys": key.keys, "act": key.act} for key in KEYS]
