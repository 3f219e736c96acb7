"""Our ingest and its peers on one image, in one go: ``make bench``.

    python -m bench.run [--size BYTES] [--only GROUP]... [--out DIR]

Groups: ingest (ours, raw and E01, one and two cores) · intake (listing, hashing and typing alone) · peers
(tsk_recover + sha256sum, 7zz, plaso) · memory (ours on a tenth of the image and on the whole). Everything is made
in a temporary folder; what is kept are the rows, their summary and a README, in DIR.
"""

import argparse
import datetime
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bench import machine, ours, peers, report
from bench import rows as kept
from bench.image import ROOTS, Made, acquire, make
from bench.measure import Used, measured, warm
from bench.rows import Row, Skipped
from bench.work import Work, compared, read_truth

SIZE = 1_000_000_000
ROOM = 7
"""Times the size that must be free: image, two E01, a case, and what a peer brings out, with some to spare."""
RUNS = Path(__file__).parent / "runs"
PLASO_SECONDS = 20 * 60
"""plaso gets the whole image only if, by what a tenth took, it will be done by then; else a fifth."""
Line = Row | Skipped


class Stage(NamedTuple):
    """Where a run works: its temporary folder, the image, what is in it, the cores, the trees it is made of."""

    folder: Path
    image: Made
    truth: Mapping[str, str]
    cores: Sequence[int]
    roots: Sequence[str]

    def smaller(self, part: int) -> "Stage":
        """Return the same with an image of a ``part``-th of the bytes."""
        path = self.folder / f"part-{part}.raw"
        made = make(path, self.image.bytes // part, self.roots)
        return self._replace(image=made, truth=read_truth(made.truth))


def row(
    stage: Stage,
    group: str,
    tool: str,
    used: Used,
    work: Work,
    *,
    cores: int,
    source: str = "raw",
    **more: Any,
) -> Row:
    """Return the row of one command."""
    return Row(
        group=group, tool=tool, source=source, cores=cores, bytes=stage.image.size, content=stage.image.bytes,
        wall=used.wall, cpu=used.cpu, peak=used.peak, private=used.private, together=used.together,
        processes=used.processes, load=used.load, files=work.files, lost=work.lost, altered=work.altered,
        examples=work.examples, **more,
    )  # fmt: skip


def ingests(stage: Stage) -> Iterator[Line]:
    """Ours on the raw image and on its E01, compressed and not, with a worker on each core."""
    yield from _ingests(stage, stage.image.path, "raw")
    for compression in ("fast", "none"):
        try:
            evidence = acquire(stage.image.path, compression)
        except OSError as error:
            yield Skipped(f"ingest of an E01 ({compression})", str(error))
            continue
        yield from _ingests(stage, evidence, f"E01 {compression}")
        evidence.unlink()


def _ingests(stage: Stage, source: Path, name: str, group: str = "ingest") -> Iterator[Line]:
    for cores in stage.cores:
        warm(source)
        done = ours.ingested(source, stage.truth, cores, cores, stage.folder)
        balance = {key: done.balance[key] for key in ("found", "parsed", "known_good", "skipped", "failed")}
        yield row(
            stage, group, "ingest", done.used, done.work, cores=cores, source=name, form=f"{cores} workers",
            parts=done.parts, balance=balance, note=f"{source.stat().st_size / 1e6:,.0f} MB on disk",
        )  # fmt: skip


def intakes(stage: Stage) -> Iterator[Line]:
    """Intake alone, and hashing the same bytes from memory: the faster of two runs of each."""
    said, hashes = stage.folder / "said.json", stage.folder / "hashes.json"
    command = [sys.executable, "-m", "bench.intake", stage.image.path]
    runs = []
    for _ in range(2):
        warm(stage.image.path)
        used = _finished([*command, "-o", hashes], said)
        runs.append(_clocked(used, json.loads(said.read_text())))
    work = compared(stage.truth, json.loads(hashes.read_text()))
    note = "its own clock, without the start of Python"
    yield row(stage, "intake", "intake", min(runs, key=lambda used: used.wall), work, cores=1, note=note)
    used = _finished([*command, "--hash-only"], said)
    for name, tool in (("each", "hash file by file"), ("stream", "hash as one stream")):
        spent = json.loads(said.read_text())[name]
        yield row(stage, "intake", tool, _clocked(used, spent), Work(spent["files"], 0, 0, ()), cores=1)


def _clocked(used: Used, spent: Mapping[str, float]) -> Used:
    return used._replace(wall=spent["wall"], cpu=spent["cpu"])


def _finished(command: Sequence[object], said: Path) -> Used:
    used = measured(command, 1, out=said, folder=Path(__file__).parents[1])
    if used.code:
        raise RuntimeError(f"{command}: {said.read_text()[-2000:]}")
    return used


def others(stage: Stage) -> Iterator[Line]:
    """The peers; one that is not here is named."""
    for name, run in (("tsk_recover + sha256sum", peers.tsk_recover), ("7zz", peers.sevenzip)):
        warm(stage.image.path)
        try:
            yield _peer(stage, run(stage.image.path, stage.truth, stage.folder), 1)
        except peers.Absent as absent:
            yield Skipped(name, str(absent))
    try:
        yield from _plaso(stage)
    except (peers.Absent, subprocess.TimeoutExpired) as error:
        yield Skipped("plaso", str(error))


def _plaso(stage: Stage) -> Iterator[Line]:
    """A tenth of the image in each form, then as much of it as time allows in the better one."""
    place = peers.install_plaso(stage.folder)
    tenth = stage.smaller(10)
    tried = [_timeline(tenth, place, cores) for cores in stage.cores]
    yield from tried
    best = max(tried, key=lambda row: row.rate)
    fits = best.wall * stage.image.size / tenth.image.size < PLASO_SECONDS
    yield _timeline(stage if fits else stage.smaller(5), place, best.cores)


def _timeline(stage: Stage, place: Path, cores: int) -> Row:
    warm(stage.image.path)
    deadline = 2.0 * PLASO_SECONDS
    return _peer(
        stage, peers.plaso(place, stage.image.path, stage.truth, stage.folder, cores, deadline), cores
    )


def _peer(stage: Stage, peer: peers.Peer, cores: int) -> Row:
    first = peer.steps[0].used
    together = first._replace(
        wall=peer.wall,
        cpu=peer.cpu,
        peak={kind: size for step in peer.steps for kind, size in step.used.peak.items()},
        private={kind: size for step in peer.steps for kind, size in step.used.private.items()},
        together=max(step.used.together for step in peer.steps),
    )
    steps = {step.name: (step.used.wall, step.used.cpu) for step in peer.steps}
    form = "" if cores == 1 else f"{cores} workers"
    return row(
        stage, "peer", peer.name, together, peer.work, cores=cores, steps=steps, note=peer.note, form=form
    )


def memory(stage: Stage) -> Iterator[Line]:
    """Ours on a tenth of the image and on the whole: what grows with an exhibit shows."""
    for each in (stage.smaller(10), stage):
        most = each._replace(cores=stage.cores[-1:])
        yield from _ingests(most, each.image.path, "raw", "memory")


GROUPS: dict[str, Callable[[Stage], Iterator[Line]]] = {
    "ingest": ingests,
    "intake": intakes,
    "peers": others,
    "memory": memory,
}


def run(size: int, groups: Sequence[str], out: Path, roots: Sequence[str], name: str) -> dict[str, Any]:
    """Run the groups, write the rows as they come and the report at the end; return the summary."""
    facts = machine.facts() | ({"name": name} if name else {})
    cores = [count for count in (1, 2) if count <= int(facts["cores"])]
    found: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="actionday-bench-") as folder:
        if shutil.disk_usage(folder).free < ROOM * size:
            raise SystemExit(f"bench: {ROOM * size} bytes must be free in {folder}; set TMPDIR elsewhere")
        image = make(Path(folder) / "image.raw", size, roots)
        out.mkdir(parents=True, exist_ok=True)
        stage = Stage(Path(folder), image, read_truth(image.truth), cores, roots)
        for group in groups:
            for line in GROUPS[group](stage):
                found.append(line)
                kept.write(out, found)
                print(told(line), flush=True)
    done = [line for line in found if isinstance(line, Row)]
    facts_of_image = {"files": image.files, "bytes": image.bytes, "text": image.text, "size": image.size}
    said = report.summary(done, [line for line in found if isinstance(line, Skipped)], facts, facts_of_image)
    report.write(out, done, said)
    return said


def told(line: Line) -> str:
    """Return a row in one line, for whoever waits."""
    if isinstance(line, Skipped):
        return f"not run: {line.skipped}: {line.reason}"
    what = " ".join(part for part in (line.group, line.tool, line.form, line.source) if part)
    rates = f"{line.rate:7.1f} GB/h per core, {line.rate_cpu:7.1f} by processor time"
    lost = f"{line.files} files, {line.lost} lost, {line.altered} altered"
    return f"{what:45} {line.wall:8.1f} s {rates}, {kept.highest(line) / 1e6:5.0f} MB, {lost}"


def main() -> None:
    """Run, then print the figures that are wanted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", type=int, default=SIZE, help="bytes of files in the image")
    parser.add_argument(
        "--only", action="append", choices=list(GROUPS), help="this group alone; may be repeated"
    )
    parser.add_argument(
        "--out", type=Path, help="where the run is kept; bench/runs/DATE-MACHINE if not given"
    )
    parser.add_argument("--machine", default="", help="what the run calls this machine")
    parser.add_argument("--tree", action="append", help="take files from here instead; may be repeated")
    given = parser.parse_args()
    today = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d")
    out = given.out or RUNS / f"{today}-{given.machine or machine.short_name()}"
    said = run(given.size, given.only or list(GROUPS), out, given.tree or ROOTS, given.machine)
    print()
    for target in said["targets"]:
        print(f"{target['what']:45} {target['wanted']:15} {target['measured']}")
    print(f"kept in {out}")


if __name__ == "__main__":
    main()
