"""Every page with an address that shows it; a route that no page here has is a red test."""

from collections.abc import Mapping
from urllib.parse import quote

PAGES: dict[str, tuple[str, ...]] = {
    "/": (),
    "/c/{case:str}/": ("",),
    "/c/{case:str}/ingest": ("ingest",),
    "/c/{case:str}/ingest/stream": (),
    "/c/{case:str}/issues": ("issues", "issues?code=damaged", "issues?code=none"),
    "/c/{case:str}/exhibits": ("exhibits",),
    "/c/{case:str}/x/{number:int}": (
        "x/1",
        "x/2",
        "x/1?path=hostile",
        "x/2?path=p1/srv/www",
        "x/2?path=nowhere",
    ),
    "/c/{case:str}/items": ("items", "items?group=failed", "items?language=arb", "items?status=known_good"),
    "/c/{case:str}/search": (
        "search",
        "search?q=radio",
        "search?q=" + quote("إذاعة"),
        "search?q=zzzz",
        "search?q=%28a",
        "search?q=kestrel&type=text/html&not_language=arb",
        "search?q=radio&item={english}",
        "search?q=" + quote("إذاعة") + "&item={arabic}",
    ),
    "/c/{case:str}/i/{item:str}": (
        "i/{arabic}",
        "i/{captions}",
        "i/{svg}?tab=metadata",
        "i/{captions}?unseen=1",
        "i/{arabic}?tab=places",
        "i/{arabic}?tab=bytes",
        "i/{arabic}?tab=history",
        "i/{picture}",
        "i/{long}?q=falcon",
        "i/{encrypted}",
        "i/{mail}?tab=metadata",
        "i/{name 2}",
        "i/{raw}?tab=metadata",
    ),
    "/c/{case:str}/h/{sha256:str}": (),
    "/c/{case:str}/download/{item:str}": ("download/{captions}",),
    "POST /c/{case:str}/download/{item:str}": (),
    "/c/{case:str}/media/{item:str}": (),
    "/c/{case:str}/ledger": ("ledger", "ledger?action=viewed", "ledger?actor=nobody"),
    "POST /c/{case:str}/ledger/verify": (),
    "POST /c/{case:str}/report": (),
    "/c/{case:str}/views": ("views", "views?page=search%3Fq%3Dradio"),
    "POST /c/{case:str}/views": (),
    "/c/{case:str}/palette": (
        "palette",
        "palette?to=s-0",
        "palette?to={english}",
        "palette?to=%E2%80%AEevil",
    ),
    "POST /lock": (),
    "POST /unlock": (),
    "/help": ("//help",),
    "/help/components": ("//help/components",),
    "POST /settings": (),
}
"""Routes without an address here (redirects, forms, streams, pictures) have tests of their own by that name."""

FULL = ("", "ingest", "issues", "exhibits", "x/2", "x/1?path=hostile", "items", "search?q=radio&item={english}", "i/{arabic}",
        "i/{captions}", "i/{svg}?tab=metadata", "i/{arabic}?tab=bytes", "i/{picture}", "ledger", "views?page=search%3Fq%3Dradio", "palette?to=s-0", "download/{captions}",
        "//help", "//help/components")  # fmt: skip
"""One address a page, for what is tried in every width, colour and language."""


def addresses(ids: Mapping[str, str], pages: tuple[str, ...] | None = None) -> list[str]:
    """Return the addresses with the ids of a case."""
    wanted = [page for each in PAGES.values() for page in each] if pages is None else list(pages)
    return [page.format_map(dict(ids)) if "{" in page else page for page in wanted]


def route_path(page: str, key: str) -> str:
    """Return the path with query of an address, from the root."""
    return page[1:] if page.startswith("//") else f"/c/{key}/{page}"
