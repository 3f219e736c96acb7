"""The way from an exhibit to a stream is the same whoever opens it, and whatever for."""

import hashlib
import os
import random
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from actionday.model import Context, Limits, Stream
from actionday.pipeline.answers import Answers
from actionday.pipeline.chains import Chains
from actionday.pipeline.custody import SourceFile
from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.fetch import Fetcher
from actionday.pipeline.messages import Answer, Ask, Done, HashHost, Host, Layer, Scope, Setup
from actionday.pipeline.openers import Openers
from actionday.pipeline.pool import Gone, Pool
from actionday.sources.images.qcow2 import IMAGE as QCOW2
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.objects import Packs
from case_tools import Bench

SOURCES = Path(__file__).resolve().parents[1] / "sources"
for folder in (SOURCES, SOURCES / "images"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from disk_makers import MIB, ext, tree
from disk_tools import run
from ewf_writer import written

FILES = {f"paper-{number:02}.bin": random.Random(number).randbytes(90_000) for number in range(60)}


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("disk")
    return ext(folder / "disk.raw", tree(folder / "tree", FILES), size=12 * MIB)


def segmented(disk: Path, folder: Path) -> Path:
    """Write the disk as an E01 of four segments; return the first."""
    folder.mkdir()
    for name, data in written(disk.read_bytes(), 4, "case.E01").items():
        (folder / name).write_bytes(data)
    return folder / "case.E01"


def overlaid(disk: Path, folder: Path) -> Path:
    """Put the disk as a QCOW2 with an overlay beside it into a tar; return the tar."""
    folder.mkdir()
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk, folder / "base.qcow2")
    made = ["create", "-f", "qcow2", "-F", "qcow2", "-b", "base.qcow2", "top.qcow2"]
    run("qemu-img", *made, cwd=folder)
    with tarfile.open(folder / "set.tar", "w") as tar:
        tar.add(folder / "top.qcow2", "vm/top.qcow2")
        tar.add(folder / "base.qcow2", "vm/base.qcow2")
    return folder / "set.tar"


@pytest.mark.tools
@pytest.mark.parametrize("made", [segmented, overlaid])
def test_a_fresh_reader_finds_segments_and_parents_when_asked_for_something_inside(
    bench: Bench, disk: Path, tmp_path: Path, made: Callable[[Path, Path], Path]
) -> None:
    exhibit = made(disk, tmp_path / "exhibit")
    bench.ingest(exhibit)
    rows = [row for row in bench.items() if os.path.basename(row["path"]) in FILES]
    assert {os.path.basename(row["path"]) for row in rows} == set(FILES)
    case = Case.open(bench.folder)
    try:
        for row in sorted(rows, key=lambda row: row["path"])[:: len(rows) - 1]:
            fetcher = Fetcher(case)  # its worker has opened nothing yet
            try:
                data = fetcher.read(bytes.fromhex(row["id"]), 0, row["size"])
            finally:
                fetcher.close()
            assert hashlib.sha256(data).hexdigest() == row["sha256"]
    finally:
        case.close()


def carried_out_afresh(case: Case, number: int, order: HashHost) -> Done:
    """Give an order to a worker that was started for it and has opened nothing; return how it ended."""
    name, sources = case.database.execute(
        "SELECT id, sources FROM exhibits WHERE number = ?", (number,)
    ).fetchone()
    files = msgspec.json.decode(sources, type=list[SourceFile])
    packs = Packs(case.folder / OBJECTS)
    exhibit = Exhibit(number, name, files, case.limits, resumed=True)
    answers, pool = Answers(case, packs, None, {number: exhibit}), Pool(1, Setup(case.limits))
    pool.start()
    try:
        (worker,) = pool.workers
        worker.send(order)
        while True:
            event = pool.next(60)
            assert event is not None
            assert not isinstance(event.message, Gone), worker.ended()
            if isinstance(event.message, Ask):
                worker.send(*answers.to(event.message))
            elif isinstance(event.message, Done) and event.message.job == order.job:
                return event.message
    finally:
        pool.close()
        answers.close()
        packs.close()
        exhibit.close()


@pytest.mark.tools
@pytest.mark.parametrize("made", [segmented, overlaid])
def test_the_disk_in_an_image_is_hashed_alike_by_a_worker_that_has_opened_nothing_of_the_set(
    bench: Bench, disk: Path, tmp_path: Path, made: Callable[[Path, Path], Path]
) -> None:
    """The order that hashes a disk goes to whoever is free: its way alone must lead to segments and parents."""
    bench.ingest(made(disk, tmp_path / "exhibit"))
    case = Case.open(bench.folder)
    try:
        found = case.database.execute("SELECT exhibit, scope FROM containers").fetchall()
        scopes = [(number, msgspec.msgpack.decode(scope, type=Scope)) for number, scope in found]
        ways = {
            (number, scope.chain)
            for number, scope in scopes
            if scope.chain and isinstance(scope.chain[-1], Layer)
        }
        assert ways
        for number, way in ways:
            done = carried_out_afresh(case, number, HashHost(1, number, way, ("md5", "sha256")))
            assert (done.status, done.reason) == ("", "")
            assert msgspec.json.decode(done.facts) == {
                "size": disk.stat().st_size,
                "md5": hashlib.md5(disk.read_bytes()).hexdigest(),
                "sha256": hashlib.sha256(disk.read_bytes()).hexdigest(),
            }
    finally:
        case.close()


@pytest.mark.tools
def test_the_imagers_hash_is_that_of_the_disk_in_a_segmented_image(
    bench: Bench, disk: Path, tmp_path: Path
) -> None:
    bench.ingest(segmented(disk, tmp_path / "exhibit"), "--workers", 3)
    assert [row for row in bench.export("issues") if row["code"] == "hash_differs"] == []
    assert any(hashlib.md5(disk.read_bytes()).hexdigest() in str(each) for each in bench.export("ledger"))


def test_an_image_is_opened_once_for_all_its_earlier_states(disk: Path, tmp_path: Path) -> None:
    path = tmp_path / "disk.qcow2"
    run("qemu-img", "convert", "-f", "raw", "-O", "qcow2", disk, path)
    for number in range(20):
        run("qemu-img", "snapshot", "-c", f"s{number}", path)
    opened: list[str] = []

    class Once:
        def open(self, stream: Stream, around: Context) -> Stream:
            opened.append(around.name)
            return QCOW2.open(stream, around)

    def ask(_: Ask) -> tuple[Answer, list[int]]:
        return Answer(size=path.stat().st_size), [os.open(path, os.O_RDONLY)]

    openers = Openers()
    openers.images["qcow2"] = Once()  # type: ignore[assignment]
    chains = Chains(openers, Limits(), ask)
    whole = disk.read_bytes()
    for number in (None, *range(20)):
        stream = chains.open(1, (Host(0), Layer("qcow2", "disk.qcow2", b"", number)))
        stream.seek(0)
        assert stream.read(stream.size) == whole
    assert opened == ["disk.qcow2"]
