"""What of a text votes, and where its words are."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import characters, lists, text

from actionday.detectors.language import _model
from actionday.detectors.language._letters import Words, read

ALPHABET = _model.load().alphabet
ANY = text(characters(codec=None), max_size=60)  # lone surrogates and control characters too


def spelt(words: Words) -> list[str]:
    return ["".join(map(chr, words.letters[a:b])) for a, b in zip(words.starts, words.ends, strict=True)]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Hello, World!", ["hello", "world"]),
        ("see https://kestrel.example/a?b=c now", ["see", "now"]),
        ("write to a.b@kestrel.example today", ["write", "to", "today"]),
        ("@kestrel_news said", ["said"]),
        ("open report_final.docx and main.py", ["open", "and"]),
        ("C:\\Users\\kestrel or /var/log/syslog", ["or"]),
        ("COVID-19 and 3.5 km in 2024", ["and", "km", "in"]),
        ("<b>bold</b> text", ["text"]),
        ("don't l’eau O'zbek oʻzbek", ["don't", "l'eau", "o'zbek", "o'zbek"]),
        ("'quoted' words", ["quoted", "words"]),
        ("İstanbul ISPARTA", ["istanbul", "isparta"]),
        ("cafe\u0301 Tie\u0302\u0301ng", ["café", "tiếng"]),
        ("مـــرحـــبا مَرْحَبًا", ["مرحبا", "مرحبا"]),
        ("می‌خواهم", ["می‌خواهم"]),
        ("ﻣﺮﺣﺒﺎ ＡＢＣ", ["مرحبا", "abc"]),
        ("soft\u00adhyphen zero\u200bwidth", ["softhyphen", "zerowidth"]),
        ("请访问www.kestrel.example吧", ["请访问", "吧"]),
        ("東京タワーKBS는", ["東京タワー", "kbs", "는"]),
        ("12345 67:89 --- ***", []),
        ("😀🎉", []),
        ("", []),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_only_words_of_language_vote_and_they_are_folded(written: str, words: list[str]) -> None:
    assert spelt(read(ALPHABET, [written])) == words


def test_words_know_their_piece_place_and_sentence() -> None:
    pieces = ["One two. Three!\nfour", "", "Пять"]
    words = read(ALPHABET, pieces)
    found = [pieces[p][a:b] for p, a, b in zip(words.piece, words.first, words.last, strict=True)]
    assert found == ["One", "two", "Three", "four", "Пять"]
    assert words.piece.tolist() == [0, 0, 0, 0, 2]
    parts = words.part.tolist()
    assert parts[0] == parts[1] < parts[2] < parts[3] < parts[4]
    assert [ALPHABET.scripts[each] for each in words.script] == ["Latn"] * 4 + ["Cyrl"]


def test_a_point_inside_a_number_or_word_ends_no_sentence() -> None:
    words = read(ALPHABET, ["about 3.5 metres e.g. here"])
    assert len(set(words.part[:2].tolist())) == 1


@settings(max_examples=150, deadline=None)
@given(lists(ANY, min_size=1, max_size=6))
def test_a_text_is_read_the_same_alone_and_beside_others(pieces: list[str]) -> None:
    together = read(ALPHABET, pieces)
    for number, piece in enumerate(pieces):
        alone, mine = read(ALPHABET, [piece]), together.piece == number
        assert spelt(alone) == [word for word, own in zip(spelt(together), mine, strict=True) if own]
        assert alone.first.tolist() == together.first[mine].tolist()
        assert alone.last.tolist() == together.last[mine].tolist()


@settings(max_examples=150, deadline=None)
@given(ANY)
def test_words_are_in_order_within_the_text_and_never_overlap(piece: str) -> None:
    words = read(ALPHABET, [piece])
    bounds = [bound for pair in zip(words.first.tolist(), words.last.tolist(), strict=True) for bound in pair]
    assert bounds == sorted(bounds)
    assert all(0 <= bound <= len(piece) for bound in bounds)
    assert (words.last > words.first).all()
