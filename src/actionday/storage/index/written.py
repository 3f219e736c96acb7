"""A tree → a query that says it: what ``grammar.parse`` reads back as the same tree, places aside."""

from actionday.storage.index.node import And, Match, Node, Not, Or, Term

SIGNS = {Match.WORD: "", Match.PHRASE: "", Match.PREFIX: "*", Match.FUZZY: "~"}


def written(node: Node) -> str:
    """Return the query for a tree; "" for ``EVERYTHING``."""
    match node:
        case Term(field, text, how):
            value = f'"{text}"' if how is Match.PHRASE else f"{text}{SIGNS[how]}"
            return value if field is None else f"{field}:{value}"
        case Not(part):
            return f"NOT {_bracketed(part)}"
        case And(parts):
            return " ".join(map(_bracketed, parts))
        case Or(parts):
            return " OR ".join(_bracketed(part) for part in parts)


def _bracketed(node: Node) -> str:
    return f"({written(node)})" if isinstance(node, And | Or) else written(node)
