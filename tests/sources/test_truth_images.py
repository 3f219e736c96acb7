"""Every image of the evaluation data against what independent readers list in it.

Compared as that folder's README says: by SHA-256 and size, as often as ``must`` says; deleted entries by the last
part of their name; a ``file`` whose content no row allows is one too many.
"""

import gzip
import json
import os
from collections import Counter
from pathlib import Path

import pytest
from disk_chain import Disk, Row
from disk_tools import companions, sha256

from actionday.model import Encrypted, Status
from actionday.testing.context import Bytes

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
IMAGES = """
apfs.raw ext2.E01 ext2.qcow2 ext2.vhd ext2.vmdk hfsplus.raw image.qcow2 iso9660.raw syslog_image.dd windows_volume.qcow2
tsk_volume_system.raw dissect--xfs.bin.gz dissect--btrfs-default.bin.gz dissect--ntfs.bin.gz dissect--gpt.bin dissect--mbr.bin
dissect--gzip.sqfs hfsplus_zlib.dmg
""".split()  # noqa: SIM905 (one name a line would be a screenful)
NAMED = {
    "dissect--luks2-aes-xts-plain64.bin.gz": (Encrypted, "LUKS 2"),
    "dissect--bitlocker-aes-xts_128.bin.gz": (Encrypted, "BitLocker"),
}


def read(name: str) -> bytes:
    path = DATA / "images" / name.replace("--", "/")
    if not path.exists():
        pytest.skip(f"evaluation data not there: {path} (set ACTIONDAY_DATA)")
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def truth(name: str) -> list[dict[str, object]]:
    lines = (DATA / "truth" / f"{name}.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def alternatives(row: dict[str, object]) -> set[object]:
    return {row["sha256"], *(row.get("alt") or ())}  # type: ignore[misc]


@pytest.mark.parametrize("name", IMAGES)
def test_items_agree_with_independent_readers(name: str) -> None:
    raw = read(name)
    with companions() as started:
        disk = Disk(started)
        rows = list(disk.rows(Bytes(raw), name.rpartition("--")[2].removesuffix(".gz")))
    assert not disk.ended
    told = truth(name)
    _musts(rows, [row for row in told if row["need"] == "must" and row["kind"] == "file"])
    _names(rows, [row for row in told if row["need"] == "name"])
    _extra(rows, told)


def _musts(rows: list[Row], musts: list[dict[str, object]]) -> None:
    ours = Counter(
        (sha256(row.body), len(row.body)) for row in rows if row.found.kind == "file" and row.body is not None
    )
    wanted = Counter((str(row["sha256"]), int(str(row["size"]))) for row in musts)
    assert not wanted - ours


def _names(rows: list[Row], named: list[dict[str, object]]) -> None:
    ours = {row.found.name.rpartition("/")[2] for row in rows if row.found.kind == "deleted"}
    wanted = {str(row["path"]).rpartition("/")[2] for row in named}
    assert wanted <= ours


def _extra(rows: list[Row], told: list[dict[str, object]]) -> None:
    allowed = {digest for row in told for digest in alternatives(row)}
    extra = [row.path for row in rows if row.found.kind == "file" and row.body is not None
             and sha256(row.body) not in allowed]  # fmt: skip
    if any(row["kind"] == "file" for row in told):
        assert not extra


@pytest.mark.parametrize("name", NAMED)
def test_what_is_not_read_is_named(name: str) -> None:
    with companions() as started:
        disk = Disk(started)
        rows = list(disk.rows(Bytes(read(name)), name.rpartition("--")[2].removesuffix(".gz")))
    kind, words = NAMED[name]
    assert rows == []
    assert isinstance(disk.ended[""], kind)
    assert words in str(disk.ended[""])
    assert disk.ended[""].status in (Status.ENCRYPTED, Status.UNSUPPORTED)


def test_the_imagers_hash_is_that_of_the_disk() -> None:
    with companions() as started:
        disk = Disk(started)
        list(disk.rows(Bytes(read("ext2.E01")), "ext2.E01"))
    facts = disk.contexts[0].facts["ewf"]
    assert isinstance(facts, dict)
    assert facts["md5"] == "196066add11fb71c4c49cf1bb50d6d24"
    assert facts["acquired"] == "2021-07-22T15:33:18Z"
