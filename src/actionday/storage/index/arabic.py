"""Light second forms of a word in Arabic letters: what is written to it without a space is taken off.

Source: L. Larkey, L. Ballesteros, M. Connell, Light Stemming for Arabic Information Retrieval (2007), for
the idea of taking off clitics only; the list is ours: the proclitics و ف ب ك ل ال and pronoun suffixes.

Letters do not tell كتابه (his book) from محطه (a station, written so), nor ومحطة (and a station) from وكالة
(an agency). So a word has the forms of each reading, and two words meet that share one of them.
"""

import re
from functools import lru_cache

WORD = re.compile("(?<![^ ])[\u0621-\u063a\u0641-\u064a]{3,24}(?![^ ])")  # whole words, folded already

# Longest first; a figure is how many letters must stay, so that كتاب keeps its own first letter.
ARTICLES, BEHIND_ARTICLE = ("وبال", "فبال", "وكال", "وال", "فال", "بال", "كال", "ولل", "فلل", "ال", "لل"), 2
PARTICLES = (
    ("وب", 4), ("ول", 4), ("فب", 4), ("فل", 4), ("و", 3), ("ف", 4), ("ب", 4), ("ك", 4), ("ل", 4),
)  # fmt: skip
PRONOUNS = (
    ("هما", 3), ("كما", 3), ("ها", 3), ("هم", 3), ("هن", 3), ("كم", 3), ("كن", 3), ("نا", 3), ("ه", 3),
    ("ك", 4), ("ي", 4),
)  # fmt: skip

ANY_ENDING = "وفبكلاهيةمن"  # one of them is in every word that has a form beside itself


def stems(words: str) -> list[str]:
    """Return the forms of the words, parted by spaces, that differ from the words."""
    if not any(letter in words for letter in ANY_ENDING):
        return []
    return [form for word in WORD.findall(words) for form in forms(word)]


@lru_cache(maxsize=1 << 16)
def forms(word: str) -> tuple[str, ...]:
    """Return what the word may be without its proclitics and its pronoun, the word itself left out."""
    rest = _without_article(word)
    readings = _readings(rest)
    if rest == word:
        readings += _readings(_without_particle(word))
    return tuple(dict.fromkeys(form for form in readings if form != word))


def _without_article(word: str) -> str:
    """Return the word behind its article; again and again, for المانية and الالمانية are to meet."""
    while True:
        letters = len(_without_pronoun(word))
        article = next(
            (each for each in ARTICLES if word.startswith(each) and letters >= len(each) + BEHIND_ARTICLE),
            None,
        )
        if article is None:
            return word
        word = word[len(article) :]


def _without_particle(word: str) -> str:
    letters = len(_without_pronoun(word))
    for particle, stays in PARTICLES:
        own = len(word) if particle == "و" and word[-1] in "هة" else letters  # ولغة is و and لغة
        if word.startswith(particle) and own >= len(particle) + stays:
            return word[len(particle) :]
    return word


def _without_pronoun(word: str) -> str:
    """Return the word without a pronoun; a final ة is what a final ه may be."""
    for pronoun, stays in PRONOUNS:
        if word.endswith(pronoun) and len(word) >= len(pronoun) + stays:
            return word[: -len(pronoun)]
    return word[:-1] if word.endswith("ة") else word


def _readings(word: str) -> list[str]:
    """Return what a word without proclitics may be: ة is ه in all of them, and ت before a pronoun."""
    if word.endswith("ة"):
        return [f"{word[:-1]}ه"]
    short = _without_pronoun(word)
    found = [short]
    if short != word and short.endswith("ت"):
        found.append(f"{short[:-1]}ه")
    if word.endswith("ه"):
        found.append(word)
    return found
