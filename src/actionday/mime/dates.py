"""Dates of mails to UTC, odd ones too: the time, or none with the reason; the raw value is kept by the caller.

Source: RFC 5322 section 3.3 and, for years of two or three digits and zone names, section 4.3. Beyond it: what
mailers really wrote (day and month swapped, dots, slashes, no zone, a comment behind).
"""

import re
from datetime import UTC, datetime, timedelta, timezone

import msgspec

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_ZONES = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "met": 60, "mez": 60,
    "cest": 120, "mest": 120, "mesz": 120, "eet": 120, "sast": 120, "eest": 180, "msk": 180, "msd": 240,
    "jst": 540, "kst": 540, "edt": -240, "est": -300, "cdt": -300, "cst": -360, "mdt": -360, "mst": -420,
    "pdt": -420, "pst": -480, "akst": -540, "hst": -600,
}  # fmt: skip
"""Minutes east of UTC; names that mean several zones (IST, AST) are left out: no guess."""
_USUAL = re.compile(
    r"(?:[A-Za-z]{3}, ?)?(\d{1,2}) ([A-Za-z]{3}) (\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)"
    r"(?: *\([A-Za-z ]*\))?$"
)
_TIME = re.compile(
    r"(?<![\d:])(\d{1,2}):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?(?:\s*([ap])\.?m\b\.?)?(?![\d.:])", re.I
)
_OFFSET = re.compile(r"(?:(?<=[\d\s])|\b(?:GMT|UTC?)\s?)([+-])(\d\d):?(\d\d)(?!\d)", re.I)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})(?!\d)")
_NAMED = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[\s,.-]*\b([A-Za-z]{3})[a-z]*\.?[\s,.'-]*(\d{2,4})(?!\d|:)"
)
_AMERICAN = re.compile(
    r"\b([A-Za-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?!\d|:)\s*,?(.*?)(?<![\d:+-])(\d{4})(?![\d:])"
)
_LETTERS = re.compile(r"[A-Za-z]+")
MOST = 200
"""Characters looked at: no date is longer."""


class When(msgspec.Struct, frozen=True):
    """RFC 3339 UTC, or None; ``reason`` says why there is none or what was assumed."""

    utc: str | None
    reason: str = ""


def parse_date(text: str) -> When:
    """Return the time that ``text`` names."""
    usual = _USUAL.match(text)
    month = _MONTHS.get(usual[2].lower()) if usual else None
    if usual and month:
        sign = -1 if usual[7] == "-" else 1
        minutes = sign * _east(usual[8], usual[9])
        clock = (int(usual[4]), int(usual[5]), int(usual[6]))
        return _when((int(usual[3]), month, int(usual[1])), clock, minutes, "")
    return _odd(text[:MOST]) if text.strip() else When(None, "no date")


def _odd(text: str) -> When:
    rest, minutes, why_zone = _zone(text)
    time = _TIME.search(rest)
    clock, why_time = (0, 0, 0), "no time of day: taken as 00:00"
    if time:
        clock, why_time = _clock(time)
        rest = f"{rest[: time.start()]} {rest[time.end() :]}"
    day, why_day = _day(rest)
    if day is None:
        return When(None, "no day, month and year can be told")
    return _when(day, clock, minutes, "; ".join(filter(None, (why_day, why_time, why_zone))))


def _zone(text: str) -> tuple[str, int, str]:
    """Return the text without its zone, the minutes east of UTC, and what was assumed."""
    offset = _OFFSET.search(text)
    if offset and ":" in text:
        minutes = _east(offset[2], offset[3])
        rest = f"{text[: offset.start()]} {text[offset.end() :]}"
        return rest, -minutes if offset[1] == "-" else minutes, ""
    for word in _LETTERS.finditer(text):
        if word[0].lower() in _ZONES:
            return f"{text[: word.start()]} {text[word.end() :]}", _ZONES[word[0].lower()], ""
    return text, 0, "no zone: taken as UTC"


def _east(hours: str, minutes: str) -> int:
    """Return the minutes of an offset; more than any zone has where its last two digits are none of an hour."""
    return int(hours) * 60 + int(minutes) if int(minutes) < 60 else 24 * 60


def _clock(time: re.Match[str]) -> tuple[tuple[int, int, int], str]:
    """Return hour, minute and second, and what was assumed: twelve hours have neither an hour 0 nor one past 12."""
    hour, why = int(time[1]), ""
    if time[4]:
        why = "" if 1 <= hour <= 12 else "AM or PM beside an hour of 24: not regarded"
        hour = hour if why else hour % 12 + (12 if time[4].lower() == "p" else 0)
    return (hour, int(time[2]), int(time[3] or 0)), why


def _day(text: str) -> tuple[tuple[int, int, int] | None, str]:
    for named in _NAMED.finditer(text):
        month = _MONTHS.get(named[2].lower())
        if month:
            return _full_year(named[3], month, int(named[1]))
    american = _AMERICAN.search(text)
    if american and american[1].lower() in _MONTHS:
        return (int(american[4]), _MONTHS[american[1].lower()], int(american[2])), ""
    numeric = _NUMERIC.search(text)
    return _numeric(numeric) if numeric else (None, "")


def _numeric(found: re.Match[str]) -> tuple[tuple[int, int, int] | None, str]:
    first, middle, last = found[1], int(found[3]), found[4]
    if len(first) > 2:
        return (int(first), middle, int(last)), ""
    if found[2] == "/" and int(first) <= 12:
        why = "" if middle > 12 else "month first assumed"
        (day, month), (day_year, reason) = (middle, int(first)), _full_year(last, int(first), middle)
        return (None, "") if month > 12 or day > 31 else (day_year, "; ".join(filter(None, (why, reason))))
    found_day, reason = _full_year(last, middle, int(first))
    return found_day, "; ".join(filter(None, ("" if int(first) > 12 else "day first assumed", reason)))


def _full_year(digits: str, month: int, day: int) -> tuple[tuple[int, int, int], str]:
    year = int(digits)
    if len(digits) == 2:
        return (year + (2000 if year < 50 else 1900), month, day), "a year of two digits"
    if len(digits) == 3:
        return (year + 1900, month, day), "a year of three digits: 1900 added"
    return (year, month, day), ""


def _when(day: tuple[int, int, int], clock: tuple[int, int, int], minutes: int, reason: str) -> When:
    """Return the time; a leap second, which no time of Python's has, as the one before, and that is said."""
    hour, minute, second = clock
    if not 0 <= second <= 60:
        return When(None, "no such time of day")
    try:
        zone = timezone(timedelta(minutes=minutes))
        time = datetime(*day, hour, minute, min(second, 59), tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return When(None, "no such day, time or zone")
    if second == 60:
        reason = "; ".join(filter(None, (reason, "second 60: taken as 59")))
    return When(f"{time.isoformat()[:19]}Z", reason)
