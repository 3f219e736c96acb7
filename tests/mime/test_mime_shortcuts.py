"""What is looked at to tell a text is cut short as soon as it is told: the answer is that of a look at all of it."""

from unicodedata import category

from hypothesis import example, given
from hypothesis import strategies as st

from actionday.mime import prose
from actionday.mime import wide as module
from actionday.mime.prose import is_prose, is_written
from actionday.mime.wide import _share, unassigned, wide
from actionday.parsers._legible import CERTAIN, STEADY, _is_text, _mostly_text, _throughout, _windows

PROSE = "It is a truth universally acknowledged, that a single man must be in want of a wife. " * 13
NOISE = "".join(chr(0x100 + at * 7919 % 0x2000) for at in range(1024))
UNIT = 4096
BLOCKS = {
    "utf-16-le": ("Всем привет, как дела сегодня? " * 70).encode("utf-16-le")[:UNIT],
    "ascii": (PROSE * 4).encode()[:UNIT],
    "noise": bytes(at * at * 31 % 251 for at in range(UNIT)),
    "zeros": bytes(UNIT),
}


def test_no_character_before_the_ones_that_are_looked_up_is_unassigned() -> None:
    assert not {category(chr(code)) for code in range(ord(module.FAR))} & module.NO_CHARACTER


@given(st.text())
@example("\ufffd\ue000\ud800\uffff\u0378\U000e0fff" * 3)
def test_the_unassigned_are_those_of_each_character(text: str) -> None:
    assert unassigned(text) == sum(category(letter) in ("Cn", "Co", "Cs") for letter in text)


@given(st.binary(max_size=300) | st.text("\x04\x05\x20\x34\x00\x0b", max_size=40).map(str.encode))
def test_the_share_is_that_of_the_most_frequent_script(high: bytes) -> None:
    families = high.translate(module.FAMILY)
    scripts = [families.count(number) for number in set(families) - {0, module.NONE}]
    expected = (max(scripts, default=0) + families.count(0)) / max(len(high), 1)
    assert _share(high) == expected


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 1024)), max_size=30))
def test_a_text_is_prose_where_most_of_its_windows_are(parts: list[tuple[bool, int]]) -> None:
    pieces = [(PROSE if written else NOISE)[:length] for written, length in parts]
    looked = prose._windows(pieces, prose.MOST_WINDOWS)
    written = sum(len(each) for each in looked if is_written(each))
    assert is_prose(pieces) == (written * 2 > sum(map(len, looked)))


@given(st.lists(st.sampled_from(sorted(BLOCKS)), max_size=12), st.integers(0, UNIT))
def test_windows_are_text_and_of_one_code_as_all_of_them_say(kinds: list[str], cut: int) -> None:
    data = memoryview(b"".join(BLOCKS[kind] for kind in kinds))[cut & ~1 :]
    looked = [bytes(window) for window in _windows(data)]
    assert _mostly_text(data) == (sum(map(_is_text, looked)) * 2 > len(looked))
    large = [window for window in looked if len(window) >= CERTAIN] or [bytes(data)]
    hits = sum(wide(window) == "utf-16-le" for window in large)
    assert _throughout(data, "utf-16-le") == (hits >= STEADY * len(large))
