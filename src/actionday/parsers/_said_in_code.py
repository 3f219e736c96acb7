"""What scripts and style sheets say: strings, remarks, what they put on the page, and what is written otherwise there.

Source: ECMA-262, 12.9.4 (string literals); HTML Living Standard, 8.4.3 (``document.write``), 8.9.1 (``alert``); CSS
Syntax 3, 4.3.2.

What is a string, a remark or an expression is told apart by ``_code_tokens``.
"""

import re
from collections.abc import Iterator
from html import unescape

from actionday.mime.otherwise.styles import shown
from actionday.model import Note
from actionday.parsers._code_tokens import tokens
from actionday.parsers._embedded import strings, unescaped
from actionday.parsers._revealed import untagged
from actionday.parsers._unread import WORDS

LONGEST = 4096
"""Characters of a string that is looked at as it is; a longer one may be code, where a quotation mark was none."""
CODED = re.compile(r"[{}()\[\];=|&]")
MOST_CODED = 25
"""One in so many characters is a sign of code in no prose."""
SENTENCE = re.compile(
    r"(?<![^\W\d_])(?:[^\W\d_]{2,}+[,.;:!?)\"'\u2019]{0,3}\s{1,9}[(\"'\u201e\u201c]{0,2}){2}[^\W\d_]{2}|[^\W\d_\x00-\x7f\xb5]{2}"
)
"""Three words in a row, or letters beyond ASCII: two are a font, a label or "use strict"."""
PUT = re.compile(
    r"(?:\b(?:write(?:ln)?|alert|confirm|prompt|createTextNode|insertAdjacent(?:HTML|Text)|SpeechSynthesisUtterance"
    r"|Notification)\s{0,9}\(|\.(?:html|text)\s{0,9}\(|\.(?:(?:inner|outer)(?:HTML|Text)|textContent|nodeValue|placeholder)"
    r"\s{0,9}\+?=|\bdocument\.title\s{0,9}=)\s{0,9}(?=['\"`])"
)
"""What stands before a string that is put on the page, or said to who looks at it."""
SEEN = re.compile(r"[^\W\d_]{2}|[^\x00-\x7f\W]|(?:\d\D{0,2}){3}")
"""Words, and numbers of three digits and more."""
GOES_ON = re.compile(r"\s{0,9}(?:[+,]\s{0,9}(?:[\w.$\[\]()]{1,40}\s{0,9}\+\s{0,9})?)?")
"""What stands between two strings of one value, with a variable between them."""

BY_SCRIPT = Note("by_script", "it shows nothing by itself: what its text has are its scripts")


def says(code: str) -> bool:
    """Say whether a script has a string that is read or shown."""
    return any(map(SEEN.search, literals(code)))


def literals(code: str) -> Iterator[str]:
    """Yield the strings of a script, their escapes undone, those in its remarks too."""
    found = dict.fromkeys(strings(code))
    yield from found
    if "/" in code or "${" in code:
        yield from (own for own in strings_of(code) if own not in found)


def strings_of(code: str) -> Iterator[str]:
    """Yield the strings of a script in any of its readings, their escapes undone."""
    return (unescaped(token.written) for token in tokens(code) if token.kind == "'" and token.written)


def said(code: str, *, of_a_program: bool = False) -> Iterator[str]:
    """Yield the lines of prose in strings and remarks of a script, and any words that it puts on the page.

    ``of_a_program``: remarks and strings in ASCII, but for those on the page, are the program's own words.
    """
    put = {found.end() for found in PUT.finditer(code)}
    on_page: set[int] = set()
    for token in tokens(code):
        if token.kind != "'":
            yield from () if of_a_program else _remark(token.written)
            continue
        before = token.before
        goes_on = before and before[0] in on_page and GOES_ON.fullmatch(code, before[1], token.start)
        if token.start in put or goes_on:
            on_page.add(token.start)
        shown = token.start in on_page
        if shown or not of_a_program or not unescaped(token.written).isascii():
            yield from _string(unescaped(token.written), on_page=shown)


def _remark(said: str) -> Iterator[str]:
    if SENTENCE.search(said):
        yield from prose(said)


def _string(value: str, *, on_page: bool) -> Iterator[str]:
    if on_page:
        for line in unmarked(value).splitlines():
            if SEEN.search(line):
                yield line.strip()
    elif SENTENCE.search(value) and (len(value) <= LONGEST or is_prose(value)):
        yield from prose(value)


def is_prose(value: str) -> bool:
    """Say whether a long value has hardly a sign of code."""
    text = unmarked(value)
    return len(CODED.findall(text)) * MOST_CODED < len(text)


def prose(said: str) -> Iterator[str]:
    """Yield the lines that hold two words in a row, without their markup."""
    if not WORDS.search(said):
        return
    for line in unmarked(said).splitlines():
        if WORDS.search(line):
            yield line.strip(" \t*/")


def unmarked(said: str) -> str:
    """Return a text without its tags, its references as they read."""
    return unescape(untagged(said)) if "<" in said or "&" in said else said


def said_in_style(sheet: str) -> Iterator[str]:
    """Yield what a style sheet shows, and the lines of prose in its remarks."""
    for value in shown(sheet):
        if SEEN.search(value):
            yield value
    at = sheet.find("/*")
    while at >= 0:
        end = sheet.find("*/", at + 2)
        end = len(sheet) if end < 0 else end
        yield from _remark(sheet[at + 2 : end])
        at = sheet.find("/*", end + 2)


def otherwise(codes: list[str]) -> tuple[str, ...]:
    """Return what pieces of code say where they are written otherwise, as in files of their own."""
    from actionday.mime.otherwise.layer import beside  # numpy, which only workers need

    return beside(["\n".join(codes)]).lines if codes else ()
