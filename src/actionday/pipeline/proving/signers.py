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
from actionday.ledger.tlog import fold, leaf_hash, stored_hashes
from actionday.pipeline.proving.listed import TRUSTED, listed_keys

OWN, LISTED, NAMED = "this installation's", f"listed in {TRUSTED}", "named by --key"
NOBODY = "nobody here vouches for it"


class Trust(NamedTuple):
    """What the person who verifies knows from outside: verifier keys, and heads (signed notes, or roots in hex)."""

    keys: tuple[Verifier, ...] = ()
    heads: tuple[str, ...] = ()


class Standing(NamedTuple):
    """What is said of the keys; how the ledger differs from what was given from outside, "" if it does not; and
    what nothing from outside proves."""

    said: tuple[str, ...]
    problem: str = ""
    doubt: str = ""


class _Joined(NamedTuple):
    key: Verifier
    entry: int


def standing(store: LogStore, trust: Trust) -> Standing:
    """Return how the keys of a log, which is whole in itself, stand to those trusted here. Raises LedgerError."""
    known = _known(trust)
    joined = list(_joined(store))
    said = [
        f"{each.key.name}: {known.get(str(each.key), NOBODY)}, from entry {each.entry} on" for each in joined
    ]
    size, covered = store.size(), _covered(store, [each.key for each in joined if str(each.key) in known])
    if 0 < covered < size:
        said.append(f"entries {covered} to {size - 1} stand under keys that nobody here vouches for")
    missing = [head for head in trust.heads if not _begins_with(store, head)]
    if missing:
        return Standing(
            tuple(said), f"the log does not begin with the head {_short(missing[0])} that was given"
        )
    if trust.heads:
        return Standing((*said, "it begins with the head that was given"))
    first = joined[0].key if joined else None
    if first is None or str(first) not in known:
        name = first.name if first else "no key"
        if trust.keys:
            return Standing(
                tuple(said), f"it was begun under {name}, which is none of the keys that were given"
            )
        doubt = (
            f"that nobody made the case anew: its ledger was begun under {name}, which is neither this "
            f"installation's nor known here (--key, --head or {TRUSTED} can prove it)"
        )
        return Standing(tuple(said), doubt=doubt)
    doubt = (
        ""
        if covered
        else f"what {first.name}, under which the ledger was begun, signed: no head of it is kept"
    )
    return Standing(tuple(said), doubt=doubt)


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


def _covered(store: LogStore, keys: list[Verifier]) -> int:
    """Return how many entries the greatest head signed by one of ``keys`` covers."""
    covered = 0
    for head in store.heads() if keys else ():
        try:
            open_checkpoint(head.note, keys)
        except BadNote:
            continue  # another's
        covered = max(covered, head.size)
    return covered


def _begins_with(store: LogStore, head: str) -> bool:
    """Say whether the log had this root at some size; its signature is not asked: the root stands for every entry."""
    root, size = _root_of(head)
    edge: list[bytes] = []
    for row in store.scan():
        stored_hashes(row.index, leaf_hash(row.leaf), edge)
        if size in (None, row.index + 1) and fold(edge) == root:
            return True
    return False


def _root_of(head: str) -> tuple[bytes, int | None]:
    """Return root and size of a signed head; of a root in hex, the size is None. Raises BadNote."""
    from actionday.ledger.checkpoint import Checkpoint
    from actionday.ledger.note import parse_note

    text = head.strip()
    if len(text) == 64 and not text.strip("0123456789abcdef"):
        return bytes.fromhex(text), None
    point = Checkpoint.parse(parse_note(head).text)
    return point.root, point.size


def _short(head: str) -> str:
    return _root_of(head)[0].hex()


def checked(trust: Trust) -> Trust:
    """Return ``trust`` where each head in it is one. Raises BadNote."""
    for head in trust.heads:
        _root_of(head)
    return trust
