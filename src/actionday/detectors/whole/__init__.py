"""Whether a content is whole by its own structure: what breaks off before its end is a loss, whoever reads it.

May be imported by the pipeline; imports ``model`` and ``mime``. Start in ``_looks.py`` (which type is asked what); each
family has a file. Formats whose parser or source tells it itself (documents, mail, archives, images of disks) are not
asked.

One more format is one more ``Look`` (``_content.py``) and its row in ``_looks.py``: where the header tells the length,
``at_place``; where parts follow one another, ``walk`` with what one of them says (``_walk.py``); where a table lists
them, the end of the last is held against ``Content.short``.
"""

from actionday.detectors.whole._content import Content
from actionday.detectors.whole._looks import not_whole
from actionday.detectors.whole._texts import begins_json

__all__ = ["Content", "begins_json", "not_whole"]
