"""How far a proof is: each stage by name, what it goes through and what of it is done."""

import io
import json
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from actionday.app.cli._pace import line, rows
from actionday.app.cli._progress import Lines, once_a_second, shown
from actionday.pipeline.proving import verify
from actionday.pipeline.proving.pace import Moment, Pace
from actionday.storage.case import Case
from case_tools import Bench, sentences


class Followed(Pace):
    """Keeps the last moment of each stage."""

    def __init__(self) -> None:
        super().__init__()
        self.ends: list[Moment] = []

    def begin(self, stage: str, number: int, stages: int) -> None:
        self.ends.append(self.moment())
        super().begin(stage, number, stages)


def test_each_stage_goes_through_all_that_it_expects(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.txt").write_text(sentences(20, n))
    lone = tmp_path / "lone.txt"
    lone.write_text(sentences(50, 9))
    bench.ingest(folder)
    bench.ingest(lone)
    pace = Followed()
    with closing(Case.open(bench.folder)) as case:
        assert verify(case, lambda _: None, pace=pace).ok
    found = {each.stage: each for each in (*pace.ends[1:], pace.moment())}
    assert list(found) == ["ledger", "schema", "rows", "tables", "objects", "index", "exhibits", "folder"]
    assert [each.number for each in found.values()] == [*range(1, 9)]
    assert {each.stages for each in found.values()} == {8}
    whole = sum(each.stat().st_size for each in (lone, *folder.iterdir()))
    assert (found["exhibits"].done, found["exhibits"].total, found["exhibits"].unit) == (
        whole,
        whole,
        "bytes",
    )
    assert found["exhibits"].path == str(lone)
    for stage, unit in (("rows", "items"), ("objects", "bytes"), ("index", "documents")):
        assert found[stage].unit == unit
        assert 0 < found[stage].done == found[stage].total, stage


@pytest.fixture
def pace() -> Iterator[Pace]:
    seconds = iter(range(0, 1000, 10))
    pace = Pace(lambda: float(next(seconds)))
    pace.begin("exhibits", 7, 8)
    pace.expect(4_000_000_000, "bytes")
    pace.read("/evidence/S-01\u202e.dd")
    pace.moment()
    pace.more(1_000_000_000)
    return pace


def test_a_moment_says_how_much_how_fast_and_how_long_still(pace: Pace) -> None:
    said = line(pace.moment())
    assert said.startswith("verifying: exhibits (7 of 8): 1.0 GB of 4.0 GB, 25 % done, ")
    assert "MB/s, left of it: " in said
    assert "not known" not in said
    told = dict(rows(pace.moment()))
    assert told["now"] == "/evidence/S-01<U+202E>.dd"
    assert told["gone through"] == "1.0 GB of 4.0 GB"


@pytest.mark.parametrize("total", [None, "many", -1, float("inf"), float("nan"), 0])
def test_what_a_spoiled_row_gives_is_not_known(total: object) -> None:
    pace = Pace()
    pace.begin("objects", 5, 8)
    pace.expect(total, "bytes")
    found = pace.moment()
    assert (found.total, found.share, found.eta) == (0, None, None)
    assert line(found) == "verifying: objects (5 of 8), 0 s so far"


def test_moments_are_json_lines_or_plain_ones_and_the_last_is_never_left_out(
    pace: Pace, capsys: pytest.CaptureFixture[str]
) -> None:
    with shown(line, rows, as_json=True) as to:
        to.say(pace.moment())
        to.say(pace.moment())
    events = [json.loads(each) for each in capsys.readouterr().err.splitlines()]
    assert [(each["state"], each["stage"], each["done"]) for each in events] == [
        ("verifying", "exhibits", 1_000_000_000)
    ] * 2
    with shown(line, rows, as_json=False) as plain:
        for _ in range(12):
            plain.say(pace.moment())
        plain.say(pace.moment(), last=True)
    assert capsys.readouterr().err.count("verifying: exhibits") == 3


def test_a_terminal_is_given_back_when_the_proof_ends_in_an_error(
    pace: Pace, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setenv("TERM", "xterm")
    with pytest.raises(OSError, match="gone"), shown(line, rows, as_json=False) as to:
        to.say(pace.moment())
        raise OSError("gone")
    assert "7 of 8" in terminal.getvalue()
    assert terminal.getvalue().rindex("\x1b[?25h") > terminal.getvalue().rindex("\x1b[?25l")


def test_nobody_who_reads_the_progress_ends_no_proof(pace: Pace) -> None:
    told: list[str] = []

    def broken(moment: Moment) -> str:
        told.append(moment.stage)
        raise BrokenPipeError

    to = Lines(broken)
    with once_a_second(pace.moment, to, 0.001) as teller:
        teller.join(10)
    assert told == ["exhibits"]
    assert not teller.is_alive()
