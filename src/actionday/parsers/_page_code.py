"""What the scripts of a page hold for reading: data in JSON, where they come from, strings of handlers.

Source: HTML Living Standard, 4.12.1 (script, data blocks), 8.1.8 (handlers); JSON-LD 1.1, 7 (data blocks).
"""

import re
from collections.abc import Iterator
from html import unescape

from actionday.parsers._embedded import json_strings, strings

SCRIPT = re.compile(r"<script\b([^>]{0,4000})>(.*?)(?:</script|\Z)", re.IGNORECASE | re.DOTALL)
DATA = re.compile(r"\btype\s*=\s*[\"']?\s*[^\"'>\s]*json|\bid\s*=\s*[\"']?__\w+__", re.IGNORECASE)
SOURCE = re.compile(r"\bsrc\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
OUTER = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}:|//)\S", re.IGNORECASE)
HANDLER = re.compile(r"[\s\"'/]on[a-z]{2,30}\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)
TARGET = re.compile(r"=\s*(?:\"\s*javascript:([^\"]*)\"|'\s*javascript:([^']*)')", re.IGNORECASE)


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
