"""What ``actionday verify`` prints of a proof: its checks, and a block that can stand in a report as it is."""

from typing import TYPE_CHECKING, NamedTuple

import click
import msgspec

from actionday.app.cli import _accounts as accounts
from actionday.app.cli import _lacking as lacking
from actionday.app.cli._caveats import MOST_NAMED
from actionday.app.cli._common import Shown, counted, grouped, printable, told, wrapped

if TYPE_CHECKING:
    from actionday.pipeline.proving import Check, Proof
    from actionday.pipeline.proving.report import Counts, Held


class Words(NamedTuple):
    """What a check counts, one and several, and what it means for a case that it holds."""

    one: str
    several: str
    meaning: str


WORDS = {
    "ledger": Words("entry", "entries", "each is as it was signed, in its place, up to the last signed head"),
    "head": Words("head that was given", "heads that were given", "the ledger begins with each"),
    "schema": Words(
        "table or index",
        "tables and indexes",
        "the database is built as Actionday builds it, and nothing is built into it",
    ),
    "rows": Words(
        "item", "items", "what is stored of each, and of its content, is what the ledger vouches for"
    ),
    "tables": Words(
        "comparison with the ledger",
        "comparisons with the ledger",
        "the facts of the case, each exhibit, the containers and the runs are what was recorded of them",
    ),
    "objects": Words("stored content or text", "stored contents and texts", "each has its SHA-256"),
    "index": Words("document", "documents", "a search finds what is stored, and nothing else"),
    "exhibits": Words("file", "files", "read again, with the SHA-256 of the day it was taken in"),
    "hashes": Words(
        "set of known hashes",
        "sets of known hashes",
        "each is what was imported, and what is called known good is in one",
    ),
    "folder": Words("part of the case's folder", "parts of the case's folder", ""),
}


OTHER_FACTS = (
    "of {} the time of change, the owner or another fact beside the bytes is not as recorded (see remarks)"
)


OTHERS = ("folder, link or file without a hash", "folders, links or files without a hash")


def lines(proof: "Proof") -> None:
    """Print every check, then the block, and the sentence that counts last."""
    for check in proof.checks:
        absent = "NOT FOUND" if check.missing else "NOT READ" if check.unread else "holds"
        sign = absent if check.ok else "DIFFERS"
        click.echo(f"{sign:9} {check.name:9} {_counted(check)}".rstrip())
        for line in (*_told(check), *map(told, (*check.said, *check.absent))):
            click.echo(f"          {line}")
    click.echo()
    for line in _block(proof):
        click.echo(wrapped(line))
    if proof.interrupted:
        goes_on = " Nothing that was stored is lost; the next ingest goes on where it ended."
        click.echo(
            f"The case is not complete: {proof.interrupted}.{_left(proof)}{'' if proof.differs_in_itself else goes_on}"
        )
    click.echo(f"{_result(proof)}{_head(proof)}")
    if not proof.logged:
        click.echo(f"This verification was not logged: {told(proof.unlogged)}.")


def data(proof: "Proof") -> dict[str, object]:
    """Return the same for ``--json``: the fields of the block."""
    made = proof.made
    return {
        "case": made.name or None,
        "authority": made.authority or None,
        "country": made.country or None,
        "legal_basis": made.legal_basis or None,
        "reference": made.log or None,
        "folder": made.folder or None,
        "time": made.time,
        "actor": made.actor,
        "version": made.version,
        "head": proof.head or None,
        "entries": made.entries,
        "result": _result(proof),
        "exhibits": [msgspec.to_builtins(each) for each in proof.held],
        "differs": list(_differences(proof)),
        "absent": list(proof.absent),
        "unread": list(proof.unread),
        "not_proved": list(proof.not_proved),
        "remarks": list(proof.remarks),
        "as_recorded": proof.as_recorded,
        "accounts": accounts.lines(proof.accounts),
        "not_read_of_disks": accounts.not_read_of_disks(proof.accounts),
        "not_in_the_case": lacking.lines(proof.lacking, so_far=proof.so_far),
    }


def _block(proof: "Proof") -> list[str]:
    """Return the block as a terminal may show it: names out of evidence ``printable``, our own figures as they are."""
    made = proof.made
    found = [f"Proof of case {made.name!r}" if made.name else "Proof of a case whose name cannot be read"]
    if made.authority:
        found.append(f"authority: {made.authority} ({made.country}), legal basis: {made.legal_basis}")
    if made.log:
        found.append(f"reference: {made.log}, the name of its ledger, which no other case has")
    found.append(f"folder: {made.folder}")
    found.append(f"made: {made.time} (UTC) by {made.actor}, with Actionday {made.version}")
    found = list(map(printable, found))
    found += [f"holds: {_held(each)}" for each in proof.held]
    found += [f"differs: {line}" for line in _differences(proof, told)]
    found += [f"not found: {told(line)}" for line in proof.missing]
    found += [f"cannot be read: {told(line)}" for line in proof.unread]
    found += [f"remark: {told(line)}" for line in proof.remarks]
    found += [f"not proved: {told(line)}" for line in proof.not_proved]
    found += [] if proof.as_recorded else [accounts.ALTERED]
    found += accounts.lines(proof.accounts, printable)
    lacks = lacking.lines(proof.lacking, printable, so_far=proof.so_far)
    return found + [f"not in the case: {line}" for line in lacks]


def _left(proof: "Proof") -> str:
    """Return which exhibits were not gone through, the first by name: a line of the block tells of each."""
    names = proof.left.exhibits if proof.left else ()
    more = f" and {grouped(len(names) - MOST_NAMED)} more" if len(names) > MOST_NAMED else ""
    return (
        f" Not gone through to the end: {', '.join(map(printable, names[:MOST_NAMED]))}{more}."
        if names
        else ""
    )


def _held(each: "Held") -> str:
    place = printable(f"{each.exhibit}: {each.path}")
    if each.sha256 is not None:
        return f"{place}: SHA-256 {each.sha256}"
    other = f"; {OTHER_FACTS.format(grouped(each.remarked))}" if each.remarked else ""
    if each.open:
        bare = f"; {grouped(each.unhashed)} have none so far" if each.unhashed else ""
        have = f"{grouped(each.files)} of its files so far, with the SHA-256 that the case has of each"
        return f"{place}: folder, NOT gone through to its end: {have}{bare}{other}"
    if each.unhashed:
        of = counted(each.hashed + each.unhashed, "file")
        have = f"{counted(each.hashed, f'of {of} has', f'of {of} have')} a SHA-256"
        held = (
            "each of them holds"
            if each.files == each.hashed
            else counted(each.files, "of them holds", "of them hold")
        )
        return f"{place}: folder, {have}, {held}; {grouped(each.unhashed)} could not be read{other}"
    return f"{place}: folder, {counted(each.files, 'file')} with the SHA-256 that the case has of each{other}"


def _differences(proof: "Proof", shown: Shown = str) -> list[str]:
    return [f"{check.name}: {line}" for check in proof.checks for line in _told(check, shown)]


def _told(check: "Check", shown: Shown = told) -> list[str]:
    """Return the differences of a check that are named, and how many are not."""
    return [*map(shown, (*filter(None, [check.difference]), *check.more)), *_unnamed(check)]


def _head(proof: "Proof") -> str:
    if not proof.head:
        return ". No head: the ledger differs"
    return f". Ledger head {proof.head} of {counted(proof.made.entries, 'entry', 'entries')}"


def _counted(check: "Check") -> str:
    """Say how many things hold, of a check that stops at the first difference those before it."""
    words = WORDS[check.name]
    held = counted(check.checked, words.one, words.several)
    if check.counts is not None:
        return _files(check, check.counts)
    if check.ok:
        return f"{held}: {words.meaning}" if words.meaning and check.checked else held
    if check.differing:
        differing = f"{grouped(check.differing)} differ{'s' if check.differing == 1 else ''}"
        return f"{held} hold{'s' if check.checked == 1 else ''}, {differing}" if check.checked else differing
    return f"{held} before it" if check.checked else ""


def _files(check: "Check", counts: "Counts") -> str:
    """Say what became of the files of the exhibits, so that the figures add up to those that were recorded."""
    held = f"{counted(counts.held, 'file')} {'holds' if counts.held == 1 else 'hold'}"
    other = f"; {OTHER_FACTS.format(grouped(counts.remarked))}" if counts.remarked else ""
    apart = (
        (counts.altered, "altered"),
        (counts.missing, "missing"),
        (counts.unread, "not read"),
    )
    if not any(count for count, _ in (*apart, (counts.added, ""), (counts.others, ""))):
        return f"{held}: {WORDS[check.name].meaning}{other}" if counts.held else held
    sum_of = [f"{grouped(count)} {word}" for count, word in ((counts.held, "as recorded"), *apart) if count]
    said = f"{held}; of {counted(counts.recorded, 'file')} recorded: {', '.join(sum_of)}"
    if counts.added:
        said += f"; {grouped(counts.added)} added since"
    said += other
    if counts.others:
        said += f"; {counted(counts.others, *OTHERS)} not as recorded"
    return said


def _unnamed(check: "Check") -> list[str]:
    """Say how many differences are not named one by one."""
    left = check.differing - check.within - len(check.more) - 1
    return [f"and {grouped(left)} more"] if left > 0 else []


def _result(proof: "Proof") -> str:
    """Return the sentence that counts; of a case in which nothing differs and nothing is, that too."""
    nothing = "" if proof.so_far or proof.differs_in_itself else accounts.nothing_in(proof.accounts)
    return f"{_outcome(proof)}; there is NOTHING in it: {nothing}" if nothing else _outcome(proof)


def _outcome(proof: "Proof") -> str:
    if not proof.foreign_head:
        return f"The case is {_whole(proof)}"
    own = "NOT whole" if proof.differs_in_itself else _rest(proof) if proof.absent else "whole in itself"
    return f"The head that was given is none of this case's ledger; apart from it the case is {own}"


def _whole(proof: "Proof") -> str:
    if proof.whole_in_itself:
        return "whole in itself; that it is the one that was begun here is NOT proved"
    return "NOT whole" if proof.differs else _rest(proof)


def _rest(proof: "Proof") -> str:
    stored = " as far as it was stored" if proof.interrupted else ""
    missing = "exhibits that were not found" if proof.missing else ""
    unread = "what could not be read" if proof.unread else ""
    why = " and ".join(filter(None, (missing, unread)))
    missing = f", but for {why}: not proved" if why else ""
    return f"whole{stored}{missing}"
