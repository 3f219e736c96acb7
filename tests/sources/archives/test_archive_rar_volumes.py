"""A RAR in volumes, one behind the other: written by hand by its formats, for no writer of RAR is free."""

import random
from collections.abc import Callable
from struct import pack
from zlib import crc32

import pytest
from archive_tools import TEXT, Run

from actionday.model import Part
from actionday.sources.archives import parts, rar
from actionday.testing.context import Alone, Bytes, Glance

NOISE = random.Random(5).randbytes(3000)
ROOM = 2000
"""Bytes of content in a volume."""


def vint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes((value & 127 | 128,)), value >> 7
    return out + bytes((value,))


def block5(kind: int, flags: int, fields: bytes, data: bytes = b"") -> bytes:
    body = vint(kind) + vint(flags) + (vint(len(data)) if flags & 2 else b"") + fields
    head = vint(len(body)) + body
    return crc32(head).to_bytes(4, "little") + head + data


def block4(kind: int, flags: int, fields: bytes, data: bytes = b"") -> bytes:
    head = pack("<BHH", kind, flags, 7 + len(fields)) + fields
    return pack("<H", crc32(head) & 0xFFFF) + head + data


def five(number: int, last: bool, pieces: list[tuple[str, bytes, bytes, int]]) -> bytes:
    out = b"Rar!\x1a\x07\x01\0" + block5(1, 0, vint(1 | 2 * bool(number)) + (vint(number) if number else b""))
    for name, piece, whole, crosses in pieces:
        crc = crc32(piece if crosses & 2 else whole).to_bytes(4, "little")
        fields = vint(4) + vint(len(whole)) + vint(0o100644) + crc + vint(0) + vint(1)
        fields += vint(len(name)) + name.encode()
        out += block5(2, 2 | 8 * (crosses & 1) | 0x10 * bool(crosses & 2), fields, piece)
    return out + block5(5, 0, vint(int(not last)))


def four(number: int, last: bool, pieces: list[tuple[str, bytes, bytes, int]]) -> bytes:
    out = b"Rar!\x1a\x07\0" + block4(0x73, 0x0001 | 0x0010 | 0x0100 * (not number), bytes(6))
    for name, piece, whole, crosses in pieces:
        crc = crc32(piece if crosses & 2 else whole)
        fields = pack("<IIBIIBBHI", len(piece), len(whole), 3, crc, 0x5C64A9C0, 20, 0x30, len(name), 0o100644)
        out += block4(0x74, 0x8000 | crosses, fields + name.encode(), piece)
    return out + block4(0x7B, 0x4000 | (not last), b"")


def volumes(write: Callable[..., bytes], files: dict[str, bytes]) -> list[bytes]:
    """Return volumes of ``ROOM`` bytes of content each."""
    made, pieces, room = list[bytes](), list[tuple[str, bytes, bytes, int]](), ROOM
    for name, data in files.items():
        at = 0
        while at < len(data):
            piece = data[at : at + room]
            crosses = bool(at) | 2 * (at + len(piece) < len(data))
            pieces.append((name, piece, data, crosses))
            at, room = at + len(piece), room - len(piece)
            if not room:
                made.append(write(len(made), False, pieces))
                pieces, room = [], ROOM
    return [*made, write(len(made), True, pieces)]


FILES = {"a.txt": TEXT[:700], "noise.bin": NOISE, "b.txt": TEXT[::-1]}
WRITERS = {"RAR 5": five, "RAR 4": four}
NAMES = {"RAR 5": "set.part{}.rar", "RAR 4": "set.{}"}


def named(form: str, number: int) -> str:
    if form == "RAR 5":
        return f"set.part{number + 1}.rar"
    return f"set.r{number - 1:02d}" if number else "set.rar"


@pytest.mark.parametrize("form", WRITERS)
def test_members_that_cross_volumes_are_whole(form: str) -> None:
    run = Run(rar.SOURCE, "parts set.rar", b"".join(volumes(WRITERS[form], FILES)))
    assert run.contents == FILES
    assert (run.codes, run.end) == ([], "")


@pytest.mark.parametrize("form", WRITERS)
def test_zeros_between_volumes_are_nothing_and_other_bytes_an_item(form: str) -> None:
    """RAR 5 fills volumes up to their size."""
    made = volumes(WRITERS[form], FILES)
    run = Run(rar.SOURCE, "parts set.rar", bytes(15).join(made))
    assert (run.contents, run.codes, run.end) == (FILES, [], "")
    hidden = b"the Kestrel club meets behind the mill\n"
    run = Run(rar.SOURCE, "parts set.rar", hidden.join(made))
    assert {name: run.contents.get(name) for name in FILES} == FILES
    assert run.listing.contents.count(hidden) == len(made) - 1


@pytest.mark.parametrize("form", WRITERS)
def test_each_volume_says_that_it_is_one_and_they_are_put_in_order(form: str) -> None:
    made = volumes(WRITERS[form], FILES)
    assert len(made) == 4
    given = []
    for number, data in enumerate(made):
        name = named(form, number)
        assert parts.SOURCE.claims(Glance(name, data)) > rar.SOURCE.claims(Glance(name, data))
        around = Alone(name)
        assert not list(parts.SOURCE.items(Bytes(data), around))
        assert around.belongs is not None
        given.append((around.belongs, Part(Bytes(data), f"deep/{name}")))
    assert len({belongs for belongs, _ in given}) == 1
    around = Alone("set")
    joined = parts.ASSEMBLY.assemble([part for _, part in reversed(given)], given[0][0][1], around)
    joined.seek(0)
    assert joined.read() == b"".join(made)
    assert not around.notes


@pytest.mark.parametrize("form", WRITERS)
@pytest.mark.parametrize("lost", [0, 1, 3])
def test_a_volume_that_lacks_is_named_and_members_of_others_are_read(form: str, lost: int) -> None:
    made = volumes(WRITERS[form], FILES)
    around = Alone("set")
    given = [Part(Bytes(data), named(form, number)) for number, data in enumerate(made) if number != lost]
    joined = parts.ASSEMBLY.assemble(given, "", around)
    told = [note.reason for note in around.notes]
    assert told == ([f"missing of the set: {named(form, lost)}"] if lost < 3 else [])
    joined.seek(0)
    run = Run(rar.SOURCE, "parts set.rar", joined.read())
    whole = {name for name, data in run.contents.items() if data == FILES.get(name)}
    assert whole <= FILES.keys()
    assert ("a.txt" in whole) is (lost > 0)
    assert run.noticed()
