"""The issue log: a line stands once, however often it was said and whether a run was killed between."""

from pathlib import Path

from actionday.pipeline.messages import Issue
from actionday.pipeline.repair import repair
from actionday.pipeline.work import Work
from actionday.pipeline.writer import Writer
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.index import Sealing
from actionday.storage.objects import Packs

FACTS = {"name": "Kestrel", "authority": "AN", "country": "ES", "legal_basis": "order 12/2026"}
LINE = Issue(bytes(16), "list", "disk.vhd", "backup", "behind the end @1079296")


def test_a_line_that_is_said_again_stands_once_in_any_run_and_once_an_exhibit(tmp_path: Path) -> None:
    case = Case.create(tmp_path / "case", FACTS)
    packs = Packs(case.folder / OBJECTS)
    index, _ = repair(case, packs, 32 << 20)
    writer = Writer(case, index, packs, Work(case), Sealing(case.folder / INDEX))
    for exhibit in (1, 1, 2):
        writer.issue_once(exhibit, LINE)
    writer.checkpoint()
    writer.issue_once(1, LINE)
    writer.checkpoint()
    assert case.database.execute("SELECT exhibit, reason FROM issues ORDER BY n").fetchall() == [
        (1, LINE.reason),
        (2, LINE.reason),
    ]
    assert writer.failures["backup"] == 2
    index.close()
    packs.close()
    case.close()
