"""The packed streams of a 7z with all that leads from one coder to the next: read, and written without encryption.

Source: 7-Zip's 7zFormat.txt (``Streams Info``, ``Folder``, ``Coders Info``); Methods.txt (``06 F1 07 01``: AES).
"""

from collections.abc import Mapping
from itertools import repeat
from typing import NamedTuple

from actionday.sources.archives._sevennumbers import Numbers
from actionday.sources.archives._sevenstreams import (
    BEGIN,
    COPY,
    COUNTS,
    DIGESTS,
    END,
    FOLDER,
    FOLDERS,
    PACK,
    SIZE,
    SUB,
    UNPACKED,
)

AES, PPMD = b"\x06\xf1\x07\x01", b"\x03\x04\x01"
MOST = 1 << 22
"""Things of one kind in a list: a list of 64 MiB names no more."""


class Coder(NamedTuple):
    """One step of unpacking."""

    method: bytes
    properties: bytes
    ins: int
    outs: int


class Chain(NamedTuple):
    """A folder: coders, which outs feed which ins, which ins are packed streams, bytes that come out of each out."""

    coders: tuple[Coder, ...]
    binds: tuple[tuple[int, int], ...]
    packed: tuple[int, ...]
    sizes: tuple[int, ...]
    crc: int | None

    @property
    def size(self) -> int:
        """Bytes that come out of it: of the out that feeds nobody."""
        fed = {out for _, out in self.binds}
        return next((size for out, size in enumerate(self.sizes) if out not in fed), 0)

    def locks(self) -> dict[int, bytes]:
        """Return the properties of each AES coder that is given a packed stream, by the number of that stream."""
        found, first = dict[int, bytes](), 0
        for coder in self.coders:
            if coder.method == AES and coder.ins == coder.outs == 1 and first in self.packed:
                found[self.packed.index(first)] = coder.properties
            first += coder.ins
        return found

    def has(self, method: bytes) -> bool:
        """Say whether a coder of it is of a method."""
        return any(each.method == method for each in self.coders)


class Streams(NamedTuple):
    """What a list tells of packed streams."""

    begin: int
    """Byte of the archive where the first packed stream begins."""
    packed: tuple[int, ...]
    chains: tuple[Chain, ...]
    counts: tuple[int, ...]
    """Members of each folder."""
    sizes: tuple[tuple[int, ...], ...]
    """Bytes of each member of each folder, as far as they are told: of the last one the rest."""
    digests: tuple[int | None, ...]
    """CRC of each member whose folder's CRC is not its own, in order."""


def streams(numbers: Numbers) -> Streams:
    """Return what follows the mark of streams. Raises ValueError."""
    found = Streams(BEGIN, (), (), (), (), ())
    while (kind := numbers.take(1)[0]) != END:
        if kind == PACK:
            found = found._replace(begin=BEGIN + numbers.number(), packed=_sizes(numbers))
        elif kind == FOLDERS:
            chains = _chains(numbers)
            found = found._replace(chains=chains, counts=(1,) * len(chains), sizes=((),) * len(chains))
        elif kind == SUB:
            counts, sizes, digests = _members(numbers, found.chains)
            found = found._replace(counts=counts, sizes=sizes, digests=digests)
        else:
            raise ValueError(f"{kind:#x} among the streams")
    if sum(len(each.packed) for each in found.chains) > len(found.packed):
        raise ValueError("folders of more streams than are packed")
    return found


def _bounded(count: int) -> int:
    if count > MOST:
        raise ValueError(f"{count} of a kind in the list")
    return count


def _sizes(numbers: Numbers) -> tuple[int, ...]:
    count, sizes = _bounded(numbers.number()), tuple[int, ...]()
    while (kind := numbers.take(1)[0]) != END:
        if kind == SIZE:
            sizes = tuple(numbers.number() for _ in repeat(None, count))
        elif kind == DIGESTS:
            numbers.take(4 * numbers.defined(count))
        else:
            raise ValueError(f"{kind:#x} among the packed streams")
    return sizes


def digests(numbers: Numbers, count: int) -> tuple[int | None, ...]:
    """Return the CRC of each of ``count`` things, None of one that has none."""
    if numbers.take(1) != b"\0":
        known = [True] * count
    else:
        flags = numbers.take((count + 7) // 8)
        known = [bool(flags[each // 8] >> (7 - each % 8) & 1) for each in range(count)]
    return tuple(int.from_bytes(numbers.take(4), "little") if each else None for each in known)


def _chains(numbers: Numbers) -> tuple[Chain, ...]:
    numbers.expect(FOLDER)
    count = _bounded(numbers.number())
    if numbers.take(1) != b"\0":
        raise ValueError("folders told elsewhere")
    bare = [_chain(numbers) for _ in range(count)]
    numbers.expect(UNPACKED)
    found = [
        each._replace(sizes=tuple(numbers.number() for coder in each.coders for _ in range(coder.outs)))
        for each in bare
    ]
    while (kind := numbers.take(1)[0]) != END:
        if kind != DIGESTS:
            raise ValueError(f"{kind:#x} among the folders")
        found = [
            each._replace(crc=crc) for each, crc in zip(found, digests(numbers, len(found)), strict=True)
        ]
    return tuple(found)


def _chain(numbers: Numbers) -> Chain:
    coders = list[Coder]()
    for _ in range(_few(numbers.number())):
        flag = numbers.take(1)[0]
        method = numbers.take(flag & 15)
        ins, outs = (numbers.number(), numbers.number()) if flag & 0x10 else (1, 1)
        properties = numbers.take(numbers.number()) if flag & 0x20 else b""
        coders.append(Coder(method, properties, _few(ins), _few(outs)))
    ins, outs = sum(each.ins for each in coders), sum(each.outs for each in coders)
    if outs < 1 or ins < outs:
        raise ValueError("a folder of nothing")
    binds = tuple((numbers.number(), numbers.number()) for _ in range(outs - 1))
    free, fed = ins - (outs - 1), {each for each, _ in binds}
    left = [each for each in range(ins) if each not in fed]
    packed = tuple(left) if free == 1 else tuple(numbers.number() for _ in range(free))
    return Chain(tuple(coders), binds, packed[:free], (), None)


def _few(count: int) -> int:
    if count > 64:
        raise ValueError(f"{count} coders or streams of one folder")
    return count


def _members(numbers: Numbers, chains: tuple[Chain, ...]) -> tuple[tuple[int, ...], tuple[tuple[int, ...], ...],
                                                                  tuple[int | None, ...]]:  # fmt: skip
    counts, known = (1,) * len(chains), tuple[int | None, ...]()
    sizes: tuple[tuple[int, ...], ...] = ((),) * len(chains)
    while (kind := numbers.take(1)[0]) != END:
        if kind == COUNTS:
            counts = tuple(_bounded(numbers.number()) for _ in chains)
        elif kind == SIZE:
            sizes = tuple(tuple(numbers.number() for _ in range(count - 1)) for count in counts)
        elif kind == DIGESTS:
            own = zip(counts, chains, strict=True)
            known = digests(numbers, sum(count for count, chain in own if count != 1 or chain.crc is None))
        else:
            raise ValueError(f"{kind:#x} among the members of folders")
    return counts, sizes, known


def without(chain: Chain, opened: Mapping[int, object]) -> Chain:
    """Return a folder whose packed streams ``opened`` are taken without the AES coders before them."""
    for stream in opened:
        place = chain.packed[stream]
        ins = outs = number = 0
        for number, coder in enumerate(chain.coders):  # noqa: B007 - the coder at ``place`` is what is looked for
            if ins == place:
                break
            ins, outs = ins + coder.ins, outs + coder.outs
        chain = _dropped(chain, number, place, outs, stream)
    return chain


def _dropped(chain: Chain, number: int, place: int, out: int, stream: int) -> Chain:
    coders = list(chain.coders)
    fed = next((each for each, own in chain.binds if own == out), None)
    if fed is None:  # nothing else is done with what it gives
        coders[number] = Coder(COPY, b"", 1, 1)
        return chain._replace(coders=tuple(coders))
    del coders[number]
    packed = [fed if each == stream else own for each, own in enumerate(chain.packed)]
    return chain._replace(
        coders=tuple(coders),
        binds=tuple((i - (i > place), o - (o > out)) for i, o in chain.binds if o != out),
        packed=tuple(each - (each > place) for each in packed),
        sizes=chain.sizes[:out] + chain.sizes[out + 1 :],
    )


def number(value: int) -> bytes:
    """Return ``value`` as a list has it."""
    if value < 0x80:
        return bytes((value,))
    return b"\xff" + value.to_bytes(8, "little")


def written(begin: int, packed: tuple[int, ...], chains: tuple[Chain, ...], sub: bytes) -> bytes:
    """Return the part of a list that tells of streams, its mark left out."""
    sizes = b"".join(map(number, packed))
    out = bytes((PACK,)) + number(begin - BEGIN) + number(len(packed)) + bytes((SIZE,)) + sizes + b"\0"
    out += bytes((FOLDERS, FOLDER)) + number(len(chains)) + b"\0" + b"".join(map(_coders, chains))
    out += bytes((UNPACKED,)) + b"".join(number(size) for each in chains for size in each.sizes)
    if known := [each.crc for each in chains if each.crc is not None]:
        out += bytes((DIGESTS,)) + digest_flags([each.crc is not None for each in chains])
        out += b"".join(crc.to_bytes(4, "little") for crc in known)
    return out + b"\0" + sub + b"\0"


def digest_flags(known: list[bool]) -> bytes:
    """Return what says of which things a digest follows."""
    if all(known):
        return b"\1"
    bits = "".join("01"[each] for each in known)
    bits += "0" * (-len(bits) % 8)
    return b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")


def _coders(chain: Chain) -> bytes:
    out = number(len(chain.coders))
    for each in chain.coders:
        manifold = (each.ins, each.outs) != (1, 1)
        out += bytes((len(each.method) | 0x10 * manifold | 0x20 * bool(each.properties),)) + each.method
        out += number(each.ins) + number(each.outs) if manifold else b""
        out += number(len(each.properties)) + each.properties if each.properties else b""
    out += b"".join(number(i) + number(o) for i, o in chain.binds)
    return out + (b"".join(map(number, chain.packed)) if len(chain.packed) > 1 else b"")
