"""Parsers: the bytes of one content in, its text and metadata out; a function of the bytes, never of a name.

May be imported by the pipeline; imports ``model`` alone. One file a family, each with a ``PARSER``; a parser never
walks a container (that is a source's work). Start reading in ``text.py``; ``_registry.py`` finds the parser of a
MIME type; ``_strings.py`` is what is left for a content that no parser survived.
"""

from actionday.parsers._registry import Parsers
from actionday.parsers._strings import strings

__all__ = ["Parsers", "strings"]
