"""No quotation mark in a regular expression, a template or a remark turns the strings of a script inside out."""

from time import process_time

import pytest

from actionday.model import Limits
from actionday.parsers import Parsers
from actionday.parsers._code_tokens import tokens
from actionday.parsers._page_code import handlers
from actionday.parsers._said_in_code import said

PARSERS = Parsers.load()
WANTED = "the kestrel leaves at noon"
MANY = 6_000


@pytest.mark.parametrize(
    "front",
    [
        "function q(s){return /'/.test(s)}",
        "switch(s){case /'/.test(s):",
        "a=>/'/;",
        "x=y>/'/.test(z);typeof /'/;",
        "if(a)/'/.test(b);",
        "if(a)/'/.test(b);x=(1)/2;",
        "x=(1)/2;y=(3)/4;",
        "x=(1)/2;if(a)/'/.test(b);",
        "{}/[\"']/.test(b);",
        "x=a++ /2;y='/';",
        "x=a++ /'/ 2;",
        "x=a+/'/;",
        "x=a\n/'/.test(b);",
        "x=/* y *//'/;",
        "/'/.test(a);",
        "a.in /'/ 2;",
        "x=/[/'\\]]/;",
        f"x=/{'ab[cd]' * 90}'/;",
        "var a=/`/;",
        "function f(){return /`/}",
        "x=`${a?`'`:''}`;",
        "x=`a ${`b '`} c`;",
        "x=`a ${f({b:`c '`})} d`;",
        "x=`a ${{b:/}/}} d`;",
        "x=`it's`;",
        "function f(){return /\\/*x/};",
        "return a.replace(/\\\\/g,'/').replace(/'/g,'x');",
        "<!-- don't\n",
        "x = 'a\\\n/b';",
        "<p>don't</p>\n",
        "y = `not closed, ",
    ],
)
def test_a_string_behind_any_expression_is_found(front: str) -> None:
    code = f"{front}var m='{WANTED}';"
    assert any(WANTED in line for line in said(code))
    parsed = PARSERS.parse("text/html", f"<p>shown</p><script>{code}</script>".encode(), Limits())
    assert parsed is not None
    assert WANTED in "".join(parsed.text)
    assert any(WANTED in each for each in handlers(f'<b onclick="{code.replace(chr(34), "&quot;")}">'))


def test_templates_within_templates_are_all_strings() -> None:
    assert [each.written for each in tokens("`a ${b} c ${`d ${'e'} f`} g`")] == [
        "e",
        "d ${'e'} f",
        "a ${b} c ${} g",
    ]


def test_words_of_a_remark_as_html_has_it_are_found() -> None:
    assert list(said(f"<!-- {WANTED}\nx='by the old pier'\n-->")) == [WANTED, "by the old pier"]


def test_a_script_without_doubt_is_read_once() -> None:
    code = "a='one two three';b=c/d/'four five six'.length;e=/'/;f=`seven eight nine`"
    assert list(said(code)) == ["one two three", "four five six", "seven eight nine"]


@pytest.mark.parametrize(
    "unit",
    [
        ")/'",
        ")/{`",
        "`${",
        "`${'",
        "=/[",
        "=/[=/]",
        "/*'",
        ")/a",
        "<!--",
        "}/`${",
        ")/[)/",
        "//",
        "\\`",
        "`${{}/`}/'",
        "return /",
    ],
)
@pytest.mark.parametrize("end", ["", "`", "\n*/]/"])
def test_no_script_costs_more_than_its_length(unit: str, end: str) -> None:
    taken = []
    for count in (MANY // 2, MANY):
        begun = process_time()
        assert sum(1 + len(each.written) for each in tokens(unit * count + end)) <= 9 * len(unit) * count
        taken.append(process_time() - begun)
    assert taken[1] < 4 * taken[0] + 0.3
