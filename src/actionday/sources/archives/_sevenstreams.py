"""Packed streams of a 7z: where they lie, how each folder of them is packed, and how many members it leads to.

Source: 7-Zip's 7zFormat.txt (``kPackInfo``, ``kUnPackInfo``, ``kSubStreamsInfo``); coders by its Methods.txt.
"""

import lzma
from collections.abc import Iterator
from itertools import repeat
from typing import Any, NamedTuple

from actionday.model import Damaged, Stream
from actionday.model.foreign import plainly
from actionday.sources.archives._sevennumbers import Numbers
from actionday.sources.archives._streams import BLOCK, Window

BEGIN = 32
"""Bytes of the signature header, from which all places count."""
MOST = 64 << 20
"""Bytes of a list of members, unpacked (one of a million files has about 60 MB), and of a dictionary."""
END, PACK, FOLDERS, SUB, SIZE, DIGESTS, FOLDER, UNPACKED, COUNTS = 0, 6, 7, 8, 9, 0x0A, 0x0B, 0x0C, 0x0D
COPY, LZMA1, LZMA2 = b"\0", b"\x03\x01\x01", b"\x21"


class Folder(NamedTuple):
    """Packed streams that are unpacked together: by one coder as a rule."""

    methods: tuple[tuple[bytes, bytes], ...]
    """Id and properties of each coder."""
    begin: int
    packed: tuple[int, ...]
    size: int
    """Bytes that come out of its first coder; of one coder alone: of the folder."""
    members: int

    @property
    def method(self) -> bytes:
        """The id of its coder, none where there are several."""
        return self.methods[0][0] if len(self.methods) == 1 else b""


def folders(numbers: Numbers) -> tuple[list[Folder], list[tuple[int, int]]]:
    """Return folders, and begin and end of packed streams that are of none. Raises ValueError."""
    begin, packed, shapes, sizes, members = BEGIN, list[int](), list[_Shape](), list[int](), list[int]()
    while (kind := numbers.take(1)[0]) != END:
        if kind == PACK:
            begin, packed = _packed(numbers)
        elif kind == FOLDERS:
            shapes, sizes, known = _shapes(numbers)
        elif kind == SUB:
            members = _members(numbers, known if shapes else [])
        else:
            raise ValueError(f"{kind:#x} among the streams")
    return _placed(begin, packed, shapes, sizes, members)


def _placed(begin: int, packed: list[int], shapes: list["_Shape"], sizes: list[int],
            members: list[int]) -> tuple[list[Folder], list[tuple[int, int]]]:  # fmt: skip
    found, first, out = [], 0, 0
    for number, shape in enumerate(shapes):
        own = tuple(packed[first : first + shape.streams])
        count = members[number] if number < len(members) else 1
        found.append(Folder(shape.methods, begin, own, sizes[out], count))
        begin, first, out = begin + sum(own), first + shape.streams, out + shape.outs
    rest = []
    for size in packed[first:]:
        rest.append((begin, begin + size))
        begin += size
    return found, rest


def _packed(numbers: Numbers) -> tuple[int, list[int]]:
    begin, count, sizes = numbers.number(), numbers.number(), list[int]()
    while (kind := numbers.take(1)[0]) != END:
        if kind == SIZE:
            sizes = [numbers.number() for _ in _times(count)]
        elif kind == DIGESTS:
            numbers.take(4 * numbers.defined(count))
        else:
            raise ValueError(f"{kind:#x} among the packed streams")
    return BEGIN + begin, sizes


class _Shape(NamedTuple):
    methods: tuple[tuple[bytes, bytes], ...]
    streams: int
    outs: int


def _shapes(numbers: Numbers) -> tuple[list[_Shape], list[int], list[int]]:
    """Return the folders' shapes, all their unpacked sizes, and of each folder how many digests are known of it."""
    numbers.expect(FOLDER)
    count = numbers.number()
    if numbers.take(1) != b"\0":
        raise ValueError("folders told elsewhere")
    shapes = [_shape(numbers) for _ in _times(count)]
    numbers.expect(UNPACKED)
    sizes = [numbers.number() for shape in shapes for _ in _times(shape.outs)]
    known = [0] * len(shapes)
    while (kind := numbers.take(1)[0]) != END:
        if kind != DIGESTS:
            raise ValueError(f"{kind:#x} among the folders")
        if numbers.take(1) != b"\0":
            known = [1] * len(shapes)
        else:
            flags = numbers.take((len(shapes) + 7) // 8)
            known = [flags[each // 8] >> (7 - each % 8) & 1 for each in range(len(shapes))]
        numbers.take(4 * sum(known))
    return shapes, sizes, known


def _shape(numbers: Numbers) -> _Shape:
    methods, ins, outs = list[tuple[bytes, bytes]](), 0, 0
    for _ in _times(numbers.number()):
        flag = numbers.take(1)[0]
        method = numbers.take(flag & 15)
        pair = (numbers.number(), numbers.number()) if flag & 0x10 else (1, 1)
        ins, outs = ins + pair[0], outs + pair[1]
        methods.append((method, numbers.take(numbers.number()) if flag & 0x20 else b""))
    if outs < 1 or ins < outs - 1:
        raise ValueError("a folder of nothing")
    for _ in _times(2 * (outs - 1)):
        numbers.number()
    streams = ins - (outs - 1)
    for _ in _times(streams if streams > 1 else 0):
        numbers.number()
    return _Shape(tuple(methods), streams, outs)


def _members(numbers: Numbers, known: list[int]) -> list[int]:
    """Return how many members each folder leads to."""
    counts = [1] * len(known)
    while (kind := numbers.take(1)[0]) != END:
        if kind == COUNTS:
            counts = [numbers.number() for _ in known]
        elif kind == SIZE:
            for count in counts:
                for _ in _times(max(0, count - 1)):
                    numbers.number()
        elif kind == DIGESTS:
            untold = sum(n for n, has in zip(counts, known, strict=True) if n != 1 or not has)
            numbers.take(4 * numbers.defined(untold))
        else:
            raise ValueError(f"{kind:#x} among the members of folders")
    return counts


def _times(count: int) -> Iterator[None]:
    """Return ``count`` steps; a count larger than C's is a claim that the list ends before."""
    return repeat(None, min(count, 1 << 62))


def unpacked(stream: Stream, folder: Folder) -> Iterator[bytes]:
    """Yield what a folder of one coder holds. Raises ValueError for one that is not undone here, Damaged later."""
    if folder.method == COPY:
        return _copied(Window(stream, folder.begin, min(sum(folder.packed), folder.size)))
    try:
        decoder = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[_filter(folder)])
    except lzma.LZMAError as error:
        raise ValueError(f"properties that LZMA does not have ({error})") from error
    return _decoded(Window(stream, folder.begin, sum(folder.packed)), decoder, folder.size)


def _filter(folder: Folder) -> dict[str, Any]:
    properties = folder.methods[0][1]
    if folder.method == LZMA2 and len(properties) == 1 and properties[0] <= 40:
        bits = properties[0]
        dictionary = (2 | bits & 1) << (bits // 2 + 11)
        known: dict[str, Any] = {"id": lzma.FILTER_LZMA2}
    elif folder.method == LZMA1 and len(properties) == 5 and properties[0] < 225:
        literal, dictionary = properties[0], int.from_bytes(properties[1:], "little")
        known = {"id": lzma.FILTER_LZMA1, "lc": literal % 9, "lp": literal // 9 % 5, "pb": literal // 45}
    else:
        raise ValueError("not packed by LZMA alone")
    needed = min(dictionary, folder.size)  # nothing lies farther back than what came out
    if needed > MOST:
        raise ValueError("a dictionary that is too large")
    return known | {"dict_size": max(needed, 4096)}


def _copied(packed: Window) -> Iterator[bytes]:
    while data := packed.read(BLOCK):
        yield data


def _decoded(packed: Window, decoder: lzma.LZMADecompressor, size: int) -> Iterator[bytes]:
    left = size
    while left and not decoder.eof:
        data = packed.read(BLOCK) if decoder.needs_input else b""
        try:
            out = decoder.decompress(data, min(left, BLOCK))
        except lzma.LZMAError as error:
            raise Damaged(f"7z: {plainly(error)}") from error
        left -= len(out)
        if out:
            yield out
        elif not data and decoder.needs_input:
            raise Damaged(f"7z: ends {left} bytes before its declared size")
