"""What a court asks beside an item: its exhibit's hashes, who acquired that when and with what, the last proof."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from made_case import ARABIC, make_case
from site_server import Site, parsed

from actionday import __version__
from actionday.access.ledger import last_proof
from actionday.access.provenance import provenance
from actionday.ledger import Action
from actionday.storage.case import Case
from conftest import Made

TABS = ("text", "metadata", "places", "bytes", "history")


def test_the_exhibit_of_an_item_stands_beside_its_own_hashes(made: Made) -> None:
    shown = parsed(made.site.get(f"i/{made.ids['long']}", tab="metadata").text).one("div", "provenance")
    case = Case.open(made.folder)
    found = provenance(case.database, 2)
    case.close()
    assert found is not None
    assert found.entry is not None and found.entry.entry is not None
    assert [source.sha256 for source in found.sources] != [None]
    for said in (
        found.id,
        *(source.sha256 or "not hashed" for source in found.sources),
        "tester",
        "Actionday 0.1.0",
    ):
        assert said in shown.text
    assert f"ledger?at={found.entry.number}" in " ".join(a.attributes["href"] for a in shown.all("a"))
    assert (found.entry.entry.action, found.entry.entry.subject) == (Action.EXHIBIT_ACQUIRED, "S-03")


def test_a_folder_that_was_really_ingested_names_its_version_and_that_each_file_has_its_own_hash(
    real: Made,
) -> None:
    item = next(iter(real.ids.values()))
    shown = parsed(real.site.get(f"i/{item}", tab="metadata").text).one("div", "provenance").text
    assert f"Actionday {__version__}" in shown
    assert "a folder: each file has its own hash" in shown
    assert "tester" in shown


def test_what_the_imager_noted_is_shown_as_text_and_its_hash_beside_ours(made: Made) -> None:
    page = parsed(made.site.get(f"i/{made.ids['long']}", tab="metadata").text).one("div", "provenance")
    assert "<b>M. Ortega</b>" in page.text
    assert "1d" * 20 in page.text
    assert "1e" * 20 in page.text
    assert {"the same", "differs"} <= {sign.text for sign in page.all("span", "sign")}


def test_the_last_proof_stands_beside_it_with_the_head_that_was_verified(real: Made) -> None:
    item = next(iter(real.ids.values()))
    real.site.post("ledger/verify", token=real.site.house.token)
    real.site.house.proving.wait(60)
    case = Case.open(real.folder)
    proved = last_proof(case.database)
    case.close()
    assert proved is not None
    assert len(proved.head) == 64
    shown = parsed(real.site.get(f"i/{item}", tab="metadata").text).one("div", "provenance")
    assert proved.head in shown.text
    assert "verified" in {sign.text for sign in shown.all("span", "sign")}


def test_a_case_that_was_never_verified_and_an_exhibit_of_many_segments_say_so(tmp_path: Path) -> None:
    ids = make_case(tmp_path / "kestrel")
    case = Case.open(tmp_path / "kestrel")
    segments = [
        {"path": f"S-03.E{number:02d}", "size": 1, "sha256": f"{number:064x}"} for number in range(1, 31)
    ]
    case.database.execute("UPDATE exhibits SET sources = ? WHERE number = 2", (json.dumps(segments),))
    case.close()
    site = Site(tmp_path / "kestrel")
    shown = parsed(site.get(f"i/{ids['long']}", tab="metadata").text).one("div", "provenance").text
    site.close()
    assert "never verified" in shown
    assert f"{20:064x}" in shown
    assert f"{21:064x}" not in shown
    assert "10 more" in shown


@pytest.mark.parametrize("tab", TABS)
def test_every_view_has_it_and_only_on_paper_beside_others_than_metadata(made: Made, tab: str) -> None:
    page = parsed(made.site.get(f"i/{made.ids['arabic']}", tab=tab).text)
    found = page.one("div", "provenance")
    assert sha256((ARABIC * 12).encode()).hexdigest() in page.text
    assert ("printed" in found.attributes["class"].split()) == (tab != "metadata")


def test_it_is_in_arabic_too(made: Made) -> None:
    shown = parsed(
        made.site.get(f"i/{made.ids['arabic']}", tab="metadata", headers={"Accept-Language": "ar"}).text
    )
    assert "عن آخر تحقق" in shown.one("div", "provenance").text
    assert "عن المضبوط" in shown.one("div", "provenance").text
