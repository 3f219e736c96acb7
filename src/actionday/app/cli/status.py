"""``actionday status``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from actionday.app.cli._common import (
    CASE,
    Command,
    counted,
    grouped,
    json_option,
    say_json,
    seconds_of,
    share_of,
    size_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


@click.command(cls=Command)
@CASE
@json_option
def command(case: Path, as_json: bool) -> int:
    """Say how far CASE is: state, balance, rate, time left, losses and remarks by code.

    A loss is a line of the issue log that says what is not in the case, any other is a remark; `export issues` has
    all of them. Exit code 1 while the last `verify` found that the case is not as it was recorded.

    \b
    Example:
      actionday status case --json
    """
    from actionday.access.caveats import caveats
    from actionday.access.status import status
    from actionday.app.cli._caveats import code_of, say_caveats
    from actionday.app.cli._counting import own_files, rows
    from actionday.app.cli._lacking import of_disks
    from actionday.storage.case import Case

    opened = Case.open(case, on_full_disk=True)
    try:
        said = caveats(opened)
        found = status(opened, said)
    finally:
        opened.close()
    if as_json:
        say_json(found)
        return code_of(said)
    click.echo(f"state    {found['state']}")
    click.echo(f"found    {grouped(found['found'])}")
    for part in ("parsed", "known_good", "skipped", "failed"):
        click.echo(f"  {part:10} {grouped(found[part])}")
    click.echo(f"items    {rows(found['listed'], found['found'])}")
    if files := own_files(found["own_files"]["files"], found["own_files"]["counted"]):
        click.echo(f"files    {files}")
    click.echo(f"read     {size_of(found['bytes'])} of content{_far(found)}")
    _codes("losses", found["losses"], f" about {counted(found['lost'], 'item')}")
    _codes("remarks", found["remarks"])
    cut = found["cut_disks"]
    for line in of_disks(cut["disks"], cut["bytes"], cut["of"], least=cut["least"], untold=cut["untold"]):
        click.echo(f"disks    {line}")
    say_caveats(said)
    return code_of(said)


def _far(found: "Mapping[str, Any]") -> str:
    """Return how far a run at work is, or how long all runs took."""
    if found["state"] != "running":
        return f" in {seconds_of(found['seconds'])}"
    rate, left = f"{size_of(found['rate'])}/s", seconds_of(found["eta"])
    return f", {share_of(found['share'])} done, {rate}, left: {left}"


def _codes(word: str, counts: "Mapping[str, int]", about: str = "") -> None:
    """Print lines of the issue log by code under the word that tells what they are."""
    if counts:
        click.echo(f"{word:8} {counted(sum(counts.values()), 'line')}{about}")
    for code, count in counts.items():
        click.echo(f"  {code:20} {grouped(count)}")
