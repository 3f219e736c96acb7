"""Under whose keys does the ledger stand, and is one of them trusted here?

A log that somebody made anew is whole in itself: that it is the one that was begun here is shown by a key or a head
from outside of it alone. Source: docs/ledger-format.md, "What verification proves, and what it cannot".
"""

from collections.abc import Iterator
from typing import NamedTuple

from actionday.ledger import BadNote, KeyFileError, Verifier, installation_signer, parse_entry
from actionday.ledger.checkpoint import open_checkpoint
from actionday.ledger.keys import FILE, config_folder
from actionday.ledger.store import LogStore
from actionday.pipeline.proving.heads import Heads, compared
from actionday.pipeline.proving.listed import TRUSTED, listed_keys

OWN, LISTED, NAMED = "this installation's", f"listed in {TRUSTED}", "named by --key"
NOBODY = "nobody here vouches for it"


class Trust(NamedTuple):
    """What the person who verifies knows from outside: verifier keys, and heads (signed notes, or roots in hex)."""

    keys: tuple[Verifier, ...] = ()
    heads: tuple[str, ...] = ()


class Standing(NamedTuple):
    """What is said of the keys; how the ledger differs from what was given from outside, "" if it does not; what
    nothing from outside proves; and what the heads say that were given."""

    said: tuple[str, ...]
    problem: str = ""
    doubt: str = ""
    heads: Heads = Heads()


class _Joined(NamedTuple):
    key: Verifier
    entry: int


def standing(store: LogStore, trust: Trust) -> Standing:
    """Return how the keys of a log, which is whole in itself, stand to those trusted here. Raises LedgerError."""
    known = _known(trust)
    joined = list(_joined(store))
    said = tuple(
        f"{each.key.name}: {known.get(str(each.key), NOBODY)}, from entry {each.entry} on" for each in joined
    )
    heads = compared(store, trust.heads)
    if trust.heads and not heads.foreign:
        return Standing((*said, "it begins with the head that was given"), heads=heads)
    first = joined[0].key if joined else None
    unknown = next((each for each in joined if str(each.key) not in known), None)
    if unknown is None and first is not None:
        return Standing(said, heads=heads)
    if unknown is None or unknown.key == first:
        name = first.name if first else "no key"
        if trust.keys:
            problem = f"it was begun under {name}, which is none of the keys that were given"
            return Standing(said, problem, heads=heads)
        doubt = (
            f"that nobody made the case anew: its ledger was begun under {name}, which is neither this "
            f"installation's nor known here (--key, --head or {TRUSTED} can prove it)"
        )
        return Standing(said, doubt=doubt, heads=heads)
    return Standing(said, doubt=_doubted(store, joined, known, unknown), heads=heads)


def _doubted(store: LogStore, joined: list[_Joined], known: dict[str, str], unknown: _Joined) -> str:
    """Say from where on a key that nobody knows here may have written the log anew.

    Whoever signs later signs over what stands there: a head of a trusted key speaks for what stood before a stranger
    joined only where it was signed before, too.
    """
    trusted = [each.key for each in joined if str(each.key) in known]
    since, size = _covered(store, trusted, unknown.entry), store.size()
    return (
        f"entries {since} to {size - 1} of the ledger: {unknown.key.name}, which nobody here vouches for, signed over "
        f"them when it joined with entry {unknown.entry}, and who holds it may have written them anew; what was signed "
        f"here since says nothing of it (--key, --head or {TRUSTED} can prove it)"
    )


def known_keys(trust: Trust) -> tuple[Verifier, ...]:
    """Return the verifier keys trusted here. None is made. Raises UsageError for a list that is none."""
    return tuple(map(Verifier.parse, _known(trust)))


def _known(trust: Trust) -> dict[str, str]:
    """Return the verifier keys trusted here, and why. None is made. Raises UsageError for a list that is none."""
    known = {str(key): NAMED for key in trust.keys}
    folder = config_folder()
    known |= {str(key): LISTED for key in listed_keys(folder)}
    if (folder / FILE).exists():
        try:
            known[str(installation_signer(folder).verifier)] = OWN
        except KeyFileError:
            return known  # a key nobody may use vouches for nothing; ``doctor`` says why
    return known


def _joined(store: LogStore) -> Iterator[_Joined]:
    for row in store.joinings():
        yield _Joined(Verifier.parse(str(parse_entry(row.leaf).details["key"])), row.index)


def _covered(store: LogStore, keys: list[Verifier], most: int) -> int:
    """Return how many entries the greatest head of at most ``most`` entries covers that one of ``keys`` signed."""
    covered = 0
    for head in store.heads() if keys else ():
        try:
            open_checkpoint(head.note, keys)
        except BadNote:
            continue  # another's
        if head.size <= most:
            covered = max(covered, head.size)
    return covered
