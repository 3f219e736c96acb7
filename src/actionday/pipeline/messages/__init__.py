"""What main process and workers say to one another: typed, validated on arrival, nothing pickled.

``places`` is where bytes lie, ``orders`` what main says, ``reports`` what a worker says, ``forks`` how a worker comes
to be; together they are the one contract between them, and the rooms import it from here.
"""

from actionday.pipeline.messages.forks import Ended, Fork, Forked, Told
from actionday.pipeline.messages.orders import (
    Answer,
    Examine,
    Expand,
    GoOn,
    HashHost,
    Order,
    Preview,
    Probe,
    Read,
    Setup,
    Verdict,
)
from actionday.pipeline.messages.places import Chain, Host, Layer, Located, Scope, Slice, Step, Stored
from actionday.pipeline.messages.reports import (
    Ask,
    Bundle,
    Content,
    Done,
    Frame,
    Issue,
    Kept,
    Large,
    Listing,
    Object,
    Opened,
    Report,
    Results,
    Row,
    Terms,
)

__all__ = [
    "Answer",
    "Ask",
    "Bundle",
    "Chain",
    "Content",
    "Done",
    "Ended",
    "Examine",
    "Expand",
    "Fork",
    "Forked",
    "Frame",
    "GoOn",
    "HashHost",
    "Host",
    "Issue",
    "Kept",
    "Large",
    "Layer",
    "Listing",
    "Located",
    "Object",
    "Opened",
    "Order",
    "Preview",
    "Probe",
    "Read",
    "Report",
    "Results",
    "Row",
    "Scope",
    "Setup",
    "Slice",
    "Step",
    "Stored",
    "Terms",
    "Told",
    "Verdict",
]
