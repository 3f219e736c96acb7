"""Zstandard: one content, or the members of the tar in it.

Source: RFC 8878.
"""

from actionday.sources.archives._single import Compressed
from actionday.sources.archives._zstd import BEGINNINGS, is_zstd, units, unzstd

SOURCE = Compressed(
    "zst",
    unzstd,
    is_zstd,
    {".zst": "", ".tzst": ".tar", ".zstd": ""},
    telling=unzstd,
    beginnings=BEGINNINGS,
    units=units,
)
