"""Is the index a function of the database? Every document is made anew and its digest compared."""

from collections.abc import Iterator
from itertools import zip_longest

from actionday.model import Damaged
from actionday.pipeline.documents import documents
from actionday.pipeline.proving.index_files import LIST, absent_files, differing_lists, unfinished_lists
from actionday.pipeline.proving.index_seal import differing_seal, unsealed
from actionday.pipeline.proving.report import Check, Subject
from actionday.pipeline.proving.touched import item as where
from actionday.storage.case import INDEX
from actionday.storage.index import Index, IndexDamaged

AGAIN = "no evidence is touched: the index is made anew by the next ingest where the case can be written"
BESIDE = "no part of the index, which nobody reads; the library names so what it is writing when it is killed"
ANEW = "no evidence is touched: without its folder, the index is made anew by the next ingest"


def check_index(of: Subject) -> Check:
    """Compare the digests in the index with those of the stored items and texts, both ways.

    Documents of a checkpoint that never came to be are those of a run that goes on or was killed.
    """
    case = of.case
    try:
        index = Index.open(case.folder / INDEX)
    except IndexDamaged as damage:
        return _found(0, f"{damage}; {AGAIN}")
    try:
        if torn := [] if case.busy() else _torn(of, index):
            return _found(0, f"{torn[0]}; {AGAIN}")
        checked, difference = _in_step(of, index), ""
        if checked < 0:
            checked, difference = _by_item(of, index)
        if not difference and (differing := differing_seal(of)):  # last: a document is named by its place
            difference = f"{differing}; {ANEW}"
        return _found(checked, difference or None, _later(of, index))
    except (IndexDamaged, Damaged, OSError) as damage:
        return _found(0, str(damage))
    finally:
        index.close()


def _torn(of: Subject, index: Index) -> list[str]:
    """Return what is wrong with the files; one killed while it commits may leave files that no list has yet."""
    return [*index.damage(), *differing_lists(of.case.folder / INDEX, unlisted=of.growing)]


def _later(of: Subject, index: Index) -> tuple[str, ...]:
    later = sum(seq > of.case.seq for _, seq, _ in index.items()) if of.growing else 0
    folder = of.case.folder / INDEX
    said = [f"index/{name}: {BESIDE}" for name in unfinished_lists(folder)]
    if absent := absent_files(folder):
        said.append(
            f"{len(absent)} files that index/{LIST} lists and that are not there, the first {absent[0]!r}"
        )
    if later:
        said.append(
            f"{later} documents of the index behind the last checkpoint: a run had begun to store them"
        )
    return (*said, *unsealed(of))


def _in_step(of: Subject, index: Index) -> int:
    """Return how many documents agree where all do, in the order both were stored in and none uncounted; else -1.

    Holds one document of each; an order that differs is not yet a difference.
    """
    checked, last, held = 0, of.case.seq, 0

    def counted() -> Iterator[tuple[str, bytes]]:
        nonlocal held
        for item, seq, digest in index.items():
            held += 1
            if _counts(of, seq, last):
                yield item, digest

    for expected, found in zip_longest(_expected(of), counted()):
        if expected is None or expected != found:
            return -1
        checked += 1
    return checked if held == index.documents() else -1


def _by_item(of: Subject, index: Index) -> tuple[int, str]:
    """Compare by item, and count; return how many agree, and the first that differs, is missing, is there more than
    once, or is one too many, "" where none is."""
    held, doubled, listed, last = dict[str, bytes](), list[str](), 0, of.case.seq
    for item, seq, digest in index.items():
        listed += 1
        if _counts(of, seq, last):
            if item in held:
                doubled.append(item)
            held[item] = digest
    checked, differing, first = 0, 0, ""
    for item, digest in _expected(of):
        if held.pop(item, None) == digest:
            checked += 1
        else:
            first, differing = first or item, differing + 1
    if doubled:
        return (
            checked,
            f"{where(of.case, doubled[0])} is in the index more than once{_so_are(len(set(doubled)))}",
        )
    if first:
        return checked, f"{where(of.case, first)} is not indexed as it is stored{_so_are(differing)}"
    if held:
        return checked, f"item {next(iter(held))} is in the index alone{_so_are(len(held))}"
    if listed != (documents := index.documents()):
        return checked, f"it holds {documents} documents, and {listed} of them under a number of their own"
    return checked, ""


def _counts(of: Subject, seq: int, last: int) -> bool:
    """Say whether a document belongs to what is proved: a run may be adding more behind the last checkpoint."""
    return seq <= last or not of.growing


def _so_are(count: int) -> str:
    return f", and {count - 1} more" if count > 1 else ""


def _expected(of: Subject) -> Iterator[tuple[str, bytes]]:
    for each in documents(of.case, of.packs):
        yield each.item, Index.digest(each)


def _found(checked: int, difference: str | None, later: tuple[str, ...] = ()) -> Check:
    return Check(name="index", what="documents", checked=checked, difference=difference, not_proved=later)
