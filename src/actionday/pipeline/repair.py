"""Bringing objects and index in line with the database, as every start of a run does by itself.

The database is the truth: what objects and index hold beyond it never happened, and an index that is torn,
missing, of another version or not what the last run sealed is made anew from the stored texts. MUST: the run is in
the ledger before anything of this is done, so that whoever proves the case meanwhile knows that it changes.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from actionday.ledger import Action
from actionday.model import Damaged
from actionday.model.counted import parted
from actionday.pipeline.documents import documents
from actionday.pipeline.proving.index_files import differing_lists
from actionday.pipeline.proving.recorded import check_rows
from actionday.pipeline.proving.report import Subject
from actionday.pipeline.proving.told import told
from actionday.pipeline.seal import Seal, hold
from actionday.storage.case import Case
from actionday.storage.case_parts import DATABASE, INDEX, MADE_ANEW, TEMPORARY
from actionday.storage.database.rows import pack_ends
from actionday.storage.index import Document, Index, IndexDamaged, Sealing, digests
from actionday.storage.index.exchange import take_place
from actionday.storage.objects import Packs

REBUILD_BATCH = 2_000


def repair(
    case: Case, packs: Packs, heap: int, seal: Seal | None = None, sealing: Sealing | None = None
) -> tuple[Index, list[str]]:
    """Return the index ready for writing, and sentences on what had to be mended.

    ``seal``: the last one before this run, None where nobody vouches for what lies in the index. ``sealing`` is told
    what it was found to be. Raises Damaged where it has to be made anew, and the rows are not those recorded.
    """
    mended = []
    if cut := packs.begin(pack_ends(case.database)):
        mended.append(f"objects: {parted(cut, 'byte')} of an unfinished checkpoint cut off")
    folder = case.folder / INDEX
    try:
        found, undone = hold(folder, seal)
        index = Index.open(folder, heap_bytes=heap, writable=True)
        if why := _differs(case, index):
            index.close(hurried=True)
            raise IndexDamaged(why)
        if sealing:
            sealing.take(found)
        if undone:
            mended.append(
                f"index: put back to checkpoint {case.seq}: what was committed behind it is in no transaction"
            )
    except IndexDamaged as damage:
        hold_rows(case, packs)
        index = rebuild(case, packs, folder, heap)
        if sealing:
            sealing.now()
        if seal or case.seq:  # before the first checkpoint there is nothing that it could be made of
            mended.append(f"{MADE_ANEW} from the stored texts, because {damage}")
    if mended:
        case.log(Action.REPAIR, "", {"mended": list(mended)})
    return index, mended


def _differs(case: Case, index: Index) -> str:
    """Return why an index that is what was sealed is none of these rows, "" where it is."""
    if index.documents() != _items(case):
        return (
            f"it holds {parted(index.documents(), 'document')}, the database {parted(_items(case), 'item')}"
        )
    return next(iter(differing_lists(index.folder, unlisted=False)), "")


def hold_rows(case: Case, packs: Packs) -> None:
    """Raise Damaged where the rows are not those that the ledger recorded, and say which: no index is made of them.

    Else the new one would say the same as they do, and nothing could tell any more which of them was altered.
    """
    difference = check_rows(Subject(case, packs, told(case), growing=True)).difference
    if difference:
        raise Damaged(
            f"{case.folder}: the index would be made anew, and {DATABASE} is not what the ledger recorded "
            f"({difference}): no index is made of altered rows. actionday verify names them"
        )


def sealed_anew(case: Case, packs: Packs, heap: int, damage: IndexDamaged) -> tuple[dict[str, str], str]:
    """Make the index anew at the end of a run in which somebody altered it; return its seal, and what was mended."""
    hold_rows(case, packs)
    rebuild(case, packs, case.folder / INDEX, heap).close()
    mended = f"{MADE_ANEW} from the stored texts, because {damage}"
    case.log(Action.REPAIR, "", {"mended": [mended]})
    return digests(case.folder / INDEX), mended


def _items(case: Case) -> int:
    return int(case.database.execute("SELECT COUNT(*) FROM items").fetchone()[0])


def rebuild(case: Case, packs: Packs, folder: Path, heap: int) -> Index:
    """Make the index anew from database and objects; return it ready for writing.

    It is made beside the earlier one, which stays as it is until all of the new one is there: a run that is killed
    meanwhile leaves no less than it found.
    """
    beside = case.folder / TEMPORARY / INDEX
    shutil.rmtree(beside, ignore_errors=True)
    made = Index.open(beside, heap_bytes=heap, writable=True)
    try:
        for batch in _batched(documents(case, packs)):
            made.add(batch)
        made.commit(case.seq)
    finally:
        made.close()
    take_place(beside, folder)
    shutil.rmtree(beside, ignore_errors=True)
    return Index.open(folder, heap_bytes=heap, writable=True)


def _batched(found: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for each in found:
        batch.append(each)
        if len(batch) >= REBUILD_BATCH:
            yield batch
            batch = []
    yield batch
