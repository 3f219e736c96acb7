"""How much of a disk, or of a file system, lacks at its end by its own tables: kept with the item it lies in."""

from actionday.model import Context
from actionday.model.lacks import SHORT


def lacks(told: int, size: int, around: Context) -> None:
    """Keep that of ``told`` bytes, by the tables, only the first ``size`` are there."""
    if told > size:
        around.acquired({SHORT: {"bytes": told - size, "of": told}})
