"""Zip members that libarchive opens: encrypted ones with the case's passwords, and PPMd.

Source: PKWARE APPNOTE.TXT 6.3.10, section 6 (ZipCrypto); WinZip "AES Encryption Information" (AE-1, AE-2).
"""

from collections.abc import Iterator, Sequence

from actionday.mime.zipped.records import Member
from actionday.model import Encrypted, ItemError, Stream
from actionday.sources.archives._libarchive import Archive
from actionday.sources.archives._streams import Window


def opens(stream: Stream, member: Member, secrets: Sequence[str]) -> bool:
    """Return whether it opens the member (with one of ``secrets``): its first bytes can be unpacked."""
    try:
        next(unlocked(stream, member, secrets), b"")
    except ItemError:
        return False
    return True


def unlocked(stream: Stream, member: Member, secrets: Sequence[str]) -> Iterator[bytes]:
    """Yield the content of a member, held against its CRC or authentication code.

    Raises Encrypted when no password fits, Damaged when the content is not whole.
    """
    alone = Window(stream, member.offset, stream.size - member.offset)
    with Archive(alone, ("zip_streamable",), secrets=secrets) as archive:
        if archive.next() is None:
            raise Encrypted("zip: no member where the directory says")
        yield from archive.data()
