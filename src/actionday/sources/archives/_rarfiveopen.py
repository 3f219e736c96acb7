"""A RAR 5 without its encryption, opened by secrets of the case: each block with its header written anew.

Source: RARLAB "RAR 5.0 archive format": archive encryption header, file encryption record, general block.
"""

import hmac
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import NamedTuple
from zlib import crc32

from actionday.model import Context, Damaged, Derivation, Encrypted, Stream, Stretch, Unsupported
from actionday.model.streams import read_at
from actionday.sources.archives._deciphered import UNIT, Piece, Sealed, Unsealed, deciphered
from actionday.sources.archives._rarfive import CRYPT, DATA, END, EXTRA, FILE, FIRST, LOCKED, SERVICE, number
from actionday.sources.archives._rarmain import RAR5
from actionday.sources.volumes._secret import fitting

HASH, CHECKED, TWEAKED, SUMMED = 2, 1, 2, 4
LARGEST_ROUNDS = 24
"""The largest power of two of rounds that RAR takes."""
LONGEST, MOST = 2 << 20, 200_000
MOST_BLOCKS, LAST_BLOCK = 1 << 20, 0x40
LIST, MEMBER = "rar: the list of members is encrypted", "rar: encrypted member"


class Lock(NamedTuple):
    """What a key is made of, and eight bytes that show whether it is the right one (none: not told)."""

    rounds: int
    salt: bytes
    check: bytes


class Opened(NamedTuple):
    """What is told of an encrypted member: the number of its secret (0: it stays closed), and of its CRC."""

    secret: int
    crc: int | None
    tweak: bytes
    """Key with which the stored CRC was made another, empty where it was not."""


class Plain(NamedTuple):
    """The archive without encryption, as far as secrets open it."""

    stream: Stream
    members: tuple[Opened | None, ...]
    closed: str
    """Why no secret opens the first member that stays closed."""


def plain(stream: Stream, around: Context) -> Plain | None:
    """Return the archive as it would be without its encryption, None of one that has none.

    Raises Encrypted where no secret opens its list, Damaged where that cannot be read, Unsupported.
    """
    made = _Opening(stream, around)
    pieces = list(made.pieces())
    return Plain(Unsealed(stream, pieces), tuple(made.members), made.closed) if made.locked else None


class _Opening:
    def __init__(self, stream: Stream, around: Context) -> None:
        self._stream, self._around = stream, around
        self.locked, self.closed = False, ""
        self.members: list[Opened | None] = []
        self._found: dict[Lock, tuple[int, bytes] | None] = {}

    def pieces(self) -> Iterator[Piece]:
        """Yield what the archive consists of without encryption; behind what is no block, all as it is."""
        at, key = FIRST, b""
        yield Piece(FIRST)
        for _ in range(MOST):
            block = self._sealed(at, key) if key else self._open(at)
            if block is None:
                break
            head, begin, over = block
            kind, fields = number(head, begin)
            if kind == CRYPT:
                self.locked = True
                key, at = self._key(_lock(head, fields), LIST)[1], over
                continue
            made, packed, data = self._block(head, begin, over)
            yield Piece(len(made), made=made)
            yield data._replace(at=over)
            at = over + packed
            if kind == END and read_at(self._stream, at, FIRST) == RAR5:
                yield Piece(FIRST, at)
                at, key = at + FIRST, b""
        yield Piece(max(0, self._stream.size - at), at)

    def _open(self, at: int) -> tuple[bytes, int, int] | None:
        """Return a header, where its type stands in it, and where it ends in the stream."""
        start = read_at(self._stream, at, 7)
        size, begin = number(start, 4)
        if len(start) < 7 or not 0 < size < LONGEST or begin > 7:
            return None
        head = read_at(self._stream, at, begin + size)
        sound = len(head) == begin + size and crc32(head[4:]) == int.from_bytes(head[:4], "little")
        return (head, begin, at + len(head)) if sound else None

    def _sealed(self, at: int, key: bytes) -> tuple[bytes, int, int] | None:
        """Return the same of a header that is encrypted. Raises Damaged where it is not what its CRC says."""
        vector = read_at(self._stream, at, UNIT)
        if len(vector) < UNIT:
            return None
        sealed = Sealed(key, vector)
        size, begin = number(deciphered(self._stream, at + UNIT, 0, UNIT, sealed), 4)
        if not 0 < size < LONGEST or begin > 7:
            raise Damaged(f"rar: no block in the encrypted list at byte {at}")
        whole = -(-(begin + size) // UNIT) * UNIT
        head = deciphered(self._stream, at + UNIT, 0, whole, sealed)[: begin + size]
        if crc32(head[4:]) != int.from_bytes(head[:4], "little"):
            raise Damaged(f"rar: a block of the encrypted list, at byte {at}, has another CRC than it says")
        return head, begin, at + UNIT + whole

    def _block(self, head: bytes, begin: int, over: int) -> tuple[bytes, int, Piece]:
        """Return a block's header without encryption, how many bytes its data take up, and what they are."""
        kind, at = number(head, begin)
        flags, at = number(head, at)
        extra, at = number(head, at) if flags & EXTRA else (0, at)
        packed, at = number(head, at) if flags & DATA else (0, at)
        records = dict(_records(head, len(head) - extra)) if extra else {}
        if kind not in (FILE, SERVICE) or LOCKED not in records:
            if kind == FILE:
                self.members.append(None)
            return head, packed, Piece(packed)
        self.locked = True
        opened = self._member(records[LOCKED])
        if kind == FILE:
            self.members.append(None)
        if opened is None:
            if kind == FILE:
                self.members[-1] = Opened(0, None, b"")
            return head, packed, Piece(packed)
        (secret, key), vector, tweak = opened
        fields, size, stored, crc = _fields(head[at : len(head) - extra], tweaked=bool(tweak))
        if kind == FILE:
            self.members[-1] = Opened(secret, crc if tweak else None, tweak)
        left = b"".join(_record(each, data) for each, data in records.items()
                        if each != LOCKED and not (tweak and each == HASH))  # fmt: skip
        sealed = Sealed(key, vector)
        length = min(size, packed) if stored else _length(self._stream, over, packed, sealed)
        flags = flags & ~EXTRA | (EXTRA if left else 0)
        body = vint(kind) + vint(flags) + (vint(len(left)) if left else b"") + vint(length) + fields + left
        made = vint(len(body)) + body
        return crc32(made).to_bytes(4, "little") + made, packed, Piece(length, sealed=sealed)

    def _member(self, record: bytes) -> tuple[tuple[int, bytes], bytes, bytes] | None:
        """Return the key of a member with its secret, its vector, and the key of its CRC; None where none opens it."""
        version, at = number(record, 0)
        flags, at = number(record, at)
        if version or len(record) < at + 33:
            return None
        rounds, salt, vector = record[at], record[at + 1 : at + 17], record[at + 17 : at + 33]
        own = Lock(rounds, salt, record[at + 33 : at + 41] if flags & CHECKED else b"")
        try:
            found = self._key(own, MEMBER)
        except Encrypted as error:
            self.closed = self.closed or str(error)
            return None
        secret = self._around.secrets[found[0] - 1]
        return found, vector, self._derived(own, secret, 16) if flags & TWEAKED else b""

    def _key(self, own: Lock, what: str) -> tuple[int, bytes]:
        """Return the key and the number of the secret. Raises Encrypted, Unsupported for more rounds than RAR takes."""
        if own.rounds > LARGEST_ROUNDS:
            raise Unsupported(f"rar: 2^{own.rounds} rounds for each secret: not deciphered here")
        if not own.check:
            raise Encrypted(f"{what}: nothing in it shows which secret fits: none is tried")
        if own not in self._found:
            self._found[own] = None
            self._found[own] = fitting(self._around, what, lambda secret: self._fits(own, secret))
        found = self._found[own]
        if found is None:
            raise Encrypted(self.closed or what)
        return found

    def _fits(self, own: Lock, secret: str) -> bytes | None:
        made = self._derived(own, secret, 32)
        check = bytes(made[i] ^ made[i + 8] ^ made[i + 16] ^ made[i + 24] for i in range(8))
        return self._derived(own, secret, 0) if check == own.check else None

    def _derived(self, own: Lock, secret: str, more: int) -> bytes:
        spelt = secret.encode("utf-8", "surrogateescape")
        rounds = (1 << own.rounds) + more
        return self._around.derive(
            Derivation(kind=Stretch.PBKDF2, secret=spelt, salt=own.salt, length=32, rounds=rounds)
        )


def _length(stream: Stream, at: int, packed: int, sealed: Sealed) -> int:
    """Return how many bytes of packed data are used: its blocks up to the last; ``packed`` where they do not say so.

    libarchive takes the padding behind them for a further block.
    """
    used = 0
    for _ in range(MOST_BLOCKS):
        begin = used // UNIT * UNIT
        if used + 3 > packed or at + packed > stream.size or packed % UNIT:
            return packed
        plain = deciphered(stream, at, begin, min(2 * UNIT, packed - begin), sealed)[used - begin :]
        count = (plain[0] >> 3 & 3) + 1
        size, check = int.from_bytes(plain[2 : 2 + count], "little"), 0x5A ^ plain[0]
        for each in plain[2 : 2 + count]:
            check ^= each
        if count > 3 or check != plain[1]:
            return packed
        used += 2 + count + size
        if plain[0] & LAST_BLOCK:
            return used if used <= packed else packed
    return packed


def _lock(head: bytes, at: int) -> Lock:
    """Return the lock of an archive's encryption header. Raises Unsupported for a version that is not known."""
    _, at = number(head, at)  # flags of the block
    version, at = number(head, at)
    flags, at = number(head, at)
    if version or len(head) < at + 17:
        raise Unsupported(f"rar: encryption of version {version}: not deciphered here")
    return Lock(head[at], head[at + 1 : at + 17], head[at + 17 : at + 25] if flags & CHECKED else b"")


def _records(head: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at < len(head):
        size, start = number(head, at)
        kind, begin = number(head, start)
        yield kind, head[begin : start + size]
        at = max(start + size, begin)


def _record(kind: int, data: bytes) -> bytes:
    body = vint(kind) + data
    return vint(len(body)) + body


def _fields(fields: bytes, *, tweaked: bool) -> tuple[bytes, int, bool, int | None]:
    """Return the fields of a member, without a CRC that was made another; its size, whether stored, and that CRC."""
    own, at = number(fields, 0)
    size, at = number(fields, at)
    _, at = number(fields, at)
    at += 4 * bool(own & 2)
    crc = int.from_bytes(fields[at : at + 4], "little") if own & SUMMED else None
    method, _ = number(fields, at + 4 * bool(own & SUMMED))
    stored = not method >> 7 & 7
    if not (tweaked and own & SUMMED):
        return fields, size, stored, crc
    flags, begin = vint(own & ~SUMMED), number(fields, 0)[1]
    return flags + fields[begin:at] + fields[at + 4 :], size, stored, crc


def vint(value: int) -> bytes:
    """Return a number as blocks have it."""
    out = b""
    while value > 127:
        out, value = out + bytes((value & 127 | 128,)), value >> 7
    return out + bytes((value,))


def checking(chunks: Callable[[], bytes], told: Opened) -> Iterator[bytes]:
    """Yield a content. Raises Damaged behind one whose CRC is not that from which the stored one was made."""
    made = 0
    while chunk := chunks():
        made = crc32(chunk, made)
        yield chunk
    if told.crc is None:
        return
    digest = hmac.new(told.tweak, made.to_bytes(4, "little"), sha256).digest()
    folded = 0
    for at in range(0, 32, 4):
        folded ^= int.from_bytes(digest[at : at + 4], "little")
    if folded != told.crc:
        raise Damaged(f"rar: CRC {made:08x} is not the one that was stored, with the key of its secret")
