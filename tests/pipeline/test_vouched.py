"""A run goes on from nothing but what the ledger vouches for: other work, other exhibits, rows of no checkpoint are blamed.

Each alteration is made behind a kill; before, the next run took it as true, signed it, and ``verify`` called it whole.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from kill_exhibits import tarred
from spoiled import Bed

from actionday.app.cli._proof import lines
from actionday.ledger import Action
from actionday.model import UsageError
from actionday.pipeline import runs
from actionday.pipeline.acquisition import Acquisition, Wanted
from actionday.pipeline.basis import basis
from actionday.pipeline.custody import source_file
from actionday.pipeline.ingest import Ingest
from actionday.pipeline.messages import Opened
from actionday.pipeline.proving import verify
from actionday.pipeline.proving.readings import misnamed
from actionday.pipeline.work import Altered, Work, take
from actionday.storage.case import Case, entry
from actionday.storage.database import rows, transaction
from case_tools import Bench, crashed, sentences

Change = Callable[[sqlite3.Connection], object]


def cut_off(bench: Bench, checkpoint: int, source: Path) -> None:
    """Ingest and be killed behind a checkpoint."""
    target = ("actionday.pipeline.writer:Writer.checkpoint", "after", checkpoint)
    assert crashed(*target, "ingest", bench.folder, source, "--workers", 1).returncode == -9


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A case that was killed while an archive was gone through."""
    root = tmp_path_factory.mktemp("archive")
    members = {f"page-{n}.txt": sentences(1, n).encode() for n in range(1200)}
    (root / "pages.tar").write_bytes(tarred(members))
    cut_off(Bench(root / "case"), 4, root / "pages.tar")
    return root


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A case that was killed while a folder was gone through: its own row is not stored yet."""
    root = tmp_path_factory.mktemp("folder")
    (root / "site").mkdir()
    for n in range(600):
        (root / "site" / f"page-{n}.txt").write_text(sentences(1, n))
    cut_off(Bench(root / "case"), 2, root / "site")
    return root


@pytest.fixture
def bed(archive: Path, tmp_path: Path) -> Bed:
    shutil.copytree(archive / "case", tmp_path / "case")
    return Bed(tmp_path / "case")


@pytest.fixture
def open_folder(folder: Path, tmp_path: Path) -> Bed:
    shutil.copytree(folder / "case", tmp_path / "case")
    shutil.copytree(folder / "site", tmp_path / "kept" / "site")
    return Bed(tmp_path / "case")


def altered(bed: Bed, change: Change | str) -> None:
    with closing(sqlite3.connect(bed.folder / "case.db")) as database, database:
        if isinstance(change, str):
            assert database.execute(change).rowcount == 1
        else:
            change(database)


def refused(bed: Bed, source: Path) -> str:
    """Return why a run does not go on; nothing is written, not even that it began."""
    with closing(Case.open(bed.folder)) as case:
        before = case.ledger().head()
        with pytest.raises(Altered) as blamed:
            Ingest(case, 1, lambda _: None).run([source], None)
        assert case.ledger().head() == before
    assert blamed.value.exit_code == 1
    return str(blamed.value)


def later(database: sqlite3.Connection) -> None:
    """Let the exhibit's own row, kept while it is open, have another time."""
    ((row,),) = database.execute("SELECT row FROM containers WHERE state = 'open'").fetchall()
    opened = msgspec.msgpack.decode(row, type=Opened)
    changed = msgspec.structs.replace(
        opened, row=msgspec.structs.replace(opened.row, mtime="2019-01-01T00:00:00Z")
    )
    database.execute("UPDATE containers SET row = ?", (msgspec.msgpack.encode(changed),))


WORK: dict[str, Change | str] = {
    "goes on behind what was never read": "UPDATE containers SET after = '9999999'",
    "done": "UPDATE containers SET state = 'done', row = NULL",
    "gone": "DELETE FROM containers",
    "another time of the exhibit": later,
    "spoiled": "UPDATE containers SET row = x'c1'",
    "no text": "UPDATE containers SET name = CAST(x'ff' AS TEXT)",
    "one more": lambda database: database.execute(
        "INSERT INTO containers SELECT x'00', exhibit, opener, scope, name, kind, size, 'done', NULL, NULL FROM containers"
    ),
    "of another opener": "UPDATE containers SET opener = 'zip'",
}


@pytest.mark.parametrize("how", WORK)
def test_containers_other_than_the_last_checkpoint_left_them_are_not_gone_on_from(
    bed: Bed, archive: Path, how: str, capsys: pytest.CaptureFixture[str]
) -> None:
    altered(bed, WORK[how])
    said = refused(bed, archive / "pages.tar")
    assert "'pages.tar'" in said
    proof = bed.proof()
    assert "pages.tar" in str(proof.first) or "tables" in str(proof.first)
    assert not proof.ok
    lines(proof)
    said = capsys.readouterr().out
    assert "The case is not complete" in said
    assert "the next ingest goes on" not in said


EXHIBITS = {
    "acquisition": 'UPDATE exhibits SET acquisition = \'{"examiner":"nobody"}\'',
    "state": "UPDATE exhibits SET state = 'complete'",
    "id": "UPDATE exhibits SET id = 'other.tar'",
    "gone": "DELETE FROM exhibits",
    "size": "UPDATE exhibits SET size = size + 1",
    "sources": "UPDATE exhibits SET sources = json_set(sources, '$[1]', json_extract(sources, '$[0]'))",
}


@pytest.mark.parametrize("how", EXHIBITS)
def test_an_open_exhibit_other_than_the_ledger_left_it_is_not_gone_on_with(
    bed: Bed, archive: Path, how: str
) -> None:
    altered(bed, EXHIBITS[how])
    assert "'pages.tar'" in refused(bed, archive / "pages.tar")
    assert not bed.proof().ok


def planted_item(database: sqlite3.Connection) -> None:
    names = rows.ITEM_COLUMNS
    values = names.replace("id,", "x'77',").replace("seq", "seq + 1").replace("path,", "'planted.txt',")
    database.execute(f"INSERT INTO items ({names}) SELECT {values} FROM items WHERE seq = 4 LIMIT 1")


def planted_content(database: sqlite3.Connection) -> None:
    names = rows.CONTENT_COLUMNS
    values = names.replace("sha256,", "x'77',").replace("seq", "seq + 1")
    database.execute(f"INSERT INTO contents ({names}) SELECT {values} FROM contents WHERE seq = 4 LIMIT 1")


def planted_issue(database: sqlite3.Connection) -> None:
    database.execute(
        "INSERT INTO issues (seq, stage, path, code, reason) VALUES (5, 'read', 'planted.txt', 'x', 'y')"
    )


@pytest.mark.parametrize("plant", [planted_item, planted_content, planted_issue])
def test_rows_behind_the_last_checkpoint_are_named_and_not_signed(
    bed: Bed, archive: Path, plant: Change
) -> None:
    altered(bed, plant)
    said = refused(bed, archive / "pages.tar")
    assert "rows of no checkpoint" in said
    assert plant is planted_content or "planted.txt" in said
    assert "rows of no checkpoint" in str(bed.proof().first)


def test_another_last_checkpoint_is_not_gone_on_from(bed: Bed, archive: Path) -> None:
    altered(bed, "UPDATE facts SET value = '3' WHERE key = 'seq'")
    assert "its last checkpoint is 4" in refused(bed, archive / "pages.tar")


def test_the_digest_of_a_checkpoint_is_of_what_the_run_stored(bed: Bed) -> None:
    """A row that stands beside it under its number is in no digest."""
    with closing(sqlite3.connect(bed.folder / "case.db")) as database:
        of_seq = [database.execute(query, (2,)).fetchall() for query, _ in rows.DIGESTED]
        assert len(of_seq[0]) > 200
        mixed = [sorted(each, key=repr) for each in of_seq[:3]]
        assert rows.digest_as_written(*mixed, of_seq[3]) == rows.digest(database, 2)
        database.execute("INSERT INTO issues (seq, stage, path, code, reason) VALUES (2, '', '', '', '')")
        assert rows.digest_as_written(*mixed, of_seq[3]) != rows.digest(database, 2)


def test_what_is_altered_while_a_run_is_at_work_is_not_closed_with_it(bed: Bed) -> None:
    """The sum goes on from what was vouched for: a change of the same row by the run itself does not cover it."""
    with closing(Case.open(bed.folder)) as case:
        work = Work(case)
        work.hold("pages.tar", 1, "open")
        work.close(case.database, 1)
        case.database.execute("UPDATE containers SET scope = x'00'")
        update = ("UPDATE containers SET after = ? WHERE item = ?", ("9", exhibit_root(case)))
        with transaction(case.database) as database:
            touched = work.touched(database, [update])
            database.execute(*update)
            assert set(work.told(database, touched)) == {"pages.tar"}
        work.settle()
        with pytest.raises(Altered, match="containers"):
            work.close(case.database, 1)


def exhibit_root(case: Case) -> bytes:
    return bytes(case.database.execute("SELECT item FROM containers WHERE state = 'open'").fetchone()[0])


def test_a_checkpoint_of_an_older_version_vouches_for_no_work(bed: Bed, archive: Path) -> None:
    """A case that an older version left is gone on with as it is, and ``verify`` says what is not proved of it."""
    assert bed.proof().ok
    assert not any("is still open" in line for line in bed.proof().not_proved)
    with closing(Case.open(bed.folder)) as case, transaction(case.database):
        empty = {"seq": 5, "items": 0, "rows": rows.digest(case.database, 5)}
        case.put({"seq": "5"})
        case.ledger().append(entry(Action.RUN_CHECKPOINT, "", empty))
        case.database.execute("UPDATE containers SET after = after")
    assert bed.proof().ok
    assert any("'pages.tar' is still open" in line for line in bed.proof().not_proved)
    altered(bed, "UPDATE containers SET after = NULL")
    with closing(Case.open(bed.folder)) as case:
        Work(case).hold("pages.tar", 1, "open")


def test_what_was_said_last_of_an_exhibit_counts() -> None:
    work: dict[str, object] = {}
    for said in ({"a": 1, "b": 2}, {"a": 3}):
        take(work, Action.RUN_CHECKPOINT, {"work": said})  # type: ignore[arg-type, dict-item]
    take(work, Action.SEARCHED, {})  # type: ignore[arg-type]
    assert work == {"a": 3, "b": 2}


def test_gone_on_with_as_it_was_left_it_is_whole(bed: Bed, archive: Path) -> None:
    with closing(Case.open(bed.folder)) as case:
        found = Ingest(case, 1, lambda _: None).run([archive / "pages.tar"], None)
    assert (found.exit_code, found.balance.found) == (0, 1200)
    assert bed.proof().ok
    with closing(sqlite3.connect(bed.folder / "case.db")) as database:
        ((leaf,),) = database.execute("SELECT leaf FROM ledger_entry WHERE leaf LIKE '%run.interrupted%'")
    assert "had been stored by its last checkpoint" in leaf


def test_how_far_a_killed_run_was_is_told_from_the_ledger(bed: Bed, archive: Path) -> None:
    altered(bed, "UPDATE runs SET progress = '{\"found\":92307}'")
    with closing(Case.open(bed.folder)) as case:
        items = case.database.execute("SELECT COUNT(*) FROM items").fetchone()[0]
        runs.start(case, {}, basis(case).recorded.items)
        leaf = case.database.execute(
            "SELECT leaf FROM ledger_entry WHERE leaf LIKE '%run.interrupted%'"
        ).fetchone()[0]
    assert f"; {items} items had been stored" in leaf


@pytest.mark.parametrize("how", ["changed", "longer", "gone"])
def test_of_a_folder_that_is_still_open_what_was_stored_is_proved(
    open_folder: Bed, folder: Path, how: str
) -> None:
    with closing(sqlite3.connect(open_folder.folder / "case.db")) as database:
        assert not database.execute("SELECT 1 FROM items WHERE parent IS NULL").fetchone()
        count, name = database.execute("SELECT COUNT(*), MIN(path) FROM items WHERE kind = 'file'").fetchone()
    (counts,) = [each.counts for each in open_folder.proof().checks if each.counts]
    assert (counts.recorded, counts.held) == (count, count)
    with closing(Case.open(open_folder.folder)) as case:
        moved = verify(case, lambda _: None, elsewhere=open_folder.folder.parent / "kept")
    assert [each.files for each in moved.held] == [count]
    path = folder / "site" / name
    was, facts = path.read_bytes(), path.stat()
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(was + b"x" if how == "longer" else b"?" + was[1:])
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns)) if path.exists() else None
    try:
        assert f"exhibits: site: {path}" in str(open_folder.proof().first)
        with closing(Case.open(open_folder.folder)) as case, pytest.raises(UsageError) as blamed:
            Ingest(case, 1, lambda _: None).run([folder / "site"], None)
        assert f"'{name}'" in str(blamed.value)
    finally:
        path.write_bytes(was)
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def test_a_reading_has_the_name_of_what_was_read(bed: Bed) -> None:
    """Also where the digest of its checkpoint is that of the altered row: whoever runs the ingest can make it so."""
    with closing(Case.open(bed.folder)) as case:
        assert misnamed(case) is None
        altered(
            bed, "UPDATE contents SET parser = 'another 1' WHERE sha256 = (SELECT MIN(sha256) FROM contents)"
        )
        assert "contents.reading of" in str(misnamed(case))


def test_a_file_begun_anew_that_may_be_another_is_not_proved(tmp_path: Path, signing_key: None) -> None:
    """The ingest says so in the issue log; the proof says so as well, for good."""
    bench, source = Bench(tmp_path / "case"), tmp_path / "note.txt"
    source.write_text(sentences(1, 1))
    files = [source_file(source)]
    with closing(Case.open(bench.folder)) as case:
        Acquisition(case).register([Wanted("note.txt", files, [], [], complete=False)], tmp_path, print)[
            1
        ].close()
        facts = source.stat()
        source.write_text(sentences(1, 2)[: facts.st_size].ljust(facts.st_size))
        os.utime(source, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        Ingest(case, 1, lambda _: None).run([source], None)
    proof = Bed(bench.folder).proof()
    assert proof.ok
    assert any("'note.txt'" in line and "cannot be proved" in line for line in proof.not_proved)


def test_a_row_put_beside_those_of_a_run_at_work_is_not_signed_with_them(bed: Bed, archive: Path) -> None:
    planted: list[Path] = []

    def plant(_: object) -> None:
        if not planted:
            planted.append(bed.folder)
            altered(bed, planted_issue)

    with closing(Case.open(bed.folder)) as case:
        Ingest(case, 1, plant).run([archive / "pages.tar"], None)
    assert planted
    assert "rows: the rows of checkpoint 5 are not those that were recorded" in str(bed.proof().first)
