"""What is stated for the record: one rule, and nothing of it is cut off or replaced."""

import pytest

from actionday.model.stated import LONGEST, Lack, Unstated, stated


@pytest.mark.parametrize(
    "words", ["for the court", "翻译", "للمحكمة", "می\u200cشود", "7", "two\nlines\tand a tab", "1\u00a0000 €"]
)
def test_what_says_something_stands_as_it_was_typed(words: str) -> None:
    assert stated("reason", f"  {words}\r\n") == words


@pytest.mark.parametrize(
    ("words", "lack"),
    [
        ("", Lack.NOTHING),
        (" \n\u3000", Lack.NOTHING),
        (".", Lack.NO_WORD),
        ("— …", Lack.NO_WORD),
        ("\u200c", Lack.NO_WORD),
        ("\u200b", Lack.SIGN),
        ("a\u202eb", Lack.SIGN),
        ("a\x00b", Lack.SIGN),
        ("a\x1b[2J", Lack.SIGN),
        ("a\ud800", Lack.SIGN),
        ("a\u2028b", Lack.SIGN),
        ("a" * (LONGEST + 1), Lack.LENGTH),
    ],
)
def test_what_says_nothing_or_hides_something_is_refused(words: str, lack: Lack) -> None:
    with pytest.raises(Unstated) as refused:
        stated("reason", words)
    assert refused.value.lack is lack


def test_as_many_as_can_be_kept_are_kept() -> None:
    assert stated("reason", "a" * LONGEST) == "a" * LONGEST
