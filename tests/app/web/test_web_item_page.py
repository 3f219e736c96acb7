"""Item and content: text in windows with marks, metadata, places, bytes, history."""

import re
from hashlib import sha256

import pytest
from made_case import ARABIC
from site_server import Node, figure, parsed

from actionday.access.contents import WINDOW_BYTES, find_content
from actionday.access.items import find_item
from actionday.access.next_hit import next_hit
from actionday.storage.case import Case
from actionday.storage.case_parts import OBJECTS
from actionday.storage.index import parse
from actionday.storage.objects import Packs, frames
from actionday.testing.hostile import CAPTIONS
from conftest import Made


def test_arabic_text_stands_in_its_own_direction_and_language(made: Made) -> None:
    text = parsed(made.site.get(f"i/{made.ids['arabic']}").text).one("pre", "text")
    assert (text.attributes["lang"], text.attributes["dir"]) == ("ar", "auto")
    assert text.text == ARABIC * 12


def test_a_long_text_opens_where_the_first_hit_is_and_its_windows_join_to_the_whole(made: Made) -> None:
    page = parsed(made.site.get(f"i/{made.ids['long']}?q=%22falcon+nest%22").text)
    assert [mark.text for mark in page.all("mark")] == ["falcon nest"]
    assert "#m1" in [a.attributes["href"] for a in page.one("div", "view").all("a")]
    assert page.one("mark").attributes["id"] == "m1"
    address: str | None = f"i/{made.ids['long']}?at=0"
    pieces = []
    while address:
        page = parsed(made.site.get(address).text)
        pieces.append(page.one("pre", "text").text)
        address = next(
            (a.attributes["href"] for a in page.one("div", "view").all("a", "button") if a.text == "Further"),
            None,
        )
    whole = "".join(pieces)
    assert len(pieces) > 10
    assert whole.endswith("falcon nest\n")
    assert [int(line[:5]) for line in whole.splitlines()[:-1]] == list(range(4000))


def test_a_press_leads_to_the_next_word_found_and_the_end_is_said(made: Made) -> None:
    def buttons(page: Node) -> dict[str, str]:
        return {a.text: a.attributes["href"] or "" for a in page.one("div", "view").all("a", "button")}

    page = parsed(made.site.get(f"i/{made.ids['long']}?q=falcon&at=0").text)
    assert "no word of the search is marked here" in page.one("div", "view").text
    page = parsed(made.site.get(buttons(page)["Next word found"]).text)
    assert [mark.text for mark in page.all("mark")] == ["falcon"]
    assert "Next word found" not in buttons(page), "the text ends here"
    page = parsed(made.site.get(f"i/{made.ids['long']}?q=albatross").text)
    assert "no word of the search is marked from here to the end of the text" in page.one("div", "view").text
    assert {"Further"} <= buttons(page).keys()
    assert "Next word found" not in buttons(page)
    page = parsed(made.site.get(f"i/{made.ids['long']}?q=Kestrel").text)
    further = parsed(made.site.get(buttons(page)["Next word found"]).text)
    assert further.all("mark")
    assert further.one("pre", "text").text != page.one("pre", "text").text
    assert "behind" not in buttons(further)["Further"]


def test_a_window_never_cuts_a_character(made: Made) -> None:
    for at in (1, 2, 3, 5, 7):
        text = parsed(made.site.get(f"i/{made.ids['arabic']}?at={at}").text).one("pre", "text").text
        assert "\ufffd" not in text
        assert (ARABIC * 12).endswith(text)


def test_where_else_the_content_is_with_the_same_number_everywhere(made: Made) -> None:
    page = parsed(made.site.get(f"i/{made.ids['arabic']}?tab=places").text)
    rows = [a.text for a in page.one("div", "view").one("tbody").all("a")]
    assert rows == ["copies/old/page.html", "copies/نسخة.html", "texts/arabic/index-2026-03.html"]
    tab = next(a for a in page.one("nav", "tabs").all("a") if "Places" in a.text)
    assert figure(tab.text) == 3
    digest = sha256((ARABIC * 12).encode()).hexdigest()
    content = parsed(made.site.get(f"h/{digest}").text)
    assert "3 places" in content.one("main").text
    assert content.one("pre", "text").text == ARABIC * 12
    assert made.site.get(f"h/{digest.upper()}").status == 200


def test_bytes_are_those_of_the_exhibit_sixteen_a_line(made: Made) -> None:
    page = parsed(made.site.get(f"i/{made.ids['arabic']}?tab=bytes").text)
    lines = page.one("pre", "hex").all("span", "line")
    halves = [half.text for line in lines for half in line.all("span", "h")]
    assert bytes.fromhex("".join(halves)) == (ARABIC * 12).encode()[:1024]
    offsets = [each.text.strip() for line in lines[:2] for each in line.all("span", "o")]
    assert offsets == ["00000000", "00000008", "00000010", "00000018"]
    further = next(a for a in page.all("a", "button") if a.text == "Further")
    assert (
        parsed(made.site.get(further.attributes["href"]).text).one("pre", "hex").text.startswith("00000400")
    )


def test_a_byte_is_gone_to_by_its_number_in_digits_or_in_hex(made: Made) -> None:
    place = f"i/{made.ids['arabic']}?tab=bytes"
    form = parsed(made.site.get(place).text).one("div", "view").one("form")
    asked = {field.attributes["name"]: field.attributes.get("value", "") for field in form.all("input")}
    assert asked == {"tab": "bytes", "at": ""}
    for written in ("533", "0x215", "0X215"):
        page = parsed(made.site.get(f"{place}&at={written}").text)
        assert page.one("pre", "hex").text.startswith("00000210  ")
        assert "bytes 528 to " in page.one("div", "view").text.replace("\u2068", "").replace("\u2069", "")
    for none in ("0x", "0xg", "-1", "1e3", "0x" + "f" * 15):
        assert made.site.get(f"{place}&at={none}").status == 400


def test_hidden_characters_are_counted_and_shown_on_demand(made: Made) -> None:
    item = made.ids["captions"]
    page = parsed(made.site.get(f"i/{item}").text)
    expected = sum(text.count(char) for text in CAPTIONS for char in "\u200c\u200d\u202e")
    assert f"{expected} hidden characters" in page.one("div", "view").text
    assert [chip.text for chip in page.one("pre", "text").all("span", "ctl")] == ["RLO"]
    shown = parsed(made.site.get(f"i/{item}?unseen=1").text).one("pre", "text")
    assert sorted(chip.text for chip in shown.all("span", "ctl")) == ["RLO", "ZWJ", "ZWJ", "ZWNJ", "ZWNJ"]


def test_what_was_not_read_says_why_and_offers_no_empty_view(made: Made) -> None:
    page = parsed(made.site.get(f"i/{made.ids['encrypted']}").text)
    assert "needs a password" in page.one("p", "why").text
    tabs = [a.text.split()[0] for a in page.one("nav", "tabs").all("a")]
    assert tabs == ["Metadata", "History"]
    broken = parsed(made.site.get(f"i/{made.ids['unreadable']}").text)
    assert "12 of 40,960 bytes" in broken.one("main").text


def test_a_picture_is_blurred_small_and_its_clear_form_not_in_the_page(made: Made) -> None:
    answer = made.site.get(f"i/{made.ids['picture']}")
    picture = parsed(answer.text).one("figure", "shield").one("img")
    assert picture.attributes["src"].endswith(f"media/{made.ids['picture']}")
    assert (picture.attributes["width"], picture.attributes["height"]) == ("96", "96")
    clear = parsed(made.site.get(f"i/{made.ids['picture']}?clear=1").text).one("figure", "shield").one("img")
    assert clear.attributes["src"].endswith("?clear=1")


def test_pictures_are_made_in_the_sandbox_and_shown_under_their_own_rules(made: Made) -> None:
    import io

    from PIL import Image

    answer = made.site.get(f"media/{made.ids['picture']}")
    assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    blurred = Image.open(io.BytesIO(answer.data))
    assert max(blurred.size) <= 96
    assert all(len(set(pixel)) == 1 for pixel in blurred.convert("RGB").get_flattened_data())
    clear = Image.open(io.BytesIO(made.site.get(f"media/{made.ids['picture']}?clear=1").data))
    assert clear.size == (320, 240)


def test_history_tells_who_looked_before(made: Made) -> None:
    item = made.ids["hebrew"]
    before = parsed(made.site.get(f"i/{item}?tab=history").text).all("ol", "history")
    first = sum(each.text.count("viewed") for each in before)
    again = parsed(made.site.get(f"i/{item}?tab=history").text)
    assert again.one("ol", "history").text.count("viewed") > first
    assert "tester" in again.one("ol", "history").text


def test_an_exhibit_whose_hash_differs_says_so_on_every_page_of_it(made: Made) -> None:
    for page in (
        "x/2",
        f"i/{made.ids['long']}",
        f"i/{made.ids['picture']}",
        f"search?q=falcon&item={made.ids['long']}",
    ):
        assert "is not ours" in parsed(made.site.get(page).text).one("div", "banner").text, page
    for page in ("x/1", f"i/{made.ids['arabic']}"):
        assert not parsed(made.site.get(page).text).all("div", "banner"), page


def test_a_mail_shows_what_it_calls_itself_as_text(real: Made) -> None:
    message = next(
        item for path, item in real.ids.items() if path.startswith("message.eml/") and "schedule" not in path
    )
    page = parsed(real.site.get(f"i/{message}").text)
    assert "<img src=http://evil.example/p.png>" in page.one("h1", "title").text


def test_a_message_is_called_by_its_subject_everything_else_by_its_name(made: Made) -> None:
    from actionday.access.items import find_item
    from actionday.app.web.language import LANGUAGES
    from actionday.storage.case import Case

    case = Case.open(made.folder)
    mail = find_item(case.database, made.ids["mail"])
    case.close()
    assert mail is not None
    environment = made.site.house.renderer._environments[LANGUAGES[0].tag]
    called = environment.globals["ui"].called  # type: ignore[attr-defined]
    subject = "Schedule \u202e <b>"
    shown = parsed(str(called(mail._replace(title=subject, kind="message"))))
    assert shown.text == "Schedule RLO <b>"
    assert parsed(str(called(mail._replace(title=subject, kind="file")))).text == mail.name


def test_a_type_is_said_in_words_and_itself_where_it_has_none() -> None:
    from actionday.app.web.showing.types import WORDS, is_code, type_word

    assert type_word("text/html; charset=utf-8") == ("Web page (HTML)", "")
    assert type_word("application/x-nobody-knows") == ("", "")
    assert is_code("application/sql")
    assert not is_code("text/plain")
    assert not is_code(None)
    assert len(set(WORDS.values())) == len(WORDS), "two types of one word cannot be told apart in a filter"


def test_metadata_is_named_in_words_with_the_stored_name_as_hint(made: Made) -> None:
    for tag, word in (("en", "width in pixels"), ("ar", "العرض بالبكسل")):
        address = f"i/{made.ids['picture']}?tab=metadata"
        page = parsed(made.site.get(address, headers={"cookie": f"lang={tag}"}).text)
        assert {cell.attributes.get("title"): cell.text for cell in page.all("th")}["width"] == word


def test_a_number_that_names_something_is_not_parted_as_a_count_is(made: Made) -> None:
    page = parsed(made.site.get(f"i/{made.ids['mixed']}", tab="metadata").text)
    rows = {row.one("th").text: row.one("td").text for row in page.all("tr") if row.all("td")}
    assert (rows["inode"], rows["owner (number)"], rows["HTTP status"]) == ("1234567", "100000", "4040")
    assert (rows["names (hard links)"], rows["length in bytes"]) == ("12\u202f345", "7\u202f654\u202f321")
    assert "54321" in rows["ours"], "also within a value"
    assert "98\u202f765" in rows["ours"]


def test_each_frame_of_a_long_text_is_unpacked_once_in_the_search_for_a_hit(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frame holds many windows: to unpack it for each took three quarters of the time."""
    own, unpacked = frames.decompress, list[int]()

    def counted(frame: bytes) -> bytes:
        unpacked.append(len(frame))
        return own(frame)

    monkeypatch.setattr(frames, "decompress", counted)
    case = Case.open(made.folder)
    item = find_item(case.database, made.ids["long"])
    assert item is not None
    content = find_content(case.database, item)
    assert content is not None
    assert content.text is not None
    packs = Packs(case.folder / OBJECTS)
    assert (next_hit(packs, content, parse("falcon")) or 0) > 10 * WINDOW_BYTES
    held = -(-content.text.size // frames.FRAME_BYTES)
    assert len(unpacked) <= 2 * held, "once to be held against its hash, once to be searched"
    packs.close()
    case.close()


def test_from_every_item_one_key_leads_to_what_it_is_in(made: Made) -> None:
    ids = {item_id for item_id in made.ids.values() if re.fullmatch("[0-9a-f]{32}", item_id)}
    for item in sorted(ids):
        found = parsed(made.site.get(f"i/{item}").text)
        up = [link for link in found.all("a") if link.attributes.get("data-act") == "up"]
        last = [link for link in found.one("nav", "crumbs").all("a")][-1]
        assert [link.attributes["href"] for link in up] == [last.attributes["href"]], item


@pytest.mark.parametrize(
    ("path", "leads"),
    [("", "exhibits"), ("p1", "x/2"), ("p1/srv", "x/2?path=p1"), ("p1/srv/www", "x/2?path=p1%2Fsrv")],
)
def test_from_a_folder_of_an_exhibit_one_key_leads_to_the_folder_it_is_in(
    made: Made, path: str, leads: str
) -> None:
    found = parsed(made.site.get(f"x/2?path={path}" if path else "x/2").text)
    (up,) = [link for link in found.all("a") if link.attributes.get("data-act") == "up"]
    assert (up.attributes["href"] or "").endswith(f"/{leads}")


def test_a_deleted_file_is_called_so_among_the_hits(made: Made) -> None:
    hits = parsed(made.site.get("search?q=ssh+web02").text).one("ol", "hitlist")
    assert "deleted entry" in hits.one("span", "facts-line").text
    live = parsed(made.site.get("search?q=falcon").text).one("ol", "hitlist")
    assert "deleted" not in live.text
