"""What a query says, as a frozen tree; ``grammar.parse`` makes it, ``query`` and ``snippets`` read it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum


class Match(Enum):
    """How the text of a term is to be met."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"
    FUZZY = "fuzzy"


@dataclass(frozen=True, slots=True)
class Term:
    """A leaf. ``field`` is None for text and metadata; ``position`` counts characters of the query string from 0."""

    field: str | None
    text: str
    match: Match
    position: int


@dataclass(frozen=True, slots=True)
class And:
    """All of them; with no parts, every item."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Every item but those."""

    part: "Node"


Node = Term | And | Or | Not
EVERYTHING = And(())


def terms(node: Node) -> list[Term]:
    """Return all leaves, in the order they were written."""
    if isinstance(node, Term):
        return [node]
    parts = (node.part,) if isinstance(node, Not) else node.parts
    return [leaf for part in parts for leaf in terms(part)]


def sought(node: Node, fields: Collection[str | None] = (None,)) -> list[Term]:
    """Return the leaves that a hit may hold in its text: those without a field, or of ``fields``, and under no NOT."""
    if isinstance(node, Term):
        return [node] if node.field in fields else []
    if isinstance(node, Not):
        return []
    return [leaf for part in node.parts for leaf in sought(part, fields)]
