r"""Text in hexadecimal figures: ``0x48656C…`` and ``X'…'`` of dumps, ``\x48656c…`` of PostgreSQL, records of audit.

Source: MySQL Reference Manual, 9.1.4 and mysqldump's --hex-blob; PostgreSQL, 8.4.1 (bytea, hex format); SQLite's .dump;
auditd's record format (a value with a blank or a control character is written in capitals, in full).
"""

import re
from collections.abc import Iterable, Iterator

from actionday.mime.otherwise.coded import text_of
from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import Reading

FIGURES = r"((?>(?:[0-9A-Fa-f]{2})"
NUMBER = re.compile(rf"0x(?<![0-9A-Za-z_]0x){FIGURES}{{3,}}))(?![0-9A-Za-z_])")
QUOTED = re.compile(rf"'{FIGURES}{{3,}}))'")
CALLED = re.compile(r"(?:\b[xX]|\b(?:unhex|hextoraw|decode)\(\s{0,8})\Z", re.IGNORECASE)
BEFORE = 24
BYTEA = re.compile(rf"\\\\?x{FIGURES}{{3,}}))(?![0-9A-Za-z_])")
AUDIT = re.compile(r"\b(?:proctitle|comm|exe|name|cwd|path|acct|cmd|data|key|a\d{1,3}(?:\[\d{1,3}\])?)="
                   r"((?>(?:[0-9A-F]{2}){2,}))(?![0-9A-Za-z_])")  # fmt: skip
INSERT, COPY = "INSERT INTO", "COPY "
"""What a dump has: there a short value is text more often than a number."""
RECORD = "msg=audit("
TOLD = Sign(("T", " ", "I"), ("P", "Y", " "), ("g", "=", "a"), rare=True)
SIGNS = (TOLD,)
FOLDED = re.compile(
    r"(?<![0-9A-Za-z_])(?>(?:[0-9A-Fa-f]{2}){14,})(?>(?:\r?\n[ \t]{0,40}(?>(?:[0-9A-Fa-f]{2})+)(?![0-9A-Za-z_]))+)"
)
"""Lines of figures alone, which are one value. Each has its end, so that no line is begun with twice."""
LETTER = re.compile("[A-Fa-f]")
BESIDE = re.compile(r"[0-9A-Za-z_]")


def said_in_figures(text: str, runs: Iterable[tuple[int, int]], seen: Seen) -> Iterator[Reading]:
    """Yield what is text, in no order: of the ``runs``, and of short ones where a text says what they are."""
    if TOLD in seen.signs:
        yield from _told(text)
    done = 0
    for start, end in runs:
        if start >= done and (folded := FOLDED.match(text, start)):
            done = folded.end()
            if said := text_of(bytes.fromhex(folded[0])):
                yield Reading(start, done, f" {said} ")
                continue
        yield from _bare(text, start, end)


def _told(text: str) -> Iterator[Reading]:
    if RECORD in text:
        yield from (_reading(each.span(1), each[1]) for each in AUDIT.finditer(text))
    if INSERT in text or COPY in text:
        yield from (_reading(each.span(), each[1]) for each in BYTEA.finditer(text))
    if INSERT in text:
        yield from (_reading(each.span(), each[1]) for each in NUMBER.finditer(text))
        for each in QUOTED.finditer(text):
            if CALLED.search(text[max(0, each.start() - BEFORE) : each.start()]):
                yield _reading(each.span(1), each[1])


def _reading(span: tuple[int, int], figures: str) -> Reading:
    return Reading(*span, f" {text_of(bytes.fromhex(figures), marked=True)} ")


def _bare(text: str, start: int, end: int) -> Iterator[Reading]:
    figures = text[start:end]
    beside = text[start - 1 : start] + text[end : end + 1]
    if len(figures) % 2 or not LETTER.search(figures) or BESIDE.search(beside.replace("x", "")):
        return
    if said := text_of(bytes.fromhex(figures)):
        yield Reading(start, end, f" {said} ")
