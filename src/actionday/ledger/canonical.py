"""Canonical JSON: one value, one byte string.

Source: RFC 8785 (JCS), sections 3.2.2 (primitives), 3.2.3 (order of names), 3.2.4 (UTF-8);
ECMA-262 Number::toString for numbers; RFC 7493 (I-JSON) for what a number, string or name may be.
"""

import json
from collections.abc import Mapping
from json.encoder import encode_basestring
from math import isfinite
from typing import NoReturn, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | tuple[Json, ...] | Mapping[str, Json] | None"

MAX_INTEGER = 2**53 - 1  # RFC 7493 section 2.2: beyond it two integers may be one IEEE 754 double
MAX_DEPTH = 64  # no value of ours nests deeper than 6; keeps hostile input off the interpreter's stack


class NotCanonical(ValueError):
    """The value has no canonical form, or the bytes are not one; the message names what and where."""


def canonical(value: Json) -> bytes:
    """Return the canonical UTF-8 bytes of ``value``; tuples count as lists.

    Law: ``canonical(parse(canonical(v))) == canonical(v)``.
    Raises ``NotCanonical`` for NaN, infinities, integers beyond ±(2^53-1), lone surrogates,
    names that are not strings, other types, and nesting deeper than ``MAX_DEPTH``.
    """
    try:
        return _text(value, MAX_DEPTH).encode()
    except UnicodeEncodeError as error:
        raise NotCanonical(f"lone surrogate {error.object[error.start]!a} in a string") from None


def parse(data: bytes) -> Json:
    """Return the value whose canonical form is exactly ``data``.

    Integers come back as ``int`` within ±(2^53-1), all other numbers as ``float``.
    Raises ``NotCanonical`` for everything else: other spacing, order, escapes, repeated names.
    """
    try:
        value: Json = json.loads(
            data.decode(), object_pairs_hook=_unique, parse_int=_number, parse_constant=_refuse
        )
    except RecursionError:
        raise NotCanonical(f"nested deeper than {MAX_DEPTH}") from None
    except NotCanonical:
        raise
    except UnicodeDecodeError as error:
        raise NotCanonical(f"not JSON: no UTF-8 from byte {error.start} on") from None
    except json.JSONDecodeError as error:
        raise NotCanonical(f"not JSON from character {error.pos} on") from None
    except ValueError:
        raise NotCanonical("not JSON: a number that is none") from None
    if canonical(value) != data:
        raise NotCanonical("JSON, but not in canonical form")
    return value


def _text(value: Json, depth: int) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return _integer(value)
    if isinstance(value, float):
        return _double(value)
    if depth == 0:
        raise NotCanonical(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, list | tuple):
        return "[" + ",".join([_text(part, depth - 1) for part in value]) + "]"
    if isinstance(value, Mapping):
        return _object(value, depth - 1)
    raise NotCanonical(f"{type(value).__name__} is no JSON type")


def _object(value: Mapping[str, Json], depth: int) -> str:
    try:
        names = sorted(value, key=_utf16)
    except AttributeError:
        raise NotCanonical("a name is not a string") from None
    return "{" + ",".join([f"{encode_basestring(n)}:{_text(value[n], depth)}" for n in names]) + "}"


def _utf16(name: str) -> bytes:
    """Return the sort key of a name: its UTF-16 code units (not its code points, which differ past U+FFFF)."""
    return name.encode("utf-16-be")


def _integer(value: int) -> str:
    if not -MAX_INTEGER <= value <= MAX_INTEGER:
        size = f"{value}" if value.bit_length() < 256 else f"{value.bit_length()} bits"
        raise NotCanonical(f"integer beyond 2^53-1 ({size}): write it as a string")
    return int.__repr__(value)


def _double(value: float) -> str:
    """Return the number as ECMAScript writes it: shortest digits, plain from 1e-6 up to below 1e21."""
    if not isfinite(value):
        raise NotCanonical(f"{value} is no JSON number")
    if value == 0:
        return "0"  # also for -0
    mantissa, _, power = float.__repr__(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    # Where the point stands, counted from the first digit that is not zero.
    point = len(whole) + int(power or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0")
    return ("-" if value < 0 else "") + _placed(digits, point)


def _placed(digits: str, point: int) -> str:
    if len(digits) <= point <= 21:
        return digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{tail}e{point - 1:+d}"


def _number(text: str) -> int | float:
    """Return an ``int`` where it is exact, else the double, as ECMAScript reads it."""
    if len(text) <= 17 and -MAX_INTEGER <= (exact := int(text)) <= MAX_INTEGER:
        return exact
    return float(text)


def _unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise NotCanonical("a name occurs twice in one object")
    return value


def _refuse(word: str) -> NoReturn:
    raise NotCanonical(f"{word} is no JSON number")
