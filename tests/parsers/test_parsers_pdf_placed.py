"""A PDF page says what a reader sees on it, whatever the order in which its letters are drawn."""

from random import Random

import pytest
from test_parsers_pdf import drawn, read

from actionday.parsers import _pdf_placed

WIDTHS = {"H": 722, "E": 667, "L": 556, "O": 778, "K": 667, "S": 667, "T": 611, "R": 722}
"""Thousandths of the size. Source: Adobe, Core 14 AFM files, Helvetica."""
LINES = ((240, "KESTREL"), (220, "HOTEL"), (200, "SHELTER"))
TURNS = {0: (1, 0, 0, 1), 1: (0.9848, 0.1736, -0.1736, 0.9848), 45: (0.7071, 0.7071, -0.7071, 0.7071),
         90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}  # fmt: skip


def text_of(*contents: bytes) -> str:
    return "".join(read(drawn(*contents)).text)


def shown(*pieces: tuple[float, float, str], turn: tuple[float, ...] = (1, 0, 0, 1)) -> bytes:
    """Each piece by a matrix of its own, in this order."""
    a, b, c, d = turn
    return b"BT /F 12 Tf %s ET" % b" ".join(
        b"%g %g %g %g %g %g Tm (%s) Tj"
        % (a, b, c, d, x * a + y * c + 150, x * b + y * d + 150, said.encode())
        for x, y, said in pieces
    )


def wide(said: str) -> float:
    return sum(WIDTHS[letter] for letter in said) * 12 / 1000


def letters(*, seed: int) -> list[tuple[float, float, str]]:
    each = [(20 + wide(word[:at]), y, word[at]) for y, word in LINES for at in range(len(word))]
    Random(seed).shuffle(each)
    return each


@pytest.mark.parametrize("turn", TURNS.values(), ids=TURNS)
@pytest.mark.parametrize("seed", range(4))
def test_letters_in_any_order_are_the_words_that_they_show(turn: tuple[float, ...], seed: int) -> None:
    text = text_of(shown(*letters(seed=seed), turn=turn))
    assert [word for _, word in LINES if word not in text.split()] == []


@pytest.mark.parametrize("content", [
    shown((20 + wide("HE"), 200, "LLO"), (20, 100, "between"), (20, 200, "HE")),
    b"BT /F 12 Tf 60 200 Td [(LLO) %d (HE)] TJ ET" % (556 * 2 + 778 + 722 + 667),
    b"BT /F 12 Tf 60 200 Td [(LLO) 900 900 900 579 (HE)] TJ ET",
    b"BT /F 12 Tf 60 200 Td [(O) 1334 (L) 1112 (L) 1223 (E) 1389 (H)] TJ ET",
    b"BT /F 12 Tf 60 200 Td -15 Tc (OLLEH) Tj ET",
    b"BT /F 1 Tf 12 0 0 12 60 200 Tm -1.25 Tc (OLLEH) Tj ET",
], ids=["drawn later", "moved back", "in steps", "letter by letter", "spaced back", "scaled"])  # fmt: skip
def test_pieces_that_are_drawn_before_others_are_joined(content: bytes) -> None:
    assert "HELLO" in text_of(content).split()


def test_letters_that_are_doubled_for_bold_are_one_word() -> None:
    each = [(20 + wide("KESTREL"[:at]) + shift, 200, "KESTREL"[at]) for at in range(7) for shift in (0, 1.5)]
    assert "KESTREL" in text_of(shown(*each)).split()


def test_a_large_first_letter_belongs_to_its_word() -> None:
    large = b"BT /F 24 Tf 20 200 Td (K) Tj /F 12 Tf 0 -50 Td (between) Tj 16 50 Td (ESTREL) Tj ET"
    assert "KESTREL" in text_of(large).split()


def test_what_is_drawn_in_order_adds_nothing() -> None:
    page = shown(*((20, 280 - 14 * at, f"line {at} of this page, YYMMDD") for at in range(15)),
                 *((200, 280 - 14 * at, f"col {at}") for at in range(15)))  # fmt: skip
    stamped = shown((20, 200, "Kestrel club"), (20, 202, "HELLO"))
    for content in (page, stamped):
        assert "\u2014" not in text_of(content)


def test_a_page_of_too_many_pieces_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_pdf_placed, "MOST_CHARACTERS", 10)
    parsed = read(drawn(shown(*letters(seed=1))))
    assert [note.code for note in parsed.notes] == ["order_unsure"]
    assert parsed.reason.startswith("PDF: page 1: ")
    assert parsed.reason.endswith(" characters: not read a second time, in the order in which they stand")
    monkeypatch.setattr(_pdf_placed, "MOST_LINES", 3)
    assert "pieces" in read(drawn(shown(*letters(seed=1)))).notes[0].reason
