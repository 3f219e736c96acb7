"""Damage in what a group keeps of itself: an error that says so, or an answer; never another exception, never no end."""

import random
import time
from pathlib import Path

import pytest
from machine_samples import unpack

from actionday.model import ItemError, Part
from actionday.sources.volumes.lvm import ASSEMBLY as GROUPS
from actionday.sources.volumes.md import ASSEMBLY as ARRAYS
from actionday.testing.context import Alone, Bytes

TRIES, SEED, SECONDS = 120, 11, 2.0


def used(data: bytes) -> list[int]:
    """Return the sectors that hold something."""
    return [at for at in range(0, len(data), 512) if data.count(0, at, at + 512) != 512]


@pytest.mark.parametrize(
    "name", ["lvm_thin", "lvm_snapshot", "lvm_raid5", "md_raid5", "md_raid5_old", "md_raid10_far"]
)
def test_flipped_and_cut_disks_end_in_an_answer_or_an_item_error(name: str, tmp_path: Path) -> None:
    chosen = random.Random(SEED)
    disks = [bytearray(path.read_bytes()) for path in unpack(name, tmp_path)]
    places = [(number, at) for number, disk in enumerate(disks) for at in used(bytes(disk))]
    heads = [each for each in places if each[1] < 1 << 20]
    for turn in range(TRIES):
        number, at = chosen.choice(heads if turn % 2 else places)
        made = list(map(bytes, disks))
        if turn % 5 == 0:
            made[number] = made[number][: at + chosen.randrange(512)]
        else:
            changed = bytearray(made[number])
            changed[at + chosen.randrange(512)] ^= 1 << chosen.randrange(8)
            made[number] = bytes(changed)
        begun = time.perf_counter()
        _read(GROUPS if name.startswith("lvm") else ARRAYS, made)
        assert time.perf_counter() - begun < SECONDS, (number, at)


def _read(assembly: object, disks: list[bytes]) -> None:
    parts = [Part(Bytes(disk), f"disk{number}") for number, disk in enumerate(disks)]
    try:
        whole = assembly.assemble(parts, "x", Alone("x"))  # type: ignore[attr-defined]
    except ItemError:
        return
    for each in whole.volumes if whole.volumes is not None else [None]:
        try:
            stream = whole if each is None else whole.volume(each.place)
            for at in range(0, stream.size, 1 << 20):
                stream.seek(at)
                stream.read(4096)
        except ItemError:
            continue
