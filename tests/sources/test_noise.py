"""A mark of one or two bytes stands in every so many-th file of noise: alone it makes no disk, archive or mailbox."""

import random
from typing import Any

import pytest

from actionday.mime.lzw_codes import begins_as_compress
from actionday.model import Claim, Kind
from actionday.model.plugin import TAIL_BYTES
from actionday.pipeline.peek import BytesPeek
from actionday.plugins import load
from case_tools import tool

ROOMS = ("images", "volumes", "filesystems", "archives", "mail", "web")
SIZE = 120_000
WEAK = 2
MARKED = [
    pytest.param(plugin, at, mark, id=f"{plugin.name} {at} {mark.hex()}")
    for room in ROOMS
    for plugin in load(f"actionday.sources.{room}", "IMAGE", "SOURCE")[0]
    for at, mark in getattr(plugin, "marks", ())
    if len(mark) <= WEAK
]


@pytest.mark.parametrize(("plugin", "at", "mark"), MARKED)
def test_noise_with_a_weak_mark_is_nobodys(plugin: Any, at: int, mark: bytes) -> None:
    dice, claimed = random.Random(f"{plugin.name} {at}"), 0
    for _ in range(30):
        data = bytearray(dice.randbytes(SIZE))
        data[at % SIZE : at % SIZE + len(mark)] = mark
        peek = BytesPeek("x.bin", Kind.FILE, bytes(data), SIZE, bytes(data[-TAIL_BYTES:]))
        claimed += plugin.claims(peek) is not Claim.NO
    assert not claimed


def test_of_noise_behind_the_mark_and_a_sound_third_byte_of_compress_nothing_is_one() -> None:
    dice = random.Random("compress")
    pieces = (b"\x1f\x9d" + dice.randbytes(126) for _ in range(100_000))
    assert not sum(begins_as_compress(each) for each in pieces)
    pieces = (b"\x1f\x9d\x90" + dice.randbytes(125) for _ in range(20_000))
    assert not sum(begins_as_compress(each) for each in pieces)


@pytest.mark.parametrize("bits", range(9, 17))
def test_what_compress_writes_begins_as_it_does(bits: int) -> None:
    dice = random.Random(bits)
    for plain in (
        b"",
        b"a",
        b"a" * 5000,
        b"ab" * 9000,
        dice.randbytes(3000),
        b"weir and mill, " * 400,
        bytes(9),
    ):
        packed = tool("compress", "-c", "-f", f"-b{bits}", given=plain)
        assert all(begins_as_compress(packed[:cut]) for cut in (len(packed), 128, 3, 4, 17))
