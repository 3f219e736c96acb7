"""Everything that takes a worker time to load, and that no evidence has touched yet."""

from typing import NamedTuple, Self

from actionday.parsers import Parsers
from actionday.pipeline.openers import Openers
from actionday.pipeline.text import Reader


class Loaded(NamedTuple):
    """The plug-ins and models of a worker, which those forked off one process share."""

    openers: Openers
    parsers: Parsers
    reader: Reader

    @classmethod
    def load(cls) -> Self:
        """Load them: 0.8 s of processor time."""
        return cls(Openers(), Parsers.load(), Reader())
