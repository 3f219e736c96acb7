"""Percent-encoded letters: in addresses, cookies, logs and forms; in UTF-8 or an old code, once or more often.

Source: RFC 3986, 2.1; WHATWG URL Standard, 1.3; ECMA-262 annex B.2.1 (``escape``: ``%uXXXX``).
"""

import re
from collections.abc import Iterator

from actionday.mime.otherwise.bytewise import told, utf8
from actionday.mime.otherwise.signs import FIGURE, Seen, Sign
from actionday.mime.otherwise.spelling import MOST, Reading, in_a_word

_ONE = r"%(?:25)*(?:u[0-9A-Fa-f]{4}|[0-9A-Fa-f]{2})"
RUN = re.compile(rf"{_ONE}(?>(?:{_ONE})*)")
CODE = re.compile(r"%(?:25)*(?:u([0-9A-Fa-f]{4})|([0-9A-Fa-f]{2}))")
SIGN = Sign(("%", FIGURE, FIGURE), ("%", "u", FIGURE))
GLUED = re.compile(r"\w\w")
SINGLE = re.compile(r"[A-Za-z]%[0-9A-F]{2}[A-Za-z]")
"""One letter of an old code within a word: browsers write capitals, and "%define" is none."""
HIDDEN = 3


class Percent:
    """Letters as their bytes in hexadecimal, each behind a percent sign."""

    signs = (SIGN,)

    def readings(self, text: str, _seen: Seen) -> Iterator[Reading]:
        """Yield each run; those in a code that is guessed at the end."""
        others: list[tuple[re.Match[str], bytes]] = []
        for found in RUN.finditer(text):
            written = found[0]
            if "u" in written:
                said: str | None = _wide(written)
            else:
                raw = bytes.fromhex(written.replace("%25", "%").replace("%25", "%").replace("%", ""))
                said = utf8(raw)
                if said is None:
                    whole = len(raw) > 1 or SINGLE.match(text, found.start() - 1)
                    if whole and len(others) <= MOST:
                        others.append((found, raw))
                    continue
            if said and not _is_control(said):
                yield Reading(found.start(), found.end(), said, _tells(text, found, said))
        for (found, _), said in zip(others, told([raw for _, raw in others]), strict=True):
            if said:
                yield Reading(found.start(), found.end(), said, in_a_word(text, *found.span(), said))


def _wide(written: str) -> str:
    units = [int(four or two, 16) for four, two in CODE.findall(written)]
    return b"".join(unit.to_bytes(2, "big") for unit in units).decode("utf-16-be", "replace")


def _is_control(said: str) -> bool:
    """Say whether it is a width in a format of printf, "%02x", which only looks alike."""
    return said.isascii() and any(letter < " " and letter not in "\t\n\r" for letter in said)


def _tells(text: str, found: re.Match[str], said: str) -> bool:
    start, end = found.span()
    if not said.isascii():
        return in_a_word(text, start, end, said)
    if sum(map(str.isalpha, said)) >= HIDDEN:
        return True
    # "my%20plan": whoever looks for "plan" finds "20plan"
    return text[start - 1 : start].isalnum() and GLUED.match(text, end) is not None


SPELLING = Percent()
