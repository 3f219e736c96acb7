"""LUKS volumes that cryptsetup made: opened by the secret that fits, and named where none does."""

import contextlib
import gzip
import hashlib
import json
import os
import random
from pathlib import Path

import pytest
from disk_chain import Disk
from disk_makers import ext, tree
from disk_tools import companions, run
from locked import DATA_AT, KEY, MIB, WORD, enciphered, luks

from actionday.model import Damaged, Encrypted, ItemError, Unsupported
from actionday.sources.volumes.luks import IMAGE
from actionday.testing.context import Alone, Bytes, Glance
from actionday.testing.sources import check_claims, check_module

PLAIN = random.Random(5).randbytes(96 << 10)
DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data"))
MODES = [
    ("luks1", "aes-xts-plain64", 512, 512), ("luks1", "aes-xts-plain", 256, 512),
    ("luks1", "aes-cbc-essiv:sha256", 256, 512), ("luks1", "aes-cbc-plain64", 128, 512),
    ("luks2", "aes-xts-plain64", 512, 512), ("luks2", "aes-xts-plain64", 256, 4096),
    ("luks2", "aes-cbc-essiv:sha256", 256, 512), ("luks2", "aes-xts-plain64", 512, 2048),
]  # fmt: skip


def opened(raw: bytes, *secrets: str) -> tuple[Bytes, Alone]:
    around = Alone("disk.raw", secrets=secrets)
    return IMAGE.open(Bytes(raw), around), around  # type: ignore[return-value]


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return luks(tmp_path_factory.mktemp("luks") / "luks.raw", PLAIN).read_bytes()


def test_the_contract_is_kept(sample: bytes) -> None:
    check_module(IMAGE)
    check_claims(IMAGE, Glance(IMAGE.sample, sample))


@pytest.mark.parametrize(("kind", "cipher", "bits", "unit"), MODES)
def test_a_volume_of_every_mode_gives_its_disk(
    kind: str, cipher: str, bits: int, unit: int, tmp_path: Path
) -> None:
    path = luks(tmp_path / "d", PLAIN, cipher=cipher, bits=bits, unit=unit, kind=kind)
    disk, around = opened(path.read_bytes(), "wrong", WORD, "later")
    assert disk.read() == PLAIN
    facts = around.facts["luks"]
    assert isinstance(facts, dict)
    assert (facts["secret"], facts["key_slots"], facts["cipher"]) == (2, ["0"], cipher)
    assert WORD not in repr((around.facts, around.notes))


@pytest.mark.parametrize("kdf", ["argon2i", "argon2id"])
def test_argon2(kdf: str, tmp_path: Path) -> None:
    options = ("--pbkdf", kdf, "--pbkdf-memory", "4096", "--pbkdf-force-iterations", "4")
    path = luks(tmp_path / "d", PLAIN, *options)
    assert opened(path.read_bytes(), WORD)[0].read() == PLAIN


@pytest.mark.parametrize("hashed", ["sha1", "sha512"])
def test_other_hashes(hashed: str, tmp_path: Path) -> None:
    path = luks(tmp_path / "d", PLAIN, "--hash", hashed, kind="luks1")
    assert opened(path.read_bytes(), WORD)[0].read() == PLAIN


def test_any_part_of_it_can_be_read(sample: bytes) -> None:
    disk, _ = opened(sample, WORD)
    chance = random.Random(1)
    for _ in range(60):
        at, length = chance.randrange(len(PLAIN)), chance.randrange(1, 5000)
        disk.seek(at)
        assert disk.read(length) == PLAIN[at : at + length]


@pytest.mark.parametrize("secret", [f"hex:{WORD.encode().hex()}", f"hex:{KEY.hex()}"])
def test_a_secret_may_be_bytes_and_the_key_itself(sample: bytes, secret: str) -> None:
    assert opened(sample, secret)[0].read() == PLAIN


def test_a_second_slot_and_a_secret_that_is_no_text(tmp_path: Path) -> None:
    path = luks(tmp_path / "d", PLAIN)
    (tmp_path / "new").write_bytes(b"\xff\x00key")
    run("cryptsetup", "luksAddKey", "--batch-mode", "--pbkdf", "pbkdf2", "--pbkdf-force-iterations", "1000",
        "--volume-key-file", path.with_suffix(".key"), path, tmp_path / "new")  # fmt: skip
    disk, around = opened(path.read_bytes(), "hex:ff006b6579")
    assert disk.read() == PLAIN
    assert around.facts["luks"]["key_slots"] == ["1"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("secrets", "said"),
    [((), "the case has no secret"), (("a",), "(1 secret tried)"), (("a", "b"), "(2 secrets tried)")],
)
def test_without_a_fitting_secret_it_is_named(sample: bytes, secrets: tuple[str, ...], said: str) -> None:
    with pytest.raises(Encrypted) as error:
        opened(sample, *secrets)
    uuid = json.loads(sample[4096:].split(b"\0")[0]) and sample[168:204].decode()
    assert f"LUKS 2 volume {uuid}" in str(error.value)
    assert said in str(error.value)


def test_the_time_for_one_volume_is_bounded(sample: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionday.sources.volumes._secret.TRYING", -1.0)
    with pytest.raises(Encrypted, match="none of the first 0 of 2 secrets of the case opens it"):
        opened(sample, "a", WORD)


def test_the_second_header_opens_what_the_first_does_not(sample: bytes) -> None:
    for damaged in (sample[:5000] + b"!" + sample[5001:], bytes(4096) + sample[4096:]):
        disk, around = opened(damaged, WORD)
        assert disk.read() == PLAIN
        assert [note.code for note in around.notes] == ["backup"]
        assert IMAGE.claims(Glance("x", damaged))


def test_a_volume_that_was_being_enciphered_anew(tmp_path: Path) -> None:
    """What cryptsetup has not come to lies open, its first part moved to the end."""
    plain = random.Random(2).randbytes(20 * MIB)
    path = tmp_path / "d"
    path.write_bytes(plain)
    run("cryptsetup", "reencrypt", "--encrypt", "--init-only", "--type", "luks2", "--batch-mode", "--pbkdf", "pbkdf2",
        "--pbkdf-force-iterations", "1000", "--reduce-device-size", "4M", "--key-file", "-", path, feed=WORD.encode())  # fmt: skip
    disk, around = opened(path.read_bytes())
    assert disk.read() == plain[: disk.size]
    assert disk.size == len(plain) - 4 * MIB
    assert "reencryption" in [note.code for note in around.notes]


def test_what_is_behind_a_cut_raises_and_is_said(sample: bytes) -> None:
    head = json.loads(sample[4096:16384].split(b"\0")[0])
    head["segments"]["0"]["size"] = str(len(PLAIN) + 4096)
    disk, around = opened(rewritten(sample, head), WORD)
    assert disk.read(len(PLAIN)) == PLAIN
    with pytest.raises(Damaged):
        disk.read(512)
    assert [note.code for note in around.notes] == ["short"]


def test_a_fixed_segment_leaves_what_is_behind_it(sample: bytes) -> None:
    head = json.loads(sample[4096:16384].split(b"\0")[0])
    head["segments"]["0"]["size"] = str(len(PLAIN) - 8192)
    disk, around = opened(rewritten(sample, head), WORD)
    assert disk.size == len(PLAIN) - 8192
    found = list(disk.beside(around, 1, lambda stream: stream, parents=True))  # type: ignore[attr-defined]
    assert [each.size for each in found] == [8192]


def rewritten(raw: bytes, head: dict[str, object]) -> bytes:
    """Return the volume with another first header, newer than the second."""
    begun = bytearray(raw[:4096])
    begun[16:24] = (99).to_bytes(8, "big")
    begun[448:512] = bytes(64)
    whole = bytes(begun) + json.dumps(head).encode().ljust(16384 - 4096, b"\0")
    return whole[:448] + hashlib.sha256(whole).digest().ljust(64, b"\0") + whole[512:] + raw[16384:]


@pytest.mark.parametrize(
    ("part", "key", "value", "said"),
    [
        ("digests", "iterations", 1 << 40, "iterations"),
        ("segments", "encryption", "serpent-xts-plain64", "serpent"),
        ("segments", "integrity", {"type": "hmac(sha256)"}, "integrity"),
    ],
)
def test_what_a_header_asks_too_much_of_is_named(
    sample: bytes, part: str, key: str, value: object, said: str
) -> None:
    head = json.loads(sample[4096:16384].split(b"\0")[0])
    head[part]["0"][key] = value
    with pytest.raises((Encrypted, Unsupported), match=said):
        opened(rewritten(sample, head), WORD)


def test_memory_beyond_what_may_be_used_is_said(sample: bytes) -> None:
    head = json.loads(sample[4096:16384].split(b"\0")[0])
    head["keyslots"]["0"]["kdf"] = {
        "type": "argon2id",
        "time": 4,
        "memory": 4 << 20,
        "cpus": 4,
        "salt": "AAAA",
    }
    with pytest.raises(Encrypted, match="4096 MiB of memory for each secret, of which 2048 may be used"):
        opened(rewritten(sample, head), WORD)


def test_a_header_alone_is_said(sample: bytes) -> None:
    with pytest.raises(Damaged, match="detached header"):
        opened(sample[:DATA_AT], WORD)


def test_no_damage_raises_anything_but_an_item_error(sample: bytes) -> None:
    """Every region of both headers flipped, and the file cut everywhere."""
    chance, begun = random.Random(3), 40 << 10
    flips = [*range(0, 600, 23), *range(4096, 5600, 37), *chance.sample(range(begun), 20)]
    for at in flips:
        survives(sample[:at] + bytes([sample[at] ^ 0x55]) + sample[at + 1 :])
    for cut in [*range(0, 33000, 1500), *range(33000, len(sample), 150_000)]:
        survives(sample[:cut])


def test_no_damage_of_a_first_version_does(tmp_path: Path) -> None:
    raw = luks(tmp_path / "d", PLAIN, kind="luks1").read_bytes()
    for at in range(0, 600, 3):
        survives(raw[:at] + bytes([raw[at] ^ 0x55]) + raw[at + 1 :])


def survives(raw: bytes) -> None:
    with contextlib.suppress(ItemError):
        disk, _ = opened(raw, WORD)
        disk.read(4096)


def test_the_files_within_are_listed(tmp_path: Path) -> None:
    plain = ext(tmp_path / "e", tree(tmp_path / "t", {"a.txt": b"noon\n"}), size=MIB).read_bytes()
    raw = luks(tmp_path / "d", plain).read_bytes()
    disk, _ = opened(raw, WORD)
    with companions() as started:
        rows = list(Disk(started).rows(disk, "disk.raw"))
    assert [row.body for row in rows if row.path == "a.txt"] == [b"noon\n"]


def test_the_sample_of_dissect_is_opened() -> None:
    path = DATA / "images" / "dissect" / "luks2-aes-xts-plain64.bin.gz"
    if not path.exists():
        pytest.skip(f"evaluation data not there: {path} (set ACTIONDAY_DATA)")
    disk, _ = opened(gzip.decompress(path.read_bytes()), "password")
    assert disk.read() == b"".join(bytes([number]) * 512 for number in range(4))


def test_sectors_count_from_where_a_segment_says(sample: bytes) -> None:
    head = json.loads(sample[4096:16384].split(b"\0")[0])
    head["segments"]["0"]["iv_tweak"] = "7"
    raw = rewritten(sample, head)[:DATA_AT] + enciphered("aes-xts-plain64", KEY, PLAIN, first=7)
    assert opened(raw, WORD)[0].read() == PLAIN
