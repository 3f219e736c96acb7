r"""What a terminal shows: colours and letters struck twice hide no word, and what they hide is kept."""

import re
import time
from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionday.mime.terminal import screen
from actionday.pipeline.spelt import with_spellings


def read(text: str) -> str:
    return "".join(with_spellings([text])[0].pieces)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mkestrel\x1b[0m", "kestrel"),
        ("\x1b[1;38;5;196mkes\x1b[0mtrel\x1b[m", "kestrel"),
        ("\x1b[38:2::255:0:0mkestrel\x1b[?25l", "kestrel"),
        ("the\x1b[1Ckestrel\x1b[K", "the kestrel"),
        ("\x1b[2J\x1b[1;1Hthe\x1b[2;1Hkestrel", "\n\nthe\nkestrel"),
        ("\x1b(B\x1b)0\x1b=\x1b7kestrel", "kestrel"),
        ("k\bke\bes\bst\btr\bre\bel\bl", "kestrel"),
        ("_\bk_\be_\bs_\bt", "kest"),
        ("k\b_e\b_", "ke"),
        ("_\bk\bk_\be\be", "ke"),
        ("a\x1bb\x1b[", "a\x1bb\x1b["),
        ("10 %\r20 %", "10 %\r20 %"),
        ("\b\bkestrel\n\bradio", "kestrel\nradio"),
    ],
)
def test_what_colours_and_moves_is_taken_out(text: str, shown: str) -> None:
    assert screen([text]).pieces == (shown,)
    assert screen([text]).hidden == ()


@pytest.mark.parametrize(
    ("text", "shown", "hidden"),
    [
        ("kestrels\b \b flies", "kestrel flies", "kestrels flies"),
        ("kestrel\b\b\b\b\b\b\bfalcons", "falcons", "kestrel falcons"),
        ("\x1b]0;kestrel: ~/plans\x07$ ls", "$ ls", "kestrel: ~/plans"),
        ("\x1b]8;;https://kestrel.example/a\x1b\\here\x1b]8;;\x1b\\", "here", "https://kestrel.example/a"),
        ("\x1b_kestrel\x1b\\on", "on", "kestrel"),
        ("\x1bckestrel", "kestrel", "ckestrel"),
    ],
)
def test_what_is_struck_out_or_told_to_the_terminal_alone_is_kept_beside(
    text: str, shown: str, hidden: str
) -> None:
    assert screen([text]).hidden == (hidden,)
    assert read(text) == f"{shown}\n— — —\n{hidden}\n"


@pytest.mark.parametrize(
    "written", ["\\u001b", "\\u001B", "\\x1b", "\\033", "\\e", "#033", "^[", "␛", "\\\\u001b", ""]
)
def test_colours_that_are_written_or_lost_their_escape_glue_no_word(written: str) -> None:
    words = read(f'{{"log": "{written}[31mkestrel{written}[0m flies"}}').split("— — —")[1].split()
    assert "kestrel" in "".join(letter if letter.isalnum() else " " for letter in " ".join(words)).split()


def test_square_brackets_of_programs_are_no_colours() -> None:
    text = "a[5] = b[10m]; [1] x[3], [12;3] m[m]\n"
    assert read(text) == text


def test_a_text_without_escapes_is_left_as_it_is_and_costs_nothing() -> None:
    text = "login of somebody from 10.0.0.1 [ok]\n" * 140_000
    begun = time.process_time()
    assert screen([text]).pieces[0] is text
    assert time.process_time() - begun < 0.1


@given(st.text(alphabet="\x1b[]0;mc\b\x07\\\néж_ ", max_size=60))
def test_no_letter_is_lost_that_is_no_part_of_a_sequence(text: str) -> None:
    found = screen([text])
    assert set("éж") & set(text) <= set("".join((*found.pieces, *found.hidden)))


@pytest.mark.parametrize(
    "text", ["\x1b[" * 500_000, "\x1b]" * 500_000, "a\b" * 500_000, "\x1b]0;a" * 200_000]
)
def test_sequences_without_end_are_read_in_linear_time(text: str) -> None:
    begun = time.process_time()
    screen([text])
    assert time.process_time() - begun < 5


@given(st.lists(st.sampled_from(["a", "b ", "\b", "\n", "\r", "_", "\b\b"]), max_size=40).map("".join))
def test_struck_lines_are_those_between_the_ends_of_lines(text: str) -> None:
    apart = re.split("([\r\n])", text)
    lines = [screen([line]).pieces[0] for line in apart]
    assert "".join(screen([text]).pieces) == "".join(lines)


def test_a_long_line_beside_a_struck_one_costs_no_more_than_its_length() -> None:
    """Looked for from each of its letters, two million take hours."""
    text = "a\bb\n" + "kestrel " * 250_000 + "\nc\bd\n"
    assert "".join(screen([text]).pieces) == text.replace("a\bb", "b").replace("c\bd", "d")


@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
def test_what_a_terminal_puts_into_the_clipboard_is_read(end: str) -> None:
    written = b64encode("meet at the harbour,\nвстреча".encode()).decode()
    assert screen([f"one \x1b]52;c;{written}{end}two"]) == (("one two",), ("meet at the harbour, встреча",))
    for other in ("?", "!", "/w=="):
        assert screen([f"\x1b]52;c;{other}{end}"]).hidden == (f"c;{other}",)
