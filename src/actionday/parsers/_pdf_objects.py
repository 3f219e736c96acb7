"""The objects of a PDF as PDFium writes them out: every string under its key, and the streams that are text.

Source: PDF 1.7 (ISO 32000-1), 7.3 (objects), 7.9.2.2 (text strings), 7.4 (filters), Annex D.2 (PDFDocEncoding).
"""

import binascii
import re
from collections.abc import Iterator

from actionday.parsers._decode import CONTROLS
from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_filters import undone_to
from actionday.parsers._pdf_names import plain

TOKEN = re.compile(
    rb"(?P<number>\d{1,10})\s+\d{1,5}\s+(?P<what>R\b|obj\b)|<<|>>|[\[\]()]|<[0-9A-Fa-f\s]*>|/[^\s()<>\[\]{}/%]*"
    rb"|[-+.\d]+|true\b|false\b|null\b|(?<!end)stream\r?\n|endobj\b"
)
SPEAKS = re.compile(
    rb"<[0-9A-Fa-f]|/(?:EF|JS|RC|RV|V|DV|XFA|Title|TU|T|Contents|Opt|Subj|Desc|UF|F|Alt|ActualText|E|CA|Off|Kids|Dests"
    rb"|IDTree|AP)\b"
)
"""A string, a key whose value may be an object of its own that is one, or names that tell what others are."""
PARENTHESIS = re.compile(rb"\\[\s\S]|[()]")
ESCAPE = re.compile(rb"\\(\r\n|[0-7]{1,3}|[\s\S])")
ESCAPES = {
    b"n": b"\n",
    b"r": b"\n",
    b"t": b"\t",
    b"b": b"",
    b"f": b"\n",
    b"\n": b"",
    b"\r": b"",
    b"\r\n": b"",
}
LENGTH = re.compile(rb"/Length\s+(\d{1,12})(?!\s+\d{1,5}\s+R)")
LANGUAGE = re.compile("\x1b[^\x1b]{0,8}\x1b")
NAME_CODE = re.compile(r"#([0-9A-Fa-f]{2})")
UPPER = (
    "\u2022\u2020\u2021\u2026\u2014\u2013\u0192\u2044\u2039\u203a\u2212\u2030\u201e\u201c\u201d\u2018\u2019"
    "\u201a\u2122\ufb01\ufb02\u0141\u0152\u0160\u0178\u017d\u0131\u0142\u0153\u0161\u017e\ufffd\u20ac"
)
DOC_ENCODING = dict(zip(range(0x80, 0xA1), UPPER, strict=True))
COLOURS = "Separation", "DeviceN"
DEEPEST = 64
MOST, BEGIN = 16 << 20, 4096
"""Bytes that one stream may unpack to; those by which is told whether what no filter undoes is text."""


class Dictionary:
    """One dictionary: its names and strings, those in its arrays included, and the objects it refers to."""

    def __init__(self, number: int, under: str = "") -> None:
        self.number, self.under = number, under
        """Of the object it stands in, and the key there, "" for the object itself."""
        self.keys: dict[str, str] = {}
        """Each key, with its value where that is a name."""
        self.strings: list[tuple[str, str]] = []
        self.names: list[tuple[str, str]] = []
        """Keys ("") and names behind a key that are no word of the format: with blanks, other letters, an at sign."""
        self.refers: list[tuple[str, int]] = []
        self.cut = False
        """Whether its stream goes on behind what ``content`` gave."""
        self._stored = b""

    def content(self, budget: Budget) -> bytes:
        """Return the bytes of its stream without their filters; empty for none, or bytes that no filter undoes.

        No more than ``MOST``: ``cut`` then says so. What came before a fault counts.
        """
        found = undone_to(self._stored, MOST, budget)
        if found.left and found.content[:BEGIN].translate(None, CONTROLS) != found.content[:BEGIN]:
            return b""
        self.cut = found.cut
        return found.content

    def hold(self, head: bytes, stored: bytes) -> None:
        """Take the bytes of its stream, and of the dictionary before it."""
        unsaid = (
            b"/Filter" not in head and stored[:1] == b"x"
        )  # PDFium forgets the filter of metadata that it decrypts
        self._stored = head + (b"/Filter/FlateDecode" if unsaid else b"") + b"\nstream\n" + stored


class _Frame:
    """A dictionary or an array that is open; an array belongs to the key of the dictionary around it."""

    def __init__(self, owner: Dictionary | None, key: str, *, array: bool) -> None:
        self.owner, self.key, self.array = owner, key, array
        self.value_next = array
        self.colours = False
        """Whether it is an array of the names of colours (8.6.6.4)."""


def dictionaries(data: bytes, wanted: frozenset[str]) -> Iterator[Dictionary]:
    """Yield the dictionaries of all objects, inner ones first. Reads each byte once; never raises for damage.

    Streams are kept of dictionaries that have a key or a name of ``wanted`` (``""`` for any).
    """
    return _Walk(data, wanted).run()


class _Walk:
    def __init__(self, data: bytes, wanted: frozenset[str]) -> None:
        self._data, self._wanted = data, wanted
        self._open: list[_Frame] = []
        self._number = self._full = 0
        """``_full``: the end up to which it is known that there is something to look at."""
        self._closed: Dictionary | None = None

    def run(self) -> Iterator[Dictionary]:
        at = 0
        while token := TOKEN.search(self._data, at):
            word, at = token[0], token.end()
            if token["what"] == b"obj" or word == b"endobj":
                if self._closed:
                    yield self._closed
                self._open, self._closed = [], None
                self._number = int(token["number"] or 0)
                at = self._past(at) if token["number"] else at
            elif word[:6] == b"stream":
                at = self._stream(at, token.start())
            elif word == b">>":
                inner = self._close()
                if inner:
                    yield inner
            elif word == b"(":
                at = self._literal(at)
            else:
                self._plain(word, token["number"])
        if self._closed:
            yield self._closed

    def _past(self, at: int) -> int:
        """Return the end of an object that begins here and holds nothing to look at, as most do; else its begin.

        Where an end was found and not all before it is empty, nothing is looked for again: many may begin there.
        """
        if at < self._full:
            return at
        end = self._data.find(b"endobj", at)
        empty = end > 0 and all(self._data.find(each, at, end) < 0 for each in (b"stream", b"(", b"#", b"@"))
        if empty and self._data[at:end].isascii() and not SPEAKS.search(self._data, at, end):
            return end
        self._full = end if end > 0 else len(self._data)
        return at

    def _plain(self, word: bytes, number: bytes | None) -> None:
        if word == b"<<":
            self._push(array=False)
        elif word == b"[":
            self._push(array=True)
        elif word == b"]":
            if self._open and self._open[-1].array:
                self._open.pop()
                self._had_value()
        elif word[:1] == b"/":
            name = word[1:].decode("latin-1")
            if "#" in name or "@" in name or not name.isascii():
                self._odd(plain(NAME_CODE.sub(_coded, name)))
            else:
                self._name(name)
        elif word[:1] == b"<":
            digits = bytes(word[1:-1].translate(None, b" \t\r\n\f\0"))
            self._string(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))
        else:
            frame = self._open[-1] if self._open else None
            if frame and frame.owner and number:
                frame.owner.refers.append((frame.key, int(number)))
            self._had_value()

    def _push(self, *, array: bool) -> None:
        around = self._open[-1] if self._open else None
        if len(self._open) >= DEEPEST:
            self._open = self._open[:1]
        key = around.key if around else ""
        owner = (around.owner if around else None) if array else Dictionary(self._number, key)
        self._open.append(_Frame(owner, key, array=array))
        self._open[-1].colours = array and around is not None and around.colours

    def _close(self) -> Dictionary | None:
        while self._open and self._open[-1].array:
            self._open.pop()
        if not self._open:
            return None
        made = self._open.pop()
        if self._open:
            self._had_value()
            return made.owner
        self._closed = made.owner
        return None

    def _had_value(self) -> None:
        if self._open and not self._open[-1].array:
            self._open[-1].value_next = False

    def _name(self, name: str) -> None:
        frame = self._open[-1] if self._open else None
        if frame and frame.array:
            frame.colours = frame.colours or name in COLOURS
        if not frame or not frame.owner:
            return
        if not frame.value_next:
            frame.key, frame.value_next = name, True
            frame.owner.keys.setdefault(name, "")
            return
        frame.owner.keys[frame.key] = name
        self._had_value()

    def _odd(self, name: str) -> None:
        """Take a name that is no word of the format."""
        frame = self._open[-1] if self._open else None
        key = "" if not frame or not frame.value_next else COLOURS[0] if frame.colours else frame.key
        self._owner(frame).names.append((key, name))
        self._name(name)

    def _owner(self, frame: _Frame | None) -> Dictionary:
        """Return the dictionary to which a value belongs, one of its own for what stands in none."""
        if frame and frame.owner:
            return frame.owner
        self._closed = self._closed or Dictionary(self._number)
        return self._closed

    def _string(self, raw: bytes) -> None:
        frame = self._open[-1] if self._open else None
        self._owner(frame).strings.append((frame.key if frame and frame.owner else "", decoded(raw)))
        self._had_value()

    def _literal(self, at: int) -> int:
        depth, start = 1, at
        while depth and (found := PARENTHESIS.search(self._data, at)):
            at = found.end()
            depth += {b"(": 1, b")": -1}.get(found[0], 0)
        if depth:  # no end: nothing more can be told apart
            return len(self._data)
        self._string(ESCAPE.sub(_escaped, self._data[start : at - 1]))
        return at

    def _stream(self, at: int, before: int) -> int:
        length = LENGTH.search(self._data, max(0, before - 4096), before)
        end = at + int(length[1]) if length else -1
        if end < at or self._data[end : end + 12].strip()[:9] != b"endstream":
            end = self._data.find(b"endstream", at)
            end = len(self._data) if end < 0 else end
        closed = self._closed
        if closed and not self._wanted.isdisjoint(("", *closed.keys, *closed.keys.values())):
            head = self._data[max(0, before - 4096) : before]
            closed.hold(head[head.rfind(b"obj") + 3 :], self._data[at:end])
        return end


def decoded(raw: bytes) -> str:
    """Return a text string: UTF-16 or UTF-8 with a mark, UTF-16 of which half is NUL, else PDFDocEncoding."""
    if raw[:2] in (b"\xfe\xff", b"\xff\xfe"):
        return LANGUAGE.sub("", raw.decode("utf-16", "replace"))
    if raw[:3] == b"\xef\xbb\xbf":
        return raw[3:].decode("utf-8", "replace")
    if b"\0" in raw and len(raw) > 3 and not raw[::2].strip(b"\0"):  # UTF-16 without its mark
        return raw.decode("utf-16-be", "replace")
    if b"\0" in raw and len(raw) > 3 and not raw[1::2].strip(b"\0"):
        return raw.decode("utf-16-le", "replace")
    return raw.decode("latin-1").translate(DOC_ENCODING)


def literal(written: bytes) -> str:
    """Return a literal string, of what stands between its parentheses."""
    return decoded(ESCAPE.sub(_escaped, written))


def _escaped(found: re.Match[bytes]) -> bytes:
    code = found[1]
    return bytes([int(code, 8) & 0xFF]) if code[:1].isdigit() and code[0] < 0x38 else ESCAPES.get(code, code)


def _coded(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))
