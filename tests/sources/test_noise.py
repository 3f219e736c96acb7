"""A mark of one or two bytes stands in every so many-th file of noise: alone it makes no disk, archive or mailbox."""

import random
from typing import Any

import pytest

from actionday.model import Claim, Kind
from actionday.model.plugin import TAIL_BYTES
from actionday.pipeline.peek import BytesPeek
from actionday.plugins import load

ROOMS = ("images", "volumes", "filesystems", "archives", "mail", "web")
SIZE = 120_000
WEAK = 2
ONE_IN_FOUR = {"compress"}
"""Behind its two bytes stands one more that says how it packs: every fourth is a way there is."""
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
    assert claimed <= (15 if plugin.name in ONE_IN_FOUR else 0)
