"""However much an image tells of itself, its exhibit can be closed, and what was cut is said."""

import random
import sys
from pathlib import Path

import msgspec
import pytest

from actionday.pipeline.fitting import LEAST, MOST, fitting
from case_tools import Bench

SOURCES = Path(__file__).resolve().parents[1] / "sources"
for folder in (SOURCES, SOURCES / "images"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from ewf_writer import with_header


def test_facts_that_fit_stay_as_they_are() -> None:
    facts = {"ewf": {"notes": "é" * 60_000, "read_errors": [[1, 2]] * 1000}}
    assert fitting(facts, MOST) == (facts, len(msgspec.json.encode(facts)), "")


@pytest.mark.parametrize("left", [MOST, 10_000, -5])
@pytest.mark.parametrize(
    "facts",
    [
        {"ewf": {"notes": '"\0' * 500_000, "examiner": "Novak"}},
        {"ewf": {"further": {f"key {n}": "é" * 100 for n in range(20_000)}}},
        {"ewf": {"read_errors": [[n, 1] for n in range(100_000)]}, "vmdk": {"descriptor": "x" * 70_000}},
        {"k" * 2_000_000: "long"},
    ],
    ids=["a text", "many keys", "a list", "a key"],
)
def test_longer_ones_are_cut_and_it_is_said(facts: dict[str, object], left: int) -> None:
    found, size, cut = fitting(facts, left)
    assert size == len(msgspec.json.encode(found)) or not found
    assert size <= max(left, LEAST)
    assert f"is {len(msgspec.json.encode(facts))} bytes long" in cut


@pytest.mark.tools
def test_an_exhibit_with_a_megabyte_of_notes_is_closed(bench: Bench, tmp_path: Path) -> None:
    words = '"é ' * random.Random(1).randrange(330_000, 340_000)
    (tmp_path / "folder").mkdir()
    for place in (tmp_path / "case.E01", tmp_path / "folder" / "case.E01"):
        place.write_bytes(with_header(f"1\nmain\nc\te\tt\nK-7\tNovak\t{words}\n\n"))
        bench.ingest(place if place.parent == tmp_path else place.parent, code=1)
    said = [row["reason"] for row in bench.export("issues") if row["code"] == "text_cut"]
    assert len(said) == 2
    assert "each text and list is cut behind 65536" in said[0]
    meta = bench.item("case.E01")["meta"]
    assert meta["ewf"]["examiner"] == "Novak"
    assert len(meta["ewf"]["notes"]) == 65536
    assert bench.verify()["ok"]
