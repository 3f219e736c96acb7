"""xz: one content, or the members of the tar in it.

Source: The .xz file format 1.2.0.
"""

from actionday.sources.archives._single import Compressed
from actionday.sources.archives._xz import MAGIC, units, unxz

SOURCE = Compressed(
    "xz",
    unxz,
    lambda head: head.startswith(MAGIC),
    {".xz": "", ".txz": ".tar"},
    beginnings=(MAGIC,),
    units=units,
)
