"""The words of the house as frozen typed values; it opens nothing.

Everyone may import it; it imports nobody. Read ``item.py`` (what a source finds), ``plugin.py`` (what a source,
an image or a parser must offer), ``errors.py`` (the one error tree) and ``streams.py`` (streams over streams).
"""

from actionday.model.claim import Claim
from actionday.model.derivation import Derivation, Stretch, TooCostly
from actionday.model.errors import (
    ActiondayError,
    Broken,
    Damaged,
    Encrypted,
    ItemError,
    NotAllowed,
    NotThere,
    OverLimit,
    ReadWith,
    TimedOut,
    Transient,
    Unsupported,
    UsageError,
    Waits,
)
from actionday.model.item import VOLUMES, Found, Kind, Note, Run, Status
from actionday.model.limits import Limits
from actionday.model.loss import Loss
from actionday.model.plugin import (
    Around,
    Assembled,
    Assembly,
    Context,
    Image,
    Parsed,
    Parser,
    Part,
    Peek,
    SlowParser,
    Source,
    Stream,
)

__all__ = [
    "VOLUMES",
    "ActiondayError",
    "Around",
    "Assembled",
    "Assembly",
    "Broken",
    "Claim",
    "Context",
    "Damaged",
    "Derivation",
    "Encrypted",
    "Found",
    "Image",
    "ItemError",
    "Kind",
    "Limits",
    "Loss",
    "NotAllowed",
    "NotThere",
    "Note",
    "OverLimit",
    "Parsed",
    "Parser",
    "Part",
    "Peek",
    "ReadWith",
    "Run",
    "SlowParser",
    "Source",
    "Status",
    "Stream",
    "Stretch",
    "TimedOut",
    "TooCostly",
    "Transient",
    "Unsupported",
    "UsageError",
    "Waits",
]
