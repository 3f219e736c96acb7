"""Bringing objects and index in line with the database, as every start of a run does by itself.

The database is the truth: what objects and index hold beyond it never happened, and an index that is torn,
missing, of another version or not what the last run sealed is made anew from the stored texts. MUST: the run is in
the ledger before anything of this is done, so that whoever proves the case meanwhile knows that it changes.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

from actionday.ledger import Action
from actionday.model.counted import counted
from actionday.pipeline.documents import documents
from actionday.pipeline.seal import MADE_ANEW, Seal, hold
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX
from actionday.storage.database.rows import pack_ends
from actionday.storage.index import Document, Index, IndexDamaged
from actionday.storage.objects import Packs

REBUILD_BATCH = 2_000
TRIES = 1_000


def repair(case: Case, packs: Packs, heap: int, seal: Seal | None = None) -> tuple[Index, list[str]]:
    """Return the index ready for writing, and sentences on what had to be mended.

    ``seal``: the last one before this run, None where nobody vouches for what lies in the index.
    """
    mended = []
    if cut := packs.begin(pack_ends(case.database)):
        mended.append(f"objects: {counted(cut, 'byte')} of an unfinished checkpoint cut off")
    folder = case.folder / INDEX
    try:
        hold(folder, seal)
        index = Index.open(folder, heap_bytes=heap, writable=True)
        if index.documents() != _items(case):
            index.close(hurried=True)
            raise IndexDamaged(f"it holds {index.documents()} documents, the database {_items(case)} items")
    except IndexDamaged as damage:
        index = rebuild(case, packs, folder, heap)
        if seal or case.seq:  # before the first checkpoint there is nothing that it could be made of
            mended.append(f"{MADE_ANEW} from the stored texts, because {damage}")
    if mended:
        case.log(Action.REPAIR, "", {"mended": list(mended)})
    return index, mended


def _items(case: Case) -> int:
    return int(case.database.execute("SELECT COUNT(*) FROM items").fetchone()[0])


def rebuild(case: Case, packs: Packs, folder: Path, heap: int) -> Index:
    """Make the index anew from database and objects; return it ready for writing."""
    for _ in range(TRIES):  # merging that an earlier writer began may put a file there meanwhile
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            break
    index = Index.open(folder, heap_bytes=heap, writable=True)
    for batch in _batched(documents(case, packs)):
        index.add(batch)
    index.commit(case.seq)
    return index


def _batched(found: Iterator[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    for each in found:
        batch.append(each)
        if len(batch) >= REBUILD_BATCH:
            yield batch
            batch = []
    yield batch
