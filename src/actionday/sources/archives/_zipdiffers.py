"""Where the local header of a zip's member contradicts the directory.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.3.7 and 4.3.12.
"""

from actionday.mime.zipped.records import ENCRYPTED, Member
from actionday.model import Note
from actionday.model.names import text_of


def differences(member: Member, local: Member) -> tuple[Note, ...]:
    """Note where the local header contradicts the directory; the directory is followed, as unzip does."""
    differing = [
        word
        for word, differs in (
            ("name", member.name != local.name),
            ("method", member.method != local.method),
            ("encryption", (member.flags ^ local.flags) & ENCRYPTED),
            ("sizes", not local.later and (member.size, member.packed) != (local.size, local.packed)),
            ("CRC", not local.later and member.crc != local.crc),
        )
        if differs
    ]
    if not differing:
        return ()
    also = f" (it says {text_of(local.name)[0]!r})" if "name" in differing else ""
    return (Note("local_differs", f"zip: the local header has another {', '.join(differing)}{also}"),)
