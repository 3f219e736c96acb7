"""The MIME type of a content from its bytes alone, never from its name: names are what a suspect can choose.

May be imported by the pipeline; imports ``mime`` alone. Start in ``_identify.py`` (the order of the questions);
the table of signatures is data in ``_signatures.py``; each family that needs a second look has a file.
"""

from actionday.detectors.filetype._ends import cut_off
from actionday.detectors.filetype._identify import identify_type
from actionday.detectors.filetype._whole import retold

__all__ = ["cut_off", "identify_type", "retold"]
