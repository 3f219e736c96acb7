"""The MIME type of a content from its bytes alone, never from its name: names are what a suspect can choose.

May be imported by the pipeline; of ours it imports ``mime`` and ``whole`` beside it. Start in ``_identify.py`` (the
order of the questions); the table of signatures is data in ``_signatures.py``; each family that needs a second look
has a file.
"""

from actionday.detectors.filetype._identify import identify_type
from actionday.detectors.filetype._whole import retold

__all__ = ["identify_type", "retold"]
