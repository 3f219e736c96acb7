"""JSON of any size, read value by value, each with the bytes at which it begins and ends.

Source: RFC 8259. Read more widely than it: control characters in strings and halves of pairs of units are kept
(Telegram Desktop has written both), and bytes that are no UTF-8 are kept as they are.
"""

import codecs
import re
from json import JSONDecodeError, JSONDecoder
from typing import Any

from actionday.model import Stream
from actionday.model.streams import read_at

CHUNK = 1 << 20
LONGEST = 16 << 20
"""Characters of one value: no program writes a message of a hundredth of that."""
BLANKS = re.compile(r"[ \t\r\n]*")
TOKENS = re.compile(r'"[^"\\]*+(?>(?:\\.[^"\\]*+)*)"|[{}\[\]]|"', re.DOTALL)
OPENING = {"{": 1, "[": 1, "}": -1, "]": -1}
DEEP = 200
"""Lists and objects within one another: an export has ten, Python's limit is at some thousand."""
LOOKED = 512
"""Characters that are looked at to tell what begins."""
NEAR = 16
"""Characters before the end of what is held within which a fault may be no more than the end: a name, an escape."""


class NoValue(Exception):
    """No value where one should be; ``at``: characters from where reading began to where it cannot be read on."""

    def __init__(self, why: str, at: int = 0) -> None:
        super().__init__(why)
        self.at = at


class _Uncounted(str):
    """A text whose lines are not counted: JSONDecodeError counts them, and a damaged file gives one every 25 bytes."""

    __slots__ = ()

    def count(self, *_: object) -> int:
        """Return 0."""
        return 0

    def rfind(self, *_: object) -> int:
        """Return -1."""
        return -1


class Tape:
    """A window on a text in UTF-8; ``place`` is the byte it is at."""

    def __init__(self, stream: Stream, place: int = 0) -> None:
        self._stream, self._read = stream, place
        self._decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        self._json = JSONDecoder(strict=False, parse_float=str)
        self._text, self._at, self.place = _Uncounted(), 0, place
        self.raw = ""
        """What was moved over last: a value as it is written."""
        self._ended = False
        if place == 0 and read_at(stream, 0, 3) == codecs.BOM_UTF8:
            self._read = self.place = 3

    def peek(self) -> str:
        """Return the next character that is no white space, "" at the end; moves to it."""
        while True:
            self._to(BLANKS.match(self._text, self._at).end())  # type: ignore[union-attr]
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def take(self, character: str) -> bool:
        """Move behind ``character`` where that comes next, and say whether it did."""
        if self.peek() != character:
            return False
        self._to(self._at + 1)
        return True

    def value(self) -> Any:
        """Return the value that comes next and move behind it; numbers with a fraction as they are written.

        Raises NoValue where there is none, with nothing moved. Each is read twice at the most: what is held doubles.
        """
        self.peek()
        while True:
            try:
                found, end = self._json.raw_decode(self._text, self._at)
            except JSONDecodeError as error:
                where, begun = error.pos, error.msg.startswith("Unterminated")
                if begun or where >= len(self._text) - NEAR:
                    if self._longer():
                        continue
                    why = "ends within it" if self._ended else f"has more than {LONGEST} characters"
                else:
                    why = error.msg[:1].lower() + error.msg[1:]
                raise NoValue(why, max(0, where - self._at)) from None
            except RecursionError:
                raise NoValue("nested too deep", self._deep()) from None
            except ValueError:  # Python's own limit, against the time that it would take
                raise NoValue("a number of more digits than any has", 1) from None
            if end == len(self._text) and self._text[end - 1] not in '"}]' and self._longer():
                continue  # a number or a word may go on
            self._to(end)
            return found

    def _deep(self) -> int:
        """Return after how many characters more than DEEP lists and objects are open."""
        depth = 0
        for token in TOKENS.finditer(self._text, self._at):
            depth += OPENING.get(token[0], 0)
            if depth > DEEP:
                return token.end() - self._at
        return 1

    def name(self) -> str:
        """Return the name of a member and move behind its colon. Raises NoValue."""
        if self.peek() != '"':
            raise NoValue("no name of a member")
        found = str(self.value())
        if not self.take(":"):
            raise NoValue("no colon behind a name")
        return found

    def skip(self) -> None:
        """Move behind an object or a list without holding it. Raises NoValue where it has no end, moved to the end."""
        depth = 0
        while True:
            at = self._at
            for token in TOKENS.finditer(self._text, at):
                if token[0] == '"':  # of a string that goes on behind what is held
                    break
                at = token.end()
                depth += OPENING.get(token[0], 0)
                if depth == 0:
                    self._to(at)
                    return
            quote = self._text.find('"', at)
            self._to(quote if quote >= 0 else len(self._text))
            if len(self._text) - self._at >= LONGEST or not self._more():
                self._to(len(self._text))
                raise NoValue("ends within it")

    def find(self, pattern: re.Pattern[str], forth: int) -> bool:
        """Move to the next match of ``pattern``, LOOKED characters at most, from ``forth`` characters on.

        Where there is none, move to the end and say False.
        """
        while forth > len(self._text) - self._at:
            forth -= len(self._text) - self._at
            self._to(len(self._text))
            if not self._more():
                return False
        self._to(self._at + forth)
        while True:
            found = pattern.search(self._text, self._at)
            if found and (self._ended or found.end() < len(self._text)):
                self._to(found.start())
                return True
            if self._ended:
                self._to(len(self._text))
                return False
            self._to(found.start() if found else max(self._at, len(self._text) - LOOKED))
            self._more()

    def ahead(self, pattern: re.Pattern[str]) -> bool:
        """Say whether ``pattern`` matches what comes next."""
        self.peek()
        if len(self._text) - self._at < LOOKED:
            self._more()
        return pattern.match(self._text, self._at) is not None

    def _to(self, at: int) -> None:
        self.raw = passed = self._text[self._at : at]
        self.place += len(passed) if passed.isascii() else len(passed.encode("utf-8", "surrogateescape"))
        self._at = at

    def _longer(self) -> bool:
        return len(self._text) - self._at < LONGEST and self._more()

    def _more(self) -> bool:
        """Hold more, at least as much again as there is: False at the end."""
        if self._ended:
            return False
        kept = self._text[self._at :]
        data = read_at(self._stream, self._read, max(CHUNK, len(kept)))
        self._read += len(data)
        self._ended = not data
        self._text, self._at = _Uncounted(kept + self._decoder.decode(data, final=not data)), 0
        return bool(data) or len(self._text) > len(kept)
