"""Addresses of pages: the case in the path, everything else in the query, in a fixed order, nothing empty."""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode

PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


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


class Links:
    """Makes the addresses of one case."""

    def __init__(self, case: str) -> None:
        self.root = f"/c/{case}"

    def __call__(self, page: str = "", /, **values: object) -> str:
        """Return the address of ``page`` ("" is the overview), such as ``items`` or ``i/<id>``."""
        return f"{self.root}/{page}{query_string(values)}"
