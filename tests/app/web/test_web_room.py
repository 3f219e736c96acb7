"""What there is room for stands on one line, and what there is none for is set below, never out of sight."""

import pytest
from browser_tab import CHROMIUM, Chromium, Tab

from conftest import Made

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]
LINES = """() => [...document.querySelectorAll("pre.hex .line")].slice(0, 3).map(line => {
  const of = kind => [...line.querySelectorAll(kind)].map(one => one.getBoundingClientRect()).filter(one => one.width);
  return {offsets: of(".o").length, rows: new Set(of(".h").map(one => one.top)).size, right: Math.max(...of(".t").map(one => one.right))};
})"""
HIGH = """selector => [...document.querySelectorAll(selector)].map(one => {
  const range = document.createRange(); range.selectNodeContents(one);
  return new Set([...range.getClientRects()].map(each => Math.round(each.bottom / 8))).size;
})"""


def test_the_letters_beside_bytes_are_seen_on_a_narrow_page(browser: Chromium, made: Made) -> None:
    opened = Tab(browser, made.site)
    page = opened.open(f"i/{made.ids['english']}?tab=bytes")
    page.set_viewport_size({"width": 1280, "height": 800})
    assert [(each["offsets"], each["rows"]) for each in page.evaluate(LINES)] == [(1, 1)] * 3
    page.set_viewport_size({"width": 390, "height": 844})
    narrow = page.evaluate(LINES)
    assert [(each["offsets"], each["rows"]) for each in narrow] == [(2, 2)] * 3
    assert max(each["right"] for each in narrow) < 390
    assert page.evaluate("(pre => pre.scrollWidth - pre.clientWidth)(document.querySelector('pre.hex'))") <= 0
    opened.close()


def test_a_language_and_its_guesses_and_who_ran_stand_on_one_line(browser: Chromium, made: Made) -> None:
    opened = Tab(browser, made.site)
    page = opened.open("")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.evaluate("document.querySelector('.bars small').textContent = '· 47 guesses'")
    assert set(page.evaluate(HIGH, ".bars th:has(small)")) == {1}
    page = opened.open("ingest")
    page.evaluate("document.querySelector('td.brief bdi').textContent = 'make demo'")
    page.evaluate("document.querySelector('td.whole').textContent = 'S-01, '.repeat(40)")
    assert set(page.evaluate(HIGH, "td.brief")) == {1}
    opened.close()
