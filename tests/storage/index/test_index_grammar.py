"""What a query says, and where a malformed one goes wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.model import Kind, Status
from actionday.model.language import languages
from actionday.storage.index import QueryError, parse
from actionday.storage.index.fields import FIELDS, type_words
from actionday.storage.index.grammar import DEEPEST, LONGEST_QUERY, LONGEST_WORD, MOST_TERMS
from actionday.storage.index.node import And, Match, Node, Not, Or, Term, sought, terms


def shown(node: Node) -> str:
    """Return the tree in full brackets."""
    match node:
        case And(parts):
            return f"({' & '.join(map(shown, parts))})"
        case Or(parts):
            return f"({' | '.join(map(shown, parts))})"
        case Not(part):
            return f"!{shown(part)}"
        case term:
            mark = {Match.WORD: "", Match.PREFIX: "*", Match.FUZZY: "~", Match.PHRASE: '"'}[term.match]
            field = f"{term.field}:" if term.field else ""
            return f"{field}{term.text}{mark}"


@pytest.mark.parametrize(
    ("query", "tree"),
    [
        ("kestrel", "kestrel"),
        ("a b c", "(a & b & c)"),
        ("a AND b OR c", "((a & b) | c)"),
        ("a OR b c", "(a | (b & c))"),
        ("(a OR b) c", "((a | b) & c)"),
        ("a NOT b", "(a & !b)"),
        ("a AND NOT b", "(a & !b)"),
        ("NOT NOT NOT a", "!a"),
        ("NOT a", "!a"),
        ("and or not", "(and & or & not)"),
        ("ANDROID NOTE ORDER", "(ANDROID & NOTE & ORDER)"),
        ('"radio kestrel" x*', '(radio kestrel" & x*)'),
        ("“radio kestrel” helo~", '(radio kestrel" & helo~)'),
        ("lang:fa type:(pdf OR html)", "(lang:fa & (type:pdf | type:html))"),
        ('name:"my file" NAME:x', '(name:my file" & name:x)'),
        ("path:var/log year:2023-2025", "(path:var/log & year:2023-2025)"),
        ("http://kestrel.example/x 10:30 C:\\temp", "(http://kestrel.example/x & 10:30 & C:\\temp)"),
        ('"lang: x"', 'lang: x"'),
        ("a(b)c", "(a & b & c)"),
    ],
)
def test_trees(query: str, tree: str) -> None:
    assert shown(parse(query)) == tree


@pytest.mark.parametrize(
    ("query", "position", "says"),
    [
        ("", 0, "missing"),
        ("   ", 3, "missing"),
        ("(a AND b", 0, "not closed"),
        ("x ((a) AND b", 2, "not closed"),
        ("a)", 1, "closes nothing"),
        ("()", 1, "missing before this )"),
        ('"', 0, "quotation mark is not closed"),
        ('a "b c', 2, "quotation mark is not closed"),
        ('""', 0, "no letter or digit"),
        ("*", 0, "no letter or digit before this *"),
        ("a ~", 2, "no letter or digit before this ~"),
        ("name:*", 5, "wants a value such as name:schedule"),
        ("-- x", 0, "no letter or digit to search for in '--'"),
        ("lang:xx", 5, "knows no 'xx'; it takes a code, as in lang:fa"),
        ("a lang:arabic", 7, "'arabic' is a name: write lang:ar"),
        ('lang:"Egyptian Arabic"', 5, "'Egyptian Arabic' is a name: write lang:arz"),
        ("lang:egyptian", 5, "knows no 'egyptian': write lang:arz (Egyptian Arabic)"),
        ("lang:arabik", 5, "knows no 'arabik': write lang:ar (Arabic)"),
        ("lang:ger", 5, "write lang:de (German)"),
        ("lang:ar-SA", 5, "write lang:ar (Arabic)"),
        ("language:ar", 9, "language:apc (Levantine Arabic), language:arb (Standard Arabic), "),
        ("language:Persian", 9, "write language:pes (Iranian Persian) or language:prs (Dari)"),
        ("language:english", 9, "'english' is a name: write language:eng"),
        ("script:arabic", 7, "'arabic' is a name: write script:Arab"),
        ("script:cyrilic", 7, "write script:Cyrl (Cyrillic)"),
        ("a lang:(fa OR qqq)", 14, "knows no 'qqq'"),
        ("language:xxx", 9, "knows no 'xxx'; it takes a code, as in language:arb"),
        ("kind:nonsense", 5, "knows no 'nonsense'; known are attachment, carved, deleted, directory, "),
        ('x status:"nonsense"', 9, "knows no 'nonsense'; known are empty, encrypted, "),
        ("status:pars", 7, "knows no 'pars'"),
        ("wo*rd", 2, "only end a word"),
        ("a AND", 5, "missing"),
        ("OR a", 0, "missing before this OR"),
        ("a AND OR b", 6, "missing before this OR"),
        ("field:", 0, "no field 'field'"),
        ("a colour:red", 2, "no field 'colour'"),
        ("lang:", 5, "value must follow"),
        ("lang: fa", 5, "value must follow"),
        ("lang:fa*", 7, "without * or ~"),
        ("year:20x4", 5, "2023-2025"),
        ("sha256:abc", 7, "64 hex digits"),
        ("name:(lang:x)", 6, "inside the bracket of name"),
        ("++ x", 0, "no letter or digit"),
        ("script:Xxxx", 7, "knows no 'Xxxx'"),
        ("year:2025-2023", 5, "begins after it ends"),
        ("a radio^2", 7, "cannot be weighted"),
        ("kestrel~1", 7, "takes no number"),
        ("sch?dule", 3, "stands for no letter"),
        ("a -radio", 2, "write NOT"),
        ("+radio", 0, "leave out the +"),
    ],
)
def test_q05_what_is_malformed_is_answered_with_the_position(query: str, position: int, says: str) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)
    assert error.value.position == position
    assert says in error.value.message


@pytest.mark.parametrize(
    "query",
    [
        "lang:FA",
        "lang:und",
        "lang:ara",
        "lang:ms",
        "language:ARB",
        "language:und",
        "kind:Deleted",
        "status:PARSED",
        "script:arab",
        "script:Hant",
    ],
)
def test_what_is_known_is_taken_in_any_case_of_letters(query: str) -> None:
    assert parse(query)


@pytest.mark.parametrize(
    "query",
    ["what?", "https://kestrel.example/page?id=3", "watch?v=a", "-5", "+49301234", "a-b", "C++", "ada+list@b.example",
     '"radio^2"', '"PROGRA~1"', '"-radio"', "name:a?b"],
)  # fmt: skip
def test_signs_that_mean_nothing_elsewhere_either_are_no_error(query: str) -> None:
    assert parse(query)


def test_every_kind_status_and_language_can_be_asked_for() -> None:
    for field, values in (
        ("kind", Kind),
        ("status", Status),
        ("lang", languages()),
        ("language", languages()),
    ):
        for value in values:
            assert parse(f"{field}:{value}")


@pytest.mark.parametrize(
    ("query", "position", "limit"),
    [
        ("x" * 10_000, LONGEST_WORD, LONGEST_WORD),
        ("a " * 5_000, 2 * MOST_TERMS, MOST_TERMS),
        ("x " * 50_000, LONGEST_QUERY, LONGEST_QUERY),
        ("(" * 10_000, DEEPEST, DEEPEST),
        ('"' + "x " * 4_000 + '"', LONGEST_WORD, LONGEST_WORD),
    ],
)
def test_q05_ten_thousand_characters_are_answered_with_the_limit(
    query: str, position: int, limit: int
) -> None:
    with pytest.raises(QueryError) as error:
        parse(query)
    assert error.value.position == position
    assert f"{limit:,}" in error.value.message


def test_q05_ten_thousand_negations_are_one_or_none() -> None:
    assert shown(parse("NOT " * 3_001 + "a")) == "!a"


def test_q07_three_hundred_addresses_are_within_the_limits() -> None:
    node = parse(" OR ".join(f"person.number{number}@mail{number}.example.org" for number in range(300)))
    assert isinstance(node, Or)
    assert len(terms(node)) == 300


PIECES = st.sampled_from(
    ["a", "b*", "c~", '"x y"', "(", ")", "AND", "OR", "NOT", "lang:", "lang:fa", '"', "*", " ", "", "year:1"]
)


@settings(max_examples=400, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60), st.lists(PIECES, max_size=14).map(" ".join), st.lists(PIECES).map("".join)
    )
)
def test_whatever_is_typed_is_a_tree_or_an_error_within_the_query(query: str) -> None:
    try:
        node = parse(query)
    except QueryError as error:
        assert 0 <= error.position <= len(query)
        assert error.message
    else:
        assert all(
            query.startswith(term.text, term.position + query[term.position :].find(term.text))
            for term in terms(node)
        )
        assert shown(parse(query)) == shown(node)


def test_what_is_sought_in_the_text_leaves_out_fields_and_negations() -> None:
    node = parse('a lang:fa NOT b (c* OR NOT (d e)) name:f "g h"')
    assert [term.text for term in sought(node)] == ["a", "c", "g h"]


def test_each_field_has_a_name_a_meaning_and_an_example() -> None:
    for name, field in FIELDS.items():
        assert name == field.name
        assert field.what
        assert field.example.startswith(f"{name}:")


@pytest.mark.parametrize(
    ("mime", "words"),
    [
        ("text/html; charset=utf-8", ["text/html", "html", "text"]),
        ("application/pdf", ["application/pdf", "pdf"]),
        ("message/rfc822", ["message/rfc822", "rfc822", "mail"]),
        ("image/png", ["image/png", "png", "image"]),
        ("application/vnd.oasis.opendocument.text", ["application/vnd.oasis.opendocument.text",
                                                     "vnd.oasis.opendocument.text", "office"]),
        ("application/x-7z-compressed", ["application/x-7z-compressed", "x-7z-compressed", "archive"]),
        ("", []),
    ],
)  # fmt: skip
def test_types_are_found_by_type_subtype_and_family(mime: str, words: list[str]) -> None:
    assert type_words(mime) == words


@pytest.mark.parametrize(("query", "text", "match"), [
    ('צה"ל', 'צה"ל', Match.WORD), ("צה”ל", "צה”ל", Match.WORD), ('צָהַ"ל*', 'צָהַ"ל', Match.PREFIX), ('"צה"ל"', 'צה"ל', Match.PHRASE),
    ('"חיילי צה"ל"', 'חיילי צה"ל', Match.PHRASE), ('"צהל"', "צהל", Match.PHRASE), ('"x"', "x", Match.PHRASE),
])  # fmt: skip
def test_a_quotation_mark_inside_a_hebrew_word_is_part_of_it(query: str, text: str, match: Match) -> None:
    assert parse(query) == Term(None, text, match, 0)


@pytest.mark.parametrize(("query", "texts"), [
    ('"שלום" "עולם"', ["שלום", "עולם"]), ('צה"ל "שלום עולם"', ['צה"ל', "שלום עולם"]), ('x"y"', ["x", "y"]),
    ('name:צה"ל (צה"ל)', ['צה"ל', 'צה"ל']),
])  # fmt: skip
def test_a_quotation_mark_elsewhere_opens_a_phrase(query: str, texts: list[str]) -> None:
    node = parse(query)
    assert [term.text for term in terms(node)] == texts
