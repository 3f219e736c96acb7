"""What a VMDK tells of itself: the text that describes it, word for word, and what stands behind that.

Source: VMware, "Virtual Disk Format 5.0", sections "The Descriptor", "Hosted Sparse Extents".
"""

from actionday.model import Context, Loss, Stream
from actionday.sources.images._slack import MOST, slack
from actionday.sources.images._vmdk_descriptor import Descriptor
from actionday.sources.images._vmdk_stream import HOSTED, SECTOR

FIELDS = 79
"""Bytes of the header of a hosted extent that mean something; the rest of its sector is padding."""


def facts_of(raw: bytes, text: Descriptor, around: Context) -> dict[str, object]:
    """Return what the descriptor ``text``, read from ``raw``, tells, and its words, MOST bytes of them."""
    words = raw.split(b"\0", 1)[0]
    if len(words) > MOST:
        reason = f"vmdk: the first {MOST} of {len(words)} bytes of its descriptor are among its facts"
        around.note(Loss.TEXT_CUT, reason)
    return {
        "type": text.kind,
        "id": text.identity,
        "extents": len(text.extents),
        "parent": text.parent or None,
        "descriptor": words[:MOST].decode("utf-8", "backslashreplace"),
    }


def slack_of(stream: Stream, place: tuple[int, int], raw: bytes, around: Context) -> dict[str, object]:
    """Return what stands in a hosted extent behind the fields of its header, and behind the text at ``place``."""
    stream.seek(0)
    header = [(FIELDS, SECTOR)] if stream.read(len(HOSTED)) == HOSTED else []
    first, length = place
    return slack(stream, around, "vmdk", [*header, (first + len(raw.split(b"\0", 1)[0]), first + length)])
