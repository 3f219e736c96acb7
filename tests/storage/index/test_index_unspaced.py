"""Every script that Unicode knows to be written without spaces is found by its characters."""

import random
import re
import unicodedata
from pathlib import Path

import pytest
from indexed import Texts

from actionday.storage.index import highlights, parse, sought_words
from actionday.storage.index.fold import folded
from actionday.storage.index.normalise import normalise
from actionday.storage.index.unspaced import BMP_RUNS, RUNS

LINE_BREAK = {
    "SA": "0E01-0E3A 0E40-0E4E 0E81-0EBD 0EC0-0ECE 0EDC-0EDF 1000-103F 1050-108F 109A-109F 1780-17D3 17D7 17DC-17DD "
    "1950-196D 1970-1974 1980-19AB 19B0-19C9 19DE-19DF 1A20-1A5E 1A60-1A7C 1AA0-1AAD A9E0-A9EF A9FA-A9FE AA60-AAC2 "
    "AADB-AADF 11700-1171A 1171D-1172B 1173A-1173B 1173F-11746",
    "AK": "1B05-1B33 1B45-1B4C A984-A9B2 11005-11037 11071-11072 11075 11305-1130C 1130F-11310 11313-11328 1132A-11330 "
    "11332-11333 11335-11339 11360-11361 11392-113B5 11900-11906 11909 1190C-11913 11915-11916 11918-1192F "
    "11F04-11F10 11F12-11F33",
    "AP": "11003-11004 113D1 1193F 11941 11F02",
    "AS": "1BC0-1BE5 AA00-AA28 11066-1106F 11350 1135E-1135F 11380-11389 1138B 1138E 11390-11391 11EE0-11EF1 16100-1611D",
    "VF, VI": "1BF2-1BF3 1B44 A9C0 11046 1134D 113D0 1193E 11F42",
    "H2, H3, JL, JV, JT": "AC00-D7A3 1100-11FF A960-A97C D7B0-D7C6 D7CB-D7FB",
    "ID, CJ": "3041-3096 30A1-30FA 3105-312F 31A0-31BF 31F0-31FF 3400-4DBF 4E00-9FFF A000-A48C F900-FAD9 17000-187F7 "
    "18800-18CD5 18D00-18D08 1B000-1B122 1B150-1B152 1B164-1B167 1B170-1B2FB 20000-2A6DF 2A700-2EBE0 30000-3134A",
}  # Source: LineBreak.txt of Unicode 16


@pytest.mark.parametrize("name", LINE_BREAK)
def test_every_letter_of_a_class_without_spaces_is_a_token_of_its_own(name: str) -> None:
    for part in LINE_BREAK[name].split():
        first, _, last = part.partition("-")
        for code in range(int(first, 16), int(last or first, 16) + 1):
            kept = folded(chr(code)).strip()
            if unicodedata.category(chr(code))[0] in "LM" and kept:
                assert RUNS.fullmatch(kept), f"U+{code:04X}"
                assert bool(BMP_RUNS.fullmatch(kept)) == (ord(max(kept)) < 0x10000)


@pytest.mark.parametrize(
    "text", ["Привет", "हिन्दी", "العربية", "ქართული", "አማርኛ", "བོད", "ᠮᠣᠩᠭᠣᠯ", "తెలుగు", "සිංහල", "ᏣᎳᎩ"]
)
def test_scripts_with_spaces_keep_their_words(text: str) -> None:
    assert normalise(text).body.split() == normalise(f"{text} {text}").body.split()[:1]
    assert not re.search(RUNS, text)


@pytest.mark.parametrize(("text", "words"), [
    ("a\u0378b \u0378", "a\u0378b \u0378"), ("x\U0001fafey", "x \U0001fafe y"), ("x\U000e0fffy", "xy"), ("x\ufffey", "x y"),
    ("x\ufdd0y", "x y"), ("x\U0001fffey", "x y"), ("x\ue000y", "x y"),
])  # fmt: skip
def test_what_this_unicode_does_not_know_is_a_letter(text: str, words: str) -> None:
    """A later one has letters there, and this one's index must hold them: who seeks one finds it."""
    assert normalise(text).body.split() == words.split()


UNSPACED = {
    "Hans": "广播电台",
    "Hang": "라디오나",
    "Jpan": "あいカ京",
    "Thai": "กขคง",
    "Laoo": "ກຂຄງ",
    "Khmr": "កខគឃ",
    "Mymr": "ကခဂဃ",
}


@pytest.mark.parametrize("script", UNSPACED)
def test_characters_of_a_phrase_follow_each_other_whether_blanks_part_them_or_not(
    tmp_path: Path, script: str
) -> None:
    """A blank in the phrase may stand in the text or not; where the phrase has none, the text has none."""
    rng = random.Random(script)

    def drawn(least: int, most: int, blanks: float) -> str:
        letters = rng.choices(UNSPACED[script], k=rng.randint(least, most))
        return "".join(letter + " " * (rng.random() < blanks) for letter in letters).strip()

    texts = [*(drawn(1, 8, 0.3) for _ in range(60)), *(f"ab {drawn(2, 4, 0.4)} cd" for _ in range(20))]
    with Texts(tmp_path / "index", dict.fromkeys(texts)) as held:
        for frame in ("{}", "{}", "ab {}", "{} cd", "ab {} cd"):
            for _ in range(12):
                phrase = frame.format(drawn(2, 4, 0.6))
                whole = re.compile(r"\s?".join(map(re.escape, phrase.split())))
                wanted = {text: found for text in held.texts if (found := whole.search(text))}
                assert sorted(held.found(f'"{phrase}"')) == sorted(wanted), phrase
                seeking = sought_words(parse(f'"{phrase}"'))
                for text, found in wanted.items():
                    start, end = highlights(text, seeking)[0]
                    assert (start, whole.search(text[start:end]) is not None) == (found.start(), True), text
