"""Zip members that libarchive opens: encrypted ones with the case's passwords, and PPMd.

Source: PKWARE APPNOTE.TXT 6.3.10, section 6 (ZipCrypto); WinZip "AES Encryption Information" (AE-1, AE-2).
"""

from collections.abc import Iterator, Sequence
from zlib import crc32

from actionday.mime.zipped.records import ENCRYPTED, LATER, Member
from actionday.model import Damaged, Encrypted, ItemError, Stream
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
    """Yield the content of a member, held against its size and CRC, or its authentication code.

    Raises Encrypted when no password fits, Damaged when the content is not whole.
    """
    alone = Window(stream, member.offset, stream.size - member.offset)
    with Archive(alone, ("zip_streamable",), secrets=secrets) as archive:
        if archive.next() is None:
            lost = "zip: no member where the directory says"
            raise Encrypted(lost) if member.flags & ENCRYPTED else Damaged(lost)
        if member.flags & ENCRYPTED:
            yield from archive.data()
            return
        crc = size = 0
        for chunk in archive.data():
            crc, size = crc32(chunk, crc), size + len(chunk)
            yield chunk
    unknown = member.flags & LATER and not (
        member.size or member.crc
    )  # they follow the data: no directory is there
    if not unknown and (size, crc) != (member.size, member.crc):
        raise Damaged(
            f"zip: {size} bytes with CRC {crc:08x} where {member.size} with {member.crc:08x} were declared"
            f" (member at byte {member.offset})"
        )
