"""What has to be said with every answer of a case: what is missing in it, and that it was not as it was recorded."""

from typing import NamedTuple

from actionday.access.differing import Differing, differing
from actionday.access.unfinished import Unfinished, unfinished
from actionday.storage.case import Case


class Caveats(NamedTuple):
    """``unfinished``: what is not wholly taken in; ``differing``: the last proof, where it differed; else None."""

    unfinished: Unfinished | None = None
    differing: Differing | None = None

    def as_data(self) -> dict[str, object]:
        """Return the fields that ``--json`` has of them."""
        return {
            "unfinished": self.unfinished and self.unfinished.as_data(),
            "not_as_recorded": self.differing and self.differing.as_data(),
        }


def caveats(case: Case) -> Caveats:
    """Return what has to be said."""
    return Caveats(unfinished(case), differing(case.database))
