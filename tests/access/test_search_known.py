"""What the index holds and no transaction knows is in no answer: after a kill, and while an ingest goes on."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from actionday.access.found import find
from actionday.access.search import Searcher
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX
from actionday.storage.database import transaction
from actionday.storage.index import Document, Index, QueryError
from case_tools import Bench, crashed

EVERYTHING = "NOT zzzz"
FACETS = ("kind", "exhibit", "type", "language", "script", "status", "year")
TEXT = "The kestrel radio schedule for Monday is with the keeper of the harbour, number {0}: word{0:03}.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "site"
    folder.mkdir()
    for number in range(120):
        (folder / f"{number:03}.txt").write_text(TEXT.format(number))
    (folder / "000.txt").write_text("The lantern of the kestrel radio.\n")
    return folder


@pytest.mark.parametrize("earlier", [0, 1])
def test_killed_between_the_commits_nothing_is_found_that_the_case_does_not_hold(
    bench: Bench, site: Path, tmp_path: Path, earlier: int
) -> None:
    if earlier:
        (tmp_path / "note.txt").write_text("Another note on the kestrel radio, taken in before.")
        bench.ingest(tmp_path / "note.txt")
    point = ("actionday.storage.index.index:Index.commit", "after", 1)
    assert crashed(*point, "ingest", bench.folder, site, "--workers", "1").returncode == -9
    with closing(Case.open(bench.folder)) as case:
        held = {item.hex() for (item,) in case.database.execute("SELECT id FROM items")}
        with closing(Index.open(case.folder / INDEX)) as index:
            beyond = [record for record in index.records() if record.item not in held]
        assert beyond, "the index is not ahead: this proves nothing"
        searcher = Searcher(case)
        found = searcher.search(EVERYTHING, limit=1000, facets=FACETS)
        assert {hit.item for hit in found.hits} == set(searcher.every(EVERYTHING)) == held
        assert found.total == len(held)
        facets = searcher.facets(EVERYTHING, {}, FACETS)
        assert sum(number for _, number in facets["kind"]) == len(held)
        for record in beyond:
            word = f"word{record.path[-7:-4]}"
            absent = searcher.search(word, limit=1, filters={"status": ["parsed"]})
            assert (absent.total, absent.contents, absent.hits) == (0, 0, ())
            assert absent.nearest is None or absent.nearest.total
            assert absent.hints is not None and not any(one.total or one.names for one in absent.hints.words)
            assert absent.unsearched == {}
        searcher.close()
        find(case, EVERYTHING)
        assert case.database.execute("SELECT COUNT(*) FROM temp.found").fetchone()[0] == len(held)
    said = bench.run("search", bench.folder, EVERYTHING, "--json")
    assert json.loads(said.stdout)["total"] == len(held)
    exported = bench.run("export", bench.folder, "items", "--query", EVERYTHING)
    assert len(exported.stdout.splitlines()) == len(held)
    bench.ingest(site)
    assert json.loads(bench.run("search", bench.folder, "kestrel", "--json").stdout)["total"] == 120 + earlier


def document(item: str, seq: int, *words: str, mime: str = "text/plain") -> Document:
    return Document(
        item=item, seq=seq, exhibit="site", path="late.txt", name="late.txt", kind="file", status="parsed", mime=mime,
        sha256=item, body=tuple(word.encode() for word in words), year=None, languages=(), script=None, alt=(),
    )  # fmt: skip


@pytest.fixture
def ahead(bench: Bench, site: Path) -> Iterator[tuple[Case, Searcher]]:
    """A case whose searcher was opened before an ingest committed a document that the database has not yet."""
    bench.ingest(site)
    with closing(Case.open(bench.folder)) as case:
        searcher = Searcher(case)
        with closing(Index.open(case.folder / INDEX, writable=True)) as index:
            words = ("kestrel", "zeppelin", "lanterm")
            index.add([document("f" * 64, case.seq + 1, *words, mime="x-late/kestrel")])
            index.add(document(f"{number:064}", case.seq + 2, "lanterm") for number in range(3))
            index.commit(case.seq + 2)
        yield case, searcher
        searcher.close()


def test_what_is_committed_to_the_index_is_found_once_the_database_has_it(
    ahead: tuple[Case, Searcher],
) -> None:
    case, searcher = ahead
    assert searcher.search("kestrel", limit=200).total == 120
    assert searcher.search("zeppelin", limit=1).total == 0
    assert searcher.facets("kestrel", {}, ["type"])["type"] == [("text/plain", 120)]
    with transaction(case.database) as database:
        columns = [row[1] for row in database.execute("PRAGMA table_info(items)") if row[1] != "n"]
        others = [name for name in columns if name not in ("id", "seq", "place")]
        database.execute(
            f"INSERT INTO items (id, seq, place, {', '.join(others)}) "
            f"SELECT ?, ?, 'late', {', '.join(others)} FROM items WHERE path = '001.txt'",
            (b"\xff" * 32, case.seq + 1),
        )
        case.put({"seq": str(case.seq + 1)})
    assert searcher.search("kestrel", limit=200).total == 121
    assert searcher.search("zeppelin", limit=1).total == 1
    assert dict(searcher.facets("kestrel", {}, ["type"])["type"]) == {"text/plain": 120, "x-late/kestrel": 1}


def test_neither_a_nearest_word_nor_a_type_is_told_of_what_is_not_in_the_case(
    ahead: tuple[Case, Searcher],
) -> None:
    _, searcher = ahead
    assert searcher.search("zeppelim", limit=1).nearest is None
    nearest = searcher.search("lanterx", limit=1).nearest  # more would have lanterm, if anybody knew of them
    assert nearest is not None
    assert (nearest.query, nearest.total) == ("lantern", 1)
    with pytest.raises(QueryError, match="knows no 'x-late/kestrel'"):
        searcher.search("type:x-late/kestrel", limit=1)
