"""A server of snapshots by hard links: its files are read once, and each name is an item as if it had been read."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from actionday.model import Found, Kind, Limits, Run, Status
from actionday.model.identity import ID_BYTES, item_id
from actionday.pipeline import firsts
from actionday.pipeline.allowance import Allowance, room_of
from actionday.pipeline.conduct import Conduct
from actionday.pipeline.firsts import Firsts, alike
from actionday.pipeline.folder import Folder
from actionday.pipeline.folder_links import FolderLinks
from actionday.pipeline.jobs import Job, Jobs, Priority
from actionday.pipeline.messages import Examine, Expand, Listing, Located, Scope
from actionday.pipeline.namesakes import Namesakes
from actionday.storage.database.rows import ITEM_COLUMNS
from case_tools import OFF, Bench, balanced, killed, needs, same, sentences, tool

MIB, GIB = 1 << 20, 1 << 30
LIMITS = Limits()
LITTLE = {"ratio_after": 4 * MIB, "ratio": 20, "total": 2, "sparse": 8 * MIB}
SNAPSHOTS = 4
SAMPLES = Path(__file__).parents[2] / "samples" / "small"
SHOWN = ("path", "kind", "size", "sha256", "md5", "mime", "status", "reason")


def found(name: str, runs: tuple[Run, ...], links: int = 2, **more: Any) -> Found:
    size = sum(length for _, length in runs)
    told = {"kind": Kind.FILE, "size": size, "meta": {"links": links}, **more}
    return Found(name=name, place=name, runs=runs, **told)


def item(number: int) -> bytes:
    return number.to_bytes(ID_BYTES, "big")


@pytest.mark.parametrize(
    ("other", "again"),
    [
        (found("b/x", ((0, 9),)), True),
        (found("b/x", ((0, 9),), links=1), False),
        (found("b/y", ((0, 9),)), False),
        (found("b/x", ((0, 8),)), False),
        (found("b/x", ((0, 4), (4, 5))), False),
        (found("b/x", ((0, 9),), size=10), False),
        (found("b/x", ((0, 9),), kind=Kind.DELETED), False),
        (found("b/x", ((0, 9),), status=Status.UNREADABLE), False),
        (found("b/x", ((0, 9),), reason="left over"), False),
    ],
    ids=["name", "one link", "other name", "other bytes", "cut", "longer", "deleted", "doubted", "reason"],
)
def test_only_what_is_read_as_the_first_was_is_a_further_name(other: Found, again: bool) -> None:
    known = Firsts()
    assert known.first(alike(found("a/x", ((0, 9),))), item(1)) == b""
    assert known.first(alike(other), item(2)) == (item(1) if again else b"")


def test_many_files_are_told_apart_and_no_more_are_remembered_than_there_is_room_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(firsts, "MOST_FIRSTS", 5000)
    known = Firsts()
    files = [found("x", ((n, 1),)) for n in range(6000)]
    assert not any(known.first(alike(each), item(n)) for n, each in enumerate(files))
    again = [known.first(alike(each), item(9999)) for each in files]
    assert again[:5000] == [item(n) for n in range(5000)]
    assert not any(again[5000:])


def test_further_names_have_room_of_their_own_and_an_end() -> None:
    of = Allowance(room_of(2 * GIB, LIMITS), 2 * GIB, LIMITS)
    whys = [of.of(found(f"{n}/x", ((0, GIB),)), item(n))[1] for n in range(500)]
    assert whys.count("") == 1 + LIMITS.ratio * 2
    assert "has a name before" in whys[-1]
    assert of.counted
    assert not of.of(found("500/y", ((GIB, GIB),)), item(500))[1]


def test_blocks_that_many_files_share_count_under_whatever_links_they_claim() -> None:
    of = Allowance(room_of(2 * GIB, LIMITS), 2 * GIB, LIMITS)
    whys = [of.of(found(f"x{n}", ((0, GIB),)), item(n))[1] for n in range(500)]
    assert whys.count("") == 1 + LIMITS.total * 2


def batch(jobs: Jobs, *places: str) -> Job:
    scope = Scope(1, item(1), "", (), 1, ())
    each = Located("x", Kind.FILE, "", None, 1, None, None, "", ((0, 1),), b"")
    listed = tuple(msgspec.structs.replace(each, place=place) for place in places)
    job = Job(Examine(jobs.number(), scope, listed, 0), 1, None, Priority.EXAMINE)
    jobs.add(job)
    return job


def test_a_batch_of_further_names_waits_for_the_one_its_first_is_in_and_no_longer() -> None:
    jobs = Jobs()
    first, further, other = batch(jobs, "a"), batch(jobs, "b", "c"), batch(jobs, "d")
    further.firsts = {"b": item_id(item(1), "a"), "c": item_id(item(1), "d")}
    assert [jobs.take(), jobs.take()] == [first, further]
    waits = jobs.first_at_work(further)
    assert waits == first.order.job
    jobs.behind(further, waits)
    jobs.ready()
    assert jobs.waiting(Priority.EXAMINE) == 2
    assert [jobs.take(), jobs.take()] == [other, None]
    assert jobs.take_any(Priority.EXAMINE) is further
    jobs.behind(further, waits)
    jobs.done(waits)
    jobs.ready()
    assert jobs.take() is further
    assert jobs.first_at_work(further) is None, "what was ordered later may wait for this one"
    further.leave(())
    assert (further.size, further.items()) == (0, frozenset())


@pytest.mark.parametrize(
    ("after", "again", "fair"),
    [
        ("", {"b": item(1)}, True),
        ("", {}, True),
        ("b", {}, True),
        ("b", {"b": item(1)}, False),
        ("", {"z": item(1)}, False),
        ("", {"b": b"short"}, False),
    ],
    ids=["told", "none", "goes on", "goes on behind a name", "not listed", "no item"],
)
def test_what_a_worker_may_say_of_further_names(after: str, again: dict[str, bytes], fair: bool) -> None:
    jobs = Jobs()
    listed = batch(jobs, "b").order
    assert isinstance(listed, Examine)
    order = Expand(jobs.number(), listed.scope, "x", Kind.FILE, "ext", 1, 0)
    job = Job(order, 1, item(1), Priority.EXPAND)
    jobs.add(job)
    worker: Any = SimpleNamespace(orders=[order], ready=True)
    said = Conduct(jobs, LIMITS).breach(Listing(order.job, listed.found, after, again), worker)
    assert (said == "") == fair


def row(**other: Any) -> tuple[Any, ...]:
    told = {
        "parent": item(1),
        "path": "disk/a/x",
        "kind": "file",
        "size": 9,
        "sha256": bytes(32),
        "status": "parsed",
    }
    runs = msgspec.msgpack.encode(((0, 9),))
    of = {**dict.fromkeys(ITEM_COLUMNS.split(", ")), **told, "id": item(2), "runs": runs, "opened": 0} | other
    return tuple(of.values())


@pytest.mark.parametrize(
    ("first", "made"),
    [
        ({}, True),
        ({"status": "quarantined"}, False),
        ({"opened": 1}, False),
        ({"sha256": None}, False),
        ({"parent": item(3)}, False),
        ({"size": 8}, False),
        ({"runs": msgspec.msgpack.encode(((9, 9),))}, False),
        ({"path": "disk/a/y"}, False),
        ({"kind": "deleted"}, False),
    ],
    ids=["read", "limit", "container", "unread", "elsewhere", "size", "bytes", "name", "deleted"],
)
def test_a_row_is_made_of_nothing_but_that_of_the_same_bytes(first: dict[str, Any], made: bool) -> None:
    """Whoever lists may have been taken over by what it lists: what it says of a first is not believed."""
    writer: Any = SimpleNamespace(
        ids={item(2): row(**first)},
        noted=set(),
        database=sqlite3.connect(":memory:"),
        text_of=lambda *_: None,
    )
    located = Located("b/x", Kind.FILE, "b", None, 9, "2026-01-02T03:04:05Z", None, "", ((0, 9),), b"{}")
    scope = Scope(1, item(1), "disk", (), 1, ())
    nobody: Any = None
    told = Namesakes(writer, nobody).told(scope, 7, {"b": item(2)}, (located,))
    assert [(each.id, each.path, each.mtime) for each in told.rows] == [
        (item_id(item(1), "b"), "disk/b/x", "2026-01-02T03:04:05Z")
    ] * made


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One snapshot: texts, what holds others, what is damaged, unknown, empty, hollow, or has another name as well."""
    folder = tmp_path_factory.mktemp("snapshot") / "snap.00"
    shutil.copytree(
        SAMPLES, folder / "samples", ignore=shutil.ignore_patterns("S-07*")
    )  # a name that breaks lines
    for number in range(60):
        (folder / f"{number:02}.txt").write_text(sentences(20, number))
    (folder / "long.log").write_text(sentences(20_000, 1))
    (folder / "noise").write_bytes(os.urandom(3000))
    (folder / "damaged.gz").write_bytes(b"\x1f\x8b\x08" + bytes(range(256)) * 20)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnothing of a document\n")
    (folder / "empty").touch()
    with (folder / "hollow").open("wb") as file:
        file.truncate(MIB)
    os.link(folder / "00.txt", folder / "00.gz")
    return folder


def image(files: Path, folder: Path, how: str) -> Path:
    tree, made = folder / how, folder / f"snapshots{how}.img"
    for number in range(SNAPSHOTS):
        tree.mkdir(exist_ok=True)
        subprocess.run(["cp", how, files, tree / f"snap.{number:02}"], check=True)
    with made.open("wb") as file:
        file.truncate(160 * MIB)
    tool("mkfs.ext4", "-q", "-O", "^has_journal", "-d", tree, made)
    return made


@pytest.mark.tools
@needs("mkfs.ext4")
def test_each_name_is_what_a_copy_would_be(files: Path, tmp_path: Path) -> None:
    linked, copied = Bench(tmp_path / "linked"), Bench(tmp_path / "copied")
    linked.ingest(image(files, tmp_path, "-al"), "--exhibit", "s", "--workers", 2, code=1)
    copied.ingest(image(files, tmp_path, "-a"), "--exhibit", "s", "--workers", 2, code=1)
    rows = [[[row[key] for key in SHOWN] for row in case.items() if row["path"]] for case in (linked, copied)]
    assert rows[0] == rows[1]
    assert linked.exports()["texts"] == copied.exports()["texts"]
    told = [[line for line in case.exports()["issues"] if '"snap.' in line] for case in (linked, copied)]
    assert told[0] == told[1] != []
    for query in ("kestrel", "name:07.txt", "path:snap.03", "type:pdf", "club OR the"):
        hits = [case.search(query, "--limit", 5000) for case in (linked, copied)]
        assert hits[0]["total"] == hits[1]["total"]
        assert {hit["path"] for hit in hits[0]["hits"]} == {hit["path"] for hit in hits[1]["hits"]}
    balanced(linked.items(), linked.status())
    assert linked.verify()["ok"]


@pytest.fixture
def trees(files: Path, tmp_path: Path) -> dict[str, Path]:
    """The same snapshots as folders, by hard links and as copies."""
    made = {}
    for how in ("-al", "-a"):
        made[how] = tmp_path / how
        made[how].mkdir()
        for number in range(SNAPSHOTS):
            subprocess.run(["cp", how, files, made[how] / f"snap.{number:02}"], check=True)
    return made


def test_in_a_folder_of_the_host_as_well(trees: dict[str, Path], tmp_path: Path) -> None:
    linked, copied = Bench(tmp_path / "linked"), Bench(tmp_path / "copied")
    linked.ingest(trees["-al"], "--exhibit", "s", "--workers", 2, code=1)
    copied.ingest(trees["-a"], "--exhibit", "s", "--workers", 2, code=1)
    rows = [[[row[key] for key in SHOWN] for row in case.items() if row["path"]] for case in (linked, copied)]
    assert rows[0] == rows[1]
    exports = [case.exports() for case in (linked, copied)]
    same(exports[0], {**exports[1], "items": exports[0]["items"]})
    assert linked.search("kestrel")["total"] == copied.search("kestrel")["total"]
    balanced(linked.items(), linked.status())
    assert linked.verify()["ok"]


def test_of_a_folder_only_names_of_one_file_that_is_as_it_was_listed_are_told_from_it(tmp_path: Path) -> None:
    for name in ("a", "b", "c", "d"):
        (tmp_path / name).mkdir()
    (tmp_path / "a" / "x").write_text("one")
    for name in ("b/x", "c/x", "c/y"):
        os.link(tmp_path / "a" / "x", tmp_path / name)
    (tmp_path / "d" / "x").write_text("one")
    listed = tuple(Folder(tmp_path).items())
    first = item_id(item(1), "a/x")
    assert FolderLinks(tmp_path, item(1)).again(listed) == {"b/x": first, "c/x": first}
    (tmp_path / "a" / "x").write_text("two")
    assert FolderLinks(tmp_path, item(1)).again(listed) == {}


@pytest.mark.tools
@needs("mkfs.ext4")
def test_nothing_is_refused_for_its_names_and_kills_change_nothing(tmp_path: Path) -> None:
    """48 MB in which 12 MiB have forty names: more than twice the image, which is what other blocks may give."""
    tree, made = tmp_path / "tree", tmp_path / "many.img"
    for number in range(40):
        (tree / f"{number:02}").mkdir(parents=True)
        if not number:
            (tree / "00" / "noise").write_bytes(os.urandom(12 * MIB))
            (tree / "00" / "note.txt").write_text(sentences(400, 2))
        for name in ("noise", "note.txt") if number else ():
            os.link(tree / "00" / name, tree / f"{number:02}" / name)
    with made.open("wb") as file:
        file.truncate(48 * MIB)
    tool("mkfs.ext4", "-q", "-O", "^has_journal", "-d", tree, made)
    bench, other = Bench(tmp_path / "case"), Bench(tmp_path / "other")
    bench.limit(**LITTLE)
    other.limit(**LITTLE)
    bench.ingest(made, "--workers", 1)
    assert sum(row["status"] == "unsupported" for row in bench.items()) == 40
    for seconds in (1.0, 1.5, 2.0):
        process = other.begin("ingest", other.folder, made, "--workers", 2, *OFF)
        try:
            process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            killed(process)
    other.ingest(made, "--workers", 2)
    same(other.exports(), bench.exports())
    assert other.verify()["ok"]
