"""Canonical JSON against the RFC's own vectors, and its laws on any value."""

import json
import math
import re
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.ledger.canonical import MAX_DEPTH, MAX_INTEGER, Json, NotCanonical, canonical, parse

# RFC 8785, appendix B: IEEE 754 bits and how they are written.
NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}

texts = st.text(max_size=20)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-MAX_INTEGER, MAX_INTEGER)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(("bits", "expected"), NUMBERS.items(), ids=NUMBERS)
def test_numbers_are_written_as_in_appendix_b(bits: str, expected: str) -> None:
    assert canonical(struct.unpack(">d", bytes.fromhex(bits))[0]) == expected.encode()


@pytest.mark.parametrize("bits", ["7fffffffffffffff", "7ff0000000000000", "fff0000000000000"])
def test_what_is_no_number_is_refused(bits: str) -> None:
    with pytest.raises(NotCanonical, match="no JSON number"):
        canonical(struct.unpack(">d", bytes.fromhex(bits))[0])


def test_the_worked_example_of_section_3_2_2_comes_out_to_the_byte() -> None:
    value: Json = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    expected = (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    assert canonical(value) == expected.encode()


def test_names_are_sorted_by_utf16_units_as_in_section_3_2_3() -> None:
    value: Json = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    order = list(json.loads(canonical(value)).values())
    assert [name.split()[0] for name in order] == [
        "Carriage", "One", "Control", "Latin", "Euro", "Emoji:", "Hebrew",
    ]  # fmt: skip


def test_strings_escape_what_must_be_and_nothing_more() -> None:
    assert canonical('\b\t\n\f\r\x00\x1f\x7f"\\/é\u2028') == (
        b'"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f\\"\\\\/\xc3\xa9\xe2\x80\xa8"'
    )


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (MAX_INTEGER + 1, r"2\^53-1 \(9007199254740992\)"),
        (-MAX_INTEGER - 1, r"2\^53-1"),
        (10**5000, r"2\^53-1 \(16610 bits\)"),
        ("\ud800", r"surrogate '\\ud800'"),
        ({"\udfff": 1}, "surrogate"),
        ([{"a": "x\udc00y"}], "surrogate"),
        ({1: "a"}, "name is not a string"),
        ({"a": b"bytes"}, "bytes is no JSON type"),
        ({1, 2}, "set is no JSON type"),
    ],
    ids=["2^53", "-2^53", "10^5000", "surrogate", "in a name", "in a list", "number as name", "bytes", "set"],
)
def test_what_has_no_canonical_form_is_refused_and_named(value: Json, why: str) -> None:
    with pytest.raises(NotCanonical, match=why):
        canonical(value)


def test_the_greatest_integers_are_written_in_full() -> None:
    assert canonical([MAX_INTEGER, -MAX_INTEGER]) == b"[9007199254740991,-9007199254740991]"


def test_nesting_is_bounded_in_both_directions() -> None:
    value: Json = []
    for _ in range(MAX_DEPTH - 1):
        value = [value]
    assert parse(canonical(value)) == value
    with pytest.raises(NotCanonical, match="nested"):
        canonical([value])
    for depth in (MAX_DEPTH + 1, 100_000):
        with pytest.raises(NotCanonical, match="nested"):
            parse(b"[" * depth + b"]" * depth)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}', b'{"b":1,"a":1}', b'{"a": 1}', b"[1.0]", b"[1e2]", b"[-0]", b"[01]", b'"\\u0041"',
        b'"\\/"', b"[NaN]", b"[Infinity]", b"", b"[1]\n", b"\xef\xbb\xbf[]", b'"\xff"', b'"\\ud800"', b"'a'",
        b"[9007199254740993]", b"[" + b"9" * 5000 + b"]", b"[1e999]", b"[1,]", b"nul",
    ],
)  # fmt: skip
def test_bytes_in_any_other_form_are_refused(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        parse(data)


def test_a_name_that_occurs_twice_is_named_as_that() -> None:
    with pytest.raises(NotCanonical, match="twice"):
        parse(b'{"a":1,"a":1}')


@settings(max_examples=300)
@given(values)
def test_parsing_gives_the_value_back_and_writing_it_the_bytes(value: Json) -> None:
    data = canonical(value)
    assert parse(data) == value
    assert canonical(parse(data)) == data
    assert json.loads(data, parse_int=float) == value, "any reader of doubles reads the same"


@settings(max_examples=300)
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_its_shortest_text_in_ecmascript_form(value: float) -> None:
    text = canonical(value).decode()
    assert float(text) == value
    assert re.fullmatch(r"-?(0|[1-9]\d{0,20}(\.\d+)?|0\.\d*[1-9]|[1-9](\.\d+)?e[+-][1-9]\d{0,2})", text)
    digits = re.sub(r"e.*|\D", "", text).strip("0")
    assert len(digits) <= 17
    if value:
        plain = 1e-6 <= abs(value) < 1e21
        assert ("e" not in text) == plain
        assert digits == re.sub(r"e.*|\D", "", repr(value)).strip("0")


@settings(max_examples=200)
@given(
    st.dictionaries(st.text(st.sampled_from("a\x7f\ue000\uffff\U00010000\U0010ffff"), max_size=3), st.none())
)
def test_any_names_come_in_the_order_of_their_utf16_units(value: dict[str, Json]) -> None:
    names = list(json.loads(canonical(value)))
    units = [struct.unpack(f"<{len(raw) // 2}H", raw) for raw in (name.encode("utf-16-le") for name in names)]
    assert units == sorted(units)


@settings(max_examples=300)
@given(values, st.data())
def test_no_other_bytes_mean_the_same_value(value: Json, data: st.DataObject) -> None:
    """Whatever one flipped bit gives, it is refused or another value: never a second spelling."""
    raw = bytearray(canonical(value))
    place = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[place // 8] ^= 1 << place % 8
    try:
        other = parse(bytes(raw))
    except NotCanonical:
        return
    assert canonical(other) == raw != canonical(value)


def test_the_sign_of_zero_is_lost_as_the_rfc_says() -> None:
    assert math.copysign(1, -0.0) == -1
    assert canonical([-0.0, 0.0, 0]) == b"[0,0,0]"
