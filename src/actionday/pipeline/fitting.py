"""What an image tells of itself, cut to what may be kept: it stands in the ledger, whose entries end at 1 MiB.

An imager's notes are as long as whoever wrote the image liked: unbounded, they would keep an exhibit from being closed.
"""

from collections.abc import Mapping

import msgspec

MOST = 128 << 10
"""Bytes of JSON of all layers of a container; real facts are some hundred."""
LEAST = 4 << 10
"""What each layer has in any case, of the 32 there may be."""
LENGTHS = (1 << 16, 1 << 14, 1 << 12, 1 << 10, 1 << 8, 1 << 6)
"""Characters of a text, entries of a list: the first by which all fits is taken."""


def fitting(facts: Mapping[str, object], left: int) -> tuple[dict[str, object], int, str]:
    """Return facts that fit into ``left`` (or LEAST) bytes of JSON, how many they take, and what was cut (or "")."""
    whole = len(msgspec.json.encode(facts))
    room = max(left, LEAST)
    if whole <= room:
        return dict(facts), whole, ""
    for length in LENGTHS:
        cut = {key: _cut(value, length) for key, value in list(facts.items())[:length]}
        size = len(msgspec.json.encode(cut))
        if size <= room:
            reason = f"what the image tells of itself is {whole} bytes long: each text and list is cut behind {length}"
            return cut, size, reason
    return {}, 0, f"what the image tells of itself is {whole} bytes long: nothing of it is kept"


def _cut(value: object, length: int) -> object:
    if isinstance(value, str):
        return value[:length]
    if isinstance(value, list | tuple):
        return [_cut(each, length) for each in value[:length]]
    if isinstance(value, dict):
        return {str(key)[:length]: _cut(each, length) for key, each in list(value.items())[:length]}
    return value
