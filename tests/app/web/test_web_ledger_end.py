"""A case whose ledger was cut at its end says so on its pages."""

from pathlib import Path

from altered_case import alter_rows
from made_case import copied
from site_server import Site, parsed

from conftest import Made


def test_the_overview_says_that_the_ledger_was_cut(made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "kestrel"
    copied(made.folder, folder)
    alter_rows(folder, "DELETE FROM ledger_entry WHERE idx = (SELECT MAX(idx) FROM ledger_entry)")
    site = Site(folder)
    try:
        page = parsed(site.get("").text)
    finally:
        site.close()
    (banner,) = [each for each in page.all("div") if each.attributes.get("id") == "ledger-differs"]
    assert "does not end as it was signed" in banner.text
    assert 'id="ledger-differs"' not in made.site.get("").text


def test_the_ledger_page_says_why_a_verification_was_not_logged(made: Made, tmp_path: Path) -> None:
    folder = tmp_path / "kestrel"
    copied(made.folder, folder)
    alter_rows(folder, "UPDATE ledger_entry SET leaf = '{}' WHERE idx = 2")
    (folder / "unlogged-proof.json" / "in the way").mkdir(parents=True)
    site = Site(folder)
    try:
        site.post("ledger/verify", token=site.house.token)
        site.house.proving.wait(60)
        panel = parsed(site.get("ledger").text).one("section", "panel").text
    finally:
        site.close()
    assert (
        "This verification was not logged: the ledger differs; and later answers will not tell"
        in " ".join(panel.split())
    )
