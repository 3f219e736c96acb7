"""What was seen is logged once, no more; a read-only case says that nothing is."""

import stat
from pathlib import Path

import pytest
from made_case import copied
from site_server import Site

from conftest import Made


def logged(
    site: Site, page: str, headers: dict[str, str] | None = None
) -> list[tuple[str, str, dict[str, object]]]:
    """Return the entries that one request for a page added."""
    before = len(site.entries())
    assert site.get(page, headers=headers).status == 200
    return site.entries()[before:]


def test_an_item_is_viewed_once_with_where_it_is_and_which_view(made: Made) -> None:
    item = made.ids["english"]
    for view, page in (
        ("text", f"i/{item}"),
        ("metadata", f"i/{item}?tab=metadata"),
        ("bytes", f"i/{item}?tab=bytes"),
    ):
        ((action, subject, details),) = logged(made.site, page)
        assert (action, subject, details["view"]) == ("viewed", item, view)
        assert details["path"] == "texts/english/index-2026-03.html"


def test_a_search_is_one_entry_and_the_item_beside_another(made: Made) -> None:
    ((action, subject, details),) = logged(made.site, "search?q=radio")
    assert (action, subject, details["total"]) == ("searched", "radio", 4)
    actions = [entry[0] for entry in logged(made.site, f"search?q=radio&item={made.ids['english']}")]
    assert sorted(actions) == ["searched", "viewed"]


def test_what_htmx_swaps_in_beside_a_list_does_not_search_again(made: Made) -> None:
    swap = {"HX-Request": "true", "HX-Target": "section#detail"}
    entries = logged(made.site, f"search?q=radio&item={made.ids['english']}", swap)
    assert [entry[0] for entry in entries] == ["viewed"]
    assert logged(made.site, "search?q=radio", swap) == []


@pytest.mark.parametrize(
    "page",
    ["", "ingest", "ledger", "exhibits", "//help", "//help/components", "search", "download/{captions}"],
)
def test_pages_without_evidence_log_nothing(made: Made, page: str) -> None:
    assert logged(made.site, page.format_map(made.ids)) == []


@pytest.mark.parametrize("page", ["items?status=empty", "issues", "x/1?path=texts"])
def test_lists_of_evidence_are_one_entry(made: Made, page: str) -> None:
    ((action, _, details),) = logged(made.site, page)
    assert action == "viewed"
    assert details["shown"] in (1, 3, 7)


def test_a_malformed_query_is_not_a_search(made: Made) -> None:
    before = len(made.site.entries())
    assert made.site.get("search", q="(radio").status == 400
    assert len(made.site.entries()) == before


def test_a_clear_picture_is_an_entry_of_its_own_and_the_blurred_one_none(made: Made) -> None:
    item = made.ids["picture"]
    assert logged(made.site, f"media/{item}") == []
    ((action, subject, details),) = logged(made.site, f"media/{item}?clear=1")
    assert (action, subject, details["view"]) == ("viewed", item, "picture, clear")


def test_a_read_only_case_is_shown_and_says_that_nothing_is_logged(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    folder = tmp_path / "sealed"
    copied(made.folder, folder)
    for name in ("case.db-wal", "case.db-shm"):
        (folder / name).unlink(missing_ok=True)
    for path in (folder, folder / "case.db"):
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    # root may write everything: the question whether it can be written is answered as for anybody else
    real = os.access
    monkeypatch.setattr(
        "os.access",
        lambda path, mode: (
            real(path, mode) and not (mode & os.W_OK and Path(path) in (folder, folder / "case.db"))
        ),
    )
    site = Site(folder)
    try:
        before = len(site.entries())
        for page in (f"i/{made.ids['english']}", "search?q=radio", "items", "issues"):
            answer = site.get(page)
            assert answer.status == 200, (page, answer.text[:200])
            assert "read-only" in answer.text
        assert len(site.entries()) == before
    finally:
        site.close()
        folder.chmod(0o755)
