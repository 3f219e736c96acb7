"""``actionday pause``: a run stops for a while, so that another case can go first."""

from pathlib import Path

import click

from actionday.app.cli._common import CASE, Command, json_option, say_json


@click.command(cls=Command)
@CASE
@click.option(
    "--wait",
    type=click.FloatRange(0, 86_400),
    default=600.0,
    show_default=True,
    help="Seconds to wait until it has stopped.",
)
@json_option
def command(case: Path, wait: float, as_json: bool) -> int:
    """Pause the run that is taking exhibits into CASE; what is stored stays, and can be searched.

    The run ends at its next whole point, records who asked for it, and gives its memory and cores back; run its command
    again to go on. Exit code 0: it has ended, paused or because it was through; 1: it has not within --wait; 2: no run
    is at work.

    \b
    Example:
      actionday pause case
    """
    from actionday.pipeline.pausing import pause
    from actionday.storage.case import Case

    opened = Case.open(case)
    try:
        ended = pause(opened, wait)
    finally:
        opened.close()
    if as_json:
        say_json({"case": str(case), **ended._asdict()})
    elif ended.state == "running":
        click.echo(
            f"run {ended.run} was asked to pause and is still at work: it stops at its next whole point"
        )
    elif ended.state == "paused":
        click.echo(f"run {ended.run} is paused: run the same ingest again to go on")
    else:
        click.echo(f"run {ended.run} is {ended.state}: it ended by itself before it was to pause")
    return 1 if ended.state == "running" else 0
