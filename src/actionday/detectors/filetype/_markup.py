"""What a text that begins with ``<`` is: HTML, XML and the vocabularies that are told by their root element.

Source: WHATWG MIME Sniffing, 7.1 (HTML marks); XML 1.0, 2.8 (prolog); XHTML, SVG, RSS, Atom, OPML, KML, GPX,
FictionBook 2, DocBook 5, JATS, OpenDocument flat files, by their root element and namespace.
"""

import re

HTML_MARKS = re.compile(
    rb"<(?:!doctype\s+html|html|head|script|iframe|h[1-6]|div|font|table|a|style|title|b|body|br|p|meta|link"
    rb"|center|span|ul|ol|form|img)[\s>/]",
    re.IGNORECASE,
)
SKIPPED = re.compile(
    rb"(?:\s+|<!--.*?-->|<\?.*?\?>|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL | re.IGNORECASE
)
"""What may stand before a root element: blanks, comments, processing instructions, a document type."""
ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)([^>]*)", re.DOTALL)

ROOTS = {
    b"html": "application/xhtml+xml",
    b"svg": "image/svg+xml",
    b"rss": "application/rss+xml",
    b"feed": "application/atom+xml",
    b"opml": "text/x-opml",
    b"kml": "application/vnd.google-earth.kml+xml",
    b"gpx": "application/gpx+xml",
    b"fictionbook": "application/x-fictionbook+xml",
    b"plist": "application/x-plist",
    b"xliff": "application/xliff+xml",
    b"mediawiki": "application/x-mediawiki+xml",
    b"tei": "application/tei+xml",
    b"worddocument": "application/vnd.ms-word-2003+xml",
}
OFFICE_MIME = re.compile(rb"office:mimetype\s*=\s*[\"'](application/vnd\.oasis\.opendocument\.[a-z-]+)[\"']")
OFFICE_XML = (
    (b'progid="Word.Document"', "application/vnd.ms-word-2003+xml"),
    (b'progid="Excel.Sheet"', "application/vnd.ms-excel-2003+xml"),
)


def markup_type(body: bytes) -> str | None:
    """Return the type of a text whose first character, blanks aside, is ``<``; None when it proves nothing."""
    if body[:5].lower() == b"<?xml":
        return _vocabulary(body, certain=True)
    if body.startswith(b"<?php") or body.startswith(b"<?="):
        return "text/x-php"
    after = body[_skip(body) :]
    if HTML_MARKS.match(after) or (b"<!doctype html" in body[:1024].lower() and body[:2] == b"<!"):
        return "application/xhtml+xml" if b"http://www.w3.org/1999/xhtml" in after[:512] else "text/html"
    return _vocabulary(body, certain=False)


def _skip(body: bytes) -> int:
    match = SKIPPED.match(body)
    return match.end() if match else 0


def _vocabulary(body: bytes, *, certain: bool) -> str | None:
    """Name the vocabulary by the root; without an XML declaration the root must have a namespace or be known."""
    for mark, mime in OFFICE_XML:
        if mark in body[:512]:
            return mime
    root = ROOT.match(body, _skip(body))
    if not root:
        return "application/xml" if certain else None
    name, attributes = root[1].lower(), root[2]
    if name == b"document" and (office := OFFICE_MIME.search(attributes)):
        return office[1].decode("ascii") + "-flat-xml"
    if name in (b"article", b"book", b"chapter", b"refentry") and b"docbook" in body.lower():
        return "application/docbook+xml"
    if name == b"article" and (b"JATS" in body or b"jats" in body or b"xlink" in attributes):
        return "application/x-jats+xml"
    known = ROOTS.get(name)
    if known:
        return known
    return "application/xml" if certain or b"xmlns" in attributes or body[:9] == b"<!DOCTYPE" else None
