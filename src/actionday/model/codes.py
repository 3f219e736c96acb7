"""The code of a language or a script by the name people call it, and by what is nearly that name.

Source: ISO 639-3 (macrolanguages), ISO 639-2 (bibliographic codes), ISO 15924 (English names), CLDR (other names).
"""

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from actionday.model.language import codes_matching, languages
from actionday.model.script import SCRIPTS

MOST = 9
"""Suggestions of one answer: as many as there are kinds of Arabic."""
GUESSES = 3
ALIKE = 0.65
"""Share of letters in common from which a name is near: "urdoo" is 0.67 Urdu."""
SPELT, MISSES = 3, 4
LONGEST = 60
"""Letters of a value that are compared: no name has more."""
BEGINS = 3
"""Letters from which a name is recognised by its beginning."""

GROUPS = {
    "ak": "Akan", "ar": "Arabic", "ay": "Aymara", "az": "Azerbaijani", "din": "Dinka", "et": "Estonian",
    "fa": "Persian", "ff": "Fulah", "gn": "Guarani", "hbs": "Serbo-Croatian", "kg": "Kongo", "kr": "Kanuri",
    "ku": "Kurdish", "lv": "Latvian", "mg": "Malagasy", "mn": "Mongolian", "ms": "Malay", "ne": "Nepali",
    "no": "Norwegian", "om": "Oromo", "ps": "Pashto", "qu": "Quechua", "sq": "Albanian", "sw": "Swahili",
    "tmh": "Tamashek", "uz": "Uzbek", "yi": "Yiddish", "zh": "Chinese",
}  # fmt: skip
"""Macrolanguages, by the shorter code, with the name that is asked for."""
ALSO = {
    "Bangla": "ben", "Belorussian": "bel", "Cantonese": "yue", "Castilian": "spa", "Creole": "hat", "Dari": "prs",
    "Farsi": "fa", "Filipino": "tgl", "Flemish": "nld", "Greek": "ell", "Haitian Creole": "hat", "Kurmanji": "kmr",
    "Kyrgyz": "kir", "Limburgish": "lim", "Mandarin": "cmn", "Mizo": "lus", "Northern Sotho": "nso",
    "Punjabi": "pan", "Sorani": "ckb", "Uyghur": "uig",
}  # fmt: skip
BIBLIOGRAPHIC = {
    "alb": "sq", "arm": "hye", "baq": "eus", "bur": "mya", "chi": "zh", "cze": "ces", "dut": "nld", "fre": "fra",
    "geo": "kat", "ger": "deu", "gre": "ell", "ice": "isl", "mac": "mkd", "mao": "mri", "may": "ms", "per": "fa",
    "rum": "ron", "slo": "slk", "tib": "bod", "wel": "cym",
}  # fmt: skip
"""Codes that libraries use."""
SCRIPT_NAMES = {
    "Adlm": "Adlam", "Arab": "Arabic", "Armn": "Armenian", "Bali": "Balinese", "Bamu": "Bamum", "Beng": "Bengali",
    "Bugi": "Buginese", "Cans": "Canadian Syllabics", "Cham": "Cham", "Cher": "Cherokee", "Copt": "Coptic",
    "Cyrl": "Cyrillic", "Deva": "Devanagari", "Ethi": "Ethiopic", "Geor": "Georgian", "Glag": "Glagolitic",
    "Grek": "Greek", "Gujr": "Gujarati", "Guru": "Gurmukhi", "Hang": "Hangul", "Hani": "Han",
    "Hans": "Simplified Chinese", "Hant": "Traditional Chinese", "Hebr": "Hebrew", "Java": "Javanese",
    "Jpan": "Japanese", "Kali": "Kayah Li", "Khmr": "Khmer", "Knda": "Kannada", "Laoo": "Lao", "Latn": "Latin",
    "Lepc": "Lepcha", "Limb": "Limbu", "Lisu": "Lisu", "Mand": "Mandaic", "Mlym": "Malayalam", "Mong": "Mongolian",
    "Mtei": "Meitei Mayek", "Mymr": "Burmese", "Nkoo": "N'Ko", "Ogam": "Ogham", "Olck": "Ol Chiki", "Orya": "Odia",
    "Phag": "Phags-pa", "Rjng": "Rejang", "Runr": "Runic", "Samr": "Samaritan", "Saur": "Saurashtra",
    "Sinh": "Sinhala", "Sund": "Sundanese", "Syrc": "Syriac", "Taml": "Tamil", "Telu": "Telugu", "Tfng": "Tifinagh",
    "Tglg": "Tagalog", "Thaa": "Thaana", "Thai": "Thai", "Tibt": "Tibetan", "Vaii": "Vai", "Yiii": "Yi",
    "Zinh": "Inherited", "Zyyy": "Common", "Zzzz": "Unknown",
}  # fmt: skip
SCRIPTS_ALSO = {"Chinese": "Hani", "Korean": "Hang", "Hindi": "Deva", "Roman": "Latn", "Russian": "Cyrl",
                "Persian": "Arab", "Kanji": "Jpan", "Amharic": "Ethi", "Myanmar": "Mymr", "Bangla": "Beng"}  # fmt: skip


class Named(NamedTuple):
    """A code and the name it goes by."""

    code: str
    name: str

    def is_called(self, value: str) -> bool:
        """Say whether this is exactly its name."""
        return self.name.casefold() == value.casefold()


def near_languages(value: str) -> list[Named]:
    """Return what a value that is no code may mean for ``lang:``, by the shorter codes; the nearest first."""
    known = {each.code: Named(each.two or each.code, each.name) for each in languages().values()}
    names = {each.name: each for each in known.values()}
    shared = {each.code for each in known.values() if len(codes_matching(each.code)) > 1}
    groups = [Named(code, name) for code, name in GROUPS.items()]
    single = [Named(code, known[code].name) if each.code in shared else each for code, each in known.items()]
    also = [Named(_shorter(code), name) for name, code in ALSO.items() if name not in names]
    coded = BIBLIOGRAPHIC.get(value.casefold()) or value.casefold().replace("_", "-").partition("-")[0]
    if codes_matching(coded):
        return [each for each in (*groups, *single) if each.code == _shorter(coded)][:1]
    return _near(value, [*groups, *single, *also])


def near_individual_languages(value: str) -> list[Named]:
    """Return what a value may mean for ``language:``: the languages that it covers as a code, else by name."""
    coded = BIBLIOGRAPHIC.get(value.casefold(), value.casefold()).replace("_", "-").partition("-")[0]
    named = {name.casefold(): code for name, code in ALSO.items()} | {
        name.casefold(): code for code, name in GROUPS.items()
    }
    covered = codes_matching(coded) or codes_matching(named.get(value.casefold(), ""))
    if covered:
        return [Named(code, languages()[code].name) for code in sorted(covered)][:MOST]
    return _near(value, [Named(each.code, each.name) for each in languages().values()])


def near_scripts(value: str) -> list[Named]:
    """Return what a value may mean for ``script:``."""
    named = [Named(code, name) for code, name in SCRIPT_NAMES.items() if code in SCRIPTS]
    return _near(value, [*named, *(Named(code, name) for name, code in SCRIPTS_ALSO.items())])


def _shorter(code: str) -> str:
    """Return the 639-1 code of a language where it means that language alone, else the code itself."""
    known = languages().get(code)
    return known.two if known and known.two and codes_matching(known.two) == {code} else code


def _near(value: str, among: Iterable[Named]) -> list[Named]:
    """Return those of that name; else with that word in it; else that begin so; else that are spelt nearly so."""
    wanted, by_name = value.casefold()[:LONGEST], dict[str, Named]()
    for each in among:
        by_name.setdefault(each.name.casefold(), each)
    ranked = sorted((_distance(wanted, name), each.name, each) for name, each in by_name.items())
    best = int(ranked[0][0])
    if best == MISSES:
        return []
    return [each for distance, _, each in ranked if int(distance) == best][
        : GUESSES if best == SPELT else MOST
    ]


def _distance(wanted: str, name: str) -> float:
    """Return how far a name is: in whole steps by kind, and among names spelt nearly so by letters."""
    if wanted == name:
        return 0
    if wanted in name.split():
        return 1
    if len(wanted) >= BEGINS and name.startswith(wanted):
        return 2
    alike = SequenceMatcher(None, wanted, name).ratio()
    return SPELT + 1 - alike if ALIKE <= alike < 1 else MISSES
