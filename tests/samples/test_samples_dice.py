"""Chance: the same for ever, independent by label, and fair."""

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from samples.dice import Dice

LABELS = st.lists(st.text(max_size=8) | st.integers(), max_size=3)


def test_the_draws_of_a_label_are_these_for_ever() -> None:
    dice = Dice("kestrel", 7)
    assert [dice.below(100) for _ in range(6)] == [72, 88, 11, 60, 62, 10]
    assert dice.bytes(4, "x").hex() == "2bdf3c09"


@given(LABELS, st.integers(1, 40))
@settings(max_examples=50, deadline=None)
def test_the_same_labels_give_the_same_draws_and_others_do_not(labels: list[str | int], count: int) -> None:
    one, two = Dice(*labels), Dice(*labels)
    first = [one.below(1 << 60) for _ in range(count)]
    assert first == [two.below(1 << 60) for _ in range(count)]
    assert first != [Dice(*labels).of("other").below(1 << 60) for _ in range(count)]


@given(LABELS, st.lists(st.integers(), unique=True, min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_a_shuffle_loses_nothing_and_a_choice_is_of_the_choices(
    labels: list[str | int], choices: list[int]
) -> None:
    dice = Dice(*labels)
    assert sorted(dice.shuffled(choices)) == sorted(choices)
    assert dice.pick(choices) in choices
    some = dice.some(choices, len(choices) // 2)
    assert len(set(some)) == len(choices) // 2


def test_a_die_is_fair() -> None:
    dice = Dice("fair")
    counts = Counter(dice.between(1, 6) for _ in range(6000))
    assert set(counts) == {1, 2, 3, 4, 5, 6}
    assert all(850 < count < 1150 for count in counts.values())


def test_bytes_do_not_depend_on_earlier_draws() -> None:
    dice = Dice("b")
    before = dice.bytes(32, "key")
    dice.below(10)
    assert dice.bytes(32, "key") == before


@pytest.mark.parametrize("label", ["a", "b", "part 1"])
def test_a_uuid_has_version_4_and_the_variant_of_the_standard(label: str) -> None:
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", Dice("u").uuid(label)
    )
