"""Are the secrets of the case those that were given? Whoever changes one hides what it opens."""

import msgspec

from actionday.ledger import Entry, Json
from actionday.model.counted import grouped, parted
from actionday.storage.case import Case
from actionday.storage.database.passphrases import batches, digest
from actionday.storage.ledger_store import SqliteLogStore


class Given(msgspec.Struct, frozen=True):
    """What the ledger says of those that one command added."""

    batch: int
    count: int
    digest: str


def given(entry: Entry) -> Given | None:
    """Return what an entry says, None where it says nothing that we write."""
    batch, count, told = (entry.details.get(name) for name in ("batch", "count", "scrypt"))
    if isinstance(batch, int) and isinstance(count, int) and isinstance(told, str):
        return Given(batch, count, told)
    return None


def details(batch: int, count: int, told: str) -> dict[str, Json]:
    """Return what the ledger says of secrets that were added."""
    return {"batch": batch, "count": count, "scrypt": told}


def differing_secrets(case: Case, recorded: list[Given]) -> str | None:
    """Return how the secrets of a case are not those that were given, None where they are. 50 ms a batch."""
    held = {each.number: each.secrets for each in batches(case.database)}
    origin = SqliteLogStore(case.database).origin()
    for each in recorded:
        secrets = held.pop(each.batch, ())
        if len(secrets) != each.count:
            return f"secrets of batch {each.batch}: {grouped(len(secrets))} are there, {grouped(each.count)} were given"
        if digest(secrets, origin) != each.digest:
            return f"secrets of batch {each.batch}: not all of them are those that were given"
    numbers = [number for (number,) in case.database.execute("SELECT n FROM secrets ORDER BY n")]
    if numbers != list(range(1, len(numbers) + 1)):
        return "secrets are not numbered from 1 on: what opened an item is told by its number"
    if held:
        return f"{parted(sum(map(len, held.values())), 'secret')} that nobody is recorded to have given"
    return None
