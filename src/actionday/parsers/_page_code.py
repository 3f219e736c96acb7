"""What code of a page holds for reading: comments, data in JSON, templates, sentences in scripts and style sheets.

Source: HTML Living Standard, 4.12.1 (script, data blocks), 8.1.8 (handlers), 13.1.6 (comments); JSON-LD 1.1, 7 (data
blocks).
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from urllib.parse import unquote

from actionday.parsers._embedded import json_strings
from actionday.parsers._said_in_code import literals, otherwise, prose, said, said_in_style

DATA = re.compile(
    r"\btype\s*=\s*+[\"']?\s*+[^\"'>\s]{0,100}json|\bid\s*=\s*+[\"']?__\w{1,100}+(?<=__)", re.IGNORECASE
)
SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
OUTER = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}:|//)\S", re.IGNORECASE)
HANDLER = re.compile(
    r"[\s\"'/]on[a-z]{2,30}+\s*+=\s*+(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>\\][^\s>]*))", re.IGNORECASE
)
TARGET = re.compile(
    r"=\s*+(?:\"\s*+javascript:([^\"]*)\"|'\s*+javascript:([^']*)'|javascript:([^\s>]+))", re.IGNORECASE
)
CODE = re.compile(
    r"<!--(?P<comment>.*?)(?:--!?>|\Z)|<style\b[^>]*+(?:>|\Z)(?P<style>.*?)(?:</style|\Z)"
    r"|<script\b(?P<attributes>[^>]*+)(?:>|\Z)(?P<script>.*?)(?:</script|\Z)",
    re.IGNORECASE | re.DOTALL,
)
TYPE = re.compile(r"\btype\s*=\s*+[\"']?\s*+([^\"'>\s;]+)", re.IGNORECASE)
SCRIPTS = re.compile(
    r"(?:text|application)/(?:x-)?(?:java|ecma|j|live|vb)script|module$|text/babel|\S*json", re.IGNORECASE
)
"""Types of what is run, or read as data."""
CONDITION = re.compile(r"\A\[if\b[^\]]{0,200}\]>|<!\[endif\]\Z")
"""What makes a comment one that some browsers show; what it shows is read as text of the page."""

Codes = Sequence[re.Match[str]]


def codes_of(page: str) -> Codes:
    """Return the comments, style sheets and scripts of a page, in its order."""
    return list(CODE.finditer(page))


def sentences(codes: Codes) -> Iterator[str]:
    """Yield the lines of prose in comments, strings and remarks of scripts, and what style sheets show."""
    for code in codes:
        if code["comment"] is not None:
            yield from prose(CONDITION.sub("", code["comment"]))
        elif code["style"] is not None:
            yield from said_in_style(code["style"])
        elif not template_of(code):
            yield from said(code["script"])
    yield from otherwise([code["comment"] or code["style"] or code["script"] or "" for code in codes])


def templates(codes: Codes) -> Iterator[str]:
    """Yield what scripts hold that is markup for a program of the page."""
    for code in codes:
        if template_of(code):
            yield code["script"]


def template_of(code: re.Match[str]) -> bool:
    """Say whether a piece of code is a script of a type that nothing runs."""
    kind = TYPE.search(code["attributes"] or "")
    return kind is not None and not SCRIPTS.match(kind[1])


def data_of_scripts(codes: Codes) -> Iterator[str]:
    """Yield the strings of JSON in scripts, and the addresses of scripts elsewhere."""
    for code in codes:
        attributes = code["attributes"]
        for found in SOURCE.findall(attributes) if attributes else ():
            source = unescape("".join(found))
            if OUTER.match(source):
                yield source
        if attributes and DATA.search(attributes):
            yield from json_strings(code["script"])


def handlers(markup: str) -> Iterator[str]:
    """Yield the strings in handlers and in targets that are scripts, and what is written otherwise there."""
    codes = [unescape("".join(found)) for found in HANDLER.findall(markup)]
    for found in TARGET.findall(markup):
        target = unescape("".join(found))
        codes += dict.fromkeys((target, unquote(target)))  # which is what runs
    for code in codes:
        yield from literals(code)
    yield from otherwise(codes)
