"""What an entry of a zip carries that has no content by its type: a directory's bytes, more of a link than a path.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.4.8 and 4.4.9 (sizes, 0 for directories), 4.4.4 and 4.5 (encryption).
"""

import stat
from collections.abc import Iterator

from msgspec.structs import replace

from actionday.mime.zipped.records import ENCRYPTED, STRONG, Member, extras, stored_name
from actionday.model import Context, Found, ItemError, Run, Status, Stream
from actionday.model.counted import counted
from actionday.model.names import text_of
from actionday.sources.archives import _entries
from actionday.sources.archives._streams import Window, body
from actionday.sources.archives._zipdata import STORED, unpack, unsupported


def closed(member: Member) -> str:
    """Return why the content cannot be had, or ""."""
    if not member.flags & ENCRYPTED:
        return unsupported(member.method)
    aes = dict(extras(member.extra)).get(0x9901, b"")
    if len(aes) >= 5:
        return f"zip: encrypted with AES-{64 + 64 * aes[4]}"
    return f"zip: encrypted ({'strong encryption' if member.flags & STRONG else 'ZipCrypto'})"


def _folder(member: Member) -> bool:
    folder = stored_name(member).endswith(b"/") or stat.S_IFMT(member.mode) == stat.S_IFDIR
    return folder and not member.size


def carried_closed(place: str, member: Member, reason: str) -> Iterator[Found]:
    """Yield the content of a directory that only a password or a method that is not read gives."""
    if _folder(member):
        status = Status.ENCRYPTED if member.flags & ENCRYPTED else Status.UNSUPPORTED
        yield replace(_entries.content_of(stored_name(member), place), status=status, reason=reason)


def carried(stream: Stream, around: Context, place: str, member: Member, where: Run) -> Iterator[Found]:
    """Yield the content, packed at ``where``, of a directory that declares none or of a link that is no path."""
    name, folder = stored_name(member), _folder(member)
    link = stat.S_IFMT(member.mode) == stat.S_IFLNK and member.size < _entries.LONGEST_TARGET
    if not (folder or link):
        return

    def unpacked() -> Iterator[bytes]:
        return unpack(Window(stream, *where), member, around.note, sized=False)

    try:
        start = body(unpacked()).read(_entries.LONGEST_TARGET)
        ordinary = not start.strip(b"\0") if folder else len(start) == member.size and _entries.is_path(start)
    except ItemError:
        ordinary = False  # whoever reads it says why
    if ordinary:
        return
    what = "directory" if folder else "symbolic link"
    reason = f"zip: the {what} {text_of(name)[0]!r} carries {counted(where[1], 'byte')}: an item of its own"
    around.note(_entries.CARRIED, reason)
    bare = _entries.content_of(name, place)
    if member.method == STORED:
        yield replace(bare, size=where[1], runs=(where,))
    else:
        yield replace(bare, read=lambda: body(unpacked()))
