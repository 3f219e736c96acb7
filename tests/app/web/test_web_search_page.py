"""The search page: hits, facets, filters, errors with their position, the item beside."""

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from site_server import figure, parsed

from actionday.storage.case import Case
from conftest import Made

SWAP = {"HX-Request": "true", "HX-Target": "section#detail"}


@pytest.mark.parametrize(
    ("words", "paths"),
    [
        (
            "إذاعة",
            {
                "copies/old/page.html",
                "copies/نسخة.html",
                "texts/arabic/index-2026-03.html",
                "texts/mixed.txt",
            },
        ),
        ("רדיו", {"texts/hebrew/index-2026-03.html"}),
        ("红隼电台", {"texts/chinese/index-2026-03.html"}),
        ("расписание lang:ru", {"texts/russian/index-2026-03.html"}),
        ("می‌شود", {"texts/persian/index-2026-03.html"}),
        ('"falcon nest"', {"p1/var/log/air.log"}),
    ],
)
def test_each_script_finds_its_texts_with_the_very_word_marked(
    made: Made, words: str, paths: set[str]
) -> None:
    found = json.loads(made.site.get("search", q=words, format="json").text)
    assert {hit["path"] for hit in found["hits"]} == paths
    assert found["total"] == len(paths)
    page = parsed(made.site.get("search", q=words).text)
    for row in page.one("ol", "hitlist").children:
        if not isinstance(row, str):
            assert row.all("mark"), row.text


def test_json_is_that_of_the_command(made: Made) -> None:
    from click.testing import CliRunner

    from actionday.app.cli.search import command

    printed = CliRunner().invoke(
        command, [str(made.folder), "kestrel", "--limit", "50", "--json"], standalone_mode=False
    )
    assert json.loads(printed.output) == json.loads(made.site.get("search", q="kestrel", format="json").text)


@pytest.mark.parametrize(
    ("words", "position"),
    [("(radio", 0), ("radio AND", 9), ('say "radio', 4), ("nofield:x", 0), ("a OR OR b", 5)],
)
def test_a_malformed_query_is_answered_with_its_position(made: Made, words: str, position: int) -> None:
    answer = made.site.get("search", q=words, not_language="arb")
    assert answer.status == 400
    page = parsed(answer.text)
    assert page.one("title").text.startswith("Error:")
    problem = page.one("div", "problem")
    assert problem.attributes["role"] == "alert"
    assert figure(problem.one("p", "lead").text) == position + 1
    shown = page.one("pre", "say")
    before = shown.text[:position]
    assert (before, shown.one("mark").text) == (words[:position], (words[position : position + 1] or "⌷"))
    assert json.loads(made.site.get("search", q=words, format="json").text)["position"] == position


def test_facets_count_under_the_other_filters_and_toggle(made: Made) -> None:
    plain = parsed(made.site.get("search", q="kestrel").text)
    narrowed = parsed(made.site.get("search", q="kestrel", type="text/html").text)
    types = [
        section.text for section in narrowed.one("details", "facets").all("section") if "Type" in section.text
    ]
    assert "Plain text" in types[0], "a chosen value does not hide the others of its field"
    total = figure(plain.one("span", "h-count").text)
    html = next(a for a in plain.one("details", "facets").all("a") if a.text == "Web page (HTML)")
    without = next(a for a in plain.one("details", "facets").all("a", "minus") if "Web page (HTML)" in a.text)
    kept = figure(parsed(made.site.get(html.attributes["href"]).text).one("span", "h-count").text)
    left = figure(parsed(made.site.get(without.attributes["href"]).text).one("span", "h-count").text)
    assert 0 < kept < total
    assert kept + left == total
    chip = parsed(made.site.get(without.attributes["href"]).text).one("a", "chip")
    assert "not" in chip.text
    assert figure(parsed(made.site.get(chip.attributes["href"]).text).one("span", "h-count").text) == total


def test_a_language_that_is_a_guess_is_one_among_the_filters_too(made: Made) -> None:
    """By word and sign, as on the page of an item; of one that is a guess here and sure there, how often."""
    case = Case.open(made.folder)
    counts = (
        "SELECT SUM(confidence < 0.9), COUNT(*) FROM items i JOIN contents c ON c.sha256 = i.sha256 "
        "WHERE c.language = 'eng'"
    )
    guesses, items = case.database.execute(counts).fetchone()
    (arabic,) = case.database.execute(
        counts.replace("eng", "arb").replace("SUM(confidence < 0.9), ", "")
    ).fetchone()
    case.close()
    page = parsed(made.site.get("search", q="NOT name:nothing").text)
    tongues = next(section for section in page.all("section") if section.text.startswith("Language"))
    lines = {line.all("a")[0].text: len(line.all("span", "machine")) for line in tongues.all("li")}
    assert lines.get("Iranian Persian a guess") == 1
    assert lines.get(f"English a guess in {guesses} of {items} items of the case") == 1
    assert lines.get(f"Standard Arabic a guess in 1 of {arabic + 1} items of the case") == 1, (
        "the passage in a mixed text"
    )
    assert lines.get("Hebrew") == 0
    options = [option.text for option in parsed(made.site.get("items").text).all("option")]
    assert "Iranian Persian (1, 1 guess)" in options
    mixed = parsed(made.site.get(f"i/{made.ids['mixed']}").text)
    assert [sign.text for sign in mixed.one("div", "view").all("span", "machine")] == [
        "English",
        "Standard Arabic a guess",
    ]


def test_pages_of_hits_follow_each_other_without_a_gap(made: Made) -> None:
    first = parsed(made.site.get("search", q="kestrel", sort="path").text)
    total = figure(first.one("span", "h-count").text)
    assert total > 50
    following = next(a.attributes["href"] for a in first.all("a") if a.attributes.get("rel") == "next")
    second = parsed(made.site.get(following).text)
    ids = [
        row.attributes["data-item"]
        for page in (first, second)
        for row in page.all("li")
        if "data-item" in row.attributes
    ]
    assert len(ids) == len(set(ids)) == total
    assert second.one("ol", "hitlist").attributes["start"] == "51"


def test_a_hit_in_metadata_shows_its_label_and_the_word_marked(made: Made) -> None:
    found = json.loads(made.site.get("search", q="meta:evil.example", format="json").text)
    subject = {"label": "headers.Subject", "value": "<img src=http://evil.example/p.png>"}
    assert [subject] in [hit["metadata"] for hit in found["hits"]]
    page = made.site.get("search", q="meta:evil").text
    assert '<bdi class="sub" dir="ltr">headers.Subject</bdi>' in page
    assert "&lt;img src=http://<mark>evil</mark>.example/p.png&gt;" in page


def test_no_hits_say_what_to_do_and_keep_the_words(made: Made) -> None:
    page = parsed(made.site.get("search", q="zzzz", language="arb").text)
    assert "No text that was read has these words" in page.text
    way_out = next(a for a in page.all("a", "button") if "without filters" in a.text)
    assert parse_qs(urlsplit(way_out.attributes["href"]).query) == {"q": ["zzzz"]}


def test_a_misspelt_word_leads_to_exactly_what_the_nearest_spelling_finds(made: Made) -> None:
    page = parsed(made.site.get("search", q="kestrol shedule", exhibit="S-01", offset="50").text)
    said = page.one("p", "nearest")
    link = said.one("a")
    assert link.text == "kestrel schedule"
    found = parsed(made.site.get(link.attributes["href"]).text)
    assert figure(found.one("span", "h-count").text) == figure(said.text) > 0
    assert "S-01" in found.one("ul", "chips").text, "the filters stay"
    nearest = json.loads(made.site.get("search", q="kestrol shedule", exhibit="S-01", format="json").text)
    assert nearest["nearest"] == {"query": "kestrel schedule", "total": figure(said.text)}
    assert not parsed(made.site.get("search", q="zzzz").text).all("p", "nearest")


def test_a_variety_of_a_language_leads_to_all_of_it(made: Made) -> None:
    page = parsed(made.site.get("search", q="lang:ary").text)
    said = page.one("p", "wider")
    found = parsed(made.site.get(said.one("a").attributes["href"]).text)
    assert figure(found.one("span", "h-count").text) == figure(said.text) > 0
    assert not found.all("p", "wider")


def test_what_finds_nothing_tells_what_each_word_finds_and_leads_there(made: Made) -> None:
    page = parsed(made.site.get("search", q="kestrel zzzz", exhibit="S-01").text)
    told = page.all("p", "hints")
    assert [said.one("a").text for said in told] == ["kestrel", "zzzz", "kestrel"]
    for said in told:
        found = parsed(made.site.get(said.one("a").attributes["href"]).text)
        assert figure(found.one("span", "h-count").text) == figure(
            said.text.rpartition(said.one("a").text)[2]
        )
        assert "S-01" in found.one("ul", "chips").text, "the filters stay"
    small = parsed(made.site.get("search", q="zzzz or kestrel").text).all("p", "hints")
    assert "capitals" in small[0].text and small[0].one("a").text == "zzzz OR kestrel"


def test_the_item_beside_is_the_same_block_with_and_without_a_script(made: Made) -> None:
    address = f"search?q=radio&item={made.ids['english']}"
    whole = parsed(made.site.get(address).text).one("section", "detail")
    part = parsed(made.site.get(address, headers=SWAP).text).one("section", "detail")
    assert part.text.split() == whole.text.split()
    assert made.site.get(address, headers=SWAP).text.lstrip().startswith("<section")
    selected = [
        row for row in parsed(made.site.get(address).text).all("li") if row.attributes.get("aria-current")
    ]
    assert [row.attributes["data-item"] for row in selected] == [made.ids["english"]]


def test_the_address_reproduces_the_page(made: Made) -> None:
    address = f"search?q=kestrel&type=text/html&not_language=arb&sort=path&item={made.ids['english']}"
    first, again = (parsed(made.site.get(address).text).one("main").text for _ in range(2))
    assert first == again
    assert made.ids["english"] in parsed(made.site.get(address).text).one("footer").text
