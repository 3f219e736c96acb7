"""A row of a run: one tool on one source, what it used and what it brought out; and what is drawn from rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

GB = 1_000_000_000
HOUR = 3600
FLAT = 1.25
"""Memory counts as flat when the largest process of a kind grows by no more than a quarter on ten times the
exhibit: caches of a fixed size fill, allocators keep holes."""


class Row(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Bytes and seconds. ``bytes``: the image; ``content``: the files in it; ``load``: before and after."""

    group: str
    tool: str
    source: str = "raw"
    form: str = ""
    cores: int = 1
    bytes: int
    content: int
    wall: float
    cpu: float
    files: int
    lost: int = 0
    altered: int = 0
    examples: tuple[str, ...] = ()
    peak: dict[str, int] = {}
    private: dict[str, int] = {}
    together: int = 0
    processes: int = 0
    parts: dict[str, int] = {}
    steps: dict[str, tuple[float, float]] = {}
    balance: dict[str, int] = {}
    load: tuple[float, float] = (0.0, 0.0)
    note: str = ""

    @property
    def rate(self) -> float:
        """GB/h per core: bytes of the image over wall time and the cores that were given."""
        return self.bytes / GB / (self.wall * self.cores) * HOUR

    @property
    def rate_cpu(self) -> float:
        """GB/h by processor time: what other work on the machine hardly changes."""
        return self.bytes / GB / self.cpu * HOUR


class Skipped(msgspec.Struct):
    """A tool that was not run, and why."""

    skipped: str
    reason: str


class Target(msgspec.Struct):
    """A figure to be reached, the one that was measured (null: not in this run), and whether it was."""

    what: str
    wanted: str
    measured: float | None
    met: bool | None


def of(rows: Iterable[Row], group: str, tool: str = "", source: str = "raw") -> list[Row]:
    """Return the rows of a group, of one tool if named, on one kind of source."""
    return [
        row for row in rows if row.group == group and row.source == source and (not tool or row.tool == tool)
    ]


def largest(rows: Sequence[Row]) -> list[Row]:
    """Return the rows on the largest image: on a small one, empty tables of the file system flatter a rate."""
    most = max((row.bytes for row in rows), default=0)
    return [row for row in rows if row.bytes == most]


def ratio(over: Sequence[float], under: Sequence[float]) -> float | None:
    """Return the best of one over the best of another; None where either is empty."""
    return max(over) / max(under) if over and under else None


def targets(rows: Sequence[Row]) -> list[Target]:
    """Return each figure that the ingest must reach, with what these rows say of it."""
    ours, plaso = of(rows, "ingest"), largest(of(rows, "peer", "plaso"))
    rate = max((row.rate for row in ours), default=None)
    intake, each = (
        of(rows, "intake", "intake"),
        [row.rate for row in of(rows, "intake", "hash as one stream")],
    )
    tsk = [row.rate for row in of(rows, "peer", "tsk_recover + sha256sum")]
    mine = [row for row in rows if row.group in ("ingest", "memory")]
    share = max((sum(row.parts.values()) / row.bytes for row in ours), default=None)
    return [
        _least("ingest, GB/h per core", 100, rate),
        _least("ingest over plaso, per core", 10, ratio([row.rate for row in ours], [row.rate for row in plaso])),
        _least("intake over tsk_recover + sha256sum", 1, ratio([row.rate for row in intake], tsk)),
        _least("intake over hashing from memory", 0.5, ratio([row.rate for row in intake], each)),
        _most("peak memory of any process, GB", 1, max((highest(row) / GB for row in mine), default=None)),
        _most("its growth on ten times the exhibit", FLAT, growth(rows)),
        _most("size of the case over that of the image", 0.4, share),
        _most("files lost or altered", 0, lost(mine)),
    ]  # fmt: skip


def _least(what: str, wanted: float, measured: float | None) -> Target:
    return Target(what, f"at least {wanted:g}", measured, None if measured is None else measured >= wanted)


def _most(what: str, wanted: float, measured: float | None) -> Target:
    return Target(what, f"at most {wanted:g}", measured, None if measured is None else measured <= wanted)


def highest(row: Row) -> int:
    """Return the peak of the largest process."""
    return max(row.peak.values(), default=0)


def lost(rows: Sequence[Row]) -> float | None:
    """Return how many files were lost or altered by the rows together; None without rows."""
    return float(sum(row.lost + row.altered for row in rows)) if rows else None


def growths(rows: Iterable[Row]) -> dict[str, float]:
    """Return, by kind of process, its peak on the largest image of the memory rows over that on the smallest."""
    memory = sorted(of(rows, "memory"), key=lambda row: row.bytes)
    if len(memory) < 2:
        return {}
    small, large = memory[0].peak, memory[-1].peak
    return {kind: large[kind] / small[kind] for kind in large if small.get(kind)}


def growth(rows: Iterable[Row]) -> float | None:
    """Return the largest of ``growths``, None without memory rows."""
    return max(growths(rows).values(), default=None)


def write(folder: Path, rows: Iterable[Row | Skipped]) -> None:
    """Write rows, one a line."""
    lines = [json.dumps(msgspec.to_builtins(row), sort_keys=True) for row in rows]
    (folder / "rows.jsonl").write_text("".join(f"{line}\n" for line in lines))


def read(folder: Path) -> tuple[list[Row], list[Skipped]]:
    """Return what ``write`` wrote."""
    rows: list[Row] = []
    skipped: list[Skipped] = []
    for line in (folder / "rows.jsonl").read_text().splitlines():
        found: Mapping[str, Any] = json.loads(line)
        if "skipped" in found:
            skipped.append(msgspec.convert(found, Skipped))
        else:
            rows.append(msgspec.convert(found, Row))
    return rows, skipped
