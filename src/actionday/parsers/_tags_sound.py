"""Tags of sound: ID3 before and behind it, Vorbis comments, and ASF.

Source: ID3 v1.1; ID3 2.2, 2.3 (3.3), 2.4 structure (4) and frames (4.2, 4.8, 4.10); Vorbis I, 5; RFC 7845, 5.2;
RFC 9639, 8.6; ASF 1.2, 3.10, 3.11, 4.7.
"""

from struct import error, unpack_from

from actionday.parsers._tags import Tags

ID3 = {
    "TIT2": "title", "TT2": "title", "TPE1": "author", "TP1": "author", "TALB": "album", "TAL": "album",
    "TDRC": "created", "TYER": "created", "TYE": "created", "TCOP": "copyright", "TENC": "producer",
    "TSSE": "producer", "COMM": "comment", "COM": "comment", "USLT": "lyrics", "ULT": "lyrics", "TPUB": "company",
    "TIT1": "subject", "TIT3": "description",
}  # fmt: skip
ENCODINGS = ("cp1252", "utf-16", "utf-16-be", "utf-8")
WITH_LANGUAGE = ("COMM", "COM", "USLT", "ULT")
COMMENTS = {"title": "title", "artist": "author", "album": "album", "date": "created", "comment": "comment",
            "description": "description", "encoder": "producer", "organization": "company", "copyright": "copyright",
            "lyrics": "lyrics", "unsyncedlyrics": "lyrics"}  # fmt: skip
PICTURES = frozenset({"metadata_block_picture", "coverart"})
ASF_CONTENT = bytes.fromhex("3326b2758e66cf11a6d900aa0062ce6c")
ASF_EXTENDED = bytes.fromhex("40a4d0d207e3d21197f000a0c95ea850")
ASF_NAMES = ("title", "author", "copyright", "description")
MOST = 2000
"""Frames or comments gone through."""


def synchsafe(four: bytes) -> int:
    """Return a number of four times seven bits."""
    return sum((byte & 0x7F) << shift for byte, shift in zip(four, (21, 14, 7, 0), strict=True))


def id3(block: bytes, version: int, tags: Tags, *, unsynchronised: bool = False) -> None:
    """Take the texts of an ID3 2 tag without its head; ``version`` is 2, 3 or 4."""
    if unsynchronised and version < 4:
        block = block.replace(b"\xff\0", b"\xff")
    name_size, head = (3, 6) if version == 2 else (4, 10)
    at = 0
    for _ in range(MOST):
        name = block[at : at + name_size]
        if at + head >= len(block) or not name.isalnum():
            break
        length = block[at + name_size : at + (6 if version == 2 else 8)]
        size = synchsafe(length) if version >= 4 else int.from_bytes(length, "big")
        body = block[at + head : at + head + size]
        if version >= 4 and len(body) == size and block[at + 9] & 2:
            body = body.replace(b"\xff\0", b"\xff")
        if version >= 4 and block[at + 9] & 1:
            body = body[4:]  # the length of the data stands before them
        _frame(name.decode("ascii", "replace"), body, tags)
        at += head + size
    tags.stray("ID3 (behind the last frame)", block[at:])


def _frame(name: str, body: bytes, tags: Tags) -> None:
    if name[0] == "W" and name not in ("WXX", "WXXX"):
        tags.add(tags.key(name), body)
        return
    if (name[0] not in "TW" and name not in WITH_LANGUAGE) or len(body) < 2:
        tags.own(tags.key(name), body)
        return
    code, told = body[0], body[4:] if name in WITH_LANGUAGE else body[1:]
    if name in WITH_LANGUAGE or name in ("TXX", "TXXX", "WXX", "WXXX"):
        what, value = _parted(told, wide=code in (1, 2))
        label = _decoded(what, code)
        tags.add(ID3.get(name) or tags.key(label or name), _decoded(value, 0 if name[0] == "W" else code))
        if name in WITH_LANGUAGE:
            tags.add("comment_kind", label)
    else:
        tags.add(ID3.get(name, tags.key(name)), _decoded(told, code).replace("\0", "\n"))


def _parted(raw: bytes, *, wide: bool) -> tuple[bytes, bytes]:
    """Return what stands before the first end of a string, and what behind it."""
    if not wide:
        what, _, value = raw.partition(b"\0")
        return what, value
    for at in range(0, len(raw) - 1, 2):
        if raw[at : at + 2] == b"\0\0":
            return raw[:at], raw[at + 2 :]
    return raw, b""


def _decoded(raw: bytes, code: int) -> str:
    encoding = ENCODINGS[min(code, 3)]
    if code == 1 and raw[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16-le"
    return raw.decode(encoding, "replace").strip("\0")


def id3_v1(tail: bytes, tags: Tags) -> None:
    """Take the 128 bytes at the end of a file, and the longer ones that some programs put before them.

    They are a poorer copy of the tag before the sound: what that has is not taken again.
    """
    if tail[-128:-125] != b"TAG":
        return
    block, had = tail[-128:], frozenset(tags.meta())
    for name, begin, end in (("title", 3, 33), ("author", 33, 63), ("album", 63, 93), ("comment", 97, 127)):
        if name not in had:
            tags.add(name, block[begin:end].partition(b"\0")[0])
    longer = tail[-355:-128]
    if longer[:4] == b"TAG+":
        for name, begin in (("title", 4), ("author", 64), ("album", 124)):
            if name not in had:
                tags.add(name, longer[begin : begin + 60].partition(b"\0")[0])


def vorbis_comments(block: bytes, tags: Tags) -> None:
    """Take Vorbis comments, all of them."""
    at = 0
    try:
        vendor = unpack_from("<I", block)[0]
        tags.add("producer", block[4 : 4 + vendor])
        count = unpack_from("<I", block, 4 + vendor)[0]
        at = 8 + vendor
        for _ in range(min(count, MOST)):
            size = unpack_from("<I", block, at)[0]
            name, _, value = block[at + 4 : at + 4 + size].partition(b"=")
            field = name.decode("utf-8", "replace").lower()
            if field not in PICTURES:
                tags.add(COMMENTS.get(field, tags.key(field)), value)
            at += 4 + size
    except error:
        pass  # it ends within a length: what came before is taken
    tags.stray("comments (behind the last)", block[at:])


def asf(head: bytes, tags: Tags) -> None:
    """Take the descriptions of an ASF file (WMA, WMV)."""
    try:
        at = 30
        for _ in range(min(unpack_from("<I", head, 24)[0], MOST)):
            kind, size = head[at : at + 16], unpack_from("<Q", head, at + 16)[0]
            body = head[at + 24 : at + size]
            if kind == ASF_CONTENT:
                place = 10
                for name, length in zip(ASF_NAMES, unpack_from("<4H", body), strict=True):
                    tags.add(name, body[place : place + length].decode("utf-16-le", "replace"))
                    place += length
            elif kind == ASF_EXTENDED:
                _asf_extended(body, tags)
            at += max(size, 24)
        if unpack_from("<I", head, 24)[0] > MOST and at < len(head):
            tags.beyond(f"{MOST} objects")
    except (error, OverflowError):
        return


def _asf_extended(body: bytes, tags: Tags) -> None:
    at = 2
    for _ in range(min(unpack_from("<H", body)[0], MOST)):
        length = unpack_from("<H", body, at)[0]
        name = body[at + 2 : at + 2 + length].decode("utf-16-le", "replace").rstrip("\0")
        kind, size = unpack_from("<HH", body, at + 2 + length)
        at += 6 + length
        if kind == 0:
            field = name.removeprefix("WM/").lower()
            tags.add(
                COMMENTS.get(field, tags.key(field)), body[at : at + size].decode("utf-16-le", "replace")
            )
        at += size
    tags.stray("descriptions (behind the last)", body[at:])
