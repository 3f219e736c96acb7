"""``actionday doctor``: what is missing on this machine, what it costs, what brings it."""

from typing import TYPE_CHECKING

import click

from actionday.app.cli._common import Command, json_option, say_json

if TYPE_CHECKING:
    from actionday.app.cli._doctor.report import Check, Report


@click.command(cls=Command)
@json_option
def command(as_json: bool) -> int:
    """Say what is missing on this machine, what that costs, and which Debian package brings it.

    Looks at Python and SQLite, system libraries, disk, memory and fonts, starts a worker as an ingest does, tries
    every lock of its sandbox, and looks at the signing key. Writes nothing. Exit code 0: an ingest can run; 1: it
    cannot.

    \b
    Example:
      actionday doctor
    """
    from actionday.app.cli._doctor.key import key
    from actionday.app.cli._doctor.report import Report
    from actionday.app.cli._doctor.start import start
    from actionday.app.cli._doctor.system import system

    report = Report((*system(), *start(), *key()))
    if as_json:
        _json(report)
    else:
        _lines(report)
    return 0 if report.ready else 1


def _json(report: "Report") -> None:
    import msgspec

    checks = [
        {name: None if value == "" else value for name, value in each.items()}
        for each in msgspec.to_builtins(report.checks)
    ]
    say_json({"ready": report.ready, "packages": report.packages, "checks": checks})


def _lines(report: "Report") -> None:
    for check in report.checks:
        click.echo(f"{_sign(check):8} {check.name:18} {check.found}")
        if check.costs:
            click.echo(f"{'':27} {check.costs}")
    if report.packages:
        click.echo(f"As root: apt-get install {' '.join(report.packages)}")
    click.echo("An ingest can run." if report.ready else "An ingest cannot run.")


def _sign(check: "Check") -> str:
    if check.ok:
        return "ok"
    return "MISSING" if check.needed else "missing"
