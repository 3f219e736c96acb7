"""What a page says of what it shows: never what is not so, and one thing once."""

import re

import pytest
from site_server import Node, parsed

from actionday.ledger import Action
from actionday.storage.case import Case
from conftest import Made


def page(made: Made, address: str) -> Node:
    return parsed(made.site.get(address).text)


def test_a_picture_that_is_clear_is_not_said_to_be_blurred(made: Made) -> None:
    for clear, blurred in (("", True), ("&clear=1", False)):
        caption = page(made, f"i/{made.ids['picture']}?tab=picture{clear}").one("figcaption").text
        assert ("blurred and without colour" in caption) is blurred
        assert ("Shown clear" in caption) is not blurred


def test_a_sign_holds_no_other_sign_and_no_score_of_what_cannot_be_told(own: Made) -> None:
    item = own.ids["english"]
    case = Case.open(own.folder)
    case.database.execute(
        "UPDATE contents SET language = 'und', confidence = 0.04, segments = "
        """'[{"language": "und", "confidence": 0.04}, {"language": "eng", "confidence": 0.9}]' """
        "WHERE sha256 = (SELECT sha256 FROM items WHERE id = ?)",
        (bytes.fromhex(item),),
    )
    case.close()
    for address in (f"i/{item}", f"i/{item}?tab=metadata", f"i/{own.ids['mixed']}"):
        signs = page(own, address).one("section", "detail").all("span", "sign")
        assert signs
        assert [one.text for one in signs if one.all("span", "sign")] == [], address
    head = page(own, f"i/{item}").one("div", "detail-head")
    assert [one.text for one in head.all("span", "machine")] == ["language cannot be told"]


def test_the_script_of_a_text_is_called_one(made: Made) -> None:
    rows = {row.all("th")[0].text: row.all("td")[0].text for row in page(made, f"i/{made.ids['arabic']}?tab=metadata").all("tr") if row.all("th") and row.all("td")}  # fmt: skip
    assert rows["script"] == "Arabic"
    assert rows["language"].startswith("Standard Arabic")


def test_a_text_without_the_words_of_the_search_says_so(made: Made) -> None:
    told = "no word of the search is marked from here to the end of the text"
    for words, said in (("zzzz", True), ("kestrel", False), ("exhibit:S-01", False), ("NOT zzzz", False)):
        assert (told in made.site.get(f"i/{made.ids['english']}", q=words).text) is said, words


def test_a_run_with_losses_is_green_in_no_row(own: Made) -> None:
    case = Case.open(own.folder)
    case.database.execute(
        "INSERT INTO runs (state, actor, started, finished, parameters, progress) SELECT state, actor, started, "
        "finished, parameters, progress FROM runs"
    )
    case.close()
    runs = page(own, "ingest").one("table", "list")
    states = [row.all("td")[1] for row in runs.all("tr") if row.all("td")]
    assert [one.one("span", "sign").attributes["class"] for one in states] == ["sign care", "sign quiet"]
    assert runs.all("tr")[1].all("td")[-1].text.split() == ["S-01,", "S-03"]


def test_more_runs_than_are_listed_are_counted(own: Made) -> None:
    case = Case.open(own.folder)
    case.database.executemany(
        "INSERT INTO runs (state, actor, started, finished, parameters, progress) SELECT state, actor, started, "
        "finished, parameters, progress FROM runs WHERE n = 1 AND ? > 0",
        [(n,) for n in range(1, 55)],
    )
    case.close()
    assert "50 of 55 shown" in page(own, "ingest").text


def test_keys_are_printed_as_they_stand_on_a_keyboard(made: Made) -> None:
    keys = page(made, "//help").one("section", "panel")
    printed = [one.text for one in keys.all("kbd")]
    assert "↓" in printed
    assert not {"ArrowDown", "PageUp", "Escape"} & {*printed}
    assert all(one.attributes["dir"] == "ltr" for one in keys.all("bdi"))


def test_the_palette_offers_first_what_begins_as_was_typed(made: Made) -> None:
    """Enter goes to the first: "led" stands within "failed" too."""
    for typed, first in (
        ("led", "Ledger"),
        ("fail", "What failed"),
        ("s-0", "S-01"),
        ("view", "Saved views"),
    ):
        offers = parsed(made.site.get("palette", to=typed).text).one("ul", "offers").all("a")
        assert first in offers[0].text, typed


@pytest.mark.parametrize(
    "page",
    [
        "nowhere",
        "x/99",
        f"i/{'0' * 32}",
        f"h/{'0' * 64}",
        f"download/{'0' * 32}",
        f"media/{'0' * 32}",
        "POST views",
    ],
)
def test_what_is_not_there_is_said_in_the_reader_s_language(own: Made, page: str) -> None:
    reader = {"cookie": "lang=ar"}
    form = {"token": own.site.house.token, "withdraw": "999", "reason": "an error"}
    method, _, address = page.rpartition(" ")
    answer = own.site.post(address, reader, **form) if method else own.site.get(page, headers=reader)
    assert answer.status == 404
    problem = parsed(answer.text).one("div", "problem").text
    assert re.findall("[A-Za-z]{3,}", problem.replace("SHA-256", "")) == []


def test_a_form_that_is_too_old_says_so_in_the_reader_s_language(made: Made) -> None:
    answer = made.site.post("ledger/verify", {"cookie": "lang=ar"}, token="old")
    assert answer.status == 403
    assert "افتح الصفحة من جديد" in parsed(answer.text).one("div", "problem").text


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"name": "", "page": "items", "note": "for the judge"}, "for the judge"),
        ({"name": "Weekly", "page": "items", "note": "...\u200b"}, "Weekly"),
        ({"name": "Weekly", "page": "items", "note": "..."}, "Weekly"),
        ({"name": "Weekly", "page": "items", "note": "a" * 3_000}, "Weekly"),
        ({"name": "Weekly", "page": "//elsewhere", "note": ""}, ""),
    ],
)
def test_a_view_that_is_not_saved_says_why_in_arabic_and_keeps_what_was_typed(
    made: Made, form: dict[str, str], kept: str
) -> None:
    answer = made.site.post("views", {"cookie": "lang=ar"}, token=made.site.house.token, **form)
    assert answer.status == 422
    page = parsed(answer.text)
    problem = page.one("div", "problem")
    assert not [each for each in problem.all("bdi") if each.attributes.get("lang") == "en"], problem.text
    assert re.findall("[A-Za-z]{3,}", problem.text) == []
    typed = [each.attributes.get("value") for each in page.all("input")] + [
        each.text for each in page.all("textarea")
    ]
    assert kept in (*typed, "")


def test_what_the_record_says_in_english_is_marked_as_english(own: Made) -> None:
    """Read aloud as Arabic it is noise (WCAG 2.2, 3.1.2)."""
    reader = {"cookie": "lang=ar"}
    case = Case.open(own.folder)
    case.log(Action.VERIFIED, "", {"ok": False, "first": "rows: another digest", "head": "ab" * 32})
    case.close()
    own.site.get("items")
    (own.folder / "index" / "meta.json").write_bytes(b"{")
    answers = [own.site.get("items", headers=reader), own.site.get("search", headers=reader, q="radio")]
    assert [answer.status for answer in answers] == [200, 503]
    for answer, said in zip(answers, ("another digest", "meta.json"), strict=True):
        problems = parsed(answer.text).all("div", "problem")
        english = [
            each.text for one in problems for each in one.all("bdi") if each.attributes.get("lang") == "en"
        ]
        assert [text for text in english if said in text], said
