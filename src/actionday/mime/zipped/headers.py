"""The local header of a zip's member, where the directory says that it stands.

Source: PKWARE APPNOTE.TXT 6.3.10, section 4.3.7.
"""

from actionday.mime.zipped.records import LOCAL, LOCAL_BYTES, Member, local, local_length
from actionday.model import Stream
from actionday.model.streams import read_at


def header_at(stream: Stream, offset: int) -> tuple[Member, int] | None:
    """Return the local header at ``offset`` and where the content begins, or None."""
    head = read_at(stream, offset, 512)  # nearly all headers, in one read
    if len(head) < LOCAL_BYTES or not head.startswith(LOCAL):
        return None
    length = local_length(head)
    if length > len(head):
        head = read_at(stream, offset, length)
    member = local(head, offset)
    return (member, offset + length) if member else None
