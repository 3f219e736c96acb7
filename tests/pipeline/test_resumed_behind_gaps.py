"""What stands behind a gap of a container is opened: every member of which all is there, by its name and its bytes."""

import bz2
import gzip
import io
import lzma
import random
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

import pytest
import zstandard

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import MIB
from disk_tools import needs
from ewf_writer import CHUNK
from gap_tools import disk, spoilt

from actionday.model import Claim
from actionday.sources.archives.resumed import SOURCE
from actionday.testing.context import Glance
from case_tools import Bench, balanced

COUNT = 30
NAMES = [f"folder of the kestrel club/member {n:02}.txt" for n in range(COUNT)]
Made = tuple[bytes, list[int]]
"""A container, and where each member of it begins."""


def texts(word: str) -> list[bytes]:
    noise = random.Random(word)
    return [f"meeting {word}{n:02}x, {noise.randbytes(6000).hex()}".encode() for n in range(COUNT)]


def zipped(method: int) -> Callable[[list[bytes]], Made]:
    def made(contents: list[bytes]) -> Made:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            for name, data in zip(NAMES, contents, strict=True):
                archive.writestr(name, data)
        return out.getvalue(), [each.header_offset for each in archive.infolist()]

    return made


def tarred(contents: list[bytes]) -> Made:
    out, starts = io.BytesIO(), list[int]()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in zip(NAMES, contents, strict=True):
            starts.append(out.tell())
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue(), starts


def joined(parts: list[bytes]) -> Made:
    return b"".join(parts), list(accumulate((len(each) for each in parts[:-1]), initial=0))


def each(packed: Callable[[bytes], bytes]) -> Callable[[list[bytes]], Made]:
    return lambda contents: joined([packed(data) for data in contents])


def letter(data: bytes) -> bytes:
    head = (
        b"From a@b.example Mon Mar  2 10:11:12 2026\nFrom: a@b.example\nTo: c@d.example\nSubject: harbour\n"
    )
    return head + b"Date: Mon, 02 Mar 2026 10:11:12 +0100\n\n" + data + b"\n\n"


def record(data: bytes) -> bytes:
    head = "WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://a.example/\r\nWARC-Date: 2026-03-02T10:11:12Z\r\n"
    told = f"WARC-Record-ID: <urn:uuid:{len(data):032x}>\r\nContent-Type: text/plain\r\nContent-Length: {len(data)}\r\n\r\n"
    return (head + told).encode() + data + b"\r\n\r\n"


def cpio(folder: Path) -> Callable[[list[bytes]], Made]:
    def made(contents: list[bytes]) -> Made:
        for name, data in zip(NAMES, contents, strict=True):
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        given = "\n".join(NAMES).encode() + b"\n"
        command = ["cpio", "-o", "-H", "newc", "--quiet"]
        raw = subprocess.run(command, input=given, cwd=folder, stdout=subprocess.PIPE, check=True).stdout
        return raw, [raw.index(name.encode()) - 110 for name in NAMES]

    return made


@needs("mkfs.ext4", "cpio")
@pytest.mark.tools
def test_members_behind_a_gap_have_their_names_and_bytes(bench: Bench, tmp_path: Path) -> None:
    makers = {
        "deflated.zip": zipped(zipfile.ZIP_DEFLATED),
        "stored.zip": zipped(zipfile.ZIP_STORED),
        "all.tar": tarred,
        "all.mbox": each(letter),
        "all.warc": each(record),
        "all.cpio": cpio(tmp_path / "c"),
        "all.warc.gz": each(lambda data: gzip.compress(record(data))),
        "all.txt.gz": each(gzip.compress),
        "all.txt.zst": each(zstandard.ZstdCompressor().compress),
        "all.txt.xz": each(lzma.compress),
        "all.txt.bz2": each(bz2.compress),
    }
    contents = {name: texts(f"kw{number}kestrel") for number, name in enumerate(makers)}
    made = {name: make(contents[name]) for name, make in makers.items()}
    raw = disk(tmp_path, {name: data for name, (data, _) in made.items()}, 24 * MIB)
    gaps = {name: (raw.index(data[:512]), len(data) // 2) for name, (data, _) in made.items()}
    chunks = {name: (start + middle) // CHUNK for name, (start, middle) in gaps.items()}
    bench.ingest(spoilt(tmp_path, raw, sorted(set(chunks.values()))), code=1)
    items = bench.items()
    balanced(items, bench.status())
    for number, (name, (_, starts)) in enumerate(made.items()):
        begin = (chunks[name] + 1) * CHUNK - gaps[name][0]
        stretch = f"{name}/behind the gap @{begin}"
        (row,) = (item for item in items if item["path"] == stretch)
        assert (row["status"], row["text_sha256"]) == ("parsed", None), row
        below = [item for item in items if item["path"].startswith(f"{stretch}/")]
        sound = [member for member in range(COUNT) if starts[member] >= begin]
        assert len(sound) > 5, name
        for member in sound:
            digest = sha256(contents[name][member]).hexdigest()
            if name in ("deflated.zip", "stored.zip", "all.tar", "all.cpio"):
                assert [item["sha256"] for item in below if item["path"].endswith(NAMES[member])] == [digest]
            elif "warc" in name:
                assert sum(item["sha256"] == digest for item in below) == 1
            hits = [hit["path"] for hit in bench.search(f"kw{number}kestrel{member:02}x")["hits"]]
            assert len(hits) == 1, (name, member, hits)
            assert hits[0].startswith(f"{stretch}/"), "it is found once"
    assert bench.verify()["ok"]


@needs("mkfs.ext4")
@pytest.mark.tools
def test_between_two_gaps_of_a_zip_members_are_found_by_their_own_headers(
    bench: Bench, tmp_path: Path
) -> None:
    contents = texts("kwzip")
    data, starts = zipped(zipfile.ZIP_STORED)(contents)
    raw = disk(tmp_path, {"a.zip": data}, 8 * MIB)
    start = raw.index(data[:512])
    first, second = (start + 50_000) // CHUNK, (start + 250_000) // CHUNK
    bench.ingest(spoilt(tmp_path, raw, [first, second]), code=1)
    begin, end = (first + 1) * CHUNK - start, second * CHUNK - start
    items = {item["path"]: item for item in bench.items()}
    stretch = f"a.zip/behind the gap @{begin}"
    assert items[stretch]["status"] == "parsed"
    sound = [n for n in range(COUNT - 1) if begin <= starts[n] and starts[n + 1] <= end]
    assert len(sound) > 8
    for member in sound:
        row = items[f"{stretch}/{NAMES[member]}"]
        assert (row["status"], row["sha256"]) == ("parsed", sha256(contents[member]).hexdigest())


def glance(data: bytes, name: str = "a/behind the gap @512") -> Claim:
    return SOURCE.claims(Glance(name, data))


def test_what_is_no_container_is_not_claimed() -> None:
    text = b"".join(b"From here on %d\nthe ustar reads PK\3\4 as written\n" % n for n in range(4000))
    assert glance(text) is Claim.NO
    assert glance(random.Random(1).randbytes(120_000)) is Claim.NO
    whole, _ = tarred(texts("kw"))
    assert glance(whole[100:120_000]) is Claim.NO, "no header stands where a block of the file begins"
    assert glance(whole[512:120_000]) is Claim.STRUCTURE
    assert glance(whole[512:120_000], "a.tar") is Claim.NO
    frames = b"words of a database " + gzip.compress(b"a" * 5000)
    assert glance(frames, "a.db/behind the gap @512") is Claim.NO
    assert glance(frames, "a.txt.gz/behind the gap @512") is Claim.STRUCTURE


@pytest.mark.parametrize(
    "mark", [b"PK\3\4", b"ustar\0", b"\nFrom a@b 12:00:00 2026\n", b"\x1f\x8b\x08\0", b"070701", b"\1"]
)
def test_looking_for_a_header_grows_with_the_bytes_alone(mark: bytes) -> None:
    spent = []
    for size in (1 << 18, 1 << 20):
        data = mark * (size // len(mark))
        begun = time.process_time()
        glance(data, "a.gz/behind the gap @512")
        spent.append(time.process_time() - begun)
    assert spent[1] < 12 * spent[0] + 0.5
