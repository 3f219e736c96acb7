"""Expressions mean the same on every Python that is supported.

Before 3.11.5 a possessive repeat of a group that goes back within itself matches too little, or what it must not
(python/cpython#106052); Debian 12 has 3.11.2. An atomic group around a greedy repeat is right everywhere.
"""

import importlib
import pkgutil
import re
import re._constants as names
import re._parser as parser
from collections.abc import Iterator

import pytest

import actionday

SINGLE = {names.LITERAL, names.NOT_LITERAL, names.IN, names.ANY}


def compiled() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    for module in pkgutil.walk_packages(actionday.__path__, "actionday."):
        if ".assets." in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            held = (
                value.values()
                if isinstance(value, dict)
                else value
                if isinstance(value, tuple | list)
                else (value,)
            )
            for each in held:
                if isinstance(each, re.Pattern):
                    yield f"{module.name}.{name}", each


def repeated_groups(tree: object) -> Iterator[object]:
    """Yield what is repeated possessively and is more than one letter."""
    if isinstance(tree, parser.SubPattern):
        for operation, argument in tree:
            if operation is names.POSSESSIVE_REPEAT:
                (*_, item) = argument
                if len(item) != 1 or item[0][0] not in SINGLE:
                    yield item
            yield from repeated_groups(argument)
    elif isinstance(tree, tuple | list):
        for each in tree:
            yield from repeated_groups(each)


def test_what_is_looked_for_is_found() -> None:
    assert list(repeated_groups(parser.parse(r"a(?:b|c*d)*+")))
    assert not list(repeated_groups(parser.parse(r"a[bc]*+(?>(?:b|c*d)*)")))


def test_no_group_is_repeated_possessively() -> None:
    every = list(compiled())
    assert len(every) > 300
    bad = [
        name for name, pattern in every if list(repeated_groups(parser.parse(pattern.pattern, pattern.flags)))
    ]
    assert not bad


@pytest.mark.parametrize("text", ["'it''s'", "'a'"])
def test_an_atomic_group_goes_back_nowhere(text: str) -> None:
    assert re.fullmatch(r"'(?>(?:[^']|'')*)'", text)
