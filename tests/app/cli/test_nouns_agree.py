"""Sentences of the command line with none, one, two and many of a thing: nouns agree, thousands are parted."""

import re
from collections.abc import Iterator

import pytest

from actionday.app.cli import _accounts, _lacking
from actionday.app.cli._pace import line
from actionday.app.cli._proof import _files, _held
from actionday.pipeline.proving.pace import Moment
from actionday.pipeline.proving.report import Check, Counts, Held
from actionday.storage.database.accounts import Account, Accounts, Unread
from actionday.storage.database.balance import Balance
from actionday.storage.database.lacking import Lacking

ONE = re.compile(r"(?<![\w.\u202f])1 (?!less|loss|as|is|was|has|holds|tells)[a-z]+s\b(?! of these)")
BARE = re.compile(r"(?<![\w.\u202f])\d{4,}")


def lacking(n: int) -> Lacking:
    return Lacking(
        items=n, losses={"damaged": n}, lost=n, lost_of={"not_read": n, "parsed": n, "uncounted": n},
        not_read={"unreadable": n}, with_text={"unreadable": n}, folders=n, unread_volumes=n, unread_bytes=n,
        missing_disks=n, missing_bytes=n, missing_of=n, missing_untold=n, without_hash=5 * n,
        without_hash_of=dict.fromkeys(_lacking.WHY_NO_HASH, n), unread_without_hash=n, hash_differs=(), changed=(),
    )  # fmt: skip


def sentences(n: int) -> Iterator[str]:
    """Yield what the command line says of ``n`` of everything."""
    for so_far in (False, True):
        yield from _lacking.lines(lacking(n), so_far=so_far)
    balance = Balance(found=4 * n, parsed=n, known_good=n, skipped=n, failed=n, by_status={})
    for complete in (True, False):
        each = Account(
            exhibit="S", balance=balance, losses={"damaged": n}, disk=True, complete=complete,
            files=5 * n, files_counted=n, hollow=False,
        )  # fmt: skip
        unread = Unread("S", "a.txt", "unreadable", "it breaks off")
        yield from _accounts.lines(Accounts(exhibits=(each,), grave=(unread,), more=n, whole=n))
    for counts in (
        Counts(recorded=n, held=n),
        Counts(recorded=5 * n, held=n, altered=n, missing=n, unread=n, added=n, others=n, remarked=n),
    ):
        yield _files(Check(name="exhibits", what="files", checked=n), counts)
    for unhashed in (0, n):
        for open_ in (True, False):
            yield _held(
                Held(exhibit="S", path="/e", files=n, hashed=n, unhashed=unhashed, remarked=n, open=open_)
            )
    for unit in ("items", "bytes", "documents"):
        yield line(
            Moment(
                stage="rows",
                number=1,
                stages=8,
                done=n,
                total=n,
                unit=unit,
                rate=float(n),
                eta=1.0,
                share=1.0,
                seconds=1.0,
            )
        )


@pytest.mark.parametrize("n", [0, 1, 2, 1234])
def test_nouns_agree_and_thousands_are_parted(n: int) -> None:
    said = list(sentences(n))
    assert len(said) > 10
    assert [each for each in said if ONE.search(each)] == []
    assert [each for each in said if BARE.search(each)] == []
