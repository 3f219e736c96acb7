"""Shadow copies of NTFS are volumes as they were; what is the same now is not read again, and its rows are."""

import sqlite3
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "filesystems"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources"))

from shadow_writer import of_news

from actionday.model import Found, Kind, Limits, Run
from actionday.model.identity import ID_BYTES, item_id
from actionday.pipeline.allowance import Allowance, room_of
from actionday.pipeline.earlier import Unchanged
from actionday.pipeline.messages import Earlier, Located, Scope
from actionday.pipeline.namesakes import Namesakes
from actionday.storage.database.rows import ITEM_COLUMNS
from case_tools import Bench, balanced, needs

SHOWN = ("kind", "size", "sha256", "md5", "mime", "status", "reason", "mtime")
OLD, NEXT = "shadow copy 1 of 2020-09-13T12:26:40Z", "shadow copy 2 of 2020-09-14T12:26:40Z"
LIVE, SHADOW = bytes(ID_BYTES - 1) + b"\1", bytes(ID_BYTES - 1) + b"\2"
RUNS: tuple[Run, ...] = ((0, 9),)


@pytest.mark.tools
@needs("mkntfs", "ntfscp")
def test_each_is_what_the_volume_was_then(tmp_path: Path) -> None:
    """A volume as it was, taken in by itself, and the shadow copy that keeps it, have the same rows and words."""
    disk, states = of_news(tmp_path)
    kept, apart = Bench(tmp_path / "kept"), Bench(tmp_path / "apart")
    kept.ingest(disk, "--exhibit", "news", "--workers", 2)
    for number, state in enumerate(states[:2]):
        (tmp_path / f"{number}.raw").write_bytes(state)
        apart.ingest(tmp_path / f"{number}.raw", "--exhibit", str(number))
    rows = kept.items()
    for number, name in enumerate((OLD, NEXT)):
        (volume,) = (row for row in rows if row["path"] == name)
        assert (volume["kind"], volume["status"], volume["mtime"]) == ("shadow", "parsed", name[-20:])
        own = {
            row["path"].removeprefix(f"{name}/"): row for row in rows if row["path"].startswith(f"{name}/")
        }
        then = {row["path"]: row for row in apart.items() if row["exhibit"] == str(number) and row["path"]}
        assert own.keys() == then.keys()
        for path in own.keys() - {"reserve.bin", "$Boot"}:  # these hold what keeps the older states
            assert [own[path][key] for key in SHOWN] == [then[path][key] for key in SHOWN], path
    assert kept.search("old name:news.txt")["total"] == 1
    assert kept.search("live name:news.txt")["total"] == 1
    balanced(rows, kept.status())
    kept.verify()


@pytest.mark.tools
@needs("mkntfs", "ntfscp")
def test_within_an_archive_they_are_found_too(tmp_path: Path) -> None:
    """However small the volume is, it is opened by a job of its own."""
    disk, _ = of_news(tmp_path)
    folder = tmp_path / "taken"
    folder.mkdir()
    disk.rename(folder / "news.raw")
    case = Bench(tmp_path / "case")
    case.ingest(folder, "--exhibit", "x")
    assert case.item(f"news.raw/{OLD}")["kind"] == "shadow"
    assert case.item(f"news.raw/{OLD}/news.txt")["status"] == "parsed"


def file(**other: Any) -> Found:
    return Found(**{"name": "x", "kind": Kind.FILE, "place": "5:7", "size": 9, "runs": RUNS, **other})


def scope_of(*chain: Earlier) -> Scope:
    return Scope(1, SHADOW, "disk/shadow", chain, 1, ())


BEFORE = Earlier("ntfs", LIVE, "shadow:1")


@pytest.mark.parametrize(
    ("found", "scope", "same", "told"),
    [
        (file(), scope_of(BEFORE), True, True),
        (file(), scope_of(BEFORE), False, False),
        (file(), scope_of(), True, False),
        (file(kind=Kind.DELETED), scope_of(BEFORE), True, False),
        (file(reason="left over"), scope_of(BEFORE), True, False),
        (file(runs=None), scope_of(BEFORE), True, False),
    ],
    ids=["as now", "changed", "no shadow copy", "deleted", "reason", "packed"],
)
def test_a_file_may_be_what_it_is_now(found: Found, scope: Scope, same: bool, told: bool) -> None:
    stream: Any = SimpleNamespace(as_now=lambda _: same)
    assert Unchanged(scope, stream).first(found) == (item_id(LIVE, "5:7") if told else b"")


@pytest.mark.parametrize(
    ("before", "made"), [(LIVE, True), (bytes(ID_BYTES), False)], ids=["its own", "another's"]
)
def test_a_row_is_made_of_that_of_its_own_volume(before: bytes, made: bool) -> None:
    first = {"id": item_id(LIVE, "5:7"), "parent": LIVE, "path": "disk/x", "kind": "file", "size": 9,
             "sha256": bytes(32), "status": "parsed", "runs": msgspec.msgpack.encode(RUNS), "opened": 0}  # fmt: skip
    row = tuple({**dict.fromkeys(ITEM_COLUMNS.split(", ")), **first}.values())
    writer: Any = SimpleNamespace(
        ids={first["id"]: row}, noted=set(), database=sqlite3.connect(":memory:"), text_of=lambda *_: None
    )
    located = Located("x", Kind.FILE, "5:7", None, 9, "2020-01-02T03:04:05Z", None, "", RUNS, b"{}")
    nobody: Any = None
    scope = scope_of(Earlier("ntfs", before, "shadow:1"))
    told = Namesakes(writer, nobody).told(scope, 7, {"5:7": item_id(LIVE, "5:7")}, (located,))
    assert [(each.id, each.path, each.mtime) for each in told.rows] == [
        (item_id(SHADOW, "5:7"), "disk/shadow/x", "2020-01-02T03:04:05Z")
    ] * made


def test_more_of_them_than_the_case_allows_are_not_opened() -> None:
    limits = Limits(ratio_after=1, total=2, ratio=1, sparse=1)
    allowance = Allowance(room_of(800, limits), 800, limits)
    shadow = Found(name="s", kind=Kind.SHADOW, place="s", size=800, earlier=True)
    why = [allowance.of(shadow, LIVE)[1] for _ in range(17)]
    assert why[:16] == [""] * 16
    assert "more than the 1600" in why[16]
