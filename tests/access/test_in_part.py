"""Searches say how many texts are there in part alone, of those that the filters of the query leave."""

import json
from pathlib import Path

import pytest

from actionday.access.in_part import narrowing
from actionday.storage.index import EVERYTHING, parse
from case_tools import Bench

HEAD = b'<?xml version="1.0"?>'
TORN = HEAD + b"<notes><line>the heron stands by the harbour</line><line>and nobody knows"
WHOLE = HEAD + b"<notes><line>the heron stands by the harbour, all of it</line></notes>"
CUT_MAIL = b"From: a@kestrel.example\r\nSubject: heron\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nthe heron\r\n"


@pytest.fixture
def case(bench: Bench, tmp_path: Path) -> Bench:
    """Two exhibits with three texts in part (two of the same bytes) and others that are whole."""
    for name, files in {
        "one": {
            "a.xml": TORN,
            "b.xml": TORN,
            "c.xml": WHOLE,
            "d.txt": b"the heron went home, said the watch\n",
        },
        "two": {"cut.eml": CUT_MAIL, "whole.txt": b"the harbour is closed on Thursdays, said the watch\n"},
    }.items():
        (tmp_path / name).mkdir()
        for each, data in files.items():
            (tmp_path / name / each).write_bytes(data)
        bench.ingest(tmp_path / name, code=1)
    return bench


def counted(bench: Bench, query: str, *words: str) -> int:
    return int(bench.search(query, *words)["in_part"])


def test_u16_nothing_found_is_said_beside_what_is_there_in_part(case: Bench) -> None:
    found = case.search("nowhereatall")
    issues = {(row["path"], row["code"]) for row in case.export("issues")}
    assert {("a.xml", "broken_off"), ("b.xml", "broken_off")} <= issues
    torn = {path for path, _ in issues if path}
    assert (found["total"], found["in_part"]) == (0, len(torn | {"a.xml", "b.xml"}))
    said = case.run("search", case.folder, "nowhereatall").stdout
    assert f"With a part of the text alone: {found['in_part']} items" in said


def test_filters_leave_those_that_they_find(case: Bench) -> None:
    everything = counted(case, "nowhereatall")
    one, two = counted(case, "nowhereatall exhibit:one"), counted(case, "nowhereatall exhibit:two")
    assert (one, one + two) == (2, everything)
    assert counted(case, "nowhereatall type:xml") == 2
    assert counted(case, "nowhereatall path:a.xml") == 1
    assert counted(case, "nowhereatall NOT exhibit:one") == two
    assert counted(case, "nowhereatall name:c.xml") == 0
    assert counted(case, "nowhereatall OR exhibit:one") == everything, "no filter: either is enough"


def test_an_export_says_it_too(case: Bench) -> None:
    out = case.folder.parent / "rows.jsonl"
    words = ("export", case.folder, "items", "--query", "heron exhibit:one", "-o", out)
    done = case.run(*words, "--json")
    assert json.loads(done.stdout)["in_part"] == 2


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("heron", ""),
        ("heron exhibit:one", "exhibit:one"),
        ("heron (harbour type:xml) NOT kind:file", "type:xml NOT kind:file"),
        ("heron OR exhibit:one", ""),
        ("NOT heron", ""),
        ("meta:heron year:2026", "year:2026"),
        ("(exhibit:one OR exhibit:two) heron", "exhibit:one OR exhibit:two"),
    ],
)
def test_what_narrows_is_what_asks_no_text(query: str, left: str) -> None:
    def shape(text: str) -> str:
        return json.dumps(_plain(parse(text) if text else EVERYTHING))

    assert json.dumps(_plain(narrowing(parse(query)))) == shape(left)


def _plain(node: object) -> object:
    parts = getattr(node, "parts", None)
    if parts is not None:
        plain = [_plain(each) for each in parts]
        return [type(node).__name__, *plain]
    if hasattr(node, "part"):
        return ["Not", _plain(node.part)]
    return [getattr(node, "field", None), getattr(node, "text", None)]
