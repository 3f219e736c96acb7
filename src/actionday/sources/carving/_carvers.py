"""Every registered carver; the one place of the room that asks the loader."""

from collections.abc import Sequence
from functools import cache

from actionday.plugins import load
from actionday.sources.carving._carver import Carver


@cache
def carvers() -> Sequence[Carver]:
    """Return them by name; a type whose library is missing is not looked for."""
    return load("actionday.sources", "CARVER")[0]
