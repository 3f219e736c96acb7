"""A query for a variety asked for its whole macrolanguage: that is told with confidence, the variety is not.

Source: ISO 639-3, macrolanguage mappings; DESIGN section 6, ``texts`` (``confidence``).
"""

from dataclasses import replace

from actionday.model.language import whole_of
from actionday.storage.index import Node
from actionday.storage.index.node import And, Not, Or, Term


def wider(node: Node) -> Node:
    """Return the tree with each ``lang:`` that asks for a variety asking for all of its macrolanguage.

    What is under a NOT stays: it would find less.
    """
    match node:
        case Term("lang", text) if whole := whole_of(text.lower()):
            return replace(node, text=whole)
        case Term() | Not():
            return node
        case And(parts):
            return And(tuple(map(wider, parts)))
        case Or(parts):
            return Or(tuple(map(wider, parts)))
