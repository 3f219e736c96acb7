"""What code of a page holds for reading: comments, data in JSON, templates, sentences in scripts and style sheets.

Source: HTML Living Standard, 4.12.1 (script, data blocks), 8.1.8 (handlers), 13.1.6 (comments); JSON-LD 1.1, 7 (data
blocks); CSS Generated Content 3, 1.2 (``content``).
"""

import re
from collections.abc import Iterator
from html import unescape

from actionday.parsers._embedded import json_strings, strings
from actionday.parsers._revealed import UNSHOWN
from actionday.parsers._unread import WORDS

SCRIPT = re.compile(r"<script\b([^>]{0,4000})>(.*?)(?:</script|\Z)", re.IGNORECASE | re.DOTALL)
DATA = re.compile(r"\btype\s*=\s*[\"']?\s*[^\"'>\s]*json|\bid\s*=\s*[\"']?__\w+__", re.IGNORECASE)
SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
OUTER = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}:|//)\S", re.IGNORECASE)
HANDLER = re.compile(r"[\s\"'/]on[a-z]{2,30}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
TARGET = re.compile(r"=\s*(?:\"\s*javascript:([^\"]*)\"|'\s*javascript:([^']*)')", re.IGNORECASE)
CODE = re.compile(
    r"<!--(?P<comment>.*?)(?:--!?>|\Z)|<style\b[^>]{0,4000}>(?P<style>.*?)(?:</style|\Z)"
    r"|<script\b(?P<attributes>[^>]{0,4000})>(?P<script>.*?)(?:</script|\Z)",
    re.IGNORECASE | re.DOTALL,
)
TYPE = re.compile(r"\btype\s*=\s*[\"']?\s*([^\"'>\s;]+)", re.IGNORECASE)
SCRIPTS = re.compile(
    r"(?:text|application)/(?:x-)?(?:java|ecma|j|live|vb)script|module$|text/babel|\S*json", re.IGNORECASE
)
"""Types of what is run, or read as data."""
REMARK = re.compile(r"(?<![:\"'\\])//([^\n]{1,4000})|/\*(.*?)(?:\*/|\Z)", re.DOTALL)
CONTENT = re.compile(r"\bcontent\s*:\s*([^;}]{1,4000})", re.IGNORECASE)
CONDITION = re.compile(r"\A\[if\b[^\]]{0,200}\]>|<!\[endif\]\Z")
"""What makes a comment one that some browsers show; what it shows is read as text of the page."""
LONGEST = 4096
"""Characters of a string that is looked at; longer ones are data, or code where a quotation mark was none."""
SENTENCE = re.compile(
    r"(?<![^\W\d_])(?:[^\W\d_]{2,}+[,.;:!?)\"'\u2019]{0,3}\s{1,9}[(\"'\u201e\u201c]{0,2}){2}[^\W\d_]{2}|[^\W\d_\x00-\x7f\xb5]{2}"
)
"""Three words in a row, or letters beyond ASCII: two are a font, a label or "use strict"."""


def sentences(page: str) -> Iterator[str]:
    """Yield the lines of prose in comments, strings and remarks of scripts, and what style sheets show."""
    for code in CODE.finditer(page):
        if code["comment"] is not None:
            yield from _prose(CONDITION.sub("", code["comment"]))
        elif code["style"] is not None:
            for shown in CONTENT.findall(code["style"]):
                for each in strings(shown):
                    yield from _prose(each)
            for _, remark in REMARK.findall(code["style"]):
                if SENTENCE.search(remark):
                    yield from _prose(remark)
        elif not template_of(code):
            for each in strings(code["script"]):
                if len(each) <= LONGEST and SENTENCE.search(each):
                    yield from _prose(each)
            for line, block in REMARK.findall(code["script"]):
                if SENTENCE.search(line or block):
                    yield from _prose(line or block)


def templates(page: str) -> Iterator[str]:
    """Yield what scripts hold that is markup for a program of the page."""
    for code in CODE.finditer(page) if "type" in page else ():
        if template_of(code):
            yield code["script"]


def template_of(code: re.Match[str]) -> bool:
    """Say whether a piece of code is a script of a type that nothing runs."""
    kind = TYPE.search(code["attributes"] or "")
    return kind is not None and not SCRIPTS.match(kind[1])


def _prose(said: str) -> Iterator[str]:
    """Yield the lines that hold two words in a row, without their markup."""
    if not WORDS.search(said):
        return
    text = unescape(UNSHOWN.sub(" ", said)) if "<" in said or "&" in said else said
    for line in text.splitlines():
        if WORDS.search(line):
            yield line.strip(" \t*/")


def data_of_scripts(page: str) -> Iterator[str]:
    """Yield the strings of JSON in scripts, and the addresses of scripts elsewhere."""
    if "<script" not in page and "<SCRIPT" not in page:
        return
    for attributes, code in SCRIPT.findall(page):
        for found in SOURCE.findall(attributes):
            source = unescape("".join(found))
            if OUTER.match(source):
                yield source
        if DATA.search(attributes):
            yield from json_strings(code)


def handlers(markup: str) -> Iterator[str]:
    """Yield the strings in handlers and in targets that are scripts."""
    for pattern in (HANDLER, TARGET):
        for found in pattern.findall(markup):
            yield from strings(unescape("".join(found)))
