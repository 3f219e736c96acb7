"""Why something of a volume could not be read, in a sentence: ours, or the sleuthkit's behind ours.

The companion that asks has no more of the house than it needs: ``model.foreign`` is not for it.

Source: pytsk3's ``error.c``: its exceptions begin with "Class: (file.c:line)", which says nothing of the volume.
"""

import re

from actionday.sources.filesystems._tsk_bytes import Missing
from actionday.sources.filesystems._tsk_runs import BadMap

MOST = 300
"""Characters of a sentence."""
PLACE = re.compile(r"^(\w+: )?\([\w./]+\.\w+:\d+\) ?")


def why_of(error: BaseException) -> str:
    """Return the sentence for what was raised while a volume was read."""
    if isinstance(error, Missing | BadMap):
        return " ".join(str(error)[:MOST].split())
    if isinstance(error, OSError | RuntimeError):
        words = PLACE.sub("", " ".join(str(error)[:MOST].split()))
        return f"the sleuthkit cannot read it ({words})" if words else "the sleuthkit cannot read it"
    if isinstance(error, MemoryError):
        return "needs more memory than a worker may use"
    return f"the reader of the volume failed on it ({type(error).__name__}: {error}"[:MOST] + ")"
