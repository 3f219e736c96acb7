"""What the extra fields of a zip's members hold and no reader understands: items, so that it is told.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.5 (extra fields), 4.6.1 (registered ids), APPENDIX C (AES); Info-ZIP's
``extrafld.txt`` (times, owners, Unicode path); ISO/IEC 29500-2, annex on growth hints; zipalign of Android.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from zlib import crc32

from actionday.mime.zipped.records import Member, extras, stored_name
from actionday.model import Found, Kind
from actionday.model.names import text_of
from actionday.sources.archives._leftover import BLANK, LEAST

SHORT = 32
"""Bytes; a shorter field without four letters in a row is said, and no item: what a damage leaves of one."""
_LEGIBLE = re.compile(rb"[ -~]{4}|(?:[\xc2-\xf4][\x80-\xbf]{1,3}){2}|(?:[ -~]\0){4}|(?:\0[ -~]){4}")
MOST = 1000
"""Items of one archive; how many more there are is said."""
_LONGEST = {0x0001: 28, 0x5455: 13, 0x5855: 12, 0x7855: 4, 0x7875: 24, 0x000A: 32, 0x9901: 7, 0xCAFE: 0, 0x000D: 12,
            0x756E: 14, 0x0017: 64}  # fmt: skip
"""Fields of numbers: what they are at most."""
_PADDING = {0xA220: 4, 0xD935: 2, 0xA11E: 2}
"""Fields that make room: the bytes before their zeros."""
_UNICODE_PATH = 0x7075


class Extra:
    """Gathers, over one archive, what no reader understands."""

    def __init__(self) -> None:
        self.count = self.kept = 0

    def items(self, place: str, member: Member, local: Member | None) -> Iterator[Found]:
        """Yield the fields of a directory entry and its local header, the same bytes once."""
        told: set[bytes] = set()
        for number, (kind, data) in enumerate((*_unread(member), *(_unread(local) if local else ()))):
            if data in told:
                continue
            told.add(data)
            self.count += 1
            if self.kept < MOST and (len(data) > SHORT or _LEGIBLE.search(data)):
                self.kept += 1
                name = f"{text_of(stored_name(member))[0]} extra field {kind}"
                yield Found(name=name, kind=Kind.MEMBER, place=f"{place}e{number}", size=len(data),
                            read=lambda data=data: BytesIO(data))  # type: ignore[misc]  # fmt: skip


def _unread(member: Member) -> Iterator[tuple[str, bytes]]:
    at = 0
    for kind, data in extras(member.extra):
        at += 4 + len(data)
        if not _understood(kind, data, member) and len(data.strip(BLANK)) >= LEAST:
            yield f"{kind:04x}", data
    if len(member.extra[at:].strip(BLANK)) >= LEAST:
        yield "without end", member.extra[at:]


def _understood(kind: int, data: bytes, member: Member) -> bool:
    if kind == _UNICODE_PATH:
        return data[:1] == b"\1" and data[1:5] == crc32(member.name).to_bytes(4, "little")
    if kind in _PADDING:
        return not data[_PADDING[kind] :].strip(b"\0")
    return kind in _LONGEST and len(data) <= _LONGEST[kind]
