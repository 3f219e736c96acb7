"""Which cells of a workbook are dates, and dates and numbers as people write them.

Source: ECMA-376 part 1, 18.8.30 (numFmt and its built-in numbers), 18.8.10 (cellXfs), 18.17.4 (serial numbers of
dates and the two systems that count them).
"""

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pyexpat import ExpatError

from actionday.mime.expat import create

BUILT_IN = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
NOT_CODE = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?![hmsHMS]+\])[^\]]*\]|General|E[+-]', re.IGNORECASE)
"""Parts of a format whose letters are no code: quoted text, single characters, colours and conditions."""
ELAPSED = re.compile(r"\[[hms]+\]", re.IGNORECASE)
CODES = re.compile(r"[dmyhseg]", re.IGNORECASE)
DATE, SPAN = "date", "span"
DAY = 86_400
LAST = 2_958_466
"""The day after 9999-12-31."""
WIDEST = 40
"""Digits up to which a number with an exponent is written out."""


class Formats:
    """What the styles of a workbook make of the numbers in its cells."""

    def __init__(self) -> None:
        self.since_1904 = False
        self._kinds: list[str] = []
        self._known: dict[str, str] = {}
        self._inside = False
        self._custom: dict[str, str] = {}

    def read(self, xml: bytes) -> str:
        """Take a styles part; return why it could not be read to its end, or ""."""
        expat = create(xml)
        expat.StartElementHandler = self._start
        expat.EndElementHandler = self._end
        try:
            expat.Parse(xml, True)
        except ExpatError as error:
            return f"XML not well-formed: {error}"
        return ""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "numFmt":
            self._custom[attributes.get("numFmtId", "")] = _kind(attributes.get("formatCode", ""))
        elif local == "cellXfs":
            self._inside = True
        elif local == "xf" and self._inside:
            number = attributes.get("numFmtId", "")
            built_in = DATE if number.isascii() and number.isdigit() and int(number[:9]) in BUILT_IN else ""
            kind = SPAN if number == "46" else built_in
            self._known[str(len(self._kinds))] = self._custom.get(number, kind)
            self._kinds.append(number)

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] == "cellXfs":
            self._inside = False

    def shown(self, value: str, style: str) -> str:
        """Return a number as text: a date where its style makes it one, else its digits."""
        kind = self._known.get(style, "")
        if kind:
            try:
                return self._moment(float(value), kind)
            except (ValueError, OverflowError):
                return value
        return written_out(value) if "E" in value or "e" in value else value

    def _moment(self, serial: float, kind: str) -> str:
        seconds = round(serial * DAY)
        if kind == SPAN:
            minutes, rest = divmod(abs(seconds), 60)
            return f"{'-' if seconds < 0 else ''}{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
        if not 0 <= serial < LAST:
            raise ValueError
        if serial < 1 and seconds:
            minutes, rest = divmod(seconds, 60)
            return f"{minutes // 60:02}:{minutes % 60:02}:{rest:02}"
        # the first system has a 29 February 1900, which was none
        first = datetime(1904, 1, 1) if self.since_1904 else datetime(1899, 12, 31 if serial < 60 else 30)
        moment = first + timedelta(seconds=seconds)
        return moment.strftime("%Y-%m-%d %H:%M:%S" if seconds % DAY else "%Y-%m-%d")


def _kind(code: str) -> str:
    """Return what a format makes of a number: a date or time, a span of time, or "" for neither."""
    at = code.rfind("]") + 1  # a bracket behind it is not closed: nobody looks for its end again and again
    first = NOT_CODE.sub("", code[:at] + code[at:].replace("[", "\0")).partition(";")[0]
    if ELAPSED.search(first):
        return SPAN
    return DATE if CODES.search(first) and not re.search(r"[0#?]", re.sub(r"[.,]0+", "", first)) else ""


def written_out(value: str) -> str:
    """Return a number that is stored with an exponent as its digits, where they are not too many."""
    try:
        number = Decimal(value.strip())
    except InvalidOperation:
        return value
    if not number.is_finite() or abs(number.adjusted()) > WIDEST:
        return value
    return f"{number:f}"
