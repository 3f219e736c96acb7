"""compress (.Z): one content, or the members of the tar in it.

Source: compress(1), POSIX.1-2024; LZW with codes of 9 to 16 bits; by libarchive, up to an impossible code by ourselves.
"""

from actionday.mime.lzw_codes import begins_as_compress
from actionday.model import Claim, Peek
from actionday.sources.archives._raw import COMPRESS, uncompress
from actionday.sources.archives._resumed import COMPRESS as AGAIN
from actionday.sources.archives._single import Compressed


class _Compress(Compressed):
    """The mark is two bytes: what has it and goes on with impossible codes is one by its name alone."""

    def claims(self, peek: Peek) -> Claim:
        """Say MAGIC where the first codes are possible ones, NAME where a name says what only the mark bears out."""
        named = peek.head.startswith(COMPRESS) and peek.name.lower().endswith(".z")
        return Claim.MAGIC if begins_as_compress(peek.head) else Claim.NAME if named else Claim.NO


SOURCE = _Compress(
    "compress",
    uncompress,
    begins_as_compress,
    {".z": "", ".taz": ".tar"},
    beginnings=(COMPRESS,),
    again=AGAIN,
)
