"""An index made anew with other words and true digests is found out: its segments are those a finished run sealed."""

import fcntl
import json
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tantivy
from msgspec.structs import replace
from spoiled import two_texts

from actionday.pipeline import runs
from actionday.pipeline.basis import basis
from actionday.pipeline.documents import documents
from actionday.pipeline.seal import hold
from actionday.pipeline.work import Work
from actionday.pipeline.writer import Writer
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.index import Document, Index, IndexDamaged, Sealing
from actionday.storage.index import index as library
from actionday.storage.objects import Packs
from case_tools import Bench, crashed

WORD = "wolframite"


@pytest.fixture
def exhibit(tmp_path: Path) -> Path:
    return two_texts(tmp_path / "exhibit", WORD)


def as_stored(found: list[Document]) -> list[Document]:
    return found


def turned(found: list[Document]) -> list[Document]:
    """Return the documents with the last two of one checkpoint exchanged."""
    assert found[-1].seq == found[-2].seq
    return [*found[:-2], found[-1], found[-2]]


def made_anew(
    bench: Bench,
    monkeypatch: pytest.MonkeyPatch,
    word: bytes,
    order: Callable[[list[Document]], list[Document]] = as_stored,
) -> None:
    """Make the index anew as somebody would who hides ``word``: the digests stay those of the true documents."""
    honest = library.filled

    def filled(document: Document, serial: int, *rest: Any) -> tantivy.Document:
        body = tuple(piece.replace(word, b"quartz") for piece in document.body)
        return honest(replace(document, body=body), serial, *rest)

    monkeypatch.setattr(library, "filled", filled)
    case = Case.open(bench.folder)
    packs = Packs(bench.folder / OBJECTS)
    shutil.rmtree(bench.folder / INDEX)
    index = Index.open(bench.folder / INDEX, writable=True)
    for each in order(list(documents(case, packs))):
        index.add([each])
    index.commit(case.seq)
    index.close()
    packs.close()
    case.close()


def sealed(bench: Bench) -> list[object]:
    ended = [row for row in bench.export("ledger") if row["action"] == "run.finished"]
    return [row["details"].get("index") for row in ended]


def test_a_word_that_is_hidden_in_the_index_is_a_difference(
    bench: Bench, exhibit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ingest(exhibit)
    made_anew(bench, monkeypatch, WORD.encode())
    assert bench.search(WORD)["total"] == 0, "else nothing is hidden"
    found = bench.verify(code=1)
    assert "the last run came to its end" in json.dumps(found)


def test_a_word_that_is_hidden_in_an_index_of_another_order_is_a_difference(
    bench: Bench, exhibit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order that differs is none by itself, and no way around the seal."""
    bench.ingest(exhibit)
    made_anew(bench, monkeypatch, WORD.encode(), turned)
    assert bench.search(WORD)["total"] == 0, "else nothing is hidden"
    assert "the last run came to its end" in bench.verify(code=1)["first"]


def with_doubled_segment(bench: Bench) -> None:
    meta = bench.folder / INDEX / "meta.json"
    found = json.loads(meta.read_text())
    found["segments"].insert(0, found["segments"][0])
    meta.write_text(json.dumps(found, indent=2) + "\n")


def test_a_segment_that_is_listed_twice_is_a_difference(bench: Bench, exhibit: Path) -> None:
    bench.ingest(exhibit)
    with_doubled_segment(bench)
    assert bench.search(WORD)["total"] == 2, "else nothing is doubled"
    assert "meta.json: lists segment" in bench.verify(code=1)["first"]


def test_a_document_that_is_doubled_is_named_also_while_the_case_is_written(
    bench: Bench, exhibit: Path
) -> None:
    bench.ingest(exhibit)
    with_doubled_segment(bench)
    case = Case.open(bench.folder)
    with case.lock("ingest"):
        runs.start(case, {})
        said = bench.verify(code=1)["first"]
    case.close()
    assert "more than once" in said


def test_an_index_made_anew_by_a_run_is_sealed_again(bench: Bench, exhibit: Path) -> None:
    bench.ingest(exhibit)
    shutil.rmtree(bench.folder / INDEX)
    bench.ingest(exhibit)
    bench.verify()
    assert bench.search(WORD)["total"] == 1


def test_a_run_that_adds_nothing_keeps_the_seal(bench: Bench, exhibit: Path) -> None:
    bench.ingest(exhibit)
    bench.ingest(exhibit)
    first, second = sealed(bench)
    assert first == second
    assert first
    bench.verify()


def test_a_second_exhibit_is_sealed_with_the_first(bench: Bench, exhibit: Path, tmp_path: Path) -> None:
    bench.ingest(exhibit)
    (tmp_path / "two.txt").write_text("and a second one\n")
    bench.ingest(tmp_path / "two.txt")
    first, second = sealed(bench)
    assert first != second
    bench.verify()


def test_a_run_that_adds_does_not_seal_what_was_changed_before_it(
    bench: Bench, exhibit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ingest(exhibit)
    with monkeypatch.context() as within:
        made_anew(bench, within, WORD.encode())
    assert bench.search(WORD)["total"] == 0, "else nothing is hidden"
    (tmp_path / "two.txt").write_text("and a second one\n")
    bench.ingest(tmp_path / "two.txt")
    assert bench.search(WORD)["total"] == 1
    mended = [row for row in bench.export("ledger") if row["action"] == "repair"]
    assert "the last run came to its end" in json.dumps(mended)
    bench.verify()


def killed_run(bench: Bench) -> None:
    case = Case.open(bench.folder)
    runs.start(case, {})
    case.close()


def held_by_a_seal(bench: Bench) -> None:
    case = Case.open(bench.folder)
    try:
        hold(bench.folder / INDEX, basis(case).seal)
    finally:
        case.close()


def torn_segment(bench: Bench) -> str:
    """Alter a byte of a segment and return its name."""
    file = next(bench.folder.glob(f"{INDEX}/*.pos"))
    file.chmod(0o600)
    data = bytearray(file.read_bytes())
    data[0] ^= 1
    file.write_bytes(data)
    return file.stem


def test_a_segment_that_a_killed_run_left_alone_is_held_against_the_seal_before_it(
    bench: Bench, exhibit: Path, tmp_path: Path
) -> None:
    bench.ingest(exhibit)
    killed_run(bench)
    held_by_a_seal(bench)
    with pytest.raises(IndexDamaged, match=torn_segment(bench)):
        held_by_a_seal(bench)
    bench.ingest(exhibit)
    assert "made anew" in json.dumps(bench.export("ledger"))
    bench.verify()


def test_an_index_put_in_behind_a_killed_run_is_never_sealed(
    bench: Bench, exhibit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed run may have merged every segment: that all are strange is no reason to believe them."""
    bench.ingest(exhibit)
    killed_run(bench)
    with monkeypatch.context() as within:
        made_anew(bench, within, WORD.encode())
    assert bench.search(WORD)["total"] == 0, "else nothing is hidden"
    (tmp_path / "two.txt").write_text("and a second one\n")
    bench.ingest(tmp_path / "two.txt")
    assert bench.search(WORD)["total"] == 1
    bench.verify()


def killed_behind_a_checkpoint(bench: Bench) -> None:
    case = Case.open(bench.folder)
    runs.start(case, {})
    packs = Packs(bench.folder / OBJECTS)
    index = Index.open(bench.folder / INDEX, writable=True)
    writer = Writer(case, index, packs, Work(case), Sealing(case.folder / INDEX))
    writer.update("UPDATE exhibits SET state = state WHERE number = ?", (0,))
    writer.checkpoint()
    index.close()
    packs.close()
    case.close()


def test_a_killed_run_goes_on_with_the_index_that_its_last_checkpoint_sealed(
    bench: Bench, exhibit: Path, tmp_path: Path
) -> None:
    bench.ingest(exhibit)
    killed_behind_a_checkpoint(bench)
    held_by_a_seal(bench)
    (tmp_path / "two.txt").write_text("and a second one\n")
    bench.ingest(tmp_path / "two.txt")
    assert "made anew" not in json.dumps(bench.export("ledger"))
    bench.verify()


def test_what_was_altered_behind_the_last_checkpoint_of_a_killed_run_is_made_anew(
    bench: Bench, exhibit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ingest(exhibit)
    killed_behind_a_checkpoint(bench)
    with monkeypatch.context() as within:
        made_anew(bench, within, WORD.encode())
    with pytest.raises(IndexDamaged, match="last checkpoint"):
        held_by_a_seal(bench)
    (tmp_path / "two.txt").write_text("and a second one\n")
    bench.ingest(tmp_path / "two.txt")
    assert bench.search(WORD)["total"] == 1
    assert "last checkpoint" in json.dumps(bench.export("ledger"))
    bench.verify()


def test_an_index_of_a_first_run_that_was_killed_is_held_by_nobody(tmp_path: Path) -> None:
    Index.open(tmp_path / INDEX).close()
    with pytest.raises(IndexDamaged, match="nobody vouches"):
        hold(tmp_path / INDEX, None)


def test_an_index_that_grew_in_a_run_without_end_is_made_anew(bench: Bench, exhibit: Path) -> None:
    bench.ingest(exhibit)
    case = Case.open(bench.folder)
    runs.start(case, {})
    packs = Packs(bench.folder / OBJECTS)
    index = Index.open(bench.folder / INDEX, writable=True)
    index.add(replace(each, seq=case.seq + 1) for each in list(documents(case, packs)))
    index.commit(case.seq + 1)
    index.close()
    packs.close()
    case.close()
    with pytest.raises(IndexDamaged, match="nobody vouches"):
        held_by_a_seal(bench)


def test_what_a_run_added_behind_a_seal_is_undone_where_the_list_was_kept(
    bench: Bench, exhibit: Path
) -> None:
    bench.ingest(exhibit)
    meta = bench.folder / INDEX / "meta.json"
    sealed = meta.read_bytes()
    case = Case.open(bench.folder)
    runs.start(case, {})
    packs = Packs(bench.folder / OBJECTS)
    index = Index.open(bench.folder / INDEX, writable=True)
    index.add(replace(each, seq=case.seq + 1) for each in list(documents(case, packs)))
    index.commit(case.seq + 1)
    index.close()
    packs.close()
    case.close()
    meta.with_name("meta.json.kept").write_bytes(sealed)
    assert bench.verify()["ok"]
    held_by_a_seal(bench)
    assert meta.read_bytes() == sealed
    meta.with_name("meta.json.kept").write_bytes(sealed + b" ")
    held_by_a_seal(bench)  # what fits is not touched


def test_a_run_that_says_itself_that_it_is_interrupted_seals_the_index(
    bench: Bench, exhibit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point = ("actionday.pipeline.writer:Writer.take", "before", 1)
    crashed(*point, "ingest", bench.folder, exhibit, env={"CRASH_SIGNAL": str(int(signal.SIGINT))})
    ended = bench.export("ledger")[-2]  # the last is this export's
    assert ended["action"] == "run.interrupted"
    assert ended["details"]["index"]
    held_by_a_seal(bench)
    assert not any("words of the index" in line for line in bench.verify()["not_proved"])
    made_anew(bench, monkeypatch, WORD.encode())
    assert "the last run" in bench.verify(code=1)["first"]


def test_who_holds_the_lock_alone_switches_off_no_seal(
    bench: Bench, exhibit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.ingest(exhibit)
    with (bench.folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        whole = bench.verify()
        said = [line for check in whole["checks"] for line in check["said"]]
        assert any("lock is held" in line and "no run is open" in line for line in said)
        with monkeypatch.context() as within:
            made_anew(bench, within, WORD.encode())
        assert "the last run" in bench.verify(code=1)["first"]
        assert bench.search(WORD, code=1)["total"] == 0, "else nothing is hidden"


def test_who_holds_the_lock_switches_off_no_checksum_behind_an_open_run(bench: Bench, exhibit: Path) -> None:
    bench.ingest(exhibit)
    killed_run(bench)
    with (bench.folder / "lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        bench.verify()
        segment = torn_segment(bench)
        assert f"{segment}.pos differs from its checksum" in bench.verify(code=1)["first"]
