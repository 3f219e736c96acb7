"""A container that names the same bytes, or none at all, over and over: what it may give, decided by its own order."""

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from actionday.model import Found, Kind, Limits, Run
from actionday.pipeline.allowance import Allowance, OfFolder, outermost, room_of, scaled
from actionday.pipeline.messages import Host, Located, Room
from case_tools import OFF, Bench, balanced, killed, needs, same, tool

MIB, GIB = 1 << 20, 1 << 30
LIMITS = Limits()
LITTLE = {"ratio_after": 4 * MIB, "ratio": 1, "total": 2, "sparse": 8 * MIB}


def allowance(size: int) -> Allowance:
    return Allowance(outermost(size, LIMITS), size, LIMITS)


def read(of: Allowance, files: list[tuple[Run, ...]]) -> int:
    return sum(not of.refused(runs) for runs in files)


@pytest.mark.parametrize(
    ("size", "files", "fit"),
    [
        (20 << 30, [((-1, 100 * GIB), (0, GIB))], 1),
        (20 << 30, [((-1, 200 * GIB), (0, GIB)), ((0, GIB),)], 1),
        (20 * MIB, [((-1, 64 * GIB),)] * 1000, 1),
        (20 * MIB, [((-1, 65 * GIB),), ((0, MIB),)], 1),
        (GIB, [((0, 900 * MIB),)] * 30, 30),
        (GIB, [((0, 900 * MIB),)] * 1000, 1 + 64 * GIB // (900 * MIB)),
        (100 * GIB, [((n * GIB, GIB),) for n in range(100)] * 40, 4000),
        (100 * GIB, [((n * GIB, GIB),) for n in range(100)] * 100, 5100),
    ],
    ids=[
        "sparse disk",
        "one too hollow",
        "holes",
        "too many holes",
        "reflinks",
        "shared",
        "snapshots",
        "too many",
    ],
)
def test_what_is_read_of_a_container(size: int, files: list[tuple[Run, ...]], fit: int) -> None:
    assert read(allowance(size), files) == fit


def test_the_room_grows_with_the_container_and_has_no_steps() -> None:
    sizes = [1 << n for n in range(12, 44)]
    rooms = [room_of(size, LIMITS) for size in sizes]
    for before, after in pairwise(rooms):
        assert before.holes <= after.holes <= 2 * before.holes
        assert before.stored <= after.stored <= 2 * before.stored


def test_files_behind_one_another_count_nothing_and_a_run_may_go_on_between_them() -> None:
    of = allowance(20 * MIB)
    assert read(of, [((n * MIB, MIB),) for n in range(20)]) == 20
    assert not of.counted
    of.refused(((0, MIB),))
    assert of.counted


def test_containers_that_were_named_before_give_their_own_size_and_no_more() -> None:
    """Else ten within one another, each naming the next fifty times, give fifty to the tenth."""
    of, size = allowance(GIB), GIB
    within = []
    for _ in range(60):
        assert not of.refused(((0, size),))
        within.append(of.within(((0, size),)))
    assert within[0].stored == 64 * GIB
    assert within[-1] == Room(size, size, size)
    assert sum(each.stored for each in within) < 4 * 64 * GIB


def test_volumes_share_what_their_disk_may_give_and_a_small_one_is_read_whole() -> None:
    disk, room = 1000 * GIB, room_of(5 * GIB, LIMITS)
    of = Allowance(room, disk, LIMITS)
    boot, root = of.volume(GIB), of.volume(999 * GIB)
    assert boot.stored == GIB
    assert root.stored > 245 * GIB
    over = Allowance(room, disk, LIMITS)
    given = [over.volume(disk).stored for _ in range(1000)]
    assert sum(given) <= 2 * room.stored


def test_segments_beside_an_image_count_as_its_own() -> None:
    assert scaled(room_of(2 * GIB, LIMITS), 200 * GIB, 2 * GIB).stored == 100 * 100 * GIB


def test_what_has_no_bytes_in_the_container_counts_nothing() -> None:
    of = allowance(MIB)
    for kind in (Kind.DIRECTORY, Kind.SYMLINK):
        assert of.of(Found(name="a", kind=kind, place="a", size=0, runs=((-1, 1 << 60),)), b"") == (None, "")
    assert not of.counted


def located(name: str, hole: int, stored: int) -> Located:
    runs = ((0, stored), (-1, hole))
    step = Host(0, name.encode())
    return Located(name, Kind.FILE, name, None, hole + stored, None, None, "", runs, b"", step=step)


def test_a_folder_of_sparse_files_is_read_as_far_as_its_bytes_go() -> None:
    files = [located(f"h{n}", 64 * GIB, 0) for n in range(1000)]
    disk = located("disk.raw", 100 * GIB, 4 * GIB)
    found = next(iter(OfFolder(LIMITS).judged([(*files, disk)])))
    assert [each.status for each in found[:3]] == [None, "quarantined", "quarantined"]
    assert all("bytes of holes" in each.reason for each in found[1:-1])
    assert found[-1].status is None


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ext4 image of 24 MB: 40 files of 3 MiB in the same blocks, 20 of nothing but holes, a text at both ends."""
    folder = tmp_path_factory.mktemp("shared")
    files, made = folder / "files", folder / "shared.img"
    files.mkdir()
    (files / "big").write_bytes(b"".join(n.to_bytes(4, "big") for n in range(3 * MIB // 4)))
    for n in range(40):
        (files / f"s{n:02}").touch()
    for n in range(20):
        with (files / f"h{n:02}").open("wb") as file:
            file.truncate(100 * MIB)
    (files / "zz.txt").write_text("a note of the club\n")
    with made.open("wb") as file:
        file.truncate(24 * MIB)
    options = "^has_journal,^metadata_csum"
    tool("mkfs.ext4", "-q", "-O", options, "-d", files, made)
    orders = "".join(f"copy_inode big s{n:02}\n" for n in range(40))
    subprocess.run(
        ["debugfs", "-w", "-f", "-", str(made)], input=orders, text=True, check=True, capture_output=True
    )
    return made


@pytest.mark.tools
@needs("mkfs.ext4", "debugfs")
def test_an_image_that_names_the_same_blocks_ends_and_is_the_same_however_it_is_read(
    image: Path, tmp_path: Path
) -> None:
    bench = Bench(tmp_path / "case")
    bench.limit(**LITTLE)
    bench.ingest(image, "--workers", 1, code=1)
    wanted, found = bench.exports(), {row["path"]: row for row in bench.items()}
    shared = [found[f"s{n:02}"]["status"] for n in range(40)]
    assert 8 <= shared.count("unsupported") <= 16
    assert shared.count("unsupported") + shared.count("quarantined") == 40
    hollow = [found[f"h{n:02}"]["status"] for n in range(20)]
    assert hollow.count("quarantined") == 19  # eight times 24 MB
    assert found["zz.txt"]["status"] == "parsed"
    refused = [row for row in found.values() if row["status"] == "quarantined"]
    assert all("the case allows a container of this size" in row["reason"] for row in refused)
    assert all(str(row["size"]) in row["reason"] for row in refused)
    balanced(bench.items(), bench.status())
    assert bench.verify()["ok"]
    other = Bench(tmp_path / "other")
    other.limit(**LITTLE)
    for seconds in (1.5, 2.5, 3.5):
        process = other.begin("ingest", other.folder, image, "--workers", 2, *OFF)
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            killed(process)
    other.ingest(image, "--workers", 2, code=1)
    same(other.exports(), wanted)
