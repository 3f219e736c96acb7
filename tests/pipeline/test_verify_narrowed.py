"""Naming a row that differs reads the index through and keeps none of it."""

import tracemalloc
from pathlib import Path

import pytest

from actionday.pipeline.proving.narrowed import Few, _unlike_the_index
from actionday.pipeline.proving.report import MOST_NAMED, Subject
from actionday.pipeline.proving.told import Told
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.index import Document, Index
from actionday.storage.objects import Packs

FACTS = {"name": "Kestrel", "authority": "AN", "country": "ES", "legal_basis": "1/2026"}


def filled(folder: Path, count: int, seq: int) -> None:
    """Make an index of so many documents, all of one checkpoint."""
    index = Index.open(folder, writable=True)
    index.add(
        Document(
            f"{n:032x}", seq, "S-01", f"{'folder/' * 40}{n}", str(n), "file", "parsed", "text/plain", None, None,
            (), None, (), (),
        )
        for n in range(count)
    )  # fmt: skip
    index.commit(seq)
    index.close()


@pytest.mark.parametrize(("seq", "named"), [(2, 0), (1, 4000)], ids=["of other checkpoints", "of this one"])
def test_the_index_is_not_held_in_memory(tmp_path: Path, signing_key: None, seq: int, named: int) -> None:
    case = Case.create(tmp_path / "case", FACTS)
    filled(case.folder / INDEX, 4000, seq)
    of, few = Subject(case, Packs(case.folder / OBJECTS), Told(), False), Few()
    tracemalloc.start()
    few.take(_unlike_the_index(of, 1))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (few.count, len(few.lines)) == (named, min(named, MOST_NAMED))
    assert all("is gone: the index has it" in line for line in few.lines)
    assert peak < 1 << 20, "one batch of records, and a hundred lines"
    case.close()
