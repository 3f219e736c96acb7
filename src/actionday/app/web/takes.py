"""What an address may ask: what each parameter of a page takes, and who can tell.

A value that nothing can have is refused with what would be taken: "0 items" would be a claim about the case.
"""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from actionday.access.asked import holds_type, is_mime, is_type
from actionday.access.exhibits import exhibit_numbers
from actionday.access.issues import groups, stages
from actionday.access.views import LONGEST_PAGE, PAGE
from actionday.app.web.showing.reasons import CODES, STAGES
from actionday.app.web.showing.types import type_word
from actionday.app.web.signs import ACTIONS, GROUPS, SORTS, STATUSES, mark
from actionday.model import ActiondayError
from actionday.model.language import codes_matching, languages

if TYPE_CHECKING:
    from actionday.app.web.visit import Visit

LONGEST = 20_000
"""Characters of one value: a search has at most as many."""
MOST = 50
"""Values of one parameter that takes several."""
UNKNOWN, UNTOLD = "unknown", "und"
NUMBER = re.compile("[0-9]{1,18}", re.ASCII)
HEX = re.compile("0[xX][0-9A-Fa-f]{1,14}", re.ASCII)
ITEM_ID = re.compile("[0-9a-fA-F]{32}")
YEARS = re.compile("([0-9]{4})(?:-([0-9]{4}))?", re.ASCII)
PERIOD = re.compile("[0-9]{4}(-(0[1-9]|1[0-2]))?", re.ASCII)
FARTHEST = 100_000
"""Hits that can be paged to; who wants more exports them."""


class Takes(NamedTuple):
    """What a parameter takes: ``words`` for a person (``values`` are listed behind them), ``fits`` for one value."""

    words: str
    fits: "Callable[[Visit, str], bool]"
    many: bool = False
    values: tuple[str, ...] = ()


class Unfit(ActiondayError):
    """A parameter that this page does not take, or with a value that it cannot have."""

    def __init__(self, name: str, value: str, problem: str, takes: Takes | None) -> None:
        super().__init__(f"{name}: {problem}")
        self.name, self.value, self.problem, self.takes = name, value, problem, takes


NO_SUCH = mark("this page has no parameter of this name")
ONCE = mark("it is given more than once, with different values")
TOO_MANY = mark("it is given more than 50 times")
TOO_LONG = mark("it is longer than 20 000 characters")
IMPOSSIBLE = mark("it cannot have this value")


def one_of(words: str, *values: str) -> Takes:
    """Return a parameter with few values."""
    return Takes(words, lambda _, value: value in values, values=values)


def checked(takes: Mapping[str, Takes], visit: "Visit", given: dict[str, list[str]]) -> None:
    """Raise Unfit for the first parameter that is not taken as it is given; an empty value asks nothing."""
    for name, values in given.items():
        wanted = takes.get(name)
        if wanted is None:
            raise Unfit(name, values[0], NO_SUCH, None)
        different = [value for value in dict.fromkeys(values) if value]
        if not wanted.many and len(different) > 1:
            raise Unfit(name, different[1], ONCE, wanted)
        if len(different) > MOST:
            raise Unfit(name, different[MOST], TOO_MANY, wanted)
        for value in different:
            if len(value) > LONGEST:
                raise Unfit(name, value, TOO_LONG, wanted)
            if not wanted.fits(visit, value):
                raise Unfit(name, value, IMPOSSIBLE, wanted)


def _anything(_: "Visit", value: str) -> bool:  # noqa: ARG001 - one shape for all
    return True


def _number(_: "Visit", value: str) -> bool:
    return NUMBER.fullmatch(value) is not None


def _byte(_: "Visit", value: str) -> bool:
    return NUMBER.fullmatch(value) is not None or HEX.fullmatch(value) is not None


def _exhibit(visit: "Visit", value: str) -> bool:
    return value in exhibit_numbers(visit.case.database)


def _type(visit: "Visit", value: str) -> bool:
    return is_type(value) or any(type_word(value)) or holds_type(visit.case.database, value)


def _mime(visit: "Visit", value: str) -> bool:
    known = value == UNKNOWN or is_mime(value) or any(type_word(value))
    return known or holds_type(visit.case.database, value)


def _language(_: "Visit", value: str) -> bool:
    two = len(value) == 2 and value.islower() and bool(codes_matching(value))
    return two or value == UNTOLD or value in languages()


def _own_language(_: "Visit", value: str) -> bool:
    return value in (UNKNOWN, UNTOLD) or value in languages()


def _years(_: "Visit", value: str) -> bool:
    found = YEARS.fullmatch(value)
    return found is not None and found[1] <= (found[2] or found[1])


TEXT = Takes(mark("any text"), _anything)
AT = Takes(mark("a whole number from 0 on, in digits"), _number)
BYTE = Takes(mark("the number of a byte from 0 on, in digits, or in hex behind 0x"), _byte)
OFFSET = Takes(
    mark("a whole number from 0 to 100 000: what lies behind is exported"),
    lambda visit, value: _number(visit, value) and int(value) <= FARTHEST,
)
ITEM = Takes(
    mark("the id of an item: 32 hexadecimal digits"), lambda _, value: bool(ITEM_ID.fullmatch(value))
)
YES = one_of(mark("nothing but:"), "1")
FORMAT = one_of(mark("nothing but:"), "json")
TAB = one_of(mark("one of these views:"), "text", "picture", "metadata", "places", "bytes", "history")
EXHIBIT = Takes(mark("the ID of an exhibit of this case"), _exhibit)
EXHIBITS = EXHIBIT._replace(many=True)
STATUS = one_of(mark("one of these states:"), *STATUSES)
GROUP = one_of(mark("one of these outcomes:"), *GROUPS)
MIME = Takes(mark("a MIME type that is registered or in this case, such as text/html; or unknown"), _mime)
TYPES = Takes(
    mark("a MIME type, its subtype, an ending such as txt, or a family such as image"), _type, many=True
)
OWN_LANGUAGE = Takes(
    mark("the code of one language (ISO 639-3), such as arb; und where it cannot be told; or unknown"),
    _own_language,
)
LANGUAGES = Takes(
    mark("the code of a language (ISO 639-3 or 639-1), such as arb or ar; und where it cannot be told"),
    _language,
    many=True,
)
PERIOD_OF = Takes(
    mark("a year or a month, such as 2026 or 2026-03; or unknown"),
    lambda _, value: value == UNKNOWN or bool(PERIOD.fullmatch(value)),
)
YEARS_OF = Takes(mark("a year or a range, such as 2026 or 2023-2025"), _years, many=True)
SORT = one_of(mark("one of these orders:"), *SORTS)
CODE = Takes(
    mark("a code of the issue log"),
    lambda visit, value: value in CODES or value in {group.code for group in groups(visit.case.database)},
)
STAGE = Takes(
    mark("a stage of the intake: list, open, read, parse, hash"),
    lambda visit, value: value in STAGES or value in stages(visit.case.database),
)
ACTION = one_of(mark("one of these acts:"), *ACTIONS)
SAVED = Takes(
    mark("a page of this case with its query, such as search?q=radio"),
    lambda _, value: len(value) <= LONGEST_PAGE and bool(PAGE.fullmatch(value)),
)
VIEWS = {"tab": TAB, "at": BYTE, "behind": BYTE, "clear": YES, "unseen": YES, "after": ITEM, "older": AT}
"""What an address says of the view of one item, on whichever page it is; of another item it says nothing."""
