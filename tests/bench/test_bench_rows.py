"""Rates, ratios and verdicts from rows of known figures; what is written is read again."""

import json
from pathlib import Path

import pytest
from bench.rows import GB, Row, Skipped, growths, read, targets, write

from bench import report

IMAGE = {"files": 10, "bytes": 900_000_000, "text": 600_000_000, "size": GB}
MACHINE = {
    "processor": "Abacus",
    "cores": "2",
    "system": "Linux 6",
    "python": "3.11.7",
    "commit": "0123456789ab",
}


def row(group: str, tool: str, wall: float, **more: object) -> Row:
    given: dict[str, object] = {"bytes": GB, "content": 900_000_000, "cpu": wall, "files": 10, **more}
    return Row(group=group, tool=tool, wall=wall, **given)  # type: ignore[arg-type]


def whole() -> list[Row]:
    return [
        row("ingest", "ingest", 30.0, peak={"main": 200_000_000, "worker": 300_000_000}, parts={"index": 300_000_000}),
        row("ingest", "ingest", 20.0, cores=2, peak={"main": 1}, parts={"index": 300_000_000}),
        row("ingest", "ingest", 1.0, source="E01 fast", parts={"index": 1}),
        row("intake", "intake", 5.0),
        row("intake", "hash file by file", 3.5),
        row("intake", "hash as one stream", 3.0),
        row("peer", "tsk_recover + sha256sum", 6.0),
        row("peer", "plaso", 400.0),
        row("peer", "plaso", 1.0, bytes=GB // 10),  # a pilot: not what ours is held to
        row("memory", "ingest", 4.0, bytes=GB // 10, peak={"main": 100_000_000, "worker": 250_000_000}),
        row("memory", "ingest", 30.0, peak={"main": 110_000_000, "worker": 300_000_000}),
    ]  # fmt: skip


def measures(rows: list[Row]) -> dict[str, tuple[float | None, bool | None]]:
    return {each.what: (each.measured, each.met) for each in targets(rows)}


def test_a_rate_is_bytes_of_the_image_by_wall_time_and_cores() -> None:
    assert row("ingest", "ingest", 36.0).rate == pytest.approx(100.0)
    assert row("ingest", "ingest", 36.0, cores=2).rate == pytest.approx(50.0)
    assert row("ingest", "ingest", 36.0, cores=2, cpu=72.0).rate_cpu == pytest.approx(50.0)


def test_each_figure_is_held_to_what_is_wanted() -> None:
    found = measures(whole())
    assert found["ingest, GB/h per core"] == (pytest.approx(120.0), True)
    assert found["ingest over plaso, per core"] == (pytest.approx(400 / 30), True)
    assert found["intake over tsk_recover + sha256sum"] == (pytest.approx(1.2), True)
    assert found["intake over hashing from memory"] == (pytest.approx(0.6), True)
    assert found["peak memory of any process, GB"] == (pytest.approx(0.3), True)
    assert found["its growth on ten times the exhibit"] == (pytest.approx(1.2), True)
    assert found["size of the case over that of the image"] == (pytest.approx(0.3), True)
    assert found["files lost or altered"] == (0.0, True)


def test_a_figure_that_is_missed_says_so() -> None:
    rows = whole()
    rows[0] = row(
        "ingest", "ingest", 45.0, peak={"worker": 1_200_000_000}, parts={"objects": 500_000_000}, lost=1
    )
    rows[1] = row("ingest", "ingest", 40.0, cores=2, altered=2)
    found = measures(rows)
    missed = {what: value for what, (value, met) in found.items() if met is False}
    assert missed == {
        "ingest, GB/h per core": pytest.approx(80.0),
        "ingest over plaso, per core": pytest.approx(400 / 45),
        "peak memory of any process, GB": pytest.approx(1.2),
        "size of the case over that of the image": pytest.approx(0.5),
        "files lost or altered": 3.0,
    }


def test_what_was_not_run_is_neither_reached_nor_missed() -> None:
    assert {value for value in measures([]).values()} == {(None, None)}
    found = measures([row("ingest", "ingest", 30.0, parts={"index": 1})])
    assert found["ingest over plaso, per core"] == (None, None)


def test_growth_is_of_each_kind_of_process() -> None:
    assert growths(whole()) == {"main": pytest.approx(1.1), "worker": pytest.approx(1.2)}
    assert growths(whole()[:-1]) == {}


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    skipped = Skipped("plaso", "cannot be installed")
    write(tmp_path, [*whole(), skipped])
    assert read(tmp_path) == (whole(), [skipped])
    assert len((tmp_path / "rows.jsonl").read_text().splitlines()) == 12


def test_a_busy_machine_is_told_from_our_own_load() -> None:
    assert report.busy([row("ingest", "ingest", 1.0, load=(2.1, 9.0))], 2) is None
    assert report.busy([row("ingest", "ingest", 1.0, load=(7.5, 2.0))], 2) == 7.5


def test_the_report_quotes_every_row_target_and_what_was_not_run(tmp_path: Path) -> None:
    skipped = [Skipped("7zz", "7zz is not installed")]
    found = report.summary(whole(), skipped, MACHINE, IMAGE)
    report.write(tmp_path, whole(), found)
    text = (tmp_path / "README.md").read_text()
    assert "| ingest, GB/h per core | at least 100 | 120 | reached |" in text
    assert "| ingest | raw, 1,000 MB | 1 | 120.0 | 120.0 | 30 | 30.0 | 30.0 | 300 |" in text
    assert "| worker | 250 | 300 | 1.20 |" in text
    assert "| index | 300.0 | 30.0% |" in text
    assert "67% of them text" in text
    assert "Not run: 7zz (7zz is not installed)." in text
    assert "busy" not in text
    assert json.loads((tmp_path / "summary.json").read_text()) == json.loads(json.dumps(found))


def test_lost_files_are_named_in_the_report() -> None:
    lost = row("ingest", "ingest", 1.0, lost=1, examples=("srv/radio.txt",))
    text = report.tables([lost], report.summary([lost], [], MACHINE, IMAGE))
    assert "| ingest | raw, 1,000 MB | 10 | 1 | 0 | `srv/radio.txt` |" in text


def test_tables_take_the_place_of_the_old_ones_and_nothing_else(tmp_path: Path) -> None:
    page, run = tmp_path / "page.md", tmp_path / "2026-11-25-abacus"
    page.write_text(f"# Before\n{report.BEGIN}\nold\n{report.END}\nAfter\n")
    found = report.summary(whole(), [], MACHINE, IMAGE)
    report.into_docs(run, whole(), found, page)
    once = page.read_text()
    report.into_docs(run, whole(), found, page)
    assert page.read_text() == once
    assert once.startswith("# Before\n") and once.endswith(f"{report.END}\nAfter\n")
    assert "old" not in once
    assert "2026-11-25-abacus" in once
    page.write_text("no marks")
    with pytest.raises(ValueError, match="no marks"):
        report.into_docs(run, whole(), found, page)


def test_the_page_quotes_the_run_it_names() -> None:
    text = report.DOCS.read_text(encoding="utf-8")
    figures = text.partition(report.BEGIN)[2].partition(report.END)[0]
    assert figures
    if "Run [" not in figures:
        pytest.skip("no run of the reference machine is quoted yet")
    folder = report.DOCS.parents[1] / "bench" / "runs" / figures.partition("Run [")[2].partition("]")[0]
    rows, skipped = read(folder)
    kept = json.loads((folder / "summary.json").read_text())
    assert kept == json.loads(json.dumps(report.summary(rows, skipped, kept["machine"], kept["image"])))
    assert report.tables(rows, kept) in figures
