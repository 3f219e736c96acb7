"""Is the index a function of the database? Every document is made anew and its digest compared."""

from collections.abc import Iterator
from itertools import zip_longest

from actionday.model.counted import grouped, parted
from actionday.pipeline.proving.index_files import (
    LIST,
    absent_files,
    differing_lists,
    left_behind,
    unfinished_lists,
)
from actionday.pipeline.proving.index_seal import differing_seal, unsealed
from actionday.pipeline.proving.made_again import made_again
from actionday.pipeline.proving.report import Check, Subject
from actionday.pipeline.proving.touched import item as where
from actionday.pipeline.proving.touched import place
from actionday.storage.case_parts import INDEX
from actionday.storage.index import Index, IndexDamaged, OtherVersions, damage
from actionday.storage.index.folder import is_empty

AGAIN = "no evidence is touched: the index is made anew by the next ingest where the case can be written"
NO_PART = (
    "no part of the index, which nobody reads; the library names so what it is writing when it is killed"
)
OTHERWISE = (
    "is neither proved nor searched as it stands; the next ingest makes it anew where the case can be written"
)
UNMADE = "cannot be compared with its document: its row or its text, of which it was made, is spoiled"
ANEW = "no evidence is touched: without its folder, the index is made anew by the next ingest"


def check_index(of: Subject) -> Check:
    """Compare the digests in the index with those of the stored items and texts, both ways.

    Documents of a checkpoint that never came to be are those of a run that goes on or was killed.
    """
    case = of.case
    if is_empty(case.folder / INDEX):
        items = case.database.execute("SELECT EXISTS (SELECT 1 FROM items)").fetchone()[0]
        return _found(0, f"the index is missing; {AGAIN}" if items else None, unsealed(of))
    try:
        index = Index.open(case.folder / INDEX)
    except OtherVersions as versions:
        return _of_other_versions(of, versions)
    except IndexDamaged as damaged:
        return _found(0, f"{damaged}; {AGAIN}")
    try:
        if torn := _torn(of, index):
            return _found(0, f"{torn[0]}; {AGAIN}")
        checked, difference = _in_step(of, index), ""
        if checked < 0:
            checked, difference = _by_item(of, index)
        if not difference and (differing := differing_seal(of)):  # last: a document is named by its place
            difference = f"{differing}; {ANEW}"
        return _found(checked, difference or None, _later(of, index))
    except IndexDamaged as damaged:
        return _found(0, f"{damaged}; {AGAIN}")
    except OSError:
        return _found(0, f"its files cannot be read from the disk; {AGAIN}")
    finally:
        index.close()


def _of_other_versions(of: Subject, versions: OtherVersions) -> Check:
    """Hold its files against their checksums and the seal, which need no reading; its documents are not proved.

    Nobody is deceived by versions that somebody put in: an index that says so is not searched.
    """
    try:
        torn = damage(of.case.folder / INDEX)
        differing = next(iter(torn), None) or differing_seal(of)
    except IndexDamaged as damaged:
        differing = str(damaged)
    return _found(
        0,
        f"{differing}; {AGAIN}" if differing else None,
        (f"index: {versions}; it {OTHERWISE}", *unsealed(of)),
    )


def _torn(of: Subject, index: Index) -> list[str]:
    """Return what is wrong with the files; a run at work, or killed while it commits, may have some in no list yet."""
    return [*index.damage(), *differing_lists(of.case.folder / INDEX, unlisted=of.growing)]


def _later(of: Subject, index: Index) -> tuple[str, ...]:
    later = sum(seq > of.case.seq for _, seq, _ in index.items()) if of.growing else 0
    folder = of.case.folder / INDEX
    said = [f"index/{name}: {NO_PART}" for name in unfinished_lists(folder)]
    said += [f"index/{each}" for each in left_behind(folder)]
    if absent := absent_files(folder):
        is_ = "is" if len(absent) == 1 else "are"
        said.append(
            f"{parted(len(absent), 'file')} that index/{LIST} lists and that {is_} not there, the first {absent[0]!r}"
        )
    if later:
        said.append(
            f"{parted(later, 'document')} of the index behind the last checkpoint: a run had begun to store them"
        )
    return (*said, *unsealed(of))


def _in_step(of: Subject, index: Index) -> int:
    """Return how many documents agree where all do, in the order both were stored in and none uncounted; else -1.

    Holds one document of each; an order that differs is not yet a difference.
    """
    checked, listed = 0, Named()
    for expected, held in zip_longest(made_again(of), _held(of, index, listed)):
        if expected is None or (expected.item, expected.digest) != held:
            return -1
        checked += 1
    return checked if listed.count == index.documents() else -1


def _by_item(of: Subject, index: Index) -> tuple[int, str]:
    """Compare by item, and count; return how many agree, and the first document that differs, is missing, is there
    more than once, or is one too many, "" where none is.

    A document whose row or text is spoiled cannot be compared: the index is not to blame for it.
    """
    held, doubled, listed = dict[str, bytes](), Named(), Named()
    for item, known in _held(of, index, listed):
        if item in held:
            doubled.add(item)
        held[item] = known
    checked, differing, unmade = 0, Named(), Named()
    later = _replaced(of, index)
    for item, digest, _ in made_again(of):
        there = held.pop(item, None)
        if there is None and item in later:
            continue
        if digest is not None and there == digest:
            checked += 1
        else:
            (unmade if digest is None else differing).add(item)
    if doubled.first:
        return (
            checked,
            f"{where(of.case, doubled.first)} is in the index more than once{_so_are(doubled.count)}",
        )
    if differing.first:
        first = f"{where(of.case, differing.first)} is not indexed as it is stored"
        return checked, f"{first}{_so_are(differing.count)}"
    if unmade.first:
        return checked, f"{where(of.case, unmade.first)} {UNMADE}{_so_are(unmade.count)}"
    if held:
        return checked, f"{_as_indexed(index, next(iter(held)))} is in the index alone{_so_are(len(held))}"
    if listed.count != (documents := index.documents()):
        return (
            checked,
            f"it holds {parted(documents, 'document')}, and {grouped(listed.count)} of them under a number of their "
            "own",
        )
    return checked, ""


def _replaced(of: Subject, index: Index) -> frozenset[str]:
    """Return the items of which the index has a document of a checkpoint that never came to be: it had begun to take
    the place of another, which the next run puts back."""
    last = of.case.seq
    return frozenset(item for item, seq, _ in index.items() if seq > last) if of.growing else frozenset()


class Named:
    """How many items something is true of, and the first."""

    def __init__(self) -> None:
        self.first, self.count = "", 0

    def add(self, item: str) -> None:
        """Count one."""
        self.first, self.count = self.first or item, self.count + 1


def _as_indexed(index: Index, item: str) -> str:
    """Return where an item without a row was, as the index has it."""
    found = next((each for each in index.records() if each.item == item), None)
    return f"{place(found.exhibit, found.path)} (item {item})" if found else f"item {item}"


def _so_are(count: int) -> str:
    return f", and {grouped(count - 1)} more" if count > 1 else ""


def _held(of: Subject, index: Index, listed: Named) -> Iterator[tuple[str, bytes]]:
    """Yield item and digest of each document up to the checkpoint that is proved; a run may be adding more.

    ``listed`` counts all of them.
    """
    last = of.case.seq
    for item, seq, digest in index.items():
        listed.add(item)
        if seq <= last or not of.growing:
            yield item, digest


def _found(checked: int, difference: str | None, later: tuple[str, ...] = ()) -> Check:
    return Check(name="index", what="documents", checked=checked, difference=difference, not_proved=later)
