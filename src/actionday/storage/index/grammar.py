"""The query language: a string → a tree of ``node``, or a ``QueryError`` at the very character.

query = or          or   = and ("OR" and)*        and = not ("AND"? not)*        not = "NOT"* atom
atom  = "(" or ")" | term | field ":" ( term | "(" or ")" )
term  = word | word"*" | word"~" | '"' any '"'        a quotation mark between Hebrew letters is one of theirs
"""

import re
from dataclasses import dataclass

from actionday.model.codes import Named
from actionday.storage.index.fields import FIELDS
from actionday.storage.index.node import And, Match, Node, Not, Or, Term
from actionday.storage.index.normalise import tokens
from actionday.storage.index.seams import LETTER
from actionday.storage.index.unspaced import RUNS

LONGEST_QUERY = 20_000  # characters: 300 mail addresses joined by OR are 12,000
LONGEST_WORD = 1_000  # characters in a word or phrase: it becomes a phrase of that many positions at most
MOST_TERMS = 1_000  # words, phrases and field values in one query
DEEPEST = 50  # brackets within brackets; the parser recurses
LONGEST_TOLD = 40  # characters of a word that is told in an error in parts
QUOTES = '"“”„'

INSIDE = f"(?<=[{LETTER}])[{QUOTES}](?=[{LETTER}])"  # of a Hebrew abbreviation: צה"ל

LEXEME = re.compile(
    rf'(?P<space>\s+)|(?P<open>\()|(?P<close>\))'
    rf'|[{QUOTES}](?P<phrase>[^{QUOTES}]*(?:{INSIDE}[^{QUOTES}]*)*)(?P<end>[{QUOTES}]?)'
    rf'|(?P<operator>(?:AND|OR|NOT)(?![^\s(){QUOTES}]))'
    rf'|(?P<field>[A-Za-z_][A-Za-z0-9_]+):(?!//|\\)|(?P<word>[^\s(){QUOTES}]+(?:{INSIDE}[^\s(){QUOTES}]+)*)'
)  # fmt: skip


ELSEWHERE = re.compile(
    r"^(?P<minus>-)(?=[^\W\d])|^(?P<plus>\+)(?=[^\W\d])|\w(?P<weight>\^\d*\.?\d+)$|\w(?P<edits>~\d*\.?\d+)$"
    r"|^[^\W\d_]+(?P<wildcard>\?)[^\W\d_]+$"
)
INNER_TILDE = re.compile(r"(?<=\w)~+\W*$")  # in names too, which may end so: there it goes in quotes
WIDE = re.compile("[\uff0a\uff5e]$")
BEHIND = frozenset("*~^\uff0a\uff5e")  # what a phrase or a bracket has behind it elsewhere
OTHERWISE = {
    "minus": "a - leaves nothing out: write NOT before the word, or put it in quotes",
    "plus": "every word must be there anyway: leave out the +, or put the word in quotes",
    "weight": "words cannot be weighted with ^: leave it out, or put the word in quotes",
    "edits": "word~ takes no number (one letter may differ, two in words of six and more): leave it out, or use quotes",
    "wildcard": "a ? stands for no letter here: end the word with *, or put it in quotes",
}
"""What signs of other query languages would silently not do here."""


class QueryError(ValueError):
    """A malformed query: what is wrong, and at which character of it, counted from 0."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(f"{message} (at character {position + 1})")
        self.position = position
        self.message = message


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str
    position: int
    end: int


def parsed(query: "str | Node") -> Node:
    """Return the tree of a query that may be one already. Raises ``QueryError``."""
    return parse(query) if isinstance(query, str) else query


def parse(query: str) -> Node:
    """Return the tree of a query. Raises ``QueryError``; nothing else, and at once, whatever it is given."""
    if len(query) > LONGEST_QUERY:
        raise QueryError(LONGEST_QUERY, f"a query has at most {LONGEST_QUERY:,} characters")
    parser = _Parser(_lexemes(query), len(query))
    node = parser.alternatives(None, 0)
    if (rest := parser.next()) is not None:
        raise QueryError(rest.position, "this bracket closes nothing")
    return node


def _lexemes(query: str) -> list[_Lexeme]:
    found = []
    for match in LEXEME.finditer(query):
        kind = match.lastgroup or ""
        if kind == "end":
            if not match["end"]:
                raise QueryError(match.start(), "this quotation mark is not closed")
            kind = "phrase"
        if kind != "space":
            found.append(_Lexeme(kind, match[kind], match.start(), match.end()))
    return found


class _Parser:
    """Recursive descent over the lexemes; ``field`` is the one whose bracket encloses what is read."""

    def __init__(self, lexemes: list[_Lexeme], end: int) -> None:
        self.lexemes = lexemes
        self.end = end
        self.at = 0
        self.terms = 0

    def next(self) -> _Lexeme | None:
        """Return the lexeme to be read, without reading it."""
        return self.lexemes[self.at] if self.at < len(self.lexemes) else None

    def take(self, kind: str, text: str | None = None) -> _Lexeme | None:
        """Read the lexeme if it is the one named."""
        lexeme = self.next()
        if lexeme is None or lexeme.kind != kind or text not in (None, lexeme.text):
            return None
        self.at += 1
        return lexeme

    def alternatives(self, field: str | None, depth: int) -> Node:
        parts = [self.all_of(field, depth)]
        while self.take("operator", "OR"):
            parts.append(self.all_of(field, depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def all_of(self, field: str | None, depth: int) -> Node:
        parts = [self.negated(field, depth)]
        while (lexeme := self.next()) is not None and lexeme.kind != "close":
            if (lexeme.kind, lexeme.text) == ("operator", "OR"):
                break
            self.take("operator", "AND")
            parts.append(self.negated(field, depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def negated(self, field: str | None, depth: int) -> Node:
        times = 0
        while self.take("operator", "NOT"):
            times += 1
        node = self.atom(field, depth)
        return Not(node) if times % 2 else node

    def atom(self, field: str | None, depth: int) -> Node:
        lexeme = self.next()
        if lexeme is None:
            raise QueryError(self.end, "something is missing here: a word, a phrase or a bracket")
        if lexeme.kind in ("operator", "close"):
            raise QueryError(lexeme.position, f"a word is missing before this {lexeme.text}")
        self.at += 1
        if lexeme.kind == "open":
            return self.bracket(lexeme, field, depth)
        if lexeme.kind == "field":
            return self.field(lexeme, field, depth)
        return self.term(lexeme, field)

    def bracket(self, opening: _Lexeme, field: str | None, depth: int) -> Node:
        if depth >= DEEPEST:
            raise QueryError(opening.position, f"brackets may stand {DEEPEST} deep, not deeper")
        node = self.alternatives(field, depth + 1)
        if not self.take("close"):
            raise QueryError(opening.position, "this bracket is not closed")
        return node

    def field(self, lexeme: _Lexeme, outer: str | None, depth: int) -> Node:
        name, at = lexeme.text.lower(), lexeme.position
        if name not in FIELDS:
            known = ", ".join(FIELDS)
            raise QueryError(
                at, f"there is no field {name!r}; known are {known}; text with a colon goes in quotes"
            )
        if outer is not None:
            raise QueryError(at, f"a field inside the bracket of {outer}:")
        value = self.next()
        behind = at + len(name) + 1
        if value is None or value.kind not in ("open", "phrase", "word") or value.position != behind:
            raise QueryError(behind, f"a value must follow {name}: at once")
        return self.atom(name, depth)

    def term(self, lexeme: _Lexeme, field: str | None) -> Term:
        self.terms += 1
        if self.terms > MOST_TERMS:
            raise QueryError(lexeme.position, f"a query has at most {MOST_TERMS:,} words")
        if len(lexeme.text) > LONGEST_WORD:
            at = lexeme.position + LONGEST_WORD
            raise QueryError(at, f"a word or phrase has at most {LONGEST_WORD:,} characters")
        if lexeme.kind == "word" and lexeme.text[0] in BEHIND and self.closed_at(lexeme.position):
            at = lexeme.position
            raise QueryError(
                at, f"a phrase or bracket takes no {lexeme.text}: put * or ~ behind single words"
            )
        term = _term(lexeme, field)
        _check(term)
        return term

    def closed_at(self, position: int) -> bool:
        """Tell whether a phrase, or a bracket that closes, ends there; the lexeme at it has been read."""
        before = self.lexemes[self.at - 2] if self.at > 1 else None
        return before is not None and before.kind in ("phrase", "close") and before.end == position


def _term(lexeme: _Lexeme, field: str | None) -> Term:
    text, at = lexeme.text, lexeme.position
    if lexeme.kind == "phrase":
        return Term(field, text, Match.PHRASE, at)
    match = {"*": Match.PREFIX, "~": Match.FUZZY}.get(text[-1], Match.WORD)
    word = text if match is Match.WORD else text[:-1]
    if "*" in word:
        raise QueryError(at + word.index("*"), "a * may only end a word")
    if field in (None, "meta") and (found := ELSEWHERE.search(word)):
        sign = next(name for name, part in found.groupdict().items() if part)
        raise QueryError(at + found.start(sign), OTHERWISE[sign])
    if found := INNER_TILDE.search(word):
        raise QueryError(at + found.start(), "a ~ may only end a word, or stand in quotes")
    if found := WIDE.search(text):
        raise QueryError(
            at + found.start(), f"this {found[0]} is no sign here: write * or ~, or put the word in quotes"
        )
    return Term(field, word, match, at)


def _check(term: Term) -> None:
    """Raise where a term could find nothing by its very form."""
    field = FIELDS[term.field] if term.field else None
    if field and not field.accepts(term.match):
        raise QueryError(term.position + len(term.text), f"{field.name}: takes whole values, without * or ~")
    if field and field.near and not field.known(term.text.lower()):
        raise QueryError(term.position, _meant(field.name, term.text, field.near(term.text), field.example))
    if field and not field.shape.fullmatch(term.text):
        raise QueryError(term.position, f"{field.name}: wants a value such as {field.example}")
    if field and not field.known(term.text.lower()):
        known = ", ".join(sorted(field.values()))
        raise QueryError(term.position, f"{field.name}: knows no {term.text!r}; known are {known}")
    if field and field.name == "year" and not _rises(term.text):
        raise QueryError(term.position, f"year: {term.text} begins after it ends")
    if (field is None or field.words) and not any(tokens(term.text)):
        sign = {Match.PREFIX: "*", Match.FUZZY: "~"}.get(term.match, "")
        where = f"before this {sign}" if sign and not term.text else f"to search for in {term.text!r}"
        raise QueryError(term.position, f"there is no letter or digit {where}")
    if term.match is Match.FUZZY:
        _check_fuzzy(term)


def _check_fuzzy(term: Term) -> None:
    """Raise where letters of one word are not what the term is found by: it would be sought as it stands."""
    found, end = list(tokens(term.text)), term.position + len(term.text)
    if any(RUNS.match(token.word) for token in found):
        raise QueryError(
            end,
            "a word of a script without spaces is found by its characters, none of which may differ: leave out the ~",
        )
    if term.field == "path":
        parts = [part for part in term.text.split("/") if part]
    else:
        parts = [term.text[token.start : token.end] for token in found]
    if len(parts) > 1:
        raise QueryError(end, f"~ takes a single word, and this is {len(parts)}: {_each_fuzzy(term, parts)}")


def _each_fuzzy(term: Term, parts: list[str]) -> str:
    """Return what to do instead: what can be copied, where that is short."""
    if len({*parts}) < len(parts) or len(term.text) > LONGEST_TOLD:
        return "leave it out"
    told = " ".join(f"{part}~" for part in parts)
    return f"write {f'{term.field}:({told})' if term.field else told}, or leave it out"


def _meant(field: str, value: str, near: list[Named], example: str) -> str:
    """Return what to say of a value that is no code: what was meant, if that can be told."""
    told = [f"{field}:{each.code} ({each.name})" for each in near]
    if not told:
        return f"{field}: knows no {value!r}; it takes a code, as in {example}"
    choice = " or ".join((", ".join(told[:-1]), told[-1])) if len(told) > 1 else told[0]
    if near[0].is_called(value):
        return f"{value!r} is a name: write {field}:{near[0].code}"
    return f"{field}: knows no {value!r}: write {choice}"


def _rises(years: str) -> bool:
    first, _, last = years.partition("-")
    return not last or first <= last
