"""Encodings on real sentences of many languages, where the evaluation data is present."""

import os
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from actionday.parsers._decode import decode

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[3] / "shared" / "data"))
SENTENCES = DATA / "lang" / "sentences.tsv"
CODES = {
    "cp1256": ("arb", "urd"), "cp1251": ("rus", "bul", "ukr", "bel"), "koi8-r": ("rus",), "koi8-u": ("ukr",),
    "cp866": ("rus",), "iso8859-5": ("rus",), "iso8859-6": ("arb",), "shift_jis": ("jpn",), "euc-jp": ("jpn",),
    "gb18030": ("zho",), "big5": ("zho",), "euc-kr": ("kor",), "cp1255": ("heb",), "cp874": ("tha",),
    "cp1253": ("ell",), "cp1254": ("tur",), "cp1250": ("pol", "ces", "hun"), "iso8859-2": ("pol",),
    "cp1252": ("fra", "deu", "spa", "por"), "cp1257": ("lit",), "cp850": ("deu", "fra"),
}  # fmt: skip
EACH = 20
"""Texts of three sentences for each language."""

pytestmark = pytest.mark.skipif(not SENTENCES.is_file(), reason=f"no evaluation data at {SENTENCES}")


@cache
def sentences() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in SENTENCES.read_text(encoding="utf-8").splitlines()[1:]:
        language, _, sentence = row.split("\t")
        found[language].append(sentence)
    return found


def test_legacy_encodings_are_read_letter_by_letter() -> None:
    right: dict[str, float] = {}
    for code, languages in CODES.items():
        outcomes = []
        for language in languages:
            rows = sentences()[language]
            for at in range(0, min(3 * EACH, len(rows)), 3):
                content = " ".join(rows[at : at + 3]).encode(code, "ignore")
                outcomes.append("".join(decode(memoryview(content)).pieces) == content.decode(code))
        right[code] = sum(outcomes) / len(outcomes)
    assert sum(right.values()) / len(right) >= 0.98, right
    assert min(right.values()) >= 0.9, right


def test_utf_16_without_a_mark_is_seen_in_every_language_with_blanks() -> None:
    """But in Burmese, whose most frequent letter, U+1000, has its NUL on the wrong side (documented)."""
    wrong = set()
    for language, rows in sentences().items():
        text = " ".join(rows[:3])
        for code in ("utf-16-le", "utf-16-be"):
            if "".join(decode(memoryview(text.encode(code))).pieces) != text and text.count(" ") > 10:
                wrong.add(language)
    assert wrong <= {"mya"}
