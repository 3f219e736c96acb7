"""What ``actionday verify --bundle`` says."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from actionday.app.cli._common import counted, printable, say_json

if TYPE_CHECKING:
    from actionday.exchange.bundled import Verdict


def verified(bundle: Path, keys: tuple[str, ...], *, as_json: bool) -> int:
    """Verify a bundle and say what it proves; return the exit code. Raises UsageError for what is no bundle."""
    import msgspec

    from actionday.app.cli._trust import trusted
    from actionday.exchange.bundled import verify_bundle
    from actionday.pipeline.proving.signers import known_keys

    verdict = verify_bundle(bundle, known_keys(trusted(keys, ())))
    if as_json:
        say_json(msgspec.to_builtins(verdict))
    else:
        _say(bundle, verdict)
    return 0 if verdict.ok else 1


def _say(bundle: Path, verdict: "Verdict") -> None:
    if verdict.first is not None:
        click.echo(f"DIFFERS: {printable(verdict.first)}")
        return
    found = verdict.checked
    facts = verdict.case
    click.echo(f"the bundle {printable(str(bundle))} is whole")
    click.echo(f"case {printable(str(facts.get('name', '')))!r}: {printable(str(facts.get('authority', '')))} "
               f"({printable(str(facts.get('country', '')))}), "
               f"{printable(str(facts.get('legal_basis', '')))}")  # fmt: skip
    click.echo(f"made {verdict.made} by {printable(verdict.by)}: {printable(verdict.reason)}")
    for each in verdict.exhibits:
        for source in each["sources"]:
            held = source["sha256"] or "a folder: its files have each their own hash"
            click.echo(f"exhibit {printable(each['id'])}: {printable(source['path'])}: SHA-256 {held}")
    contents = f"{counted(found['contents'], 'content')} with the SHA-256 of the day they were taken in"
    entries = counted(found["entries"], "entry", "entries")
    click.echo(f"holds {counted(found['items'], 'item')}, {contents}, {entries} of the ledger")
    if verdict.without:
        click.echo(f"without their bytes: {counted(verdict.without, 'item')}")
    click.echo(f"Ledger {printable(verdict.origin)}, head {verdict.head}")
    if not verdict.vouched:
        click.echo("not proved: that its ledger is not one that somebody made anew: no key that is trusted here "
                   "signed its head (--key KEY, or compare the head with one kept elsewhere)")  # fmt: skip
    for sentence in verdict.not_proved:
        click.echo(f"not proved: {sentence}")
