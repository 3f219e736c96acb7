"""A case whose last proof differed says so on every page: what stands there may not be what was taken in."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from made_case import copied
from site_server import Site, parsed

from actionday.ledger import Action
from actionday.storage.case import Case
from conftest import Made

FIRST = "rows: the rows of checkpoint 1 are not those that were recorded: S-03 › p1/<b>\u202ex"
HOLDS = {"ok": True, "first": None, "head": "ab", "absent": [], "differs": []}


@pytest.fixture(scope="module")
def site(made: Made, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("altered") / "kestrel"
    copied(made.folder, folder)
    proved(folder, ok=False)
    served = Site(folder)
    yield served
    served.close()


def proved(folder: Path, *, ok: bool) -> None:
    details = HOLDS if ok else {**HOLDS, "ok": False, "first": FIRST, "differs": ["rows"]}
    with closing(Case.open(folder)) as case:
        case.log(Action.VERIFIED, "", details)  # type: ignore[arg-type]


def pages(made: Made) -> list[str]:
    shown = ["", "items", "search", "search?q=radio", "issues", "exhibits", "ledger", "ingest", "views"]
    return [*shown, f"i/{made.ids['long']}", "palette"]


def test_every_page_has_one_banner(site: Site, made: Made) -> None:
    for page in pages(made):
        words, _, query = page.partition("?q=")
        answer = site.get(words, **({"q": query} if query else {})).text
        (banner,) = [e for e in parsed(answer).all("div") if e.attributes.get("id") == "not-as-recorded"]
        assert "This case is not as it was recorded." in banner.text, page
        assert "rows: the rows of checkpoint 1" in banner.text
        assert "<b>" in banner.text
        assert "\u202e" not in answer


def test_a_proof_that_holds_takes_it_away_and_one_that_differs_brings_it_back(
    made: Made, tmp_path: Path
) -> None:
    folder = tmp_path / "kestrel"
    copied(made.folder, folder)
    site = Site(folder)
    try:
        shown = []
        for ok in (False, True, False):
            proved(folder, ok=ok)
            shown.append('id="not-as-recorded"' in site.get("items").text)
    finally:
        site.close()
    assert shown == [True, False, True]
    assert 'id="not-as-recorded"' not in made.site.get("").text
