"""A drawing says the words that its letters make where they stand, whatever their order in the file."""

from random import Random

import pytest

from actionday.model import Limits, Parsed
from actionday.parsers import _svg_placed
from actionday.parsers.xml import PARSER

ROWS = ((40, "KESTREL CLUB"), (60, "meets tonight"), (80, "МАЯК В ГАВАНИ"))


def drawing(inside: str, attributes: str = 'font-size="12"') -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


def read(content: bytes) -> Parsed:
    return PARSER.parse(memoryview(content), "image/svg+xml", Limits())


def text_of(inside: str, attributes: str = 'font-size="12"') -> str:
    return "".join(read(drawing(inside, attributes)).text)


def letters(form: str, *, seed: int) -> str:
    """Each letter by itself, 8 units wide and blanks 5, in any order."""
    each = [
        (20 + 8 * at - 3 * word[:at].count(" "), y, letter)
        for y, word in ROWS
        for at, letter in enumerate(word)
    ]
    Random(seed).shuffle(each)
    return "\n".join(form.format(x=x, y=y, letter=letter) for x, y, letter in each if letter != " ")


FORMS = {
    "text": '<text x="{x}" y="{y}">{letter}</text>',
    "moved": '<text transform="translate({x},{y})">{letter}</text>',
    "matrix": '<text transform="matrix(1 0 0 1 {x} {y})">{letter}</text>',
    "in groups": '<g><text x="{x}" y="{y}px">{letter}</text></g>',
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("seed", range(3))
def test_letters_in_any_order_are_the_words_that_they_show(form: str, seed: int) -> None:
    text = text_of(letters(form, seed=seed))
    assert [word for _, row in ROWS for word in row.split() if word not in text.split()] == []
    assert all(row in text for _, row in ROWS)


def test_spans_of_one_text_and_lists_of_places() -> None:
    spans = letters('<tspan x="{x}" y="{y}">{letter}</tspan>', seed=1)
    assert "KESTREL" in text_of(f"<text>{spans}</text>", 'style="font-size:12px"').split()
    assert "HELLO" in text_of('<text y="20" x="36 44 52 20 28">LLOHE</text>').split()
    assert "HELLO" in text_of(
        '<text x="36" y="20">LLO</text><text x="20" y="20">HE</text><text x="70" y="20">x</text>'
    )


def test_a_drawing_in_order_and_a_scale_add_nothing() -> None:
    scale = "".join(f'<text x="{40 * at}" y="90">{at * 10}</text>' for at in range(9))
    months = "".join(f'<text x="{40 * at}" y="70">{name}</text>' for at, name in enumerate("JFMAMJ"))
    said = text_of(f'<text x="5" y="10">The kestrel club</text>{scale}{months}')
    assert "\u2014" not in said


def test_more_pieces_than_are_looked_at_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_svg_placed, "MOST", 5)
    assert [note.code for note in read(drawing(letters(FORMS["text"], seed=0))).notes] == ["order_unsure"]
