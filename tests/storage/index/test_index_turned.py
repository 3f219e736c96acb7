"""Names with characters that turn others: found as stored, by their parts, and as they are seen."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionday.storage.index.turned import TURNS, turned
from case_tools import Bench

NAMES = (
    "inv\u202egpj.exe",
    "plan\u200fnote.txt",
    "\u2066memo\u2069report.txt",
    "normal.txt",
    "\u202efdp\u202c.docx",
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name:inv\u202egpj.exe", 0),
        ("name:invgpj.exe", 0),
        ("name:inv", 0),
        ("name:gpj", 0),
        ("name:gpj.exe", 0),
        ("name:exe.jpg", 0),
        ("name:invexe.jpg", 0),
        ("name:note", 1),
        ("name:plannote", 1),
        ("name:report", 2),
        ("name:memo", 2),
        ("name:normal", 3),
        ("name:pdf.docx", 4),
    ],
)
def test_a_name_is_found_as_it_is_stored_and_as_it_is_seen(named: Bench, query: str, found: int) -> None:
    assert [hit["path"] for hit in named.search(query)["hits"]] == [NAMES[found]]


def test_what_turns_is_named_where_it_is_shown(named: Bench) -> None:
    told = named.run("search", named.folder, "name:gpj").stdout
    assert "inv<U+202E>gpj.exe" in told
    assert "\u202e" not in told


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    folder = tmp_path_factory.mktemp("turned")
    (folder / "files").mkdir()
    for name in NAMES:
        (folder / "files" / name).write_text("Kestrel")
    bench = Bench(folder / "case")
    bench.ingest(folder / "files")
    return bench


@given(st.text(st.sampled_from("ab .\u202e\u202c\u200f\u2066\u2069\u05d0"), max_size=30))
def test_what_else_a_name_reads_as_has_its_letters_and_no_mark(name: str) -> None:
    for other in turned(name):
        assert not TURNS.search(other)
        assert sorted(other.replace(" ", "")) == sorted(TURNS.sub("", name).replace(" ", ""))
    assert bool(turned(name)) is bool(TURNS.search(name))
