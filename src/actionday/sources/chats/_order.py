"""Which number of a date is the day, decided from all dates of a file.

Source: ISO 8601 (year first), CLDR's short dates: with dots the day comes before the month wherever the year is last.
"""

from datetime import datetime
from typing import NamedTuple

from actionday.sources.chats._clocks import hour_of
from actionday.sources.chats._lines import Line

DMY, MDY, YMD, YDM = "day, month, year", "month, day, year", "year, month, day", "year, day, month"
ORDERS = {DMY: (2, 1, 0), MDY: (2, 0, 1), YMD: (0, 1, 2), YDM: (0, 2, 1)}
"""Where year, month and day stand."""
SURELY = 4
"""Time goes back in a real chat, too, where a clock was set: an order in which it does four times as often is wrong."""
BUDDHIST, LATEST = 543, 2100


class Order(NamedTuple):
    """The order of a file's dates; ``ambiguous``: another would do as well; ``why``: what decided."""

    name: str
    ambiguous: bool
    why: str


class Dates:
    """Takes the dates of a file one after another, in its order; then tells how they are to be read."""

    def __init__(self) -> None:
        self._possible = dict.fromkeys(ORDERS, 0)
        self._last: dict[str, tuple[int, ...]] = {}
        self._dots = True
        self._long = False

    def take(self, line: Line) -> None:
        """Take one; of each order it is remembered how often time goes back."""
        self._dots = self._dots and line.by == "."
        self._long = self._long or any(len(each) > 2 for each in line.day)
        for order in list(self._possible):
            numbers = numbers_of(line, order)
            if numbers is None:
                del self._possible[order]
                continue
            if numbers < self._last.get(order, ()):
                self._possible[order] += 1
            self._last[order] = numbers

    def order(self) -> Order | None:
        """Return how the dates are to be read, None where no order gives every one of them."""
        orders = dict(self._possible)
        if not orders:
            return None
        if len(orders) == 1:
            return Order(next(iter(orders)), ambiguous=False, why="no other fits every date")
        fewest = min(orders.values())
        sound = [order for order, back in orders.items() if back <= SURELY * fewest]
        if len(sound) == 1:
            return Order(sound[0], ambiguous=False, why="time goes back more often in any other")
        if not self._long and {DMY, MDY} & set(sound):  # a year of two digits comes first on hardly any phone
            sound = [order for order in sound if order in (DMY, MDY)]
            if len(sound) == 1:
                return Order(
                    sound[0], ambiguous=False, why="no other fits every date with its year at the end"
                )
        if self._long and YMD in sound and YDM in sound and DMY not in sound:
            return Order(YMD, ambiguous=False, why="the year comes first")
        if self._dots and DMY in sound:
            return Order(DMY, ambiguous=False, why="dots stand between day, month and year")
        return Order(next(each for each in ORDERS if each in sound), ambiguous=True, why="")


def numbers_of(line: Line, order: str) -> tuple[int, ...] | None:
    """Return year to second by that order, None where it gives no date."""
    year, month, day = (line.day[at] for at in ORDERS[order])
    if len(year) not in (2, 4) or len(month) > 2 or len(day) > 2:
        return None
    full = int(year) + 2000 if len(year) == 2 else int(year)
    if full > LATEST:  # Thailand
        full -= BUDDHIST
    if not 1990 <= full <= LATEST:
        return None
    hour, minute, second = line.hour
    try:
        moment = datetime(full, int(month), int(day), hour_of(hour, line.half) % 24, minute, second)
    except ValueError:
        return None
    return moment.timetuple()[:6]
