"""Vocabularies of XML: which are for layout, so that their attributes are measures, and which write running text.

Source: the namespaces of SVG 2, XHTML 1.1, MathML 3, XSL 1.1, ECMA-376, OpenDocument 1.3, DocBook 5, TEI P5, JATS,
FictionBook 2; XML Namespaces 1.0, 6.1 and 6.2 (scope, defaults).

Whatever is not known here is data: each value of an attribute is text, and elements separate words.
"""

import re

LAYOUT = re.compile(
    r"http://www\.w3\.org/(?:2000/svg|1999/xhtml|TR/REC-html40|1998/Math/MathML|1999/XSL/Format|1999/xlink"
    r"|2001/XMLSchema-instance|XML/1998/namespace|2001/SMIL20)/?$"
    r"|http://xml\.openoffice\.org/|http://sun\.com/xmlns/staroffice/"
    r"|http://(?:schemas\.openxmlformats|purl\.oclc)\.org/|http://schemas\.microsoft\.com/office/"
    r"|urn:schemas-microsoft-com:(?:office|vml)|urn:oasis:names:tc:opendocument:"
    r"|http://www\.inkscape\.org/|http://sodipodi\.sourceforge\.net/|http://www\.bohemiancoding\.com/|http://ns\.adobe\.com/(?:Adobe|SVG)"
)
"""Namespaces whose attributes are measures, styles and names for programs: only what people read is text."""
RUNNING = re.compile(
    r"http://www\.w3\.org/(?:2000/svg|1999/xhtml|TR/REC-html40|1999/XSL/Format)/?$|http://docbook\.org/ns/|http://www\.tei-c\.org/ns/"
    r"|http://www\.gribuser\.ru/xml/fictionbook/|http://schemas\.microsoft\.com/office/word/|http://schemas\.openxmlformats\.org/"
    r"|urn:oasis:names:tc:xliff:|http://jats\."
)
"""Namespaces in which some elements stand within words."""
LAYOUT_ROOTS = frozenset({"svg", "html"})
INDESIGN = "DOMVersion"
"""An attribute of the root in the markup of InDesign (IDML, ICML), whose elements have no namespace."""
TABLES = frozenset(
    {"align", "border", "cellpadding", "cellspacing", "colname", "cols", "colspan", "colwidth", "frame", "rowspan",
     "rules", "valign", "width"}
)  # fmt: skip
"""Attributes of tables in running text, which all its vocabularies have from HTML or CALS."""
RUNNING_ROOTS = frozenset(
    {"svg", "html", "article", "book", "chapter", "section", "refentry", "appendix", "preface", "set", "part", "sect1",
     "FictionBook", "TEI", "TEI.2", "teiCorpus", "topic", "concept", "task", "reference", "dita", "xliff"}
)  # fmt: skip
"""The same of documents without a namespace, by their root."""
PARAGRAPHS = frozenset(
    {"p", "para", "simpara", "li", "dd", "dt", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "caption",
     "string"}
)  # fmt: skip
"""Elements of running text in any vocabulary."""
INLINE = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "bold", "cite", "code", "em", "emphasis", "ext-link", "font",
     "i", "ins", "italic", "kbd", "literal", "mark", "q", "r", "rPr", "run", "s", "small", "span", "strong", "style",
     "sub", "sup", "t", "tspan", "tt", "u", "ulink", "underline", "var", "xref"}
)  # fmt: skip
"""Elements inside a line of running text, by local name: their tags do not end a word."""
RUNS = frozenset({"r", "rPr", "run", "t"})
"""Those of word processors, which part a word wherever a property changes: their tags never stand between words."""
CODE = frozenset({"binary", "binary-data", "binData", "script", "style-sheet"})
"""Elements of documents whose text is no text: base64 of pictures, code."""
SHOWN = frozenset(
    {"alt", "caption", "content", "description", "desc", "href", "HRef", "htmlUrl", "label", "name", "summary", "text",
     "title", "url", "value", "xmlUrl", "_note", "docname", "export-filename", "absref"}
)  # fmt: skip
"""Attributes, by local name, that people read in any vocabulary."""
OWN = ("data-", "aria-")
"""How attributes begin that a page's writer adds to those of the vocabulary."""


class Scope:
    """The namespaces that hold at a place of a document."""

    def __init__(self) -> None:
        self._spaces: dict[str, str] = {}
        self._before: list[tuple[int, list[tuple[str, str | None]]]] = []
        self._root = ""
        self._layout = False

    def enter(self, depth: int, attributes: dict[str, str]) -> bool:
        """Take the namespaces an element declares; say whether there are any."""
        declared = [key for key in attributes if key.startswith("xmlns")]
        if not declared:
            return False
        before = []
        for key in declared:
            prefix = key[6:]
            before.append((prefix, self._spaces.get(prefix)))
            self._spaces[prefix] = attributes[key]
        self._before.append((depth, before))
        return True

    def leave(self, depth: int) -> bool:
        """Forget the namespaces of the element that ends at ``depth``; say whether there were any."""
        if not self._before or self._before[-1][0] != depth:
            return False
        for prefix, value in self._before.pop()[1]:
            if value is None:
                self._spaces.pop(prefix, None)
            else:
                self._spaces[prefix] = value
        return True

    def root(self, name: str, attributes: dict[str, str]) -> None:
        """Take the first element: it tells the vocabulary of a document without namespaces."""
        if not self._root:
            self._root, self._layout = name, name in LAYOUT_ROOTS or INDESIGN in attributes

    def layout(self, name: str) -> bool:
        """Say whether an element is one of layout."""
        space = self._space(name)
        return bool(LAYOUT.match(space)) if space else self._layout

    def running(self, name: str) -> bool:
        """Say whether an element is one of a document's running text."""
        space = self._space(name)
        return bool(RUNNING.match(space)) if space else self._root in RUNNING_ROOTS

    def is_text(self, key: str, *, layout: bool, running: bool) -> bool:
        """Say whether an attribute of an element (of ``layout``, of ``running`` text) is text whatever its value."""
        prefix, colon, local = key.rpartition(":")
        if prefix == "xmlns" or key == "xmlns":
            return False
        if local in SHOWN:
            return True
        if not colon:
            return key.startswith(OWN) or not (layout or (running and key in TABLES))
        return prefix != "xml" and not LAYOUT.match(self._spaces.get(prefix, ""))

    def _space(self, name: str) -> str:
        return self._spaces.get(name.rpartition(":")[0], "")
