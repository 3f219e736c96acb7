"""JSON as the case holds it: a value that somebody has torn is said where it stands, and stops nothing else.

``verify`` names the first such value of a case; a page about other things still has to open.
"""

from typing import Any

import msgspec

TORN = "stored value that cannot be read"


def facts(text: str | None) -> dict[str, Any]:
    """Return a stored object, {} for none; of one that is torn, what is wrong under ``TORN``."""
    if not text:
        return {}
    try:
        return msgspec.json.decode(text, type=dict[str, Any])
    except msgspec.MsgspecError as error:
        return {TORN: f"{error}: {text[:200]}"}


def records(text: str | None) -> list[dict[str, Any]]:
    """Return a stored list of objects, [] for none and for one that is torn."""
    try:
        return msgspec.json.decode(text or "[]", type=list[dict[str, Any]])
    except msgspec.MsgspecError:
        return []
