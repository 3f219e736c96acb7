"""The search index: a function of the database and the stored texts, which can be made again from them.

``pipeline`` writes it, ``app`` searches it; it imports ``model`` only. Read ``normalise.py`` (text → words),
``grammar.py`` (query → tree), ``query.py`` (tree → tantivy), then ``index.py``; ``docs/search.md`` is for users.
"""

from actionday.storage.index.checked import Checked
from actionday.storage.index.document import Document
from actionday.storage.index.folder import FORMAT, IndexDamaged, OtherVersions, damage, digests
from actionday.storage.index.grammar import QueryError, parse
from actionday.storage.index.index import Index
from actionday.storage.index.matching import Sought, sought_words
from actionday.storage.index.node import EVERYTHING, Node
from actionday.storage.index.page import Hit, Page
from actionday.storage.index.sealing import Sealing, put_back, whole
from actionday.storage.index.snippets import highlights, likely, seen, snippet
from actionday.storage.index.suggest import corrected

__all__ = [
    "EVERYTHING",
    "FORMAT",
    "Checked",
    "Document",
    "Hit",
    "Index",
    "IndexDamaged",
    "Node",
    "OtherVersions",
    "Page",
    "QueryError",
    "Sealing",
    "Sought",
    "corrected",
    "damage",
    "digests",
    "highlights",
    "likely",
    "parse",
    "put_back",
    "seen",
    "snippet",
    "sought_words",
    "whole",
]
