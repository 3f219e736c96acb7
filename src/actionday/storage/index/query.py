"""A query's tree → tantivy's query. Words of the text and of its content's metadata are scored; fields and filters
select, and so do words of an item's own metadata: copies of a text that are found have the same score.

Exact words, second spellings and stems: a word scores by BM25; where the index has second tokens that meet
it, a text with the exact word stands above every text that has only those.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import tantivy
from tantivy import FieldType, Occur, Query

from actionday.storage.index.aligned import Token
from actionday.storage.index.beginnings import Beginnings
from actionday.storage.index.endings import ENDINGS
from actionday.storage.index.fields import FIELDS
from actionday.storage.index.grammar import QueryError
from actionday.storage.index.node import And, Match, Node, Not, Or, Term, terms
from actionday.storage.index.normalise import tokens
from actionday.storage.index.schema import content_number, path_words
from actionday.storage.index.unspaced import BMP_RUNS, RUNS

EXACT_BONUS, SECOND = 1.0, 0.5  # any exact word outranks any second token
FILTER_FIELDS = {"language": "language", "type": "type", "exhibit": "exhibit", "script": "script",
                 "kind": "kind", "status": "status", "year": "year"}  # fmt: skip
TEXT, META, OWN, NAME = ("body", "alt"), ("meta", "meta_alt"), ("own", "own_alt"), ("name", "name_alt")
"""Where words are sought, each with where their second forms are."""
CONTENT = (TEXT, META)
Placed = list[tuple[int, str]]
Met = Sequence[tuple[int, tuple[str, ...]]]
"""The places of a phrase, each with the words that meet it."""


def query_words(text: str) -> tuple[Placed, list[Token]]:
    """Return a word's or phrase's tokens with their places in a row, and the tokens themselves.

    The last token of an unspaced run, one character, is left out where a bigram holds it already: in a text
    that goes on there, another bigram stands in its place.
    """
    found = list(tokens(text))
    placed = []
    for at, token in enumerate(found):
        covered = at and len(token.word) == 1 and RUNS.match(token.word) and found[at - 1].end == token.end
        if not covered:
            placed.append((at, token.word))
    return placed, found


def readings(placed: Placed) -> Met:
    """Return the places of a phrase with the tokens of a text that meet each, what goes on behind the last one aside.

    One character of an unspaced script stands before the next as a bigram with it, or alone where a blank parts them.
    """
    following = [word[0] if RUNS.match(word) else "" for _, word in placed[1:]]
    return [
        (at, (word, word + behind) if behind and is_prefix(word) else (word,))
        for (at, word), behind in zip(placed, [*following, ""], strict=True)
    ]


def is_prefix(word: str) -> bool:
    """Tell whether a word is one character of an unspaced script: it begins the tokens that it is found by."""
    return len(word) == 1 and RUNS.match(word) is not None


def reach(word: str) -> int:
    """Return how many letters ``word~`` may differ by: one, two in words of six and more."""
    return 1 if len(word) < 6 else 2


def check_filters(filters: Mapping[str, Sequence[str]]) -> None:
    """Raise QueryError for a value of a filter that its field cannot have by its form."""
    for name, values in filters.items():
        field = FIELDS[FILTER_FIELDS[name]]
        for value in values:
            if not field.shape.fullmatch(value):
                raise QueryError(0, f"{name}: {value!r} is no {field.what}")


class Compiler:
    """Makes tantivy queries for one searcher (the same snapshot for all it makes)."""

    def __init__(
        self,
        schema: tantivy.Schema,
        searcher: tantivy.Searcher,
        beginnings: Beginnings,
        expand_language: Callable[[str], frozenset[str]],
    ) -> None:
        self.schema = schema
        self.searcher = searcher
        self.beginnings = beginnings
        self.expand_language = expand_language

    def compile(self, node: Node, filters: Mapping[str, Sequence[str]]) -> Query:
        """Return the query for a tree within filters: values of one filter are alternatives."""
        chosen = [self._filter(field, values) for field, values in filters.items() if values]
        return _all([self._node(node), *map(_unscored, chosen)], [])

    def own(self, node: Node) -> Query:
        """Return the query for the items of which any word of a tree meets the metadata of the item itself."""
        return _any(self._met(term, OWN) for term in terms(node) if term.field in (None, "meta"))

    def _node(self, node: Node) -> Query:
        match node:
            case Term(field=None):
                return _any([self._text(node), _unscored(self._met(node, OWN))])
            case Term():
                return _unscored(self._field(node))
            case Or(parts):
                return _any(self._node(part) for part in parts)
            case Not(part):
                return _all([], [self._node(part)])
            case And(parts):
                wanted = [self._node(part) for part in parts if not isinstance(part, Not)]
                return _all(wanted, [self._node(part.part) for part in parts if isinstance(part, Not)])

    def _text(self, term: Term) -> Query:
        placed, found = query_words(term.text)
        prefix = term.match is Match.PREFIX
        if len(placed) > 1:
            phrase = self._phrase("body", placed, prefix)
            ranked = phrase if term.match is Match.PHRASE else self._standing_alone(phrase, found)
            return _any([ranked, self._phrase("meta", placed, prefix)])
        word = placed[0][1]
        others = [
            query for where in CONTENT for query in self._others(where, word, term.match, found[0].alts)
        ]
        return self._ranked(word, others) if others else self._exact(word)

    def _met(self, term: Term, where: tuple[str, str]) -> Query:
        """Return the query for what a word or phrase meets in one place, as ``_text`` finds it there."""
        field, _ = where
        placed, found = query_words(term.text)
        word = placed[0][1]
        if len(placed) > 1:
            return self._phrase(field, placed, term.match is Match.PREFIX)
        others = self._others(where, word, term.match, found[0].alts)
        return _any(others if is_prefix(word) else [self._term(field, word), *others])

    def _others(self, where: tuple[str, str], word: str, match: Match, alts: tuple[str, ...]) -> list[Query]:
        """Return queries for what a word meets in one place beside itself: with * or ~ no less than without."""
        field, other = where
        if is_prefix(word):
            return [self._beginning(field, word)]
        if match is Match.PHRASE:
            return []
        begun = [self._beginning(field, word), self._beginning(other, word)] if match is Match.PREFIX else []
        near = [self._nearby(field, word), self._nearby(other, word)] if match is Match.FUZZY else []
        return [*begun, *near, *self._seconds(where, word, alts)]

    def _seconds(self, where: tuple[str, str], word: str, alts: tuple[str, ...]) -> list[Query]:
        """Return queries for what meets a word by its second spellings, as far as the index holds such."""
        field, other = where
        pairs = [(other, word), *((other, alt) for alt in alts), *((field, alt) for alt in alts)]
        return [self._term(*pair) for pair in pairs if self.searcher.doc_freq(*pair)]

    def _exact(self, word: str) -> Query:
        """Return the query for the word itself, in the text and, where any has it, in the metadata."""
        held = [field for field, _ in CONTENT if field == "body" or self.searcher.doc_freq(field, word)]
        return _any([self._term(field, word) for field in held])

    def _ranked(self, word: str, others: Iterable[Query]) -> Query:
        exact = self._exact(word)
        below = [Query.const_score_query(other, SECOND) for other in others]
        parts = [exact, Query.const_score_query(exact, EXACT_BONUS), Query.disjunction_max_query(below)]
        return _any(parts)

    def _standing_alone(self, phrase: Query, found: list[Token]) -> Query:
        """Rank a text higher in which an unspaced word stands by itself, as its script lets us see."""
        word = "".join(token.word[0] for token in found)
        if not BMP_RUNS.fullmatch(word) or not self.searcher.doc_freq("alt", word):
            return phrase
        alone = Query.const_score_query(self._term("alt", word), EXACT_BONUS)
        return Query.boolean_query([(Occur.Must, phrase), (Occur.Should, alone)])

    def _phrase(self, field: str, placed: Placed, prefix: bool) -> Query:
        if field == "path":
            met: Met = [(at, (word,)) for at, word in placed]
            return self._begun_phrase(field, met) if prefix else self._plain_phrase(field, met)
        met, last = readings(placed), placed[-1][1]
        if is_prefix(last) or (prefix and not (field == "body" and RUNS.match(last))):
            return self._begun_phrase(field, met)
        return self._plain_phrase(field, met)

    def _plain_phrase(self, field: str, met: Met) -> Query:
        if all(len(words) == 1 for _, words in met):
            return Query.phrase_query(self.schema, field, [(at, words[0]) for at, words in met])
        return Query.regex_phrase_query(self.schema, field, [*_expressions(met)])

    def _begun_phrase(self, field: str, met: Met) -> Query:
        """Return the query for a phrase whose last word goes on."""
        before, (at, (last, *_)) = _expressions(met[:-1]), met[-1]
        ends = self.beginnings.of(field, last)
        phrases = [Query.regex_phrase_query(self.schema, field, [*before, (at, each)]) for each in ends]
        return phrases[0] if len(phrases) == 1 else Query.disjunction_max_query(phrases)

    def _beginning(self, field: str, word: str) -> Query:
        return Query.fuzzy_term_query(self.schema, field, word, distance=0, prefix=True)

    def _nearby(self, field: str, word: str) -> Query:
        return Query.fuzzy_term_query(self.schema, field, word, distance=reach(word))

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self.schema, field, value)

    def _field(self, term: Term) -> Query:
        if term.field == "name":
            return self._met(term, NAME)
        if term.field == "meta":
            return _any(self._met(term, where) for where in (META, OWN))
        if term.field == "path":
            return self._components(path_words(term.text.strip("/")).split(), term.match)
        return self._value(term.field or "", term.text)

    def _components(self, parts: list[str], match: Match) -> Query:
        if len(parts) > 1:
            return self._phrase("path", list(enumerate(parts)), match is Match.PREFIX)
        if match is Match.FUZZY:
            return self._nearby("path", parts[0])
        return (self._beginning if match is Match.PREFIX else self._term)("path", parts[0])

    def _value(self, field: str, value: str) -> Query:
        """Return the query for a whole value of a field of the grammar or a filter."""
        if field == "lang" or (field == "language" and len(value) == 2):
            codes = sorted({value.lower(), *self.expand_language(value.lower())})
            return Query.term_set_query(self.schema, "lang", codes)
        if field == "language":
            return self._term("lang", value.lower())
        if field == "year":
            first, _, last = value.partition("-")
            return self._range("year", int(first), int(last or first))
        if field == "sha256":
            return self._range("content", content_number(value), content_number(value))
        if field == "type" and (types := ENDINGS.get(value.lower())):
            return Query.term_set_query(self.schema, "type", [value.lower(), *types])
        cased = {"exhibit": value, "script": value.title()}
        return self._term(field, cased.get(field, value.lower()))

    def _range(self, field: str, low: int, high: int) -> Query:
        return Query.range_query(self.schema, field, FieldType.Unsigned, low, high)

    def _filter(self, name: str, values: Sequence[str]) -> Query:
        return _any(self._value(FILTER_FIELDS[name], value) for value in values)


def _expressions(met: Met) -> list[tuple[int, str]]:
    return [(at, "|".join(words)) for at, words in met]


def _unscored(query: Query) -> Query:
    return Query.const_score_query(query, 0.0)


def _any(queries: Iterable[Query]) -> Query:
    each = list(queries)
    return each[0] if len(each) == 1 else Query.boolean_query([(Occur.Should, query) for query in each])


def _all(wanted: list[Query], unwanted: list[Query]) -> Query:
    """Return what meets all of the first and none of the second; without a first, of all items."""
    if len(wanted) == 1 and not unwanted:
        return wanted[0]
    musts = wanted or [_unscored(Query.all_query())]
    return Query.boolean_query(
        [*((Occur.Must, query) for query in musts), *((Occur.MustNot, query) for query in unwanted)]
    )
