"""What is stored in a case and was altered there: a text or an entry of the ledger is never given as if it were whole."""

import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from altered_case import alter_text, forge_entry
from made_case import copied
from site_server import Site, parsed

from actionday.app.cli.main import run
from actionday.model import Damaged
from actionday.pipeline.repair import rebuild
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.objects import Packs, compress
from actionday.storage.objects.packs import HELD_EACH_TIME
from case_tools import Row, rows_of
from conftest import Made

WORDS = "Kestrel radio is on air every evening"
ALTERED = "it was altered"
Read = pytest.CaptureFixture[str]


@pytest.fixture
def folder(made: Made, tmp_path: Path) -> Path:
    copied(made.folder, tmp_path / "kestrel")
    return tmp_path / "kestrel"


@pytest.fixture
def site(folder: Path) -> Iterator[Site]:
    opened = Site(folder)
    yield opened
    opened.close()


def exported(folder: Path, kind: str, capsys: Read, *more: str) -> tuple[int, list[Row], str]:
    code = run(["export", str(folder), kind, *more])
    said = capsys.readouterr()
    return code, rows_of(said.out), said.err


def test_an_altered_text_is_a_hit_without_a_snippet(
    folder: Path, made: Made, site: Site, capsys: Read
) -> None:
    altered = alter_text(folder, made.ids["english"])
    found = json.loads(site.get("search", q="radio", format="json").text)
    assert len(found["hits"]) > 1
    for hit in found["hits"]:
        assert (hit["snippet"] == "", ALTERED in (hit["problem"] or "")) == (hit["sha256"] == altered,) * 2
    assert "The stored text cannot be read." in parsed(site.get("search", q="radio").text).text
    assert run(["search", str(folder), "radio"]) == 1
    assert ALTERED in capsys.readouterr().out


def test_an_altered_text_is_shown_nowhere(folder: Path, site: Site, made: Made, capsys: Read) -> None:
    item = made.ids["english"]
    assert WORDS in parsed(made.site.get(f"i/{item}").text).text
    altered = alter_text(folder, item)
    for address in (f"i/{item}", f"h/{altered}"):
        for asked in ({}, {"q": "radio"}, {"at": "10"}):
            page = parsed(site.get(address, **asked).text)
            assert ALTERED in page.text
            assert not page.all("pre", "text")
    for words in (["--text"], ["--json"], []):
        assert run(["show", str(folder), item, *words]) == 1
        said = capsys.readouterr()
        assert "evening at eight" not in said.out
        assert ALTERED in said.err


def test_an_altered_text_is_left_out_of_an_export_that_says_so(
    folder: Path, made: Made, capsys: Read, tmp_path: Path
) -> None:
    _, whole, _ = exported(folder, "texts", capsys)
    altered = alter_text(folder, made.ids["english"])
    code, rows, said = exported(folder, "texts", capsys)
    assert (code, len(rows)) == (1, len(whole))
    for row, before in zip(rows, whole, strict=True):
        if row["sha256"] != altered:
            assert row == before
        else:
            assert row["text"] is None
            assert ALTERED in row["problem"]
    assert altered in said
    assert "1 thing is not as stored" in said
    assert exported(folder, "texts", capsys, "--query", "radio")[0] == 1
    assert run(["export", str(folder), "texts", "-o", str(tmp_path / "t.jsonl"), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["differing"], altered in told["differs"][0]) == (1, True)
    _, entries, _ = exported(folder, "ledger", capsys)
    ends = [row["details"] for row in entries if row["action"] == "exported" and row["subject"] == "texts"]
    assert [each.get("differing") for each in ends[-4:]] == [None, 1, 1, 1]


def test_no_index_is_made_of_an_altered_text(folder: Path, made: Made) -> None:
    alter_text(folder, made.ids["english"])
    case = Case.open(folder)
    packs = Packs(folder / OBJECTS)
    with pytest.raises(Damaged, match=r"S-0.*it was altered"):
        rebuild(case, packs, folder / INDEX, 32 << 20)
    packs.close()
    case.close()


def test_a_large_text_is_held_against_its_hash_once_until_its_pack_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page of a text of 300 MB takes a second to hold, and another page of it nothing."""
    large, small = (b"radio %d\n" * size for size in (HELD_EACH_TIME // 8, 9))
    packs = Packs(tmp_path)
    packs.begin({})
    kept = [(sha256(data).digest(), len(data), compress(data)) for data in (large, small)]
    places = [(each[0], packs.put(*each)) for each in kept]
    packs.flush()
    read: list[bytes] = []
    pieces = packs.pieces
    monkeypatch.setattr(
        packs, "pieces", lambda expected, place: read.append(expected) or pieces(expected, place)
    )
    for _ in range(2):
        packs.hold(*places[0])
    assert len(read) == 2  # the pack was written to just now: whether again, its time of change may not tell
    monkeypatch.setattr("actionday.storage.objects.packs.SETTLED_SECONDS", -1)
    for place in (*places, *places):
        packs.hold(*place)
    assert [read.count(each[0]) for each in places] == [3, 2]
    with packs.path(1).open("ab") as out:
        out.write(b"more")
    packs.hold(*places[0])
    assert read.count(places[0][0]) == 4
    with pytest.raises(Damaged, match=ALTERED):
        packs.whole(places[1][0], places[0][1])
    packs.close()


@pytest.mark.parametrize("hashed", [False, True])
def test_a_forged_entry_is_named_by_the_export_of_the_ledger(
    folder: Path, capsys: Read, hashed: bool
) -> None:
    assert run(["search", str(folder), "radio"]) == 0
    capsys.readouterr()
    code, whole, said = exported(folder, "ledger", capsys)
    assert (code, said) == (0, "")
    assert all(row["problem"] is None for row in whole)
    searched = [row for row in whole if row["action"] == "searched"][-1]  # others may have searched before
    forge_entry(folder, searched["index"], '"subject":"radio"', '"subject":"nobody"', hashed=hashed)
    code, rows, said = exported(folder, "ledger", capsys)
    assert code == 1
    assert [row["index"] for row in rows] == list(range(len(rows)))
    assert len(rows) >= len(whole)
    marked = [row["index"] for row in rows if row["problem"]]
    assert marked
    assert marked[0] >= searched["index"]
    assert (marked == [searched["index"]]) or hashed
    assert f"entry {marked[0]}" in said


def test_entries_cut_off_or_unreadable_are_named_by_the_export_of_the_ledger(
    folder: Path, capsys: Read
) -> None:
    forge_entry(folder, 1, '{"action"', '{"act":"action"')
    code, rows, _ = exported(folder, "ledger", capsys)
    assert (code, rows[1]["action"], bool(rows[1]["problem"])) == (1, None, True)


def test_a_forged_entry_is_no_entry_of_the_pages(folder: Path, site: Site, made: Made) -> None:
    item = made.ids["english"]
    site.get(f"i/{item}")
    number = len(site.entries()) - 1
    assert site.entries()[number][0] == "viewed"
    forge_entry(folder, number, '"actor":"', '"actor":"not-')
    for address, more in (("ledger", {"at": str(number)}), (f"i/{item}", {"tab": "history"})):
        page = parsed(site.get(address, **more).text)
        assert "altered after it was signed" in page.text
        assert "leaf hash" in page.text
