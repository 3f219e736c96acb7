"""``actionday ingest``: exhibits in, with live progress."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from actionday.app.cli._caveats import say_caveats
from actionday.app.cli._common import (
    CASE,
    Command,
    counted,
    grouped,
    json_option,
    printable,
    say_json,
    seconds_of,
    share_of,
    size_of,
    told,
)
from actionday.app.cli._counting import own_files, rows
from actionday.app.cli._facts import of_disks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from actionday.access.caveats import Caveats
    from actionday.app.cli._progress import Rows
    from actionday.model.progress import Progress
    from actionday.pipeline.came_to import Outcome


@click.command(cls=Command)
@CASE
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", type=click.Path(path_type=Path))
@click.option("--exhibit", metavar="ID", help="All SOURCEs together are this one exhibit.")
@click.option("--engine", type=click.Choice(["local"]), default="local", help="Where the work is done.")
@click.option(
    "--workers", type=click.IntRange(1, 256), default=None, help="Processes; as many as cores if not given."
)
@click.option("--no-slow", is_flag=True, help="Leave what takes seconds an item (the slow lane) queued.")
@click.option(
    "--without",
    multiple=True,
    metavar="NAME",
    help="Leave a plug-in of the slow lane out: ocr, speech, carving; may be given more than once.",
)
@click.option(
    "--no-unallocated", is_flag=True, help="Leave space that belongs to no file unread: --without carving."
)
@json_option
def command(
    case: Path,
    sources: tuple[Path, ...],
    exhibit: str | None,
    engine: str,  # noqa: ARG001 - one for now; the option is part of the contract
    workers: int | None,
    no_slow: bool,
    without: tuple[str, ...],
    no_unallocated: bool,
    as_json: bool,
) -> int:
    """Take SOURCEs into CASE; run again, it goes on where it stopped.

    What failed is not tried again: for that, take the exhibit into a new case. What is queued for the slow lane is gone
    through behind everything else; run again, it goes on with what still waits.

    Each SOURCE (disk image, archive, mailbox, WARC, folder, block device) is an exhibit named by its file name,
    unless --exhibit makes them one. Segments, parts and extents of a disk that are given with the first of them
    (x.E02 with x.E01, x.002 with x.001, x-s001.vmdk with x.vmdk) belong to its exhibit. Exit code 0: complete; 1:
    complete, with something unreadable, quarantined or not read whole; 2: a source or the case cannot be used;
    3: not complete (the disk is full).

    \b
    Example:
      actionday ingest case /evidence/S-02.E01 --exhibit S-02
    """
    from actionday.access.caveats import caveats
    from actionday.app.cli._progress import shown
    from actionday.pipeline.ingest import Ingest
    from actionday.storage.case import Case

    opened = Case.open(case)
    try:
        with shown(_line, _rows, as_json=as_json) as to:

            def say(progress: "Progress") -> None:
                to.say(progress, last=progress.state not in ("running", "listing"))

            without += ("carving",) * no_unallocated
            run = Ingest(opened, workers or os.cpu_count() or 1, say, slow=not no_slow, without=without)
            outcome = run.run(sources, exhibit)
        said = caveats(opened)._replace(unfinished=None)  # of this run the summary tells
    finally:
        opened.close()
    _summary(outcome, said, as_json=as_json)
    return outcome.exit_code  # of this run, which held what it went by: the same when it is run again


def _rows(progress: "Progress") -> "Rows":
    """Return what a terminal shows of a moment of a run."""
    codes = progress.failures.items()
    return (
        ("items", grouped(progress.found), "parsed", grouped(progress.parsed)),
        ("skipped", grouped(progress.skipped), "failed", grouped(progress.failed)),
        ("read", size_of(progress.bytes), "rate", f"{size_of(progress.rate)}/s"),
        ("done", share_of(progress.share), "left", seconds_of(progress.eta)),
        *_lane(progress),
        ("now", printable(progress.path)[-60:], "", ""),
        *(
            ("remark" if code in progress.remarks else "loss", grouped(count), code, "")
            for code, count in codes
        ),
    )


def _lane(progress: "Progress") -> "Rows":
    """Return what a terminal shows of the slow lane, nothing where it has nothing to do."""
    lane = progress.slow
    if lane is None:
        return ()
    left = f"{grouped(lane.left)}, {seconds_of(lane.eta)}"
    return (("slow lane", f"{grouped(lane.done)} at {lane.rate:.1f}/s", "left", left),)


def _line(progress: "Progress") -> str:
    """Return a moment of a run as a line; at its end what was read in all, and how long that took."""
    if progress.state == "listing":
        return f"listing: {counted(progress.found, 'item')}, nothing is read yet"
    took = seconds_of(progress.seconds)
    if progress.state == "running":
        rate, left = f"{size_of(progress.rate)}/s", seconds_of(progress.eta)
        far = f", {share_of(progress.share)} done, {rate}, left: {left}"
        if progress.slow is not None:
            lane = progress.slow
            far += f"; slow lane: {grouped(lane.done)} done, {grouped(lane.left)} left, {lane.rate:.1f}/s, "
            far += f"left: {seconds_of(lane.eta)}"
    elif progress.fresh < progress.bytes:
        now = f"{size_of(progress.fresh)} of it" if progress.fresh > 0 else "nothing of it"
        far = f", {now} in this run, which took {took}"
    else:
        far = f" in {took}"
    items, read = counted(progress.found, "item"), size_of(progress.bytes)
    line = f"{progress.state}: {items}, {read} of content read{far}"
    return line + _codes("losses", progress.losses) + _codes("remarks", progress.remarks)


def _codes(word: str, counts: "Mapping[str, int]") -> str:
    found = ", ".join(f"{code} {grouped(count)}" for code, count in counts.items())
    return f"; {word}: {found}" if found else ""


def _summary(outcome: "Outcome", said: "Caveats", *, as_json: bool) -> None:
    from actionday.app.cli._lacking import of_disks as lacking

    found = outcome.balance
    if as_json:
        import msgspec

        values = msgspec.to_builtins(found)
        say_json(
            {
                **values,
                "exhibits": outcome.exhibits,
                "losses": dict(outcome.losses),
                "remarks": dict(outcome.remarks),
                "listed": outcome.listed,
                "own_files": outcome.own._asdict(),
                "disks": outcome.disks,
                "cut_disks": outcome.cut_disks._asdict(),
                "repaired": outcome.repaired,
                "said": outcome.said,
                "seconds": outcome.seconds,
                "not_as_recorded": said.as_data()["not_as_recorded"],
            }
        )
        return
    for sentence in outcome.repaired:
        click.echo(f"repaired: {told(sentence)}")
    for sentence in outcome.said:
        click.echo(printable(sentence))
    names = ", ".join(map(printable, outcome.exhibits))
    click.echo(f"{'exhibit' if len(outcome.exhibits) == 1 else 'exhibits'} {names}")
    sign = "adds up" if found.adds_up else "DOES NOT ADD UP"
    click.echo(
        f"found {grouped(found.found)} = parsed {grouped(found.parsed)} + known good {grouped(found.known_good)} "
        f"+ skipped {grouped(found.skipped)} + failed {grouped(found.failed)}  ({sign})"
    )
    for status, count in found.by_status.items():
        click.echo(f"  {status:12} {grouped(count)}")
    click.echo(f"items: {rows(outcome.listed, found.found)}")
    if files := own_files(outcome.own.files, outcome.own.counted):
        click.echo(f"files: {files}")
    for word, codes in (("losses", outcome.losses), ("remarks", outcome.remarks)):
        if codes:
            click.echo(f"{word}: {counted(sum(codes.values()), 'line')}")
        for code, count in codes.items():
            click.echo(f"  {code:12} {grouped(count)}")
    cut = outcome.cut_disks
    for line in lacking(cut.disks, cut.bytes, cut.of, least=cut.least, untold=cut.untold):
        click.echo(f"disks: {line}")
    if outcome.disks:
        names = ", ".join(map(printable, outcome.disks))
        click.echo(of_disks(names, not_whole=outcome.disks_not_whole))
    if outcome.losses or outcome.remarks:
        click.echo("each with its reason: actionday export CASE issues")
    say_caveats(said)
