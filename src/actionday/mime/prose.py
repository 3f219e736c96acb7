"""Whether characters that were made of unknown bytes are a text: sound, packed data and keys have letters too.

Source: Unicode 16.0, general categories and ``Blocks.txt``. Each measure is a property of writing, none of a
language: words of one script and one case, blanks between them (scripts that have them), letters of daily use
(scripts that have thousands), and hardly a place that no character stands for.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from operator import mul, sub
from unicodedata import category

from actionday.mime.wide import unassigned

WINDOW = 1024
"""Characters judged at once."""
MOST_WINDOWS = 24
"""Windows looked at, evenly spread."""
WAVE = 400
"""Characters of a window by which a wave is told."""
SHORT = 48
"""Characters below which shares say little: what is left must be words nearly all of it."""
MOST_ODD = 0.03
"""Share of places that no character stands for, of control characters and of those that nobody writes."""
LEAST_WORDS = 0.6
"""Share of the letters and signs that must stand in words or numbers: of prose it is 0.9, of sound below 0.4."""
LEAST_BLANKS = 0.02
"""Share of blanks, line ends and signs that part words: of prose 0.15, of German without blanks at line ends 0.08."""
LEAST_TURNS = 0.35
"""Share of letters that lie behind or before both their neighbours in the order of Unicode: of prose 0.6, of any
shuffled letters two thirds, of a wave that is sampled often 0.1."""
FEWEST_TURNS = 0.25
"""The same of a passage of a dozen letters."""
LEAST_VOWELS = 0.2
"""Share of vowels among the letters of Latin: of Czech 0.35, of logs 0.3."""
LONGEST = 28
"""Letters of a word; longer ones are no evidence of writing."""
EVERYDAY = 0.85
"""Share of the characters of East Asia that are among the few thousand of daily use: by chance it is 0.2."""
MOST_MISPLACED = 0.06
"""Share of vowel signs that stand on no letter."""
WORD = re.compile(r"[\w\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed"
                  r"\u0900-\u0dff\u0e01-\u0edf\u0f00-\u109f\u1780-\u17ff\u200c\u200d'\u2019]+")  # fmt: skip
"""Letters with what stands on them, and numbers, of a text whose underscores are blanks: one set, read at once."""
ASCII_WORD = re.compile(r"[0-9A-Za-z']+")
LATIN = re.compile("[A-Za-z]")
KNOWN = re.compile("[\u0370-\u052f\u0590-\u06ff]")
"""Greek, Cyrillic, Hebrew and Arabic: of these the usual letters are known."""
ACCENTED = re.compile("[\xaa-\u024f\u1e00-\u1eff]")
GLUED = re.compile(
    r"(?<=[^\W\d_])[^\w\s'\u2019.\u0300-\u1fff\u200b-\u200f\u3000-\u303f\uff01-\uff65-](?=[^\W\d_])"
)
"""Signs between letters, with no blank beside them; those of East Asia have none."""
RARE = re.compile("[\u0180-\u0197\u019a-\u019f\u01a2-\u01ae\u01b1-\u0217\u021c-\u024f]")
"""Letters of Latin that hardly a language has."""
INDIC = re.compile("[\u0900-\u0963\u0966-\u0dff]")
EASTERN = re.compile("[\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
UNPARTED = re.compile("[\u0e01-\u0e5b\u0e80-\u0edf\u1000-\u109f\u1780-\u17ff]")
"""Letters of Thai, Lao, Burmese and Khmer, which part sentences, not words."""
USUAL_SIGNS = frozenset(
    " \t\n\r\f\v\b\x1b\x1a.,;:!?'\"()[]{}<>/\\|-_=+*#@&%$0123456789\u20ac\xab\xbb\xa0"
    "\ufeff\u200b\u200c\u200d\u200e\u200f\u060c\u061b\u061f\u0964\u0965\u05be\u1362\u30fb"
    "\u2010\u2011\u2012\u2013\u2014\u2018\u2019\u201c\u201d\u201e\u2026\u2022\u3000\u3001\u3002"
    "\u300a\u300b\u300c\u300d\u300e\u300f\u3010\u3011\uff01\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f"
)
PARTING = frozenset(' \t\n\r,;:=/"()<>{}[]|\u1361\u0f0b\xa0\u3000')
VOWELS = frozenset("aeiouyAEIOUY")
HUMPS = re.compile(r"[A-Z]?[a-z]{2,}(?:[A-Z][a-z]+)*")


CYRILLIC, ARABIC = "оеаинтсрвлкмдпуяі", "اليمنوترهبدعسفكقةی"
USUAL = {
    "cp1251": CYRILLIC, "koi8_r": CYRILLIC, "iso8859_5": CYRILLIC, "cp866": CYRILLIC, "mac_cyrillic": CYRILLIC,
    "cp1256": ARABIC, "iso8859_6": ARABIC, "cp1253": "αοιετσνηυρπκμλάέήίόύώς", "cp1255": "יוהלאתרמשבנםעד",
}  # fmt: skip
"""The letters of which five in six of any text consist."""
USUALLY = frozenset("".join(USUAL.values()))


CONTROLS = re.compile(r"[\x00-\x07\x0e-\x19\x1c-\x1f\x7f-\x9f\ufffd]")
SIGN = re.compile(r"[^\w\s]|[\x1c-\x1f\x85]")
"""What is neither letter nor number nor blank: the few that texts hardly have are looked for among these."""
STRANGE = bytes(code for code in range(0x80) if SIGN.match(chr(code)) and chr(code) not in USUAL_SIGNS)
"""Those of ASCII."""
NOT_LATIN = bytes(code for code in range(0x100) if not LATIN.match(chr(code)))
NOT_VOWELS = bytes(code for code in range(0x100) if chr(code) not in VOWELS)


def is_prose(pieces: Sequence[str], most: int = MOST_WINDOWS) -> bool:
    """Say whether most of a text that bytes were read as is writing, by up to ``most`` windows of it."""
    looked = _windows(pieces, most)
    left = sum(map(len, looked))
    ahead = 0
    for each in looked:
        ahead += len(each) if is_written(each) else -len(each)
        left -= len(each)
        if abs(ahead) > left:  # what is left turns nothing: half of the windows of what is all alike
            break
    return ahead > 0


def _windows(pieces: Sequence[str], most: int) -> list[str]:
    places = [(piece, at) for piece in pieces for at in range(0, len(piece), WINDOW)]
    looked = [piece[at : at + WINDOW] for piece, at in places[:: max(1, len(places) // most)]]
    return [each for each in looked if each.strip("\ufffd\n ")]


def is_written(text: str) -> bool:
    """Say whether a stretch of characters is writing in any script."""
    if _odd(text) > MOST_ODD * len(text) + 2:
        return False
    if _is_wave(text):
        return False
    if text.isascii():
        return _is_in_words(text)
    eastern = len(EASTERN.findall(text))
    letters = sum(map(str.isalpha, text))
    if eastern * 2 > letters:
        return _is_eastern(text)
    if len(UNPARTED.findall(text)) * 2 > letters:
        return _is_unparted(text)
    return _is_in_words(text)


def is_passage(text: str) -> bool:
    """Say whether a run of characters between bytes of another kind can be writing: no wave, no table of signs.

    Less is asked than of a whole text: it may be short, and what lies around it may stick to its ends.
    """
    letters = sum(map(str.isalpha, text))
    if len(RARE.findall(text)) * 5 > letters or len({ord(each) >> 7 for each in INDIC.findall(text)}) > 1:
        return False
    marks = sum(category(letter) in ("Mn", "Cn") for letter in text if letter > "\u02ff")
    if not letters or 2 * marks > letters:
        return False
    return len(GLUED.findall(text)) * 10 <= letters and not _is_wave(text)


def _odd(text: str) -> int:
    """Return how many control characters, places that no character stands for and unassigned ones there are."""
    far = 0 if text.isascii() else unassigned(text)
    return len(CONTROLS.findall(text)) + far


def _is_eastern(text: str) -> bool:
    """Say whether characters of China, Japan and Korea are those of daily use."""
    own = EASTERN.findall(text)
    others = sum(letter.isalpha() and letter > "\x7f" for letter in text) - len(own)
    strange = _strange(text)
    if (others + strange) * 10 > len(own) or len(set(own)) < 4 or _repeats(own):
        return False
    best: int = max(
        sum(letter in usual or "\u3041" <= letter < "\u3100" for letter in own) for usual in everyday()
    )
    return best >= EVERYDAY * len(own)


def _strange(text: str) -> int:
    """Return how many signs there are that texts hardly have."""
    if text.isascii():
        return len(text) - len(text.encode().translate(None, STRANGE))
    return sum(letter not in USUAL_SIGNS and category(letter)[0] != "M" for letter in SIGN.findall(text))


def _is_unparted(text: str) -> bool:
    """Say whether vowel signs of South-East Asia stand on letters, and letters repeat as in writing."""
    own = UNPARTED.findall(text)
    marks = misplaced = 0
    before = " "
    for letter in text:
        if category(letter) == "Mn":
            marks += 1
            misplaced += category(before) not in ("Lo", "Mn", "Mc")
        before = letter
    others = sum(letter.isalpha() and letter > "\x7f" for letter in text) - len(own)
    strange = _strange(text)
    return (
        misplaced <= MOST_MISPLACED * max(len(own), 1)
        and marks * 3 < len(own)
        and (max(others, 0) + strange) * 8 <= len(own)
        and not _repeats(own)
    )


def _repeats(letters: list[str]) -> bool:
    return Counter(letters).most_common(1)[0][1] * 3 > len(letters)


def _is_in_words(text: str) -> bool:
    """Say whether letters of alphabets stand in words of one script and one case, with something between them."""
    bad = 0
    words = ASCII_WORD.findall(text) if text.isascii() else WORD.findall(text.replace("_", " "))
    if max(map(len, words), default=0) > LONGEST:
        bad = sum(len(word) for word in words if len(word) > LONGEST)
        words = [word for word in words if len(word) <= LONGEST]
    weights = list(map(_weight, words))
    good = sum(map(abs, weights)) + sum(weights) >> 1
    bad += good - sum(weights) + _strange(text)
    if not good or good < LEAST_WORDS * (good + bad):
        return False
    parted = sum(map(text.count, PARTING))
    if len(text) > SHORT and parted < LEAST_BLANKS * len(text):
        return False
    return _likely(text)


@lru_cache(maxsize=1 << 15)
def _weight(word: str) -> int:
    """Return how many characters speak for writing, negative where they speak against it."""
    return len(word) * _word(word)


def _word(word: str) -> int:
    """Return 1 for what is a word or a number, -1 for what is neither, 0 for what is too short to tell."""
    if word.isascii():
        if word.isdigit():
            return 1
        bare = word.strip("'0123456789")
        if len(word) < 3:
            return 0
        fits = bare.isalpha() and (bare.islower() or bare.isupper() or HUMPS.fullmatch(bare))
        return 1 if fits else -1
    latin, accents = len(LATIN.findall(word)), len(ACCENTED.findall(word))
    other = sum(letter.isalpha() for letter in word) - latin - accents
    if latin + accents and other > 0:
        return -1
    if not latin + accents + other:
        return 0
    if accents and accents * 2 > len(word) + 1:
        return -1
    if not (
        word.islower() or word.isupper() or word.istitle() or word == word.capitalize() or not _cased(word)
    ):
        return -1
    return 1 if len(word) > 1 else 0


def _cased(word: str) -> bool:
    return any(letter.islower() or letter.isupper() for letter in word)


def _is_wave(text: str) -> bool:
    """Say whether letters rise and fall as slowly as sound and pictures do, and no writing."""
    begin = text[:WAVE]
    if begin.isascii():
        letters = list(begin.encode().translate(None, NOT_LATIN))
    else:
        letters = [ord(letter) for letter in begin if letter.isalpha() or category(letter)[0] == "M"]
    inner = len(letters) - 2
    if inner < SHORT // 8:
        return False
    steps = list(map(sub, letters[1:], letters))
    turns = sum(map((0).__gt__, map(mul, steps, steps[1:])))  # up and then down, or down and then up
    if inner < SHORT // 4:
        return turns < 2
    return turns < (LEAST_TURNS if inner > 2 * SHORT else FEWEST_TURNS) * inner


def _likely(text: str) -> bool:
    """Say whether the letters are usual ones, in scripts of which it is known which these are."""
    ascii_only = text.encode("ascii", "ignore")
    plain = len(ascii_only.translate(None, NOT_LATIN))
    if plain >= SHORT and len(ascii_only.translate(None, NOT_VOWELS)) < LEAST_VOWELS * plain:
        return False
    if len(ascii_only) == len(text):
        return True
    own = [letter.lower() for letter in KNOWN.findall(text) if letter.isalpha()]
    if len(own) < 12:
        return True
    families = Counter(ord(letter) >> 8 for letter in own)
    return max(families.values()) * 10 >= len(own) * 9 and sum(
        letter in USUALLY for letter in own
    ) * 2 >= len(own)


@cache
def everyday() -> tuple[frozenset[str], ...]:
    """Return the characters in daily use of China, Taiwan, Japan and Korea: a fifth of all that Unicode has."""
    sets = (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6), ("euc_jp", 0xB0, 0xCF), ("euc_kr", 0xB0, 0xC8))
    return tuple(
        frozenset(
            bytes((first, second)).decode(code, "ignore")
            for first in range(low, high + 1)
            for second in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        )
        for code, low, high in sets
    )
