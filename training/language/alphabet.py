"""Make the tables of letters that the model file carries, so that no Python's Unicode version changes a result.

Source: Unicode Character Database (names, categories, case and compatibility mappings) of the Python in use.
"""

import unicodedata

import numpy as np

from actionday.detectors.language._alphabet import Alphabet, Kind

_NAMES = """
    LATIN=Latn CYRILLIC=Cyrl ARABIC=Arab BENGALI=Beng DEVANAGARI=Deva TAMIL=Taml ETHIOPIC=Ethi GREEK=Grek
    HEBREW=Hebr ARMENIAN=Armn GEORGIAN=Geor TELUGU=Telu KANNADA=Knda MALAYALAM=Mlym GUJARATI=Gujr
    GURMUKHI=Guru ORIYA=Orya SINHALA=Sinh THAI=Thai KHMER=Khmr LAO=Laoo MYANMAR=Mymr TIBETAN=Tibt
    TIFINAGH=Tfng CJK=Hani HIRAGANA=Hani KATAKANA=Hani HANGUL=Hang BOPOMOFO=Hani CHEROKEE=Cher
    CANADIAN=Cans MONGOLIAN=Mong NKO=Nkoo OL=Olck THAANA=Thaa SYRIAC=Syrc YI=Yiii COPTIC=Copt RUNIC=Runr
    OGHAM=Ogam BUGINESE=Bugi BALINESE=Bali JAVANESE=Java SUNDANESE=Sund MEETEI=Mtei LEPCHA=Lepc
    LIMBU=Limb CHAM=Cham VAI=Vaii GLAGOLITIC=Glag SAMARITAN=Samr MANDAIC=Mand KAYAH=Kali REJANG=Rjng
    BAMUM=Bamu LISU=Lisu PHAGS=Phag IDEOGRAPHIC=Hani TAGALOG=Tglg SAURASHTRA=Saur
"""
_SCRIPTS = dict(pair.split("=") for pair in _NAMES.split())  # first word of a letter's name -> ISO 15924
_SPACELESS = {"Hani", "Thai", "Laoo", "Khmr", "Mymr", "Tibt", "Java", "Lana"}
_APOSTROPHES = "'’‘ʻʼʹʾʿ`´＇"
_HARD = "@/\\_=<>{}|~^+%&$0123456789"
_SOFT = ".:,;()[]!?"
_ENDS = ".!?؟۔。！？।॥…‼።፧\n\r\u2028\u2029\x85"
_DROP = (
    "\u00ad\u0640\u200b\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_UNSEEN = "Zzzz"


def _folded(character: str) -> str:
    compatible = unicodedata.normalize("NFKC", character)
    lower = (compatible if len(compatible) == 1 else character).lower()
    return lower[0] if lower and ord(lower[0]) < 0x10000 else character


def _flags(character: str, category: str, script: str) -> int:
    flags = 0
    if (
        character in _DROP
        or "\u064b" <= character <= "\u065f"
        or (category in ("Cs", "Cf") and character != "\u200c")
    ):
        return Kind.DROP
    if category[0] in "LM" or character == "\u200c":
        flags |= Kind.LETTER | (Kind.SPACELESS if script in _SPACELESS else 0)
    if character in _APOSTROPHES:
        flags |= Kind.APOSTROPHE
    if character in _HARD or category == "Nd":
        flags |= Kind.HARD
    if character in _SOFT:
        flags |= Kind.SOFT
    if character.isspace():
        flags |= Kind.SPACE
    if character in _ENDS:
        flags |= Kind.END
    return flags


def build() -> Alphabet:
    """Return the tables for the Basic Multilingual Plane; index 0 of the scripts means "as its neighbours"."""
    scripts = ["Zinh", *sorted(set(_SCRIPTS.values()) | {"Adlm", _UNSEEN})]
    fold, kind = np.arange(65536, dtype=np.uint16), np.zeros(65536, np.uint8)
    script = np.zeros(65536, np.uint8)
    pairs: dict[int, int] = {}
    for code in range(65536):
        character = chr(code)
        category, folded = unicodedata.category(character), _folded(character)
        words = unicodedata.name(folded, "").replace("-", " ").split()
        inherited = not words or words[0] in ("COMBINING", "MODIFIER", "ZERO") or character in _APOSTROPHES
        name = "Zinh" if inherited else _SCRIPTS.get(words[0], _UNSEEN)
        kind[code] = _flags(character, category, name)
        if kind[code] & Kind.LETTER:
            script[code] = scripts.index(name)
        fold[code] = ord("'") if character in _APOSTROPHES else ord(folded)
        parts = unicodedata.normalize("NFD", folded)
        if len(parts) > 1 and "\u0300" <= parts[-1] <= "\u036f":
            base = unicodedata.normalize("NFC", parts[:-1])
            if len(base) == 1:
                pairs[ord(base) << 16 | ord(parts[-1])] = ord(folded)
    keys = sorted(pairs)
    return Alphabet(fold, kind, script, tuple(scripts), np.array(keys, np.uint32),
                    np.array([pairs[key] for key in keys], np.uint16))  # fmt: skip
