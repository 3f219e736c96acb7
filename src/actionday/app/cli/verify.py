"""``actionday verify``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from actionday.app.cli._common import Command, json_option, say_json

if TYPE_CHECKING:
    from actionday.pipeline.proving import Proof, Trust


@click.command(cls=Command)
@click.argument("case", type=click.Path(path_type=Path, file_okay=False), required=False)
@click.option(
    "--bundle",
    "bundle",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file that `actionday bundle` wrote, to be verified instead of a case.",
)
@click.option(
    "--key", "keys", multiple=True, metavar="KEY", help="A verifier key to be trusted, or a file of them."
)
@click.option(
    "--head", "heads", multiple=True, metavar="HEAD", help="A head kept outside: a root in hex, or a file."
)
@click.option(
    "--exhibits",
    "elsewhere",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder below which alone exhibits are looked for, by name, size and hash: a disc to be handed over.",
)
@json_option
def command(
    case: Path | None,
    bundle: Path | None,
    keys: tuple[str, ...],
    heads: tuple[str, ...],
    elsewhere: Path | None,
    as_json: bool,
) -> int:
    """Prove CASE whole, offline: ledger, database, stored contents, index, exhibits; name what no proof covers.

    Exit code 1 when something differs, also from a key or head that is given, and when an exhibit is not where it
    was, so that it is not proved; 2 when CASE is no case, or cannot be read by this account. With --exhibits only
    what lies below FOLDER counts, and each exhibit is said to be proved there or not found there. A ledger in which
    a key stands, first or later, that is neither this installation's nor listed in its trusted-keys is whole in
    itself: what who holds that key may have written anew (of the first key: all of it) is named as not proved. A
    case whose ingest was interrupted is proved as far as it was stored, with exit code 0, and that it was
    interrupted is said (--json: "complete" is false). Where the proof cannot be logged (a case that cannot be
    written, a full disk) it is made all the same, and that is said. While it works, stderr says how far
    it is: in place on a terminal, else a line every ten seconds; with --json an object each second.

    With --bundle FILE and no CASE: prove what lies in a bundle, with nothing but this program. Exit code 1 when
    something in it differs.

    \b
    Example:
      actionday verify case
      actionday verify --bundle for-the-court.bundle
    """
    if bundle is not None:
        from actionday.app.cli._bundled import verified

        if case is not None or elsewhere is not None or heads:
            raise click.UsageError("--bundle stands alone: no CASE, --head or --exhibits with it")
        return verified(bundle, keys, as_json=as_json)
    if case is None:
        raise click.UsageError("Missing argument 'CASE'.")
    from actionday.app.cli._proof import lines
    from actionday.app.cli._trust import listable, trusted

    proof = _proof(case, trusted(keys, heads), elsewhere and listable(elsewhere), as_json=as_json)
    if as_json:
        say_json(_data(proof))
    else:
        lines(proof)
        if proof.missing and elsewhere is None:
            click.echo("Moved? actionday verify CASE --exhibits FOLDER looks for exhibits there.")
    return _code(proof)


def _proof(case: Path, given: "Trust", elsewhere: Path | None, *, as_json: bool) -> "Proof":
    from actionday.app.cli._pace import line, rows
    from actionday.app.cli._progress import once_a_second, shown
    from actionday.pipeline.proving import torn, verify
    from actionday.pipeline.proving.pace import Pace
    from actionday.storage.case import Case
    from actionday.storage.case_parts import TornDatabase

    try:
        opened = Case.open(case, on_full_disk=True)
    except TornDatabase as damage:
        return torn(damage, case)
    try:
        pace = Pace()
        with shown(line, rows, as_json=as_json) as to, once_a_second(pace.moment, to):
            return verify(opened, lambda _: None, given, elsewhere, pace=pace)
    finally:
        opened.close()


def _data(proof: "Proof") -> dict[str, object]:
    """Return what ``--json`` prints."""
    import msgspec

    from actionday.app.cli._accounts import not_read_of_disks
    from actionday.app.cli._proof import data

    checks = [
        {
            "name": each.name,
            "ok": each.ok,
            "checked": each.checked,
            "what": each.what,
            "said": list(each.said),
            "difference": each.difference,
            "differences": [*filter(None, [each.difference]), *each.more],
            "differing": each.differing or None,
            "counts": None if each.counts is None else msgspec.to_builtins(each.counts),
        }
        for each in proof.checks
    ]
    return {
        "ok": proof.ok,
        "first": proof.first,
        "head": proof.head or None,
        "vouched": proof.vouched,
        "complete": proof.complete,
        "interrupted": proof.interrupted,
        "unfinished": None if proof.left is None else msgspec.to_builtins(proof.left),
        "absent": list(proof.absent),
        "unread": list(proof.unread),
        "entries": proof.checks[0].checked,
        "not_proved": list(proof.not_proved),
        "logged": proof.logged,
        "unlogged": proof.unlogged or None,
        "as_recorded": proof.as_recorded,
        "lacking": None if proof.lacking is None else msgspec.to_builtins(proof.lacking),
        "accounts": None if proof.accounts is None else msgspec.to_builtins(proof.accounts),
        "not_read_of_disks": not_read_of_disks(proof.accounts),
        "checks": checks,
        "report": data(proof),
    }


def _code(proof: "Proof") -> int:
    return 1 if proof.differs or proof.absent else 0
