"""The HTML that an RTF body was made of, or its text: only where a message has no other body.

Source: [MS-OXRTFEX] 2.1.3 (what is encapsulated), 2.2 (how it is taken out); RTF 1.9.1, "Font Table", "Unicode RTF".
"""

import re
from typing import NamedTuple

from actionday.mime.charset import decode

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_ASIDE = frozenset(b"fonttbl colortbl stylesheet info pict objdata themedata listtable listoverridetable rsidtbl "
                   b"generator datastore latentstyles xmlnstbl mmathPr".split())  # fmt: skip
"""Groups whose text is none of the body's."""
_SAID = {b"par": "\r\n", b"line": "\r\n", b"tab": "\t", b"cell": "\t", b"row": "\r\n", b"lquote": "\u2018",
         b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d", b"bullet": "\u2022", b"endash": "\u2013",
         b"emdash": "\u2014", b"page": "\r\n", b"sect": "\r\n"}  # fmt: skip
_SIGNS = {b"~": "\xa0", b"_": "\xad", b"\\": "\\", b"{": "{", b"}": "}", b"\r": "\r\n", b"\n": "\r\n"}
_SETS = {0: "cp1252", 2: "", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gb18030", 136: "cp950",
         161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251",
         222: "cp874", 238: "cp1250"}  # fmt: skip
"""Code pages of ``\\fcharset``."""
DEEPEST = 10_000


class Body(NamedTuple):
    """``kind`` is ``text/html`` or ``text/plain``."""

    kind: str
    text: str


class _State(NamedTuple):
    aside: bool = False
    tag: bool = False
    skipped: bool = False
    fonts: bool = False
    font: int = 0
    after: int = 1


def body_of(rtf: bytes) -> Body:
    """Return what an RTF body says: the HTML or plain text that was put into it, else its own text. A step a token."""
    html = b"\\fromhtml" in rtf[:4096]
    return Body("text/html" if html else "text/plain", _Walk(html=html).text(rtf))


class _Walk:
    def __init__(self, *, html: bool) -> None:
        self._html, self._out, self._raw = html, list[str](), bytearray()
        self._state, self._stack = _State(), list[_State]()
        self._page, self._sets, self._pending, self._starred = "cp1252", dict[int, str](), 0, False
        self._surrogate = ""

    def text(self, rtf: bytes) -> str:
        for token in _TOKEN.finditer(rtf):
            word, number, code, sign, brace, plain = token.groups()
            if code is not None:
                self._byte(int(code, 16))
                continue
            if plain is not None:
                self._plain(plain)
                continue
            self._flush()
            if brace == b"{":
                self._open()
            elif brace:
                self._state = self._stack.pop() if self._stack else _State()
                self._pending, self._starred = 0, False
            elif word is not None:
                self._word(word, None if number is None else int(number))
            elif sign == b"*":
                self._starred = True
            elif sign in _SIGNS:
                self._say(_SIGNS[sign])
        self._flush()
        return "".join(self._out).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _open(self) -> None:
        if len(self._stack) < DEEPEST:
            self._stack.append(self._state)
        self._starred = False

    def _word(self, word: bytes, number: int | None) -> None:
        state = self._state
        if self._starred:
            self._starred = False
            tag = self._html and word == b"htmltag"
            self._state = state._replace(tag=tag, aside=not tag, skipped=state.skipped and not tag)
        elif word in _ASIDE:
            self._state = state._replace(aside=True, fonts=word == b"fonttbl")
        elif word == b"htmlrtf":
            self._state = state._replace(skipped=number != 0)
        elif word == b"ansicpg" and number:
            self._page = "utf-8" if number == 65001 else f"cp{number}"
        elif word in (b"f", b"fcharset", b"uc"):
            self._font(word, number or 0)
        elif word == b"u" and number is not None:
            self._say(chr(number & 0xFFFF))
            self._pending = state.after
        elif word in _SAID and not (state.tag and word != b"par"):
            self._say(_SAID[word])

    def _font(self, word: bytes, number: int) -> None:
        if word == b"fcharset":
            if self._state.fonts and number in _SETS:
                self._sets[self._state.font] = _SETS[number]
        elif word == b"f":
            self._state = self._state._replace(font=number)
        else:
            self._state = self._state._replace(after=max(0, min(number, 16)))

    def _byte(self, value: int) -> None:
        if self._pending:
            self._pending -= 1
        else:
            self._raw.append(value)

    def _plain(self, text: bytes) -> None:
        skipped, self._pending = min(self._pending, len(text)), max(0, self._pending - len(text))
        self._raw += text[skipped:]

    def _flush(self) -> None:
        if self._raw:
            raw = bytes(self._raw)
            self._raw.clear()
            if not self._state.aside:
                codec = self._sets.get(self._state.font, "") or self._page
                self._say(raw.decode("ascii") if raw.isascii() else decode(raw, codec).text)

    def _say(self, text: str) -> None:
        state = self._state
        if not state.aside and (not state.skipped or not self._html):
            self._out.append(text)
