"""Addresses of pages: the case in the path, everything else in the query, in a fixed order, nothing empty."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

PLAIN_SIGNS = "!$&'()*+,;=:@"
LOCAL = re.compile(r"/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*")
"""A path of this server with its query, in the characters of RFC 3986: no second slash, no backslash, no control."""


def case_key(folder: Path) -> str:
    """Return how a case is called in addresses: its folder's name, or an opaque id where that is no plain word."""
    name = folder.resolve().name
    return name if PLAIN.fullmatch(name) else hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]


def query_string(values: Mapping[str, object]) -> str:
    """Return ``?a=1&b=2`` without what is empty, or ""."""
    pairs: list[tuple[str, str]] = []
    for key, value in values.items():
        each = value if isinstance(value, list | tuple) else [value]
        pairs += [(key, str(one)) for one in each if one not in (None, "", 0, False)]
    return f"?{urlencode(pairs)}" if pairs else ""


def safe_back(address: str) -> str:
    """Return an address to lead back to, "/" for one that is not of this server."""
    return address if LOCAL.fullmatch(address) else "/"


def written(path: str, query: bytes = b"") -> str:
    """Return the address of a path and a query as they came in; it never leads to another server."""
    asked = "?" + quote(query, safe="%/?" + PLAIN_SIGNS) if query else ""
    return "/" + quote(path.lstrip("/"), safe="/" + PLAIN_SIGNS) + asked


class Links:
    """Makes the addresses of one case."""

    def __init__(self, case: str) -> None:
        self.root = f"/c/{case}"

    def __call__(self, page: str = "", /, **values: object) -> str:
        """Return the address of ``page`` ("" is the overview), such as ``items`` or ``i/<id>``."""
        return f"{self.root}/{page}{query_string(values)}"
