"""What a run says of how far it is: true for archives, disks and folders, moving, and never running backwards."""

import io
import json
import mmap
import signal
import tarfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionday.model.progress import (
    KNOWN_AFTER_SECONDS,
    LEAST_SECONDS,
    MOST_SHARE,
    STALLED_SECONDS,
    Course,
    Left,
)
from actionday.pipeline.folder import Folder
from actionday.pipeline.inventory import Inventory
from actionday.pipeline.meter import FURTHER, LAYOUT, MOST, NOTHING, Meter, Walked
from actionday.pipeline.streams import Held
from case_tools import Bench, sentences, until

PAGES = 700


def packed(path: Path) -> int:
    """Make a compressed archive of many pages; return the bytes of their contents."""
    total = 0
    with tarfile.open(path, "w:gz") as archive:
        for number in range(PAGES):
            data = f"<html><body>{sentences(400, number)}</body></html>".encode()
            info = tarfile.TarInfo(f"site/{number}.html")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
            total += len(data)
    return total


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, Path, int, list[dict[str, object]]]:
    """A case with one compressed archive, and every moment that its run told."""
    folder = tmp_path_factory.mktemp("archived")
    total = packed(folder / "big.tgz")
    bench = Bench(folder / "case")
    said = bench.ingest(folder / "big.tgz", "--json").stderr.splitlines()
    return bench, folder / "big.tgz", total, [json.loads(line) for line in said]


def test_the_figures_of_an_archive_move_before_it_is_gone_through(
    archived: tuple[Bench, Path, int, list[dict[str, float]]],
) -> None:
    _, _, total, moments = archived
    on_the_way = [each for each in moments if each["state"] == "running"]
    assert any(0 < each["bytes"] < total and each["rate"] > 0 for each in on_the_way)
    assert any(0 < each["share"] < MOST_SHARE for each in on_the_way)
    for name in ("bytes", "share", "found"):
        assert all(sooner[name] <= later[name] for sooner, later in pairwise(moments)), name
    assert all(each["share"] <= 1 for each in moments)


def test_a_complete_run_says_what_was_read_in_all_and_how_long_it_took(
    archived: tuple[Bench, Path, int, list[dict[str, object]]],
) -> None:
    bench, path, total, moments = archived
    assert (moments[-1]["bytes"], moments[-1]["share"], moments[-1]["eta"]) == (total, 1.0, None)
    status = bench.status()
    assert (status["bytes"], status["share"]) == (total, 1.0)
    assert status["seconds"] == moments[-1]["seconds"] > 0
    read = next(
        line for line in bench.run("status", bench.folder).stdout.splitlines() if line.startswith("read ")
    )
    assert "MB of content in " in read
    assert "left" not in read
    again = bench.ingest(path).stderr.splitlines()[-1]
    assert again.startswith(f"complete: {PAGES} items, ")
    assert "nothing of it in this run" in again
    assert bench.status()["bytes"] == total


def test_a_run_that_went_on_tells_of_the_whole_exhibit(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    for number in range(3000):
        (folder / f"{number}.txt").write_text(sentences(500, number))
    total = sum(each.stat().st_size for each in folder.iterdir())
    process = bench.begin("ingest", bench.folder, folder, "--workers", 1, "--json")
    until(lambda: bench.status()["found"] > 0)
    process.send_signal(signal.SIGINT)
    process.communicate()
    stored = bench.status()
    assert 0 < stored["bytes"] < total
    done = bench.ingest(folder, "--json")
    moments = [json.loads(line) for line in done.stderr.splitlines()]
    assert moments[0]["bytes"] >= stored["bytes"]
    assert (moments[-1]["found"], moments[-1]["bytes"]) == (json.loads(done.stdout)["found"], total)
    assert 0 < moments[-1]["fresh"] <= total - stored["bytes"]
    assert any(each["total"] == total for each in moments), "a folder's bytes are counted on the way"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def looked(course: Course, clock: Clock, at: float, read: int, left: Left) -> Course:
    clock.now = at
    course.look(0, read, left)
    return course


def test_the_share_never_falls_and_is_never_whole_before_the_end() -> None:
    clock = Clock()
    course = Course(clock)
    assert looked(course, clock, 1, 50, Left(50, 0, 0)).share == 0.5
    assert looked(course, clock, 2, 60, Left(9000, 0, 0)).share == 0.5  # an archive was met in it
    assert looked(course, clock, 3, 9060, Left(0, 0, 0)).share == MOST_SHARE


def test_the_share_and_the_time_left_are_those_of_what_takes_longer() -> None:
    clock = Clock()
    course = Course(clock)
    looked(course, clock, 10, 1000, Left(1000, 100, 900))
    assert (course.share, course.eta) == (0.1, pytest.approx(90.0))


def test_the_time_left_is_known_after_the_first_seconds_and_not_where_nothing_moves() -> None:
    clock = Clock()
    course = Course(clock)
    assert looked(course, clock, KNOWN_AFTER_SECONDS / 2, 10, Left(10, 0, 0)).eta is None
    assert looked(course, clock, 10, 100, Left(100, 0, 0)).eta == pytest.approx(10.0)
    for second in range(11, 21):
        looked(course, clock, second, 100, Left(100, 0, 0))
        assert course.eta is not None and course.eta >= second - 10
    for second in range(21, 100):
        assert looked(course, clock, second, 100, Left(100, 0, 0)).eta is None
    assert looked(course, clock, 100, 199, Left(1, 0, 0)).eta == 1.0
    assert looked(course, clock, 101, 200, Left(0, 0, 0)).eta is None, "nobody knows what holds it up"
    assert looked(course, clock, 102, 200, Left(None, 0, 0)).eta is None


def test_what_was_read_and_is_still_worked_on_is_left() -> None:
    clock = Clock()
    course = Course(clock)
    for second in range(1, 11):
        clock.now = second
        course.look(0, 1000, Left(0, 0, 0, items=100 - second), second)
    assert course.eta == pytest.approx(90.0)
    assert course.share == pytest.approx(0.1)
    for second in range(11, 30):  # a large one is read: bytes move, items do not
        clock.now = second
        course.look(0, 1000 * second, Left(30_000 - 1000 * second, 0, 0, items=90), 10)
    assert course.eta is not None


@given(
    st.lists(
        st.tuples(st.floats(0.1, 20), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 500), st.integers(0, 500)),
        max_size=60,
    )
)  # fmt: skip
def test_the_time_left_is_never_nothing_and_never_of_a_speed_that_is_over(
    steps: list[tuple[float, int, int, int, int]],
) -> None:
    clock = Clock()
    course = Course(clock)
    read = finished = 0
    moved = 0.0
    for passed, more, left, items, waiting in steps:
        read, finished, now = read + more, finished + items, clock.now + passed
        moved = now if more or items else moved
        clock.now = now
        course.look(0, read, Left(left, 0, 0, waiting), finished)
        assert course.eta is None or course.eta >= LEAST_SECONDS
        assert course.eta is None or left or waiting
        assert course.eta is None or now - moved <= STALLED_SECONDS
        assert course.share is not None and course.share <= MOST_SHARE


def test_a_meter_is_read_as_it_was_written_and_nothing_that_cannot_be_is_believed() -> None:
    shared = mmap.mmap(-1, LAYOUT.size)
    meter = Meter(shared, 0)
    meter.begin(7, 100)
    stream = Walked(Held(b"x" * 100), meter)
    assert stream.read(30) == b"x" * 30
    meter.given(90)
    meter.read(90)
    assert tuple(meter.get()) == (90, 7, 100, 30, 90)
    meter.sent()
    assert meter.get().read == 0
    LAYOUT.pack_into(shared, 0, MOST + 1, 7, 100, 30, 90)
    assert meter.get() == NOTHING


def test_reading_further_on_than_ever_is_progress_and_reading_again_is_none() -> None:
    times: list[int] = []
    stream = Walked(Held(bytes(3 * FURTHER)), Meter(mmap.mmap(-1, LAYOUT.size), 0), lambda: times.append(1))
    for at in (0, 0, 1, FURTHER // 2, 0, FURTHER, FURTHER, 1):
        stream.seek(at)
        stream.read(FURTHER // 2)
    assert len(times) == 1
    stream.seek(2 * FURTHER)
    stream.read(FURTHER)
    assert len(times) == 2


def test_that_the_end_was_looked_at_first_makes_the_way_to_it_no_shorter() -> None:
    times: list[int] = []
    stream = Walked(Held(bytes(4 * FURTHER)), Meter(mmap.mmap(-1, LAYOUT.size), 0), lambda: times.append(1))
    for at in (4 * FURTHER - 1024, 0, FURTHER, 2 * FURTHER):
        stream.seek(at)
        stream.read(FURTHER)
    assert len(times) == 4


def test_the_bytes_of_a_folder_are_those_of_its_files_and_not_of_the_case(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c.txt").write_bytes(b"12345")
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "index").write_bytes(b"1" * 1000)
    (tmp_path / "link").symlink_to(tmp_path / "a" / "b" / "c.txt")
    found = Inventory(Folder(tmp_path, exclude=tmp_path / "case").items(), tmp_path)
    assert found.told()["bytes"] == 5
