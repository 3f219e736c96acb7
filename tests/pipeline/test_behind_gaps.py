"""A file of a disk of which a range cannot be had: all that can be had of it is in the case, and what lacks is told."""

import io
import random
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from disk_makers import MIB, ext, ntfs
from disk_makers import tree as where
from disk_tools import needs, run
from ewf_writer import CHUNK, written
from gap_tools import disk, spoilt

from actionday.model import Damaged, Kind
from actionday.model.streams import RunStream, Seekable
from actionday.pipeline.behind import MOST, stretches
from actionday.pipeline.gaps import gaps, reached
from actionday.pipeline.messages import Located
from actionday.pipeline.streams import BlockStream
from case_tools import Bench, balanced, crashed, same

SECTOR = 512


class Torn(Seekable):
    """A stream of which some sectors raise."""

    def __init__(self, data: bytes, bad: set[int]) -> None:
        super().__init__(len(data))
        self.data, self.bad, self.calls = data, bad, 0

    def _at(self, offset: int, length: int) -> bytes:
        self.calls += 1
        if any(each in self.bad for each in range(offset // SECTOR, -(-(offset + length) // SECTOR))):
            raise Damaged("torn")
        return self.data[offset : offset + length]


@given(st.sets(st.integers(0, 63), min_size=1), st.integers(1, 64 * SECTOR))
def test_every_sector_that_can_be_had_is_in_a_stretch_and_no_other(bad: set[int], size: int) -> None:
    data = random.Random(1).randbytes(size)
    torn = Torn(data, bad)
    first = len(b"".join(reached(torn, 0)))
    assert first == min([size, *(each * SECTOR for each in bad)])
    if first == size:
        return
    found = gaps(BlockStream(torn), first, lambda: None)
    lost = {each for start, end in found.lost for each in range(start, end)}
    assert lost == {at for at in range(size) if at // SECTOR in bad}
    assert found.bytes + first + sum(end - start for start, end in found.behind()) == size
    assert found.looked == size


def test_what_is_tried_grows_with_the_bytes_and_the_gaps_alone() -> None:
    calls = []
    for count in (20, 40):
        torn = Torn(bytes(count * MIB), {each * 2048 + 1000 for each in range(count)})
        gaps(torn, 1000 * SECTOR, lambda: None)
        calls.append(torn.calls)
    assert calls[1] < 2.1 * calls[0] < 3000


def located(size: int, runs: tuple[tuple[int, int], ...]) -> Located:
    return Located("a.log", Kind.FILE, "7", None, size, None, None, "", runs, b"")


def test_of_a_file_with_thousands_of_gaps_the_last_item_is_all_that_follows() -> None:
    count = 5000
    data = random.Random(2).randbytes(2 * count * SECTOR)
    torn = Torn(data, {each * 2 for each in range(count)})
    found = gaps(torn, 0, lambda: None)
    half = count * SECTOR
    below = stretches(located(len(data), ((0, half), (half, half))), found)
    assert len(below) == MOST
    assert sum(each.size for each in below) == count * SECTOR
    assert below[-1].item.reason.startswith(f"{count - MOST + 1} pieces put together")
    got = b"".join(RunStream(torn, each.item.runs or (), each.size).read() for each in below)
    assert got == b"".join(data[at + SECTOR : at + 2 * SECTOR] for at in range(0, len(data), 2 * SECTOR))
    assert len(found.facts()["ranges"]) == 100  # type: ignore[arg-type]


def test_each_range_is_named_and_how_many_more() -> None:
    count = 25
    found = gaps(Torn(bytes(2 * count * SECTOR), {2 * each for each in range(count)}), 0, lambda: None)
    named = ", ".join(f"{2 * each * SECTOR} to {2 * each * SECTOR + 511}" for each in range(20))
    said = f"25 ranges of it cannot be had, 12800 bytes in all: bytes {named} and 5 further ranges"
    assert found.said("of it") == said


def test_holes_alone_are_no_stretch() -> None:
    torn = Torn(bytes(4 * SECTOR), {1})
    runs = ((0, 2 * SECTOR), (-1, 2 * SECTOR))
    found = gaps(RunStream(torn, runs, 4 * SECTOR), SECTOR, lambda: None)
    assert found.lost == ((SECTOR, 2 * SECTOR),)
    assert stretches(located(4 * SECTOR, runs), found) == []


# through the real command


def lines(count: int) -> bytes:
    return b"".join(b"entry %d of the harbour log, kept zq%dv by the watch\n" % (n, n) for n in range(count))


def rows(bench: Bench) -> dict[str, dict[str, Any]]:
    items = bench.items()
    balanced(items, bench.status())
    return {row["path"]: row for row in items}


def hits(bench: Bench, word: str) -> list[str]:
    return [hit["path"] for hit in bench.search(word)["hits"]]


@needs("mkfs.ext4")
@pytest.mark.tools
def test_one_bad_chunk_costs_a_file_that_chunk_alone(bench: Bench, tmp_path: Path) -> None:
    text = lines(60_000)
    raw = disk(tmp_path, {"long.txt": text}, 12 * MIB)
    start = raw.index(b"entry 0 of the harbour")
    bad = (start + 2_000_000) // CHUNK
    lost = bad * CHUNK - start
    bench.ingest(spoilt(tmp_path, raw, [bad]), code=1)
    found = rows(bench)
    own, behind = found["long.txt"], found[f"long.txt/behind the gap @{lost + CHUNK}"]
    assert (own["status"], own["size"], own["sha256"]) == (
        "unreadable",
        lost,
        sha256(text[:lost]).hexdigest(),
    )
    assert (behind["kind"], behind["status"]) == ("stream", "parsed")
    assert behind["sha256"] == sha256(text[lost + CHUNK :]).hexdigest()
    assert f"bytes {lost} to {lost + CHUNK - 1} of it cannot be had: {CHUNK} bytes" in own["reason"]
    assert f"its SHA-256 are those of the first {lost} bytes" in own["reason"]
    assert own["meta"]["cannot_be_had"]["ranges"] == [[lost, lost + CHUNK - 1]]
    before, last = text[:lost].count(b"\n") - 1, 59_999
    assert hits(bench, f"zq{before}v") == ["long.txt"]
    assert hits(bench, f"zq{last}v") == [behind["path"]]
    proof = bench.verify()
    assert proof["ok"]
    lacking = proof["lacking"]
    told = (
        lacking["missing_disks"],
        lacking["missing_bytes"],
        lacking["missing_of"],
        lacking["missing_untold"],
    )
    assert told == (1, CHUNK, len(raw), 0)
    assert not lacking["missing_least"]
    assert found[""]["meta"]["missing"]["ranges"] == [[bad * CHUNK, (bad + 1) * CHUNK - 1]]
    out = tmp_path / "given.bin"
    given = bench.run("show", bench.folder, own["id"], "--bytes", out, "--reason", "a copy for the court")
    assert given.returncode == 1
    assert "NOT the whole file: of " in given.stderr
    assert out.read_bytes() == text[:lost]
    entry = bench.export("ledger")[-2]["details"]
    assert (entry["whole"], entry["cannot_be_had"]) == (False, {"bytes": CHUNK, "of": len(text)})


@needs("mkfs.ext4")
@pytest.mark.tools
def test_a_file_whose_first_bytes_are_gone_gives_the_others(bench: Bench, tmp_path: Path) -> None:
    text = lines(6000)
    raw = disk(tmp_path, {"log.txt": text}, 8 * MIB)
    start = raw.index(b"entry 0 of the harbour")
    bench.ingest(spoilt(tmp_path, raw, [start // CHUNK]), code=1)
    found = rows(bench)
    lost = (start // CHUNK + 1) * CHUNK - start
    assert (found["log.txt"]["status"], found["log.txt"]["sha256"]) == ("unreadable", None)
    assert found[f"log.txt/behind the gap @{lost}"]["sha256"] == sha256(text[lost:]).hexdigest()
    assert hits(bench, "zq5999v") == [f"log.txt/behind the gap @{lost}"]


@needs("mkfs.ext4")
@pytest.mark.tools
def test_what_lies_behind_a_missing_segment_is_in_the_case(bench: Bench, tmp_path: Path) -> None:
    noise = random.Random(16).randbytes(8 * MIB)
    raw = disk(tmp_path, {"rnd.bin": noise}, 16 * MIB)
    for name, data in written(raw, 4).items():
        if not name.endswith("02"):
            (tmp_path / name).write_bytes(data)
    bench.ingest(tmp_path / "case.E01", code=1)
    found = rows(bench)
    (behind,) = (row for path, row in found.items() if path.startswith("rnd.bin/"))
    assert behind["sha256"] == sha256(noise[behind["meta"]["offset"] :]).hexdigest()
    lost = found["rnd.bin"]["meta"]["cannot_be_had"]
    assert lost["range_count"] == 1
    assert lost["ranges"][0][1] + 1 == behind["meta"]["offset"]
    assert behind["meta"]["offset"] + behind["size"] == len(noise)


@needs("mkfs.ext4")
@needs("qemu-img")
@pytest.mark.tools
@pytest.mark.parametrize(("kind", "unit"), [("qcow2", 65536), ("vmdk", 65536)])
def test_a_bad_compressed_cluster_costs_itself_alone(
    kind: str, unit: int, bench: Bench, tmp_path: Path
) -> None:
    text = lines(40_000)
    raw = disk(tmp_path, {"log.txt": text}, 8 * MIB)
    (tmp_path / "raw").write_bytes(raw)
    image = tmp_path / f"disk.{kind}"
    options = ["-c"] if kind == "qcow2" else ["-o", "subformat=streamOptimized"]
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *options, tmp_path / "raw", image)
    data = bytearray(image.read_bytes())
    middle = len(data.rstrip(b"\0")) * 7 // 10  # among the clusters of the file
    data[middle : middle + 600] = b"\xff" * 600
    image.write_bytes(data)
    bench.ingest(image, code=1)
    found = rows(bench)
    lost = found["log.txt"]["meta"]["cannot_be_had"]
    assert lost["bytes"] in (unit, 2 * unit)
    below = [row for path, row in found.items() if path.startswith("log.txt/")]
    assert found["log.txt"]["size"] + lost["bytes"] + sum(row["size"] for row in below) == len(text)
    assert hits(bench, "zq39999v") == [below[-1]["path"]]


@needs("mkfs.ext4")
@pytest.mark.tools
def test_a_disk_within_a_disk_is_opened_with_its_gap(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    inner = disk(
        tmp_path / "inner", {"pad.bin": random.Random(3).randbytes(MIB), "z.txt": lines(20_000)}, 8 * MIB
    )
    raw = disk(tmp_path, {"vm.dd": inner}, 24 * MIB)
    pad = raw.index(random.Random(3).randbytes(64)) // CHUNK + 8
    bench.ingest(spoilt(tmp_path, raw, [pad]), code=1)
    found = rows(bench)
    assert found["vm.dd/z.txt"]["sha256"] == sha256(lines(20_000)).hexdigest()
    assert "opened as the disk that it is" in found["vm.dd"]["reason"]
    assert not [path for path in found if path.startswith("vm.dd/behind")]
    assert [path for path in found if path.startswith("vm.dd/pad.bin/behind")]


@needs("mkfs.ext4")
@pytest.mark.tools
@pytest.mark.parametrize("count", [4, 20])
def test_what_follows_the_gap_in_an_archive_is_found(count: int, bench: Bench, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for number in range(count):
            entry = tarfile.TarInfo(f"m{number}.txt")
            entry.size = len(lines(20_000))
            archive.addfile(entry, io.BytesIO(lines(20_000).replace(b"zq", b"m%dq" % number)[: entry.size]))
    raw = disk(tmp_path, {"all.tar": packed.getvalue()}, 32 * MIB)
    start = raw.index(b"entry 0 of the harbour")
    bench.ingest(spoilt(tmp_path, raw, [start // CHUNK + 40]), code=1)
    found = rows(bench)
    assert "all.tar/m0.txt" in found
    assert hits(bench, f"m{count - 1}q10v"), "what stands behind the gap is searched"
    assert found["all.tar"]["status"] == "unreadable"


@needs("mkntfs", "ntfscp")
@pytest.mark.tools
def test_a_compressed_file_of_ntfs_loses_the_unit_that_cannot_be_had(bench: Bench, tmp_path: Path) -> None:
    """Units of stored clusters, flagged compressed: the sleuthkit unpacks them, 64 KiB each."""
    text = lines(20_000)
    text += bytes(-len(text) % 65536)
    disk_of = ntfs(tmp_path / "d", where(tmp_path / "t", {"packed.txt": text}), "-c", "4096")
    raw = bytearray(disk_of.read_bytes())
    start = raw.index(b"entry 0 of the harbour")
    name = raw.index("packed.txt".encode("utf-16-le"))
    record = next(at for at in range(name // 1024 * 1024, 0, -1024) if raw[at : at + 4] == b"FILE")
    at = record + int.from_bytes(raw[record + 20 : record + 22], "little")
    while int.from_bytes(raw[at : at + 4], "little") != 0x80:
        at += int.from_bytes(raw[at + 4 : at + 8], "little")
    raw[at + 12 : at + 14] = b"\x01\x00"
    raw[at + 34] = 4
    bad = (start + 300_000) // CHUNK
    unit = (bad * CHUNK - start) // 65536 * 65536
    bench.ingest(spoilt(tmp_path, bytes(raw), [bad]), code=1)
    found = rows(bench)
    own = found["packed.txt"]
    assert own["meta"]["compressed"] == "LZNT1"
    behind = found[f"packed.txt/behind the gap @{unit + 65536}"]
    assert own["sha256"] == sha256(text[:unit]).hexdigest()
    assert behind["sha256"] == sha256(text[unit + 65536 :]).hexdigest()
    assert own["meta"]["cannot_be_had"]["ranges"] == [[unit, unit + 65535]]
    assert hits(bench, "zq19999v") == [behind["path"]]
    assert bench.verify()["ok"]


@needs("mkfs.ext4")
@pytest.mark.tools
def test_each_name_of_a_file_has_what_stands_behind_its_gap(bench: Bench, tmp_path: Path) -> None:
    text = lines(6000)
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "a.txt").write_bytes(text)
    (tree / "b.txt").hardlink_to(tree / "a.txt")
    raw = ext(tmp_path / "ext", tree, "-b", "4096", size=8 * MIB).read_bytes()
    start = raw.index(b"entry 0 of the harbour")
    bad = (start + 100_000) // CHUNK
    bench.ingest(spoilt(tmp_path, raw, [bad]), code=1)
    found = rows(bench)
    behind = (bad + 1) * CHUNK - start
    assert found["a.txt"]["meta"]["inode"] == found["b.txt"]["meta"]["inode"]
    for name in ("a.txt", "b.txt"):
        assert found[f"{name}/behind the gap @{behind}"]["sha256"] == sha256(text[behind:]).hexdigest()
        assert found[name]["meta"]["cannot_be_had"]["bytes"] == CHUNK


@needs("mkfs.ext4")
@pytest.mark.tools
@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_kill_at_any_checkpoint_loses_none_of_it(number: int, bench: Bench, tmp_path: Path) -> None:
    files = {f"f{each}.txt": lines(4000 + each) for each in range(4)}
    raw = disk(tmp_path, files, 8 * MIB)
    starts = sorted(at // CHUNK + 2 for each in range(8) if (at := raw.find(b"entry 0 of", each * MIB)) > 0)
    image = spoilt(tmp_path, raw, sorted(set(starts)))
    whole = Bench(tmp_path / "whole" / "case")
    whole.ingest(image, code=1)
    assert [row for row in whole.items() if "behind the gap" in row["path"]]
    target = "actionday.pipeline.writer:Writer.checkpoint"
    done = crashed(target, "after", number, "ingest", bench.folder, image, "--workers", "2")
    assert done.returncode == -9
    bench.ingest(image, code=1)
    same(bench.exports(), whole.exports())
    assert bench.verify()["ok"]
