"""The parts that stand behind every slide: text boxes of masters and layouts are shown, prompts of places are not.

Source: ECMA-376 part 1, 19.3.1.36 (``ph``: a place for text, whose own text is a prompt that no show has) and
19.3.1.42 (``sldMaster``).
"""

import re

from actionday.parsers._events import Grammar, Reader
from actionday.parsers._opc import Relations
from actionday.parsers._package import Package
from actionday.parsers._unread import Beside

KINDS = frozenset({"slideMaster", "slideLayout", "notesMaster", "handoutMaster"})
NAMES = r"ppt/(?:slideMasters|slideLayouts|notesMasters|handoutMasters)/[\w-]+\.xml"
SHAPE = re.compile(rb"<(?:\w+:)?(?:sp|graphicFrame|pic|cxnSp)[\s>]")
PLACE = re.compile(rb"<(?:\w+:)?ph[\s/>]")
WHOLE = 4 << 20
"""Bytes of a part that are looked at."""
SHAPES = (":sp", ":graphicFrame", ":pic", ":cxnSp")


def master_parts(package: Package, found: Relations) -> list[str]:
    """Return the masters and layouts, those that relationships reach first."""
    linked = [part for part, kind in found.reached.items() if kind in KINDS and part.endswith(".xml")]
    return list(dict.fromkeys([*linked, *package.names(NAMES)]))


def shows_something(package: Package, name: str) -> bool:
    """Say whether a master has more shapes than places, or a prompt of somebody's own: most layouts do not."""
    xml, why = package.salvaged(name)
    if why:
        return True  # its reader says what is wrong
    shapes, places = len(SHAPE.findall(xml)), len(PLACE.findall(xml))
    return shapes != places or b"hasCustomPrompt" in xml or len(xml) >= WHOLE


class Masters(Reader):
    """Reads shapes, and forgets places with a prompt of the program's; names of layouts are no text of a show."""

    def __init__(self, grammar: Grammar, beside: Beside) -> None:
        super().__init__(grammar, beside)
        self._shapes: list[int] = []
        self._prompt = False

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name.endswith(SHAPES):
            self._shapes.append(len(self._parts))
            self._prompt = False
        elif name.endswith(":ph"):
            self._prompt = attributes.get("hasCustomPrompt") not in ("1", "true")
        super()._start(name, attributes)

    def _end(self, name: str) -> None:
        super()._end(name)
        if name.endswith(SHAPES) and self._shapes:
            start = self._shapes.pop()
            if self._prompt:
                del self._parts[start:]
                self._prompt = False

    def _text(self, text: str) -> None:
        if self._shapes:
            super()._text(text)

    def _attributes(self, attributes: dict[str, str]) -> None:
        super()._attributes({key: value for key, value in attributes.items() if key != "name"})
