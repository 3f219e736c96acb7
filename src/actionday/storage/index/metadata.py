"""Which of an item's or a content's facts are words that somebody wrote: they are searched as the text is.

Facts are JSON. Its strings are searched; numbers and flags are not, nor are times, nor what is one of a few fixed
words (``FIXED``): a search for "attachment" would otherwise find every attachment. What a key is called makes no
other difference, so that a parser which tells more has told it to the search too.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import msgspec

from actionday.model import Damaged
from actionday.storage.index.normalise import normalise

VERSION = 1  # of the rules: an index made by others is rebuilt
FIXED = frozenset(
    {
        "charset", "encoding", "encoding_some_lines", "transfer_coding",  # how it is written
        "content_type", "content-type", "identified_type", "disposition", "type", "type_name",  # what it is
        "language", "revision", "mode", "flags", "tree", "compressed", "zone", "profile",
        "digest", "encryption", "date_reason", "exif_damaged", "left_out",  # what was found of it, in our own words
        "date", "date_raw", "envelope_date", "mtime_raw", "received_at", "refers_to_date", "created", "modified",
        "printed", "taken", "taken_offset", "gps_time",  # times
    }
)  # fmt: skip
"""Keys whose values are times, codes or one of a few words."""
TIME = re.compile(r"\d{4}[-:]\d\d[-:]\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?")
LONGEST_LABEL = 200  # characters
SHORT = 100  # characters of facts that are kept at hand; those of a file in an image are longer
Words = tuple[tuple[bytes, ...], tuple[bytes, ...]]
"""Words, and second forms of words, UTF-8."""
NO_WORDS: Words = ((), ())


class Fact(NamedTuple):
    """A value that is searched; ``label``: the keys that lead to it, ``from.address``."""

    label: str
    value: str


def searched(facts: str | bytes | None) -> list[Fact]:
    """Return the values of stored facts that are searched, in their order. Raises Damaged for what is no JSON."""
    return list(_walked(_decoded(facts))) if facts else []


def _decoded(facts: str | bytes) -> object:
    try:
        return msgspec.json.decode(facts)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Damaged(f"stored facts that cannot be read: {error}") from error


def words(facts: str | bytes | None, beside: str | bytes | None = None) -> Words:
    """Return the index terms of facts, those of a value each, without values that ``beside`` has too."""
    own = _values(facts)
    if not own:
        return NO_WORDS
    known = frozenset(_values(beside))
    found = [_said(value) if len(value) <= SHORT else _terms(value) for value in own if value not in known]
    return tuple(body for body, _ in found if body), tuple(alt for _, alt in found if alt)


def _terms(value: str) -> tuple[bytes, bytes]:
    found = normalise(value)
    return found.body.encode() if found.body.strip() else b"", found.alt.encode()


def _values(facts: str | bytes | None) -> tuple[str, ...]:
    """Return each value once. Facts of contents are often the same few: these are at hand."""
    return _short(facts) if facts and len(facts) <= SHORT else _each(facts)


def _each(facts: str | bytes | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_strings(_decoded(facts)))) if facts else ()


_short = lru_cache(maxsize=1 << 10)(_each)
_said = lru_cache(maxsize=1 << 12)(_terms)
"""Owners and groups are the same few names in every file of an archive."""


def _strings(facts: object) -> Iterator[str]:
    """Yield the values of ``_walked`` in its order, without their labels: those are half of its time."""
    waiting: list[tuple[str, object]] = [("", facts)]
    while waiting:
        key, value = waiting.pop()
        if isinstance(value, dict):
            waiting += reversed(value.items())
        elif isinstance(value, list):
            waiting += [(key, each) for each in reversed(value)]
        elif isinstance(value, str) and _is_searched(key, value):
            yield value


def _is_searched(key: str, value: str) -> bool:
    return key not in FIXED and bool(value.strip()) and not TIME.fullmatch(value)


def _walked(facts: object) -> Iterator[Fact]:
    """Yield the strings of decoded JSON, however deep: a list instead of recursion."""
    waiting: list[tuple[str, str, object]] = [("", "", facts)]
    while waiting:
        label, key, value = waiting.pop()
        if isinstance(value, dict):
            inner = [(f"{label}.{each}".lstrip(".")[:LONGEST_LABEL], each, value[each]) for each in value]
            waiting += reversed(inner)
        elif isinstance(value, list):
            waiting += [(label, key, each) for each in reversed(value)]
        elif isinstance(value, str) and _is_searched(key, value):
            yield Fact(label, value)
