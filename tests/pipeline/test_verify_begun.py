"""A run that begins while a case is proved is no difference: the proof is made once more, of a case that grows."""

from collections.abc import Callable
from pathlib import Path

import pytest

from actionday.pipeline.proving import Proof, verify
from actionday.storage.case import Case
from case_tools import Bench, sentences


@pytest.fixture
def exhibit(tmp_path: Path) -> Path:
    (tmp_path / "one.txt").write_text("a text of its own\n")
    return tmp_path / "one.txt"


def proved(bench: Bench, say: Callable[[str], None]) -> Proof:
    case = Case.open(bench.folder)
    try:
        return verify(case, say)
    finally:
        case.close()


@pytest.mark.parametrize("runs", [1, 2])
def test_an_ingest_that_comes_and_goes_in_the_midst_of_a_proof(
    bench: Bench, exhibit: Path, tmp_path: Path, runs: int
) -> None:
    bench.ingest(exhibit)
    steps: list[str] = []

    def say(step: str) -> None:
        steps.append(step)
        if step == "objects" and steps.count(step) <= runs:
            more = tmp_path / f"more-{steps.count(step)}.txt"
            more.write_text(sentences(200, steps.count(step)))
            bench.ingest(more)

    found = proved(bench, say)
    assert steps.count("objects") > 1, "else the run changed nothing that was looked at"
    assert (found.first, found.ok) == (None, True)
    entries = [row["details"]["ok"] for row in bench.export("ledger") if row["action"] == "verified"]
    assert entries == [True]


def test_a_change_is_named_also_where_a_run_began(bench: Bench, exhibit: Path, tmp_path: Path) -> None:
    bench.ingest(exhibit)
    exhibit.write_text("another text now\n")
    (tmp_path / "two.txt").write_text("a second one\n")
    begun: list[str] = []

    def say(step: str) -> None:
        if step == "objects" and not begun:
            begun.append(step)
            bench.ingest(tmp_path / "two.txt")

    assert str(exhibit) in str(proved(bench, say).first)
