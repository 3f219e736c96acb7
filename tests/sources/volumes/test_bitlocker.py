"""BitLocker volumes: every method and protector, held against dislocker and the sample that Windows made."""

import contextlib
import gzip
import hashlib
import os
import random
import struct
from collections.abc import Callable
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest
from bitlocker_writer import BITMAPS as SIGN_OF_BITMAPS
from bitlocker_writer import (
    COPIES,
    METHODS,
    MOVED,
    PASSWORD,
    RECOVERY,
    SECTOR,
    SIZE,
    STARTUP,
    bitlocker,
    by_nothing,
    by_passphrase,
    by_recovery,
    by_startup,
    shown,
    startup_file,
)
from bitlocker_writer import MASTER as MASTER_KEY
from disk_tools import needs, run

from actionday.model import Damaged, Encrypted, ItemError, Stream
from actionday.sources.volumes.bitlocker import IMAGE
from actionday.testing.context import Alone, Bytes, Glance
from actionday.testing.sources import check_claims, check_module

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data"))


@cache
def plain() -> bytes:
    begun = b"\xeb\x52\x90NTFS    " + struct.pack("<HB", SECTOR, 8)
    made = bytearray(begun + random.Random(6).randbytes(SIZE - len(begun)))
    made[510:512] = b"\x55\xaa"
    made[0x38:0x40] = struct.pack("<Q", 77)
    return bytes(made)


@cache
def all_ways() -> bytes:
    return by_passphrase() + by_recovery() + by_startup()


def opened(raw: bytes, *secrets: str) -> tuple[Stream, Alone]:
    around = Alone("disk.raw", secrets=secrets)
    return IMAGE.open(Bytes(raw), around), around


def test_the_contract_is_kept() -> None:
    check_module(IMAGE)
    check_claims(IMAGE, Glance(IMAGE.sample, bitlocker(plain(), by_startup())))


@pytest.mark.parametrize("method", METHODS)
def test_every_method(method: int) -> None:
    disk, around = opened(bitlocker(plain(), by_startup(), method), f"hex:{STARTUP.hex()}")
    assert disk.read() == shown(plain())
    facts = around.facts["bitlocker"]
    assert isinstance(facts, dict)
    assert (facts["secret"], facts["description"]) == (1, "STATION C: 3/1/2026")
    assert facts["opened_by"].startswith("startup key")


@needs("dislocker-file")
@pytest.mark.parametrize("method", METHODS)
def test_dislocker_reads_the_same(method: int, tmp_path: Path) -> None:
    """It derives the key by itself, out of the recovery password."""
    raw = bitlocker(plain(), all_ways(), method)
    (tmp_path / "disk").write_bytes(raw)
    run("dislocker-file", "-V", tmp_path / "disk", f"-p{RECOVERY}", "--", tmp_path / "out")
    disk, _ = opened(raw, RECOVERY)
    assert (tmp_path / "out").read_bytes() == disk.read()


@pytest.mark.parametrize(
    ("secret", "by"),
    [
        (PASSWORD, "passphrase"),
        (RECOVERY, "recovery password"),
        (f" {RECOVERY.replace('-', ' ')}", "recovery password"),
        (f"hex:{startup_file().hex()}", "startup key"),
        (f"hex:{MASTER_KEY.hex()}", "the master key itself"),
    ],
)
def test_every_secret(secret: str, by: str) -> None:
    disk, around = opened(bitlocker(plain(), all_ways()), "\udcff wrong", secret)
    assert disk.read(SECTOR) == plain()[:SECTOR]
    facts = around.facts["bitlocker"]
    assert isinstance(facts, dict)
    assert facts["opened_by"].startswith(by)
    assert facts["secret"] == 2
    assert PASSWORD not in repr((around.facts, around.notes))


def test_while_it_is_suspended_no_secret_is_needed() -> None:
    disk, around = opened(bitlocker(plain(), by_nothing()))
    assert disk.read() == shown(plain())
    assert "secret" not in around.facts["bitlocker"]  # type: ignore[operator]


def test_the_portable_form() -> None:
    disk, around = opened(bitlocker(plain(), by_startup(), to_go=True), f"hex:{STARTUP.hex()}")
    assert disk.read() == shown(plain())
    assert around.facts["bitlocker"]["to_go"]  # type: ignore[index]


def test_the_first_version() -> None:
    disk, _ = opened(bitlocker(plain(), by_startup(), 0x8000, version=1), f"hex:{STARTUP.hex()}")
    assert disk.read() == shown(plain(), 1)


def test_one_that_is_enciphered_in_part() -> None:
    raw = bitlocker(plain(), by_startup(), state=5, reach=768 << 10, open_from=768 << 10)
    disk, around = opened(raw, f"hex:{STARTUP.hex()}")
    assert disk.read() == shown(plain())
    assert [note.code for note in around.notes] == ["reencryption"]


def test_bitmaps_tell_what_lies_open() -> None:
    """Of a structure that no standard publishes: the writer is ours as well."""
    chunk, edge, info, region = 16 << 10, 768 << 10, 700 << 10, 704 << 10
    raw = bytearray(bitlocker(plain(), by_startup(), open_from=edge))
    raw[160:216] = SIGN_OF_BITMAPS + struct.pack("<5Q", *COPIES, info, info)
    raw[info : info + 64] = struct.pack("<8sHHIIIIIIIQQQ", b"FVE-EOW\0", 56, 64, 512, 0, chunk, 0, 0, 1, 0, info, info,
                                        region)  # fmt: skip
    bits = sum(1 << number for number in range(edge // chunk)).to_bytes(8, "little")
    raw[region : region + 60] = struct.pack(
        "<10sHIIQQQIIII", b"FVE-EOWBM\0", 60, 512, 0, 0, SIZE, 0, 64, 160, 64, 0
    )
    for at, number, kept in ((64, 1, bytes(8)), (160, 2, bits)):
        record = struct.pack("<10sHIIQII", b"FVE-EOWBR\0", 36, 44, 64, number, 0, 0) + kept
        raw[region + at : region + at + len(record)] = record
    disk, _ = opened(bytes(raw), f"hex:{STARTUP.hex()}")
    got, want = disk.read(), shown(plain())
    assert got[:info] == want[:info]
    assert got[edge:] == want[edge:]


@pytest.mark.parametrize("count", [1, 2])
def test_a_copy_of_the_metadata_that_is_whole_suffices(count: int) -> None:
    raw = bytearray(bitlocker(plain(), by_startup()))
    for at in COPIES[:count]:
        raw[at + 100] ^= 1
    disk, around = opened(bytes(raw), f"hex:{STARTUP.hex()}")
    assert disk.read() == shown(plain())
    assert [note.code for note in around.notes] == ["backup"]
    for at in COPIES[count:]:
        raw[at + 100] ^= 1
    with pytest.raises(Damaged, match="no copy of its metadata"):
        opened(bytes(raw), "x")


def test_without_a_fitting_secret_its_protectors_are_named() -> None:
    raw = bitlocker(plain(), all_ways())
    with pytest.raises(Encrypted) as error:
        opened(raw)
    assert "volume 4f8b2c1e-0000-4000-8000-00000000cafe" in str(error.value)
    assert "recovery password 00000000-0000-0000-0000-000000000002" in str(error.value)
    with pytest.raises(Encrypted, match=r"\(2 secrets tried\)"):
        opened(raw, "a", "hex:zz")


@pytest.mark.parametrize(
    "damage",
    [
        lambda raw, at: raw[:at] + bytes([raw[at] ^ 0x55]) + raw[at + 1 :],
        lambda raw, at: raw[:at],
    ],
)
def test_no_damage_raises_anything_but_an_item_error(damage: Callable[[bytes, int], bytes]) -> None:
    raw = bitlocker(plain(), by_startup())
    for at in [*range(0, 512, 5), *range(COPIES[0], COPIES[0] + 500, 7), MOVED, MOVED + 5]:
        survives(damage(raw, at))


def test_nor_does_one_with_a_right_checksum() -> None:
    """Each byte of the metadata changed, in all copies."""
    raw = bitlocker(plain(), by_startup())
    size = struct.unpack_from("<H", raw, COPIES[0] + 8)[0] << 4
    for at in range(8, size):
        block = bytearray(raw[COPIES[0] : COPIES[0] + size + 8])
        block[at] ^= 0xFF
        block[size + 4 : size + 8] = struct.pack("<I", crc32(block[:size]))
        made = bytearray(raw)
        for copy in COPIES:
            made[copy : copy + len(block)] = block
        survives(bytes(made))


def survives(raw: bytes) -> None:
    with contextlib.suppress(ItemError):
        opened(raw, f"hex:{STARTUP.hex()}")[0].read(70_000)


def test_the_sample_that_windows_made() -> None:
    path = DATA / "images" / "dissect" / "bitlocker-aes-xts_128.bin.gz"
    if not path.exists():
        pytest.skip(f"evaluation data not there: {path} (set ACTIONDAY_DATA)")
    disk, around = opened(gzip.decompress(path.read_bytes()), "password12!@")
    assert hashlib.sha256(disk.read()).hexdigest() == SHA256
    assert around.facts["bitlocker"]["description"] == "DESKTOP-QNI1MMF TestVolume 10/8/2021"  # type: ignore[index]


SHA256 = "2765001e256eb8ca9a38db007225706d9ec3228ba56bdace3642fd5280f2543d"
"""As dissect.fve 4.6 gives it."""
