"""Are the sets of known hashes those that were imported, and is what is known good in them?"""

import os
from collections.abc import Iterator

from actionday.model.counted import grouped
from actionday.pipeline.known_files import reason_of
from actionday.pipeline.proving.pace import BYTES
from actionday.pipeline.proving.report import MOST_NAMED, Check, Subject
from actionday.storage.case import Case
from actionday.storage.hashes.known import Match, Named
from actionday.storage.hashes.sets import HASHES, differs, file_of, mapped, named, opened
from actionday.storage.own_names import HASHES_FILE, own_files

GOOD_ROWS = (
    "SELECT e.id, i.path, i.reason, c.sha256, c.md5, c.sha1 FROM items i JOIN exhibits e ON e.number = i.exhibit "
    "JOIN contents c ON c.sha256 = i.sha256 AND c.reading = i.reading WHERE i.status = 'known_good' ORDER BY i.n"
)


def check_hashes(of: Subject) -> Check:
    """Read every set anew, then look up each item that is known good: what its reason says must be so.

    An item goes by the sets of the run that stored it: those that were imported since say nothing against it.
    """
    sets = named(of.told.hashes)
    folder = of.case.folder
    sizes = (folder / HASHES / file_of(each.number) for each in sets)
    of.pace.expect(sum(path.stat().st_size for path in sizes if path.is_file()), BYTES)
    found = [said for each in sets if (said := differs(folder, each, of.pace.more))]
    count = len(found)
    if not found and not of.told.unread:
        for said in _unknown(of.case, sets):
            count += 1
            found += [said] if count <= MOST_NAMED else []
    surplus = [] if of.told.unread else list(_surplus(of.case, sets))
    return Check(
        name="hashes",
        what="sets",
        checked=len(sets) if not count else 0,
        difference=next(iter(found), None),
        more=tuple(found[1:]),
        differing=count,
        not_proved=tuple(surplus),
    )


def _unknown(case: Case, sets: list[Named]) -> Iterator[str]:
    """Yield each item that is called known good and whose reason the sets do not bear out."""
    rows = case.database.execute(GOOD_ROWS)
    with opened(case.folder, sets) as descriptors:
        known = mapped([os.dup(each) for each in descriptors], sets)
    try:
        for exhibit, path, reason, *digests in rows:
            if not _borne_out(str(reason), known.matches(*digests)):
                yield f"{exhibit} › {path} is called known good, and the sets do not say so: {reason!r}"
    finally:
        known.close()


def _borne_out(reason: str, matches: list[Match]) -> bool:
    """Say whether the sets that there were at some time, the first so many, make up the reason of an item."""
    said = (reason_of(matches[:count]) for count in range(1, len(matches) + 1))
    return any(each and (reason == each or reason.endswith(f"; {each}")) for each in said)


def _surplus(case: Case, sets: list[Named]) -> Iterator[str]:
    """Yield what lies in the folder of the sets and is none: what an import left that was killed."""
    folder = case.folder / HASHES
    if not folder.is_dir():
        return
    wanted = {file_of(each.number) for each in sets}
    others = [path.name for path in own_files(folder, HASHES_FILE) if path.name not in wanted]
    yield from (
        f"{HASHES}/{name}: what an import had begun, or left: no entry names it, and nothing goes by it"
        for name in others[:MOST_NAMED]
    )
    if len(others) > MOST_NAMED:
        yield f"and {grouped(len(others) - MOST_NAMED)} more in {HASHES}/"
