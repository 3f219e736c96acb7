"""How sure a plug-in is of a stream."""

from enum import IntEnum


class Claim(IntEnum):
    """How sure a source is that a stream is its own; a tie between two on any sample is a defect."""

    NO = 0
    NAME = 1
    MAGIC = 2
    STRUCTURE = 3
