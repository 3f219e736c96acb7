"""Text in base64 within programs, settings and logs: ``base64_decode('…')``, secrets, tokens, ``-EncodedCommand``.

Source: RFC 4648, 4 and 5 (the alphabets); RFC 7617 (Basic); RFC 7515 (JWS); Kubernetes, "Secrets" (``data``).

Files are items of their own (``sources``: ``data``, ``encoded``); here what can be read in its place is.
"""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Iterable, Iterator

from actionday.mime.otherwise.coded import text_of
from actionday.mime.otherwise.runs import LEAST
from actionday.mime.otherwise.signs import Seen, Sign
from actionday.mime.otherwise.spelling import Reading

VALUE = r"([A-Za-z0-9+/_-]{6,}+={0,2})(?![A-Za-z0-9+/_=-])"
DECODERS = ("64decode", "64_decode", "64.decode", "64Decode", "64String", "_base64", "atob")
CALLED = re.compile(
    rf"\((?:{'|'.join(rf'(?<={re.escape(name)}.)' for name in DECODERS)})\s{{0,8}}b?['\"]{VALUE}"
)
LOGIN = re.compile(rf"Basic {VALUE}")
"""A name and its password with a colon between: words stand behind the word, too."""
SECRET = re.compile(
    r"^\s{1,40}\"?[\w.-]{1,253}\"?: {1,4}\"?([A-Za-z0-9+/]{6,}+={0,2})\"?,?[ \t\r]*$", re.MULTILINE
)
SECRETS = re.compile(r"kind(?<=\bkind)\"?: {0,4}\"?Secret\b")
"""Begins with a word that is searched for at the speed of memory."""
DECODED = Sign(("6", "4", "d_.DS("), ("o", "b", "("))
OF_LOGINS = Sign(("B", "a", "s"))
OF_SECRETS = Sign(("S", "e", "c"), like=OF_LOGINS)
SIGNS = (DECODED, OF_LOGINS, OF_SECRETS)
OTHERS = re.compile(r"[A-Za-z0-9_-]*+")
LOOKED_AT = 96
ASCII = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdef"
"""What the first of four characters is where three letters of ASCII are coded."""
FIGURE = re.compile("[0-9]")
END = re.compile("={0,2}")
FOLD = re.compile(r"\\?\r?\n[ \t]{0,40}")
"""What stands between two lines of one value."""
LAST = re.compile(r"\\?\r?\n[ \t]{0,40}[A-Za-z0-9+/_-]{1,99}+(?![A-Za-z0-9+/_-])")
WRAPPED = 40
"""Characters of a line behind which a shorter one is the last of the value."""
BEFORE = 64
"""Characters before a value in which is said that it is packed."""
MOST_CUTS = 8
"""Parts of a path before a value."""
LONGEST = 8 << 20


def said_in_letters(text: str, runs: Iterable[tuple[int, int]], seen: Seen) -> Iterator[Reading]:
    """Yield what is text, in no order; short values where what stands before them says what they are."""
    marked = list(CALLED.finditer(text)) if DECODED in seen.signs else []
    if OF_SECRETS in seen.signs and "Secret" in text and SECRETS.search(text):
        marked += SECRET.finditer(text)
    for each in marked:
        yield from _reading(text, *each.span(1), marked=True)
    # a word is found faster than an expression
    for each in LOGIN.finditer(text) if OF_LOGINS in seen.signs and "Basic " in text else ():
        yield from (read for read in _reading(text, *each.span(1), marked=True) if ":" in read.said)
    lines: list[tuple[int, int]] = []
    for start, end in _likely(text, runs):
        if lines and not _goes_on(text, lines, start):
            yield from _values(text, lines)
            lines = []
        lines.append((start, end))
    if lines:
        yield from _values(text, lines)


def _likely(text: str, runs: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the runs, and what goes on behind them with the signs of the other alphabet, but for words and paths."""
    done = 0
    for start, end in runs:
        beginning = text[start : min(end, start + LOOKED_AT)]
        if start >= done and (not beginning[::4].strip(ASCII) or _has_all_kinds(beginning)):
            behind = OTHERS.match(text, end)
            done = behind.end() if behind else end
            yield start, done


def _has_all_kinds(letters: str) -> bool:
    """Say whether there are small letters, capitals and figures, as in base64: words and paths hardly have all."""
    return letters.lower() != letters != letters.upper() and FIGURE.search(letters) is not None


def _goes_on(text: str, lines: list[tuple[int, int]], start: int) -> bool:
    first, last = lines[0], lines[-1]
    return (
        last[1] - last[0] == first[1] - first[0]
        and (first[1] - first[0]) % 4 == 0
        and FOLD.fullmatch(text, last[1], start) is not None
    )


def _values(text: str, lines: list[tuple[int, int]]) -> Iterator[Reading]:
    """Yield what lines of one length say together, or what one says."""
    (start, first), (_, end) = lines[0], lines[-1]
    last = LAST.match(text, end) if first - start >= WRAPPED else None
    read = list(_reading(text, start, last.end())) if last else []
    for cut in () if read else [start] if len(lines) > 1 else _cuts(text, start, end):
        if read := list(_reading(text, cut, end)):
            break
    yield from read


def _cuts(text: str, start: int, end: int) -> Iterator[int]:
    """Yield where a value may begin that stands in the last part of a path."""
    yield start
    for _ in range(MOST_CUTS):
        start = text.find("/", start, end - LEAST) + 1
        if not start:
            return
        yield start


def _reading(text: str, start: int, end: int, *, marked: bool = False) -> Iterator[Reading]:
    end = _ended(text, end)
    if said := _said(text, start, end, marked=marked):
        yield Reading(start, end, f" {said} ")


def _ended(text: str, end: int) -> int:
    found = END.match(text, end)
    return found.end() if found else end


def _said(text: str, start: int, end: int, *, marked: bool) -> str:
    if end - start > LONGEST:
        return ""
    letters = text[start:end].rstrip("=")
    if "\n" in letters:
        letters = FOLD.sub("", letters)
    if len(letters) % 4 == 1:
        return ""
    letters = letters.replace("-", "+").replace("_", "/")
    before = text[max(0, start - BEFORE) : start].lower()
    packed = "compress" in before or "inflate" in before
    try:
        raw = b64decode(letters + "=" * (-len(letters) % 4), validate=True)
    except (Error, ValueError):
        return ""
    return text_of(raw, marked=marked, packed=packed)
