"""Nothing found? What each word finds alone, which one is in the way, and what was perhaps meant.

All are counts of queries within the same filters; nothing of it is searched for unasked, shown or logged.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from actionday.access.of_exhibit import OfExhibit
from actionday.storage.index import Node, QueryError, parse
from actionday.storage.index.node import And, Match, Not, Or, Term, terms
from actionday.storage.index.written import written

MOST = 10
"""Words told of: each costs a count or two."""
MOST_ASKED_ANEW = 100
"""Words of a query that is asked again as a whole, up to a dozen times."""
OPERATORS = frozenset({"and", "or", "not"})
CHINESE = re.compile("[\u3400-\u9fff]")

Count = Callable[[Node], int]


class Counted(NamedTuple):
    """A query, and how many items it finds."""

    query: str
    total: int


class Alone(NamedTuple):
    """A word, phrase or field of the query by itself; ``names``: where no text has it, how many names do."""

    query: str
    total: int
    names: int


class Without(NamedTuple):
    """A query without the part that was ``left_out``, and how many items it finds: more than none."""

    left_out: str
    query: str
    total: int


class Hints(NamedTuple):
    """What can be told where a query found nothing; None and () where there is nothing to tell.

    ``operators``: with the small ones in capitals; ``unquoted``: with the words of its phrases anywhere;
    ``names``: sought in file names; ``unfiltered``: without the filters. ``chinese``: it has Chinese
    characters, of which the traditional and the simplified are not one. ``exhibits``: those that a word is the name of,
    or of a file of.
    """

    words: tuple[Alone, ...]
    without: tuple[Without, ...]
    operators: Counted | None
    unquoted: Counted | None
    names: Counted | None
    unfiltered: Counted | None
    chinese: bool
    exhibits: tuple[OfExhibit, ...] = ()

    def as_data(self) -> dict[str, object]:
        """Return what ``search --json`` prints of them."""
        return {
            "words": [each._asdict() for each in self.words],
            "without": [each._asdict() for each in self.without],
            "operators": self.operators and self.operators._asdict(),
            "unquoted": self.unquoted and self.unquoted._asdict(),
            "names": self.names and self.names._asdict(),
            "unfiltered": self.unfiltered and self.unfiltered._asdict(),
            "chinese": self.chinese,
            "exhibits": [each._asdict() for each in self.exhibits],
        }


def hints(query: str, count: Count, unfiltered: Count | None) -> Hints:
    """Return what to tell of a query that found nothing within filters that ``count`` heeds.

    ``unfiltered`` counts without them; None where there are none.
    """
    node = parse(query)
    leaves = [term for term in _asked(node) if not _is_operator(term)]
    if len(terms(node)) > MOST_ASKED_ANEW:
        return Hints(_alone(node, leaves, count), (), None, None, None, None, _is_chinese(leaves))
    named = _changed(node, _in_names)
    plain = _changed(node, _unquoted)
    return Hints(
        _alone(node, leaves, count),
        _without(node, count),
        _capitals(query, node, count),
        _finding(plain, node, count),
        _finding(named, node, count),
        Counted(query, total) if unfiltered and (total := unfiltered(node)) else None,
        _is_chinese(leaves),
    )


def _is_chinese(leaves: Sequence[Term]) -> bool:
    return any(CHINESE.search(term.text) for term in leaves if term.field is None)


def _alone(node: Node, leaves: Sequence[Term], count: Count) -> tuple[Alone, ...]:
    """Return what each leaf finds; where the query is nothing else, it was asked already."""
    different = {written(leaf): leaf for leaf in leaves}
    found = []
    for query, leaf in [*different.items()][:MOST]:
        total = 0 if leaf == node else count(leaf)
        names = count(_in_names(leaf)) if not total and leaf.field is None else 0
        found.append(Alone(query, total, names))
    return tuple(found)


def _without(node: Node, count: Count) -> tuple[Without, ...]:
    parts = node.parts if isinstance(node, And) else ()
    found = []
    for at, part in enumerate(parts[:MOST] if len(parts) > 1 else ()):
        rest = (*parts[:at], *parts[at + 1 :])
        left = rest[0] if len(rest) == 1 else And(rest)
        if not _is_operator(part) and not _only_leaves_out(left) and (total := count(left)):
            found.append(Without(written(part), written(left), total))
    return tuple(sorted(found, key=lambda each: -each.total))


def _only_leaves_out(node: Node) -> bool:
    """Tell whether a query would find nearly everything: nothing but NOT is in it."""
    return all(isinstance(part, Not) for part in (node.parts if isinstance(node, And) else (node,)))


def _capitals(query: str, node: Node, count: Count) -> Counted | None:
    """Return the query with its small ``and``, ``or``, ``not`` in capitals, whatever it finds."""
    meant = query
    for term in terms(node):
        if _is_operator(term):
            end = term.position + len(term.text)
            meant = meant[: term.position] + term.text.upper() + meant[end:]
    if meant == query:
        return None
    try:
        return Counted(meant, count(parse(meant)))
    except QueryError:  # "to be or not": they were words
        return None


def _is_operator(node: Node) -> bool:
    return (
        isinstance(node, Term)
        and node.match is Match.WORD
        and not node.field
        and node.text.lower() in OPERATORS
    )


def _asked(node: Node) -> list[Term]:
    """Return the leaves that are not under a NOT."""
    if isinstance(node, Term):
        return [node]
    return [] if isinstance(node, Not) else [leaf for part in node.parts for leaf in _asked(part)]


def _changed(node: Node, change: Callable[[Term], Node]) -> Node:
    """Return the tree with each leaf changed that seeks in the text."""
    match node:
        case Term():
            return change(node) if node.field is None else node
        case Not(part):
            return Not(_changed(part, change))
        case And(parts):
            return And(tuple(_changed(part, change) for part in parts))
        case Or(parts):
            return Or(tuple(_changed(part, change) for part in parts))


def _in_names(term: Term) -> Term:
    return replace(term, field="name")


def _unquoted(term: Term) -> Node:
    words = term.text.split()
    if term.match is not Match.PHRASE or len(words) < 2:
        return term
    try:
        return parse(" ".join(words))
    except QueryError:  # a phrase of signs or of operators
        return term


def _finding(changed: Node, node: Node, count: Count) -> Counted | None:
    total = 0 if changed == node else count(changed)
    return Counted(written(changed), total) if total else None
