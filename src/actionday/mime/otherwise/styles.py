r"""Escapes of style sheets in what they show: ``content: "\0627\0644"``, ``caf\e9 s``.

Source: CSS Syntax 3, 4.3.7 (escapes); CSS Generated Content 3, 1.2 (``content``), 2.4.1 (``quotes``); CSS Counter
Styles 3, 3 (``symbols``, ``prefix``, ``suffix``); CSS Custom Properties 1, 2.

Only behind these names: elsewhere such figures are paths of Windows or octal bytes.
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.signs import FIGURE, Seen, Sign
from actionday.mime.otherwise.spelling import Reading, in_a_word

NAMES = (b"content", b"quotes", b"symbols", b"prefix", b"suffix")
OWN = re.compile(r"--[\w-]{1,60}+(?=\s{0,9}:)")
VALUE = re.compile(
    r"\s{0,9}:((?>(?:[^;}\"'\\]|\\.|\"(?>(?:[^\"\\\n]|\\.)*)\"|'(?>(?:[^'\\\n]|\\.)*)')*))", re.DOTALL
)
"""What is shown, behind its name: a whole declaration."""
STRING = re.compile(r"\\.|\"((?>(?:[^\"\\\n]|\\.)*))\"|'((?>(?:[^'\\\n]|\\.)*))'", re.DOTALL)
_ONE = r"[0-9A-Fa-f]{1,6}+(?:\r\n|[ \t\r\n\f])?"
RUN = re.compile(rf"\\{_ONE}(?>(?:\\{_ONE})*)")
CODE = re.compile(r"\\([0-9A-Fa-f]{1,6}+)(?:\r\n|[ \t\r\n\f])?")
OCTAL = re.compile(r"(?:\\[0-3][0-7]{2}){2,}")
"""Bytes of UTF-8 as programs write them."""
SIGN = Sign(("\\\\", FIGURE, f"{FIGURE} \\\\\"'"))
HIDDEN = 3
"""Letters of ASCII in a row that are written as escapes to hide a word."""


class Styles:
    """Letters as escapes of a style sheet."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each run of escapes within a declaration of what is shown."""
        for value in _values(text):
            for found in RUN.finditer(text, *value.span(1)):
                said = _said(found[0])
                if "\ufffd" not in said and not OCTAL.fullmatch(found[0]):
                    hidden = said.isascii() and sum(map(str.isalpha, said)) >= HIDDEN
                    yield Reading(*found.span(), said, hidden or in_a_word(text, *found.span(), said))


def shown(sheet: str) -> Iterator[str]:
    """Yield the strings that a style sheet shows, their escapes undone."""
    for value in _values(sheet):
        for found in STRING.finditer(value[1]):
            written = found[1] or found[2]
            if written:
                yield unescaped(written)


def _values(text: str) -> Iterator[re.Match[str]]:
    """Yield the declarations of what is shown, in order; none lies in another."""
    done = 0
    for at, name in sorted(_names(text)):
        if at >= done and (value := VALUE.match(text, at + name)):
            yield value
            done = value.end()


def _names(text: str) -> Iterator[tuple[int, int]]:
    """Yield where names of such declarations begin, and how long they are: sought at the speed of memory."""
    if ":" not in text:
        return
    lower = text.encode("latin-1", "replace").lower()
    for name in NAMES:
        at = lower.find(name)
        while at >= 0:
            if at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_"):
                yield at, len(name)
            at = lower.find(name, at + len(name))
    if "--" in text:
        yield from ((each.start(), len(each[0])) for each in OWN.finditer(text))


def unescaped(written: str) -> str:
    """Return a string of a style sheet with its escapes undone."""
    if "\\" not in written:
        return written
    told = RUN.sub(lambda run: _said(run[0]), written.replace("\\\n", ""))
    return re.sub(r"\\(.)", r"\1", told, flags=re.DOTALL)


def _said(run: str) -> str:
    return "".join(map(_letter, CODE.findall(run)))


def _letter(code: str) -> str:
    number = int(code, 16)
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"


SPELLING = Styles()
