"""In a real browser: where focus, list and navigation are after what a person did, and what is on paper."""

import pytest
from browser_tab import CHROMIUM, Chromium, Tab, settled

from conftest import Made

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
FOCUSED = "document.activeElement.closest('[data-row]')"


def test_closing_an_item_leads_back_to_its_row_and_the_next_key_goes_on_from_there(tab: Tab) -> None:
    page = tab.open("search?q=radio")
    rows = page.evaluate("[...document.querySelectorAll('[data-row]')].map((row) => row.id)")
    page.click(".hitlist li:nth-child(2) a.to")
    settled(page, "document.querySelector('#detail[data-open]') !== null")
    with page.expect_navigation():
        page.keyboard.press("Escape")
    assert page.evaluate("document.querySelector('#detail[data-open]')") is None
    settled(page, f"{FOCUSED}?.id === '{rows[1]}'")
    page.keyboard.press("j")
    assert page.evaluate(f"{FOCUSED}.id") == rows[2]


def test_an_item_opened_beside_the_list_leaves_both_at_the_top(tab: Tab) -> None:
    page = tab.open("search?q=radio")
    page.click(".hitlist li:nth-child(2) a.to")
    settled(page, "document.querySelector('#detail[data-open]') !== null")
    for part in (".hits", "#detail"):
        assert page.evaluate(f"document.querySelector('{part}').getBoundingClientRect().top") < 250


def test_the_keys_open_at_their_first_line(tab: Tab) -> None:
    page = tab.open("search?q=radio")
    page.keyboard.press("?")
    settled(page, "document.querySelector('#keys').open")
    assert page.evaluate("document.querySelector('#keys').scrollTop") == 0
    assert page.evaluate("document.querySelector('#keys').contains(document.activeElement)")


def test_on_a_phone_the_navigation_is_one_row(browser: Chromium, made: Made) -> None:
    opened = Tab(browser, made.site, 390)
    page = opened.open("search?q=radio")
    tops = page.evaluate(
        "[...document.querySelectorAll('.side li')].map((li) => li.getBoundingClientRect().top)"
    )
    assert len(set(tops)) == 1
    assert page.evaluate("document.querySelector('main').getBoundingClientRect().top") < 200
    opened.close()


def test_on_paper_there_is_the_head_and_no_control(tab: Tab, made: Made) -> None:
    page = tab.open(f"search?q=radio&item={made.ids['english']}")
    page.emulate_media(media="print")
    seen = "(css) => [...document.querySelectorAll(css)].some((one) => one.checkVisibility())"
    assert page.evaluate(seen, "#printed")
    for control in (".controls", ".button", "button", ".minus"):
        assert not page.evaluate(seen, control), control


def test_a_breadcrumb_has_one_sign_that_the_direction_mirrors(browser: Chromium, made: Made) -> None:
    opened = Tab(browser, made.site, tag="ar")
    page = opened.open("x/1?path=hostile")
    sign = "getComputedStyle(document.querySelector('.crumbs li + li'), '::before').content"
    assert page.evaluate(sign) == '"›"'
    opened.close()
