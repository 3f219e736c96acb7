"""What is wrong with a query is said in the reader's language, whatever is wrong with it."""

import ast
from pathlib import Path

import pytest
from site_server import parsed

import actionday
from actionday.app.web.language import catalogue
from actionday.app.web.showing.forms import fits
from actionday.app.web.showing.queries import FORMS, SENTENCES, wrong
from actionday.storage.index import QueryError, parse
from actionday.storage.index.grammar import OTHERWISE
from conftest import Made
from steps import steps

ARABIC = catalogue("ar").gettext
ROOT = Path(actionday.__file__).parent
CODE = [*(ROOT / "storage" / "index").glob("*.py"), ROOT / "access" / "asked.py"]
OF_A_LIBRARY = "the index does not take this query: x"
PUT_TOGETHER = {
    "there is no letter or digit x",
    "~ takes a single word, and this is x: x",
    "this case has no exhibit x; x",
}
"""What ends in one of two ways, both of which are tried below."""
MALFORMED = (
    "(a", "a)", '"a', "a AND", "AND a", "(" * 60 + "a", "a " * 1_001, "b" * 1_002, "colour:red", "name:(path:a)", "name: a",
    '"a b"*', "a*b", "-a", "+a", "a^2", "a~2", "w?rd", "a~b~.", "a\uff0a", "kind:fil*", "year:soon", "kind:boat", "lang:klingonish",
    "lang:arabic", "language:german", "year:2026-2020", "*", "...", "红隼~", "a.b~", "a.a~", "x" * 20_001, "script:arabic", "lang:zzqx",
)  # fmt: skip


def told(query: str) -> str:
    """Return what is said of a query that is wrong by itself."""
    with pytest.raises(QueryError) as raised:
        parse(query)
    return raised.value.message


@pytest.mark.parametrize("query", MALFORMED, ids=lambda query: query[:20])
def test_what_is_wrong_is_said_in_arabic(query: str) -> None:
    assert 'lang="en"' not in wrong(told(query), ARABIC), told(query)


def test_every_sentence_that_an_error_of_a_query_is_made_of_is_known() -> None:
    """Read out of the code: one that is added there is added here too, else it would be English for ever."""
    found = {message for path in CODE for message in raised_in(path)} | {*OTHERWISE.values()}
    assert len(found) > 25
    unknown = [text for text in found if not any(fits(form, text) is not None for form in FORMS)]
    assert unknown == [OF_A_LIBRARY]


def test_each_sentence_is_one_that_the_code_says() -> None:
    said = [message for path in CODE for message in raised_in(path)] + [*OTHERWISE.values()]
    said += [told(query) for query in MALFORMED]
    said += ["this case has no exhibit 'x'; it has S-1", "this case has no exhibit 'x'; it has none yet"]
    known = {form.sentence for form in FORMS if any(fits(form, text) is not None for text in said)}
    assert {*SENTENCES} - known == set()


def raised_in(path: Path) -> list[str]:
    """Return the messages of the QueryErrors that a file raises, "x" for what is put in."""
    calls = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)]
    errors = [node for node in calls if isinstance(node.func, ast.Name) and node.func.id == "QueryError"]
    texts = [_text(node.args[1]) for node in errors]
    return [text for text in texts if text and text not in PUT_TOGETHER]


def _text(node: ast.expr) -> str:
    """Return what a string says, "" where it is made elsewhere."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return ""


def test_a_page_says_it_in_its_language_and_what_was_typed_stays_harmless(made: Made) -> None:
    page = made.site.get("search", headers={"cookie": "lang=ar"}, q='colour:<b> "')
    problem = parsed(page.text).one("div", "problem")
    assert "لا" in problem.text or "علامة" in problem.text
    shown = wrong("kind: knows no '\u202e<b>'; known are file, row", ARABIC)
    assert "<b>" not in shown
    assert "\u202e" not in shown
    assert "لا يعرف" in shown


def test_a_long_sentence_costs_nothing() -> None:
    for said in (": knows no " * 2_000 + "; known are " * 2_000, "x: write " * 2_000):
        few, many = (steps(lambda text=text: fits_any(text)) for text in (said[:200], said))
        assert many < 2 * few + 1_000


def fits_any(text: str) -> None:
    for form in FORMS:
        fits(form, text)
