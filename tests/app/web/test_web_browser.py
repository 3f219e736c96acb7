"""Pages in a real browser: accessible, within their policy and budgets, by keyboard alone, without a script.

Marked ``browser``: skipped, visibly, where Debian's Chromium is missing.
"""

import os
import signal
from gettext import NullTranslations
from pathlib import Path

import pytest
from browser_tab import CHROMIUM, Chromium, Tab, cut_lists, settled, sideways, violations
from pages import FULL, addresses
from pseudo import Pseudo
from site_server import Site

from actionday.app.web.language import Language
from actionday.app.web.render import Renderer
from actionday.ledger import Action
from actionday.storage.case import Case
from actionday.testing.hostile import MARKER
from conftest import Made

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
Looks = dict[tuple[int, str], dict[str, object] | None]
LOOKS: dict[str, Looks] = {
    "en": {
        (1280, "light"): {"type": "tag", "values": TAGS},
        (1280, "dark"): {"type": "rule", "values": ["color-contrast"]},
        (320, "light"): None,
    },
    "ar": {
        (1280, "light"): None,
        (390, "light"): {
            "type": "rule",
            "values": ["target-size", "region", "landmark-unique", "scrollable-region-focusable"],
        },
        (320, "light"): None,
    },
}
"""Widths and themes in which each page is looked at, and what axe asks there that differs: everything costs 1 s a page."""
BUDGET = {"list": (60_000, 4), "search": (80_000, 5)}

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="Debian's chromium is not installed"),
]


@pytest.mark.parametrize("tag", LOOKS)
def test_every_page_is_accessible_and_keeps_to_its_width(browser: Chromium, made: Made, tag: str) -> None:
    opened = Tab(browser, made.site, tag=tag, bypass_csp=True, reduced_motion="reduce")
    problems = []
    for address in addresses(made.ids, FULL):
        page = opened.open(address)
        assert page.evaluate("document.documentElement.dir") == ("rtl" if tag == "ar" else "ltr")
        for (width, theme), asked in LOOKS[tag].items():
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=theme)
            if extra := sideways(page):
                problems.append(f"{address}: {extra} pixels too wide at {width}")
            if width == 1280 and (cut := cut_lists(page)):
                problems.append(f"{address}: lists go on for {cut} pixels beyond their edge at {width}")
            if asked:
                problems += [f"{address} {width} {theme}: {line}" for line in violations(page, asked)]
    opened.close()
    assert problems == []


@pytest.mark.parametrize("tag", LOOKS)
def test_the_list_of_exhibits_holds_millions_without_going_on_beyond_its_edge(
    browser: Chromium, made: Made, tag: str
) -> None:
    opened = Tab(browser, made.site, tag=tag)
    page = opened.open("exhibits")
    page.evaluate(
        "document.querySelectorAll('td.n .count').forEach(one => { one.textContent = '12\u202f345\u202f678'; })"
    )
    assert cut_lists(page) == []
    opened.close()


@pytest.mark.parametrize("tag", LOOKS)
def test_a_sentence_in_a_sign_makes_no_list_wider(browser: Chromium, own: Made, tag: str) -> None:
    """What a proof of an older version does not say is a sentence of 90 characters."""
    case = Case.open(own.folder)
    case.log(Action.VERIFIED, "", {"ok": True, "first": None, "head": "ab" * 32})
    case.close()
    opened = Tab(browser, own.site, tag=tag)
    assert cut_lists(opened.open("ledger")) == []
    opened.close()


def test_no_page_breaks_its_policy_asks_outside_or_runs_what_evidence_says(
    browser: Chromium, made: Made
) -> None:
    opened = Tab(browser, made.site)
    for address in addresses(made.ids):
        page = opened.open(address)
        assert page.title() != MARKER
        assert page.title().endswith("Kestrel network")
    opened.quiet()
    opened.close()


def test_hostile_markup_put_beside_ours_does_nothing_under_the_policy(tab: Tab) -> None:
    """The last line of defence: even as an element, an attribute for htmx without the page's nonce is ignored."""
    page = tab.open("search?q=radio")
    page.evaluate(
        """() => { const evil = document.createElement('div'); evil.setAttribute('hx-get', '/c/kestrel/items');
        evil.setAttribute('hx-trigger', 'load'); document.querySelector('main').append(evil); window.htmx.process(evil); }"""
    )
    page.wait_for_timeout(300)
    assert not [request for request in tab.asked if request.url.endswith("/items")]
    assert not page.evaluate("document.querySelector('main > div:last-child').hasAttribute('hx-get')")


@pytest.mark.parametrize(
    ("address", "kind"),
    [("", "list"), ("items", "list"), ("issues", "list"), ("ledger", "list"), ("search?q=kestrel", "search"), ("i/{arabic}", "search"),
     ("search?q=radio&item={english}", "search")],
)  # fmt: skip
def test_bytes_and_requests_stay_within_the_budget(
    browser: Chromium, made: Made, address: str, kind: str
) -> None:
    opened = Tab(browser, made.site)
    session = opened.context.new_cdp_session(opened.page)
    session.send("Network.enable")
    sent: list[float] = []
    fonts: set[str] = set()
    session.on(
        "Network.requestWillBeSent",
        lambda event: "/fonts/" in event["request"]["url"] and fonts.add(event["requestId"]),
    )
    session.on(
        "Network.loadingFinished",
        lambda event: event["requestId"] not in fonts and sent.append(event["encodedDataLength"]),
    )
    opened.open(address.format_map(made.ids))
    opened.page.wait_for_timeout(100)
    most, requests = BUDGET[kind]
    asked = [
        request.url for request in opened.asked if "/fonts/" not in request.url
    ]  # only where the system has none
    assert len(asked) <= requests, asked
    assert sum(sent) <= most
    opened.close()


def test_a_hit_opens_beside_the_list_with_its_address_and_back_works(tab: Tab, made: Made) -> None:
    page = tab.open("search?q=radio")
    page.locator(f'[data-item="{made.ids["english"]}"] a.to').click()
    page.wait_for_selector("#detail[data-open] pre.text")
    assert f"item={made.ids['english']}" in page.url
    assert page.locator("[data-row][aria-current=true]").count() == 1
    assert page.evaluate("document.activeElement.tagName") != "BODY"
    page.locator("#detail .tabs a", has_text="Metadata").click()
    page.wait_for_selector("#detail [data-view=metadata]")
    page.go_back()
    page.wait_for_selector("#detail [data-view=text]")
    page.reload()
    assert page.locator("#detail h2").inner_text() == "index-2026-03.html"
    tab.quiet()


def test_a_search_by_keyboard_alone(tab: Tab, made: Made) -> None:
    page = tab.open("")
    page.keyboard.press("f")
    assert page.evaluate("document.activeElement.id") == "find"
    page.keyboard.type("radio")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hitlist")
    page.wait_for_load_state("load")  # the script comes last
    page.keyboard.press("j")
    page.keyboard.press("j")
    focused = page.evaluate("document.activeElement.closest('[data-row]').dataset.item")
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail[data-open]")
    assert focused in page.url
    page.keyboard.press("v")
    page.wait_for_selector("#detail [data-view=metadata]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#detail:not([data-open])", state="attached")
    settled(page, "!location.search.includes('item=')")
    for keys, path in (
        ("gl", "/ledger"),
        ("gi", "/ingest"),
        ("gx", "/exhibits"),
        ("gf", "/issues"),
        ("gt", "/items"),
        ("go", f"/c/{made.site.house.key}"),
    ):
        page.keyboard.press(keys[0])
        page.keyboard.press(keys[1])
        page.wait_for_url(lambda url, path=path: url.rstrip("/").endswith(path))
    tab.quiet()


def test_keys_do_nothing_in_a_field_and_the_sheet_of_keys_opens_and_closes(tab: Tab) -> None:
    page = tab.open("items")
    page.locator("#find").focus()
    page.keyboard.type("gl?j")
    assert page.locator("#find").input_value() == "gl?j"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("?")
    page.wait_for_selector("dialog[open] kbd")
    assert page.locator("dialog :is(header, nav, footer, dialog)").count() == 0, (
        "the sheet alone, no page within a page"
    )
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")
    page.keyboard.press("Escape")
    settled(page, "!document.querySelector('dialog[open]')")
    tab.quiet()


def test_a_key_of_another_layout_is_known_by_its_place(tab: Tab) -> None:
    page = tab.open("items")
    page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'о', code: 'KeyJ', bubbles: true}))"
    )
    assert page.evaluate("document.activeElement.closest('[data-row]') !== null")


def test_focus_is_seen_on_every_step_and_never_lost(tab: Tab) -> None:
    page = tab.open("search?q=radio")
    for _ in range(25):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return [document.activeElement.tagName, s.outlineStyle, s.outlineWidth]; })()"
        )
        assert style[0] != "BODY"
        assert style[1:] == ["solid", "2px"]


def test_a_picture_is_clear_only_while_it_is_held_and_each_look_is_logged(tab: Tab, made: Made) -> None:
    page = tab.open(f"i/{made.ids['picture']}")
    before = len([entry for entry in made.site.entries() if entry[2].get("view") == "picture, clear"])
    picture = page.locator(".shield img")
    assert "clear" not in (picture.get_attribute("src") or "")
    page.keyboard.down("Space")
    settled(
        page,
        "document.querySelector('.shield img').src.includes('clear=1') && document.querySelector('.shield img').naturalWidth === 320",
    )
    page.keyboard.up("Space")
    settled(page, "!document.querySelector('.shield img').src.includes('clear')")
    page.locator(".shield .hold").hover()
    page.mouse.down()
    settled(
        page,
        "document.querySelector('.shield img').src.includes('clear=1') && document.querySelector('.shield img').naturalWidth === 320",
    )
    page.mouse.up()
    settled(page, "!document.querySelector('.shield img').src.includes('clear')")
    after = len([entry for entry in made.site.entries() if entry[2].get("view") == "picture, clear"])
    assert after - before == 2
    tab.quiet()


def test_everything_can_be_done_without_a_script(browser: Chromium, own: Made) -> None:
    opened = Tab(browser, own.site, java_script_enabled=False)
    page = opened.open("")
    page.fill("#find", "radio")
    page.press("#find", "Enter")
    page.locator(f'[data-item="{own.ids["english"]}"] a.to').click()
    page.locator("#detail pre.text mark").first.wait_for()  # a count waits for no page
    assert page.locator("#detail pre.text mark").count() == 12
    page.locator("#detail .tabs a", has_text="Bytes").click()
    page.locator("pre.hex").wait_for()
    assert page.locator("pre.hex").count() == 1
    page.locator("a", has_text="download…").click()
    page.locator("main button[type=submit]").click()
    assert "Error" in page.title()
    page.fill("#reason", "for the expert")
    with page.expect_download() as waiting:
        page.locator("main button[type=submit]").click()
    assert waiting.value.suggested_filename.endswith(".bin")
    page = opened.open(f"i/{own.ids['picture']}")
    page.locator("a", has_text="Show it clear").click()
    assert "clear=1" in (page.locator(".shield img").get_attribute("src") or "")
    page = opened.open("ledger")
    page.locator("button", has_text="Verify the case").click()
    own.site.house.proving.wait(60)
    page.reload()
    assert "First difference" in page.locator("#proof").inner_text()
    page.locator("summary", has_text="tester").click()
    page.locator("#set-lang").select_option("ar")
    page.locator(".menu button").click()
    assert page.locator("html").get_attribute("dir") == "rtl"
    opened.quiet()
    opened.close()


def test_a_page_that_gave_bytes_after_all_says_no_longer_what_was_wrong(tab: Tab, made: Made) -> None:
    page = tab.open(f"download/{made.ids['english']}")
    page.fill("#reason", ".")
    page.locator("main button[type=submit]").click()
    assert "Error" in page.title()
    assert page.locator("#errors, .error, [aria-invalid]").count() == 3
    page.fill("#reason", "for the expert")
    with page.expect_download():
        page.locator("main button[type=submit]").click()
    assert page.locator("#errors, .error, [aria-invalid]").count() == 0
    assert page.title().startswith("Download")


def test_the_palette_is_walked_by_keys_and_closes_on_escape(tab: Tab, made: Made) -> None:
    page = tab.open(f"search?q=radio&item={made.ids['english']}")
    page.keyboard.press("p")
    settled(page, "document.activeElement.id === 'to'")
    assert page.locator("dialog :is(header, nav, footer, dialog)").count() == 0, (
        "the field alone, no page within a page"
    )
    page.keyboard.type("s-0")
    settled(page, "document.querySelectorAll('.offers a').length === 3")
    page.keyboard.press("ArrowDown")
    assert "S-01" in page.evaluate("document.activeElement.textContent")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "to"
    page.keyboard.press("Escape")
    settled(page, "!document.querySelector('dialog[open]')")
    assert page.locator("#detail[data-open]").count() == 1, "only the dialog was closed"
    settled(page, "document.activeElement.id !== 'to'")  # Chromium takes the focus away with the next picture
    page.keyboard.press("p")
    settled(page, "document.activeElement.id === 'to'")
    page.keyboard.type("ledg")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ledger")
    tab.quiet()


def test_hiding_the_case_blanks_every_tab_at_once(browser: Chromium, made: Made) -> None:
    opened = Tab(browser, made.site)
    page = opened.open("search?q=radio")
    other = opened.context.new_page()
    other.goto(made.site.url("items"))
    page.bring_to_front()
    page.keyboard.press("Shift+L")
    page.wait_for_selector("[data-locked]")
    other.wait_for_selector("[data-locked]")
    for each in (page, other):
        assert each.title() == "Actionday"
        assert "Kestrel" not in each.inner_text("body")
    page.go_back()
    page.wait_for_selector("[data-locked]")
    assert "Kestrel" not in page.inner_text("body")
    page.goto(made.site.url("search", q="radio"))
    settled(page, "document.activeElement.matches('[data-locked] button')")  # given when it is painted
    page.keyboard.press("Enter")
    page.wait_for_selector(".hitlist")
    other.wait_for_selector("main table")
    opened.quiet()
    opened.close()


def test_a_browser_that_does_not_answer_is_begun_anew(browser: Chromium, made: Made) -> None:
    stuck = Chromium(browser.playwright, patience=1.0)
    opened = Tab(stuck, made.site)
    opened.open("items")
    os.kill(stuck.pid, signal.SIGSTOP)
    opened.close()
    again = Tab(stuck, made.site)
    assert again.open("items").title().endswith("Kestrel network")
    again.close()
    stuck.close()


def test_a_text_stands_at_the_side_it_begins_at(browser: Chromium, made: Made) -> None:
    for tag in ("en", "ar"):
        opened = Tab(browser, made.site, 1920, tag=tag)
        for name, side in (("arabic", "right"), ("english", "left")):
            page = opened.open(f"i/{made.ids[name]}")
            gap = page.evaluate(
                """side => { const text = document.querySelector('pre.text').getBoundingClientRect();
                const view = document.querySelector('.view').getBoundingClientRect();
                return Math.abs(text[side] - view[side]); }""",
                side,
            )
            assert gap < 1, (tag, name)
        opened.close()


def test_a_short_page_leaves_no_hole_between_navigation_and_heading(browser: Chromium, made: Made) -> None:
    opened = Tab(browser, made.site, 390)
    for address in ("exhibits", "search?q=zzzz", "views"):
        page = opened.open(address)
        hole = page.evaluate(
            "document.querySelector('h1').getBoundingClientRect().top - document.querySelector('.side').getBoundingClientRect().bottom"
        )
        assert 0 <= hole < 40, address
    opened.close()


def test_digits_keep_their_order_on_an_arabic_page(browser: Chromium, made: Made) -> None:
    opened = Tab(browser, made.site, tag="ar")
    page = opened.open("items")
    for selector in ("time", ".num", "bdi[dir=ltr]"):
        boxes = page.locator(selector)
        assert boxes.count() > 0
        assert (
            page.evaluate(
                "selector => getComputedStyle(document.querySelector(selector)).direction", selector
            )
            == "ltr"
        )
    order = page.evaluate(
        """() => { const node = document.querySelector('td time').firstChild; const x = at => { const r = document.createRange();
        r.setStart(node, at); r.setEnd(node, at + 1); return r.getBoundingClientRect().left; };
        return [...Array(node.length).keys()].every(at => at === 0 || x(at) >= x(at - 1)); }"""
    )
    assert order
    assert page.evaluate("getComputedStyle(document.querySelector('td.n')).textAlign") == "right"
    opened.close()


@pytest.mark.parametrize(("tag", "direction"), [("en-XA", "ltr"), ("ar-XB", "rtl")])
def test_longer_words_and_the_other_direction_break_no_page(
    browser: Chromium, made: Made, tag: str, direction: str
) -> None:
    """Pseudo-locales: every text of ours 40 % longer and in brackets, so that one left out is seen."""
    pseudo: dict[Language, NullTranslations] = {Language(tag, tag, direction): Pseudo(direction)}
    site = Site(made.folder, Renderer(pseudo))
    for width in (390,):  # where words have the least room
        opened = Tab(browser, site, width)
        opened.context.add_cookies([{"name": "lang", "value": tag, "url": f"http://{site.host}/"}])
        for address in addresses(made.ids, FULL):
            page = opened.open(address)
            assert page.evaluate("document.documentElement.dir") == direction
            assert sideways(page) == 0, (address, width)
            plain = page.evaluate(
                """() => [...document.querySelectorAll('h1, h2, th[scope=col], button, label, summary, caption, .tabs a, .side a span:first-of-type')]
                .map(node => node.textContent.trim()).filter(text => /[A-Za-z]{3}/.test(text) && !text.includes('⟦'))"""
            )
            twice = page.evaluate("[...document.querySelectorAll('.sign')].map(node => node.textContent)")
            assert [text for text in twice if text.count("⟦") > 1] == [], "a word was translated twice"
            allowed = ("Kestrel", "S-0", "tester", ".html", ".txt", ".svg", ".png", "SHA")
            assert [text for text in plain if not any(part in text for part in allowed)] == [], address
        opened.quiet()
        opened.close()
    site.close()


def test_pages_print_without_what_only_a_screen_needs(tab: Tab, tmp_path: Path, made: Made) -> None:
    page = tab.open(f"search?q=radio&item={made.ids['english']}")
    page.emulate_media(media="print")
    for selector in (".side", ".find", ".menu", ".tabs"):
        assert not page.locator(selector).first.is_visible(), selector
    for selector in (".strip", "#detail pre.text", "footer"):
        assert page.locator(selector).first.is_visible(), selector
    printed = page.pdf(path=str(tmp_path / "page.pdf"), prefer_css_page_size=True)
    assert printed.startswith(b"%PDF")


def test_a_print_leaves_no_page_empty_and_shows_no_field(tab: Tab, tmp_path: Path, made: Made) -> None:
    """What is longer than a page is not kept together; what a list is narrowed to stands at its head."""
    import pypdfium2

    page = tab.open("//help")
    page.pdf(path=str(tmp_path / "help.pdf"), prefer_css_page_size=True)
    printed = pypdfium2.PdfDocument(tmp_path / "help.pdf")
    texts = [printed[number].get_textpage().get_text_bounded() for number in range(len(printed))]
    assert "go to the find field" in texts[0]
    assert all(len(text) > 500 for text in texts[:-1])
    page.emulate_media(media="print")
    for address in ("issues", "items", "ledger", f"i/{made.ids['long']}?tab=bytes"):
        page = tab.open(address)
        assert page.locator("main form[method=get]").count() == 1
        assert not page.locator("main :is(select, input:not([type=hidden]))").first.is_visible(), address
    page = tab.open(f"i/{made.ids['picture']}?tab=picture&clear=1")
    assert not page.locator(".shield img").is_visible()
    assert page.locator(".shield figcaption").inner_text().strip() == "The picture itself is not printed."


def test_a_printed_list_is_cut_at_no_side(browser: Chromium, made: Made) -> None:
    """A4 less its margins is 688 pixels wide; paper does not scroll."""
    for tag in ("en", "ar"):
        opened = Tab(browser, made.site, 688, tag=tag)
        opened.page.emulate_media(media="print")
        for address in (
            "items",
            "issues",
            "ledger",
            "exhibits",
            "x/2",
            f"search?q=radio&item={made.ids['english']}",
        ):
            page = opened.open(address)
            cut = page.evaluate(
                "[...document.querySelectorAll('.list')].map(list => list.scrollWidth - list.parentElement.clientWidth)"
            )
            assert max(cut, default=0) <= 0, (address, tag)
            assert sideways(page) == 0, (address, tag)
        assert page.locator(".hits").first.is_visible(), "the list is printed before the item"
        opened.close()


def test_signs_and_selection_are_seen_in_forced_colours_and_at_double_size(
    browser: Chromium, made: Made
) -> None:
    opened = Tab(browser, made.site, forced_colors="active", reduced_motion="reduce")
    page = opened.open(f"search?q=radio&item={made.ids['english']}")
    border = page.evaluate("getComputedStyle(document.querySelector('.sign')).borderTopStyle")
    assert border == "solid"
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(page) == 0
    opened.close()


def test_what_is_chosen_is_seen_in_forced_colours(browser: Chromium, made: Made) -> None:
    """Grounds, shadows and transparent borders are lost there."""
    opened = Tab(browser, made.site, forced_colors="active")
    style = "(node, name) => getComputedStyle(node)[name]"
    page = opened.open(f"i/{made.ids['arabic']}?tab=places")
    chosen = page.locator(".tabs a[aria-current]")
    other = page.locator(".tabs a:not([aria-current])").first
    assert chosen.evaluate(style, "borderBottomColor") != other.evaluate(style, "borderBottomColor")
    ground = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert other.evaluate(style, "borderBottomColor") == ground
    assert page.locator('tr[aria-current="true"]').evaluate(style, "outlineStyle") == "solid"
    page = opened.open("search?q=radio&language=eng")
    assert page.locator(".facet .on").evaluate(style, "outlineStyle") == "solid"
    opened.close()


@pytest.mark.parametrize("tag", LOOKS)
def test_a_narrow_window_shows_where_one_is(browser: Chromium, made: Made, tag: str) -> None:
    """The navigation is a strip there, longer than the window: it begins where the page stands."""
    opened = Tab(browser, made.site, 390, tag=tag)
    for address in ("", "items", "views", "ledger", "//help"):
        page = opened.open(address)
        here = page.locator(".side a[aria-current]").bounding_box()
        assert here is not None
        assert here["x"] >= 0, address
        assert here["x"] + here["width"] <= 391, address
        assert page.evaluate("scrollY") == 0
    opened.close()


@pytest.mark.parametrize("tag", LOOKS)
def test_what_has_the_focus_in_a_strip_is_wholly_seen(browser: Chromium, made: Made, tag: str) -> None:
    """A link of which a sixth was seen kept the focus there: a browser takes that for seen."""
    opened = Tab(browser, made.site, 390, tag=tag)
    page = opened.open("")
    links = page.locator(".side a").count()
    page.locator(".side a").first.focus()
    for step in range(links):
        box = page.evaluate(
            "(() => { const box = document.activeElement.getBoundingClientRect(); return [box.left, box.right]; })()"
        )
        assert page.evaluate("document.activeElement.closest('.side') !== null"), step
        assert box[0] >= -1 and box[1] <= 391, (step, box)
        if step < links - 1:
            page.keyboard.press("Tab")
    opened.close()


def test_what_opens_over_a_page_can_be_closed_by_hand(browser: Chromium, made: Made) -> None:
    """A telephone has no Escape."""
    opened = Tab(browser, made.site, 390, has_touch=True)
    page = opened.open("items")
    page.locator("[data-act=palette]").click()
    settled(page, "document.activeElement.id === 'to'")
    page.locator("#palette button", has_text="Close").click()
    settled(page, "!document.querySelector('dialog[open]')")
    page.locator("[data-act=palette]").click()
    settled(page, "document.activeElement.id === 'to'")
    page.mouse.click(5, 790)
    settled(page, "!document.querySelector('dialog[open]')")
    opened.close()


def test_settings_in_a_narrow_window_stand_below_the_name_of_the_case(browser: Chromium, made: Made) -> None:
    for tag in ("en", "ar"):
        opened = Tab(browser, made.site, 390, tag=tag)
        page = opened.open("items")
        before = page.locator(".brand").bounding_box()
        page.locator(".menu summary").click()
        after, panel = page.locator(".brand").bounding_box(), page.locator(".menu form").bounding_box()
        assert before is not None and after is not None and panel is not None
        assert after["width"] >= before["width"]
        assert after["y"] + after["height"] <= panel["y"]
        opened.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_lies_under_the_link_that_closes_an_item(browser: Chromium, made: Made, width: int) -> None:
    """Where an item stands is read in one line; the end of it lay under "Close"."""
    for tag in ("en", "ar"):
        opened = Tab(browser, made.site, width, tag=tag)
        page = opened.open(f"search?q=schedule&item={made.ids['attachment']}")
        page.evaluate(
            "document.querySelector('.crumbs li:last-child a').textContent = 'a/folder/'.repeat(20)"
        )
        under = page.evaluate(
            """() => { const close = document.querySelector('.close').getBoundingClientRect();
            return [...document.querySelectorAll('.detail-head :is(a, span, bdi, .title):not(.close, .close *)')].filter(one =>
                [...one.getClientRects()].some(box => box.left < close.right && box.right > close.left
                    && box.top < close.bottom && box.bottom > close.top)).map(one => one.outerHTML.slice(0, 80)); }"""
        )
        assert under == [], tag
        opened.close()


def test_the_ingest_page_lives(browser: Chromium, made: Made) -> None:
    """A run that says it is running: figures move in place, once a second, over one stream."""
    case = Case.open(made.folder)
    with case.lock("ingest"):
        case.database.execute(
            'UPDATE runs SET state = \'running\', progress = \'{"bytes": 1000, "share": 0.25, "rate": 10, "path": "a/first.txt"}\''
        )
        opened = Tab(browser, made.site)
        page = opened.open("ingest")
        assert "first.txt" in page.locator("#live").inner_text()
        case.database.execute(
            'UPDATE runs SET progress = \'{"bytes": 3000, "share": 0.75, "rate": 10, "path": "b/second.txt"}\''
        )
        settled(page, "document.querySelector('#live').textContent.includes('second.txt')")
        assert page.locator("progress").get_attribute("value") == "0.750"
        case.database.execute("UPDATE runs SET state = 'complete'")
        settled(page, "document.querySelector('#live').textContent.includes('complete')")
        assert len([request for request in opened.asked if request.url.endswith("/stream")]) == 1
        opened.quiet()
        opened.close()
    case.close()
