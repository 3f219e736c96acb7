"""What scripts and style sheets say: strings, remarks, what they put on the page, and what is written otherwise there.

Source: ECMA-262, 12.4 (comments), 12.9.4 (string literals), 12.9.5 (regular expressions), 12.9.6 (templates); HTML
Living Standard, 8.4.3 (``document.write``), 8.9.1 (``alert``); CSS Syntax 3, 4.3.2.

One pass over a script tells strings, remarks and expressions apart: a quotation mark within one of them begins none.
"""

import re
from collections.abc import Iterator
from html import unescape

from actionday.mime.otherwise.styles import shown
from actionday.model import Note
from actionday.parsers._embedded import strings, unescaped
from actionday.parsers._revealed import untagged
from actionday.parsers._unread import WORDS

TOKEN = re.compile(
    r"'((?>(?:[^'\\\n]|\\.)*))'|\"((?>(?:[^\"\\\n]|\\.)*))\"|`((?>(?:[^`\\]|\\.)*))`|\\.|/\*(.*?)(?:\*/|\Z)|(//)"
    r"|/(?<=[=(,:;!&|?{}\[+]/)(?![*/])(?>(?:[^/\\\n\[]|\\.|\[(?>(?:[^\]\\\n]|\\.){0,100})\]){1,200})/",
    re.DOTALL,
)
LONGEST_REMARK = 4000
"""Characters of a line that is a remark; two slashes in a longer one stand in an expression of code without lines."""
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
    return any(map(SEEN.search, strings(code)))


def said(code: str, *, of_a_program: bool = False) -> Iterator[str]:
    """Yield the lines of prose in strings and remarks of a script, and any words that it puts on the page.

    ``of_a_program``: remarks and strings in ASCII, but for those on the page, are the program's own words.
    """
    put = {found.end() for found in PUT.finditer(code)}
    at = end_of_line = behind = 0
    on_page = False
    while found := TOKEN.search(code, at):
        start, at = found.span()
        if found[5]:
            if start >= end_of_line:
                end_of_line = code.find("\n", start)
                end_of_line = len(code) if end_of_line < 0 else end_of_line
            if end_of_line - at <= LONGEST_REMARK:
                yield from () if of_a_program else _remark(code[at:end_of_line])
                at = end_of_line
            continue
        if found[4] and not of_a_program:
            yield from _remark(found[4])
        written = found[1] or found[2] or found[3]
        if written is None and (found[4] is not None or code[start] not in "'\"`"):
            continue
        on_page = start in put or (on_page and GOES_ON.fullmatch(code, behind, start) is not None)
        behind = at
        if written and (on_page or not of_a_program or not unescaped(written).isascii()):
            yield from _string(unescaped(written), on_page=on_page)


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
