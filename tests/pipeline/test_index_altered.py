"""An index that somebody altered is never sealed, and none is made of rows that nobody vouches for."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from spoiled import two_texts

from actionday.ledger import Action
from actionday.model import Damaged
from actionday.pipeline.basis import basis
from actionday.pipeline.ingest import Ingest
from actionday.pipeline.repair import repair
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.objects import Packs
from case_tools import Bench

WORD = "wolframite"
HEAP = 15 << 20


@pytest.fixture
def exhibit(tmp_path: Path) -> Path:
    return two_texts(tmp_path / "exhibit", WORD)


def alter(bench: Bench) -> None:
    file = next((bench.folder / INDEX).glob("*.fieldnorm"))
    file.chmod(0o600)
    data = bytearray(file.read_bytes())
    data[0] ^= 1
    file.write_bytes(data)


def test_an_index_that_is_altered_while_a_run_goes_on_is_made_anew_and_then_sealed(
    bench: Bench, exhibit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = Ingest._complete

    def altering(self: Ingest, *given: Any) -> None:
        alter(bench)
        complete(self, *given)

    monkeypatch.setattr(Ingest, "_complete", altering)
    case = Case.open(bench.folder)
    outcome = Ingest(case, 1, lambda _: None).run([exhibit], None)
    entries = [entry for _, entry in case.ledger().entries()]
    case.close()
    assert "was altered while the run went on" in " ".join(outcome.repaired)
    assert [each.action for each in entries][-2:] == [Action.REPAIR, Action.RUN_FINISHED]
    assert bench.search(WORD)["total"] == 1
    bench.verify()


def mended(folder: Path) -> list[str]:
    """Return what the start of a run mends."""
    case = Case.open(folder)
    packs = Packs(case.folder / OBJECTS)
    try:
        index, found = repair(case, packs, HEAP, basis(case).seal)
        index.close()
    finally:
        packs.close()
        case.close()
    return found


def test_a_strange_file_in_the_index_is_gone_behind_the_next_run(
    bench: Bench, exhibit: Path, tmp_path: Path
) -> None:
    bench.ingest(exhibit)
    assert mended(bench.folder) == []
    for name in (f"{'0' * 32}.term", f"{'f' * 32}.idx"):
        copy = shutil.copytree(bench.folder, tmp_path / f"copy-{name}")
        (copy / INDEX / name).write_text("x")
        assert name in " ".join(mended(copy))
        assert not (copy / INDEX / name).exists()
    (bench.folder / INDEX / f"{'0' * 32}.term").write_text("x")
    bench.ingest(exhibit)
    bench.verify()


def test_no_index_is_made_of_altered_rows(bench: Bench, exhibit: Path) -> None:
    """Else it would say the same as they do, and nothing could name the item any more."""
    bench.ingest(exhibit)
    case = Case.open(bench.folder)
    case.database.execute("UPDATE contents SET language = 'xyz' WHERE characters = 19")
    case.close()
    (bench.folder / INDEX / f"{'0' * 32}.term").write_text("x")
    with pytest.raises(Damaged, match=r"rows of checkpoint \d+ are not those"):
        mended(bench.folder)
    assert (bench.folder / INDEX / "meta.json").exists(), "it still tells which item it is"
    shutil.rmtree(bench.folder / INDEX)
    said = bench.ingest(exhibit, code=1)
    assert "are not those that were recorded" in said.stderr
    assert not (bench.folder / INDEX).exists()
    begun = [row for row in bench.export("ledger") if row["action"] == "run.started"]
    assert len(begun) == 1, "the run that is refused never began"
