"""Language and script of texts, by a small bundled model: offline, deterministic, honest about doubt.

May be imported by the pipeline and the app; imports ``model`` and numpy alone. Start reading in ``_identifier``;
then ``_letters`` (what votes), ``_ngrams`` and ``_table`` (what is counted), ``_judge`` (what follows from it).
The model file is made by ``training/language``.
"""

from actionday.detectors.language._attribution import (
    NAMING_THRESHOLD,
    UNDETERMINED,
    UNNAMED,
    Attribution,
    Segment,
    whole,
)
from actionday.detectors.language._identifier import Identifier

__all__ = [
    "NAMING_THRESHOLD",
    "UNDETERMINED",
    "UNNAMED",
    "Attribution",
    "Identifier",
    "Segment",
    "whole",
]
