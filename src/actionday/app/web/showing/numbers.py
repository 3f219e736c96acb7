"""Numbers, sizes, rates, times: Latin digits in every language, isolated so that no direction turns them round."""

import re

from markupsafe import Markup, escape

from actionday.model.counted import grouped

UNITS = ("B", "KB", "MB", "GB", "TB", "PB")
NOT_KNOWN = "?"
STAMP = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?Z")


def isolated(text: object) -> Markup:
    """Return text that holds digits and signs so that it reads left to right in any page."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


def number(count: int) -> Markup:
    """Return a count."""
    text = grouped(count)
    return Markup('<bdi dir="ltr" class="num">{}</bdi>').format(text)


def rounded(count: float) -> str:
    """Return bytes in the unit a person reads, three figures."""
    for unit in UNITS[:-1]:
        if count < 999.5:
            return f"{count:.0f}\u00a0{unit}" if unit == "B" or count >= 99.95 else f"{count:.1f}\u00a0{unit}"
        count /= 1000
    return f"{count:.1f}\u00a0{UNITS[-1]}"


def size(count: int) -> Markup:
    """Return bytes rounded, the exact figure beside where rounding hides it."""
    if count < 1000:
        return isolated(rounded(count))
    return Markup('<bdi dir="ltr" class="num">{} <small>{} B</small></bdi>').format(
        rounded(count), grouped(count)
    )


def rate(count: float) -> Markup:
    """Return bytes a second."""
    return isolated(f"{rounded(count)}/s")


def percent(part: float, whole: float) -> Markup:
    """Return a share; never 100 % before everything is there, never 0 % where something is."""
    share = 0.0 if not whole else 100 * part / whole
    whole_number = min(round(share), 99) if part < whole else 100
    return isolated(f"{max(whole_number, 1 if part else 0)}\u00a0%")


def duration(seconds: float) -> Markup:
    """Return a length of time, two units."""
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return isolated(f"{days}\u00a0d {hours:02d}\u00a0h")
    if hours:
        return isolated(f"{hours}\u00a0h {minutes:02d}\u00a0min")
    return isolated(f"{minutes}\u00a0min {left:02d}\u00a0s" if minutes else f"{left}\u00a0s")


def moment(text: str) -> Markup:
    """Return an RFC 3339 UTC time as ``2026-03-04 21:14:09Z``; what is none is shown as it is."""
    match = STAMP.fullmatch(text)
    if match is None:
        return isolated(text)
    shown = f"{match[1]} {match[2]}Z"
    return Markup('<time dir="ltr" datetime="{}">{}</time>').format(text, shown)


def score(value: float) -> Markup:
    """Return a score with two decimals."""
    return isolated(f"{value:.2f}")


def offset(value: int) -> Markup:
    """Return a byte offset in hex."""
    return isolated(f"{value:#x}")


def short_hash(text: str) -> Markup:
    """Return the ends of a hash; the whole is in the title and is what is copied."""
    return Markup('<code dir="ltr" class="hash" title="{}">{}…{}</code>').format(text, text[:8], text[-4:])


def whole_hash(text: str) -> Markup:
    """Return a hash whole, breakable anywhere."""
    return Markup('<code dir="ltr" class="hash whole">{}</code>').format(escape(text))
