"""What the objects of a PDF are called in words: names and keys that are prose, states of buttons, trees of names.

Source: PDF 1.7 (ISO 32000-1), 7.3.5 (names), 7.9.6 (name trees), 12.3.2.3 (named destinations), 12.5.5 (appearance
states), 12.7.4.2.3 (check boxes, whose export values are names), 14.7.2 (trees of identifiers).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from actionday.parsers._pdf_names import OF_LOOKS, speaks
from actionday.parsers._pdf_objects import Dictionary
from actionday.parsers._unread import LEGIBLE

CHOSEN = ("V", "DV")
"""Keys under which a button has the name of its state."""
OFF = "Off"
STATES = frozenset((OFF, "On", "Yes"))
"""Names of states that say nothing but that a button is pressed or not."""
OF_PLACES = frozenset(("Dests", "IDTree", "AP"))
"""Trees whose names programs give: of places in the text, of elements, of appearances of stamps."""


def called(objects: Iterable[Dictionary], led: Mapping[int, str]) -> Iterator[str]:
    """Yield names and keys that are prose, and the export values of buttons; ``led`` has the key before each number."""
    for each in objects:
        around = each.under or led.get(each.number, "")
        for key, name in each.names:
            if speaks(name, of_looks=key in OF_LOOKS or around in OF_LOOKS):
                yield name
        states = each.keys if OFF in each.keys else ()
        yield from (state for state in states if LEGIBLE.search(state) and state not in STATES)
        chosen = (each.keys.get(key, "") for key in CHOSEN)
        yield from (state for state in chosen if LEGIBLE.search(state) and state not in STATES)


def of_places(objects: Iterable[Dictionary]) -> set[int]:
    """Return the numbers of the objects that are trees of places, or parts of one."""
    kids, waiting = defaultdict[int, list[int]](list), list[int]()
    for each in objects:
        for key, number in each.refers:
            if key in OF_PLACES or (key == "Kids" and each.under in OF_PLACES):
                waiting.append(number)
            elif key == "Kids":
                kids[each.number].append(number)
    found = set[int]()
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            waiting += kids[number]
    return found
