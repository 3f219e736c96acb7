"""A run in words and tables: its README, its summary, and the table in docs/benchmarks.md.

python -m bench.report RUN       writes README.md and summary.json of a run's folder anew from its rows
python -m bench.report RUN docs  and puts its tables into docs/benchmarks.md
"""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from bench import rows as kept
from bench.rows import Row, Skipped, Target

DOCS = Path(__file__).parents[1] / "docs" / "benchmarks.md"
BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
MEASURES = ("GB/h per core", "GB/h by processor time", "MB/s of files", "wall s", "processor s", "peak MB")


def summary(
    rows: Sequence[Row], skipped: Iterable[Skipped], facts: Mapping[str, str], image: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a reader wants first: machine, image, targets, growth, what was skipped."""
    return {
        "machine": dict(facts),
        "image": dict(image),
        "targets": [msgspec.to_builtins(each) for each in kept.targets(rows)],
        "growth": kept.growths(rows),
        "skipped": [msgspec.to_builtins(each) for each in skipped],
        "busy": busy(rows, int(facts.get("cores", "1"))),
    }


def busy(rows: Iterable[Row], cores: int) -> float | None:
    """Return the highest load that stood before a run when it cannot have been our own, else None."""
    load = max((row.load[0] for row in rows), default=0.0)
    return load if load > cores + 0.5 else None


def tables(rows: Sequence[Row], found: Mapping[str, Any]) -> str:
    """Return the tables of a run as Markdown."""
    parts = [_conditions(found), _targets([msgspec.convert(each, Target) for each in found["targets"]])]
    parts += [_rates(rows), _memory(rows, found["growth"]), _case(rows), _work(rows)]
    if found["skipped"]:
        parts.append(
            "\n".join(f"Not run: {each['skipped']} ({each['reason']})." for each in found["skipped"])
        )
    return "\n\n".join(part for part in parts if part) + "\n"


def _conditions(found: Mapping[str, Any]) -> str:
    machine, image = found["machine"], found["image"]
    said = (
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}, "
        f"commit {machine['commit']}. Image: {image['size'] / 1e6:,.0f} MB of ext4 with {image['files']:,} files, "
        f"{image['bytes'] / 1e6:,.0f} MB, {image['text'] / max(1, image['bytes']):.0%} of them text."
    )
    if found["busy"]:
        said += (
            f" **The machine was busy with other work (load {found['busy']:.1f} before a run): wall times are too "
            "long; read the processor time.**"
        )
    return said


def _targets(targets: Iterable[Target]) -> str:
    lines = [
        f"| {each.what} | {each.wanted} | {_number(each.measured)} | {_met(each.met)} |" for each in targets
    ]
    return "\n".join(["| Figure | Wanted | Measured | |", "|---|---|---|---|", *lines])


def _number(value: float | None) -> str:
    return "not in this run" if value is None else f"{value:.3g}" if value < 100 else f"{value:,.0f}"


def _met(met: bool | None) -> str:
    return "" if met is None else "reached" if met else "**missed**"


def _rates(rows: Sequence[Row]) -> str:
    lines = [_rate(row) for row in rows]
    head = [
        "| Tool | Source | Cores | " + " | ".join(MEASURES) + " |",
        "|---|---|---|" + "---|" * len(MEASURES),
    ]
    return "\n".join([*head, *lines]) if lines else ""


def _rate(row: Row) -> str:
    tool = f"{row.tool}, {row.form}" if row.form else row.tool
    size = f"{row.source}, {row.bytes / 1e6:,.0f} MB"
    times = f"{row.content / 1e6 / row.wall:.0f} | {row.wall:.1f} | {row.cpu:.1f}"
    figures = f"{row.rate:.1f} | {row.rate_cpu:.1f} | {times}"
    peak = f"{kept.highest(row) / 1e6:.0f}" if row.peak else ""
    return f"| {tool} | {size} | {row.cores} | {figures} | {peak} |"


def _memory(rows: Sequence[Row], growth: Mapping[str, float]) -> str:
    memory = kept.of(rows, "memory")
    if not memory:
        return ""
    heads = [f"{row.bytes / 1e6:,.0f} MB" for row in memory]
    lines = [
        "| Peak of the largest process, MB | " + " | ".join(heads) + " | growth |",
        "|---" * (len(heads) + 2) + "|",
    ]
    for kind in memory[-1].peak:
        cells = [f"{row.peak.get(kind, 0) / 1e6:.0f}" for row in memory]
        lines.append(f"| {kind} | " + " | ".join(cells) + f" | {growth.get(kind, 0):.2f} |")
    together = " | ".join(f"{row.together / 1e6:.0f}" for row in memory)
    return "\n".join([*lines, f"| all together, shared pages counted in each | {together} | |"])


def _case(rows: Sequence[Row]) -> str:
    first = next(iter(kept.of(rows, "ingest")), None)
    if first is None:
        return ""
    lines = [
        f"| {name} | {size / 1e6:.1f} | {size / first.bytes:.1%} |"
        for name, size in sorted(first.parts.items()) if size
    ]  # fmt: skip
    whole = sum(first.parts.values())
    lines.append(f"| together | {whole / 1e6:.1f} | {whole / first.bytes:.1%} |")
    return "\n".join(["| Case | MB | of the image |", "|---|---|---|", *lines])


def _work(rows: Sequence[Row]) -> str:
    lines = [_whole(row) for row in rows if not row.tool.startswith("hash ")]
    head = ["| Equal work | Source | Files whole | Lost | Altered | |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *lines]) if lines else ""


def _whole(row: Row) -> str:
    source = f"{row.source}, {row.bytes / 1e6:,.0f} MB"
    note = "; ".join([*filter(None, [row.note]), *(f"`{path}`" for path in row.examples[:1])])
    return f"| {row.tool} | {source} | {row.files:,} | {row.lost:,} | {row.altered:,} | {note} |"


def write(folder: Path, rows: Sequence[Row], found: Mapping[str, Any]) -> None:
    """Write summary and README of a run."""
    (folder / "summary.json").write_text(json.dumps(found, indent=1, sort_keys=True) + "\n")
    versions = "\n".join(f"- {name}: {value}" for name, value in sorted(found["machine"].items()))
    (folder / "README.md").write_text(
        f"# Run {folder.name}\n\nMade by `python -m bench.run`; raw rows in `rows.jsonl`, what they say in "
        f"`summary.json`. How it is measured, and what is fair about it: `docs/benchmarks.md`.\n\n"
        f"{tables(rows, found)}\n## Made on and with\n\n{versions}\n"
    )


def into_docs(folder: Path, rows: Sequence[Row], found: Mapping[str, Any], page: Path = DOCS) -> None:
    """Put a run's tables between the marks of the page. Raises ValueError when the marks are not there."""
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page}: no marks for figures")
    body = f"Run [{folder.name}](../bench/runs/{folder.name}/README.md).\n\n{tables(rows, found)}"
    page.write_text(f"{before}{BEGIN}\n{body}{END}{after}", encoding="utf-8")


def main(arguments: Sequence[str]) -> None:
    """Write a run's files anew from its rows."""
    folder = Path(arguments[0]).resolve()
    rows, skipped = kept.read(folder)
    old = json.loads((folder / "summary.json").read_text())
    found = summary(rows, skipped, old["machine"], old["image"])
    write(folder, rows, found)
    if "docs" in arguments[1:]:
        into_docs(folder, rows, found)


if __name__ == "__main__":
    main(sys.argv[1:])
