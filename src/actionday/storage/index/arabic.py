"""One light stem for a word in Arabic letters: what is written to it without a space is taken off.

Source: L. Larkey, L. Ballesteros, M. Connell, Light Stemming for Arabic Information Retrieval (2007), for
the idea of taking off clitics only; the list is ours: the proclitics و ف ب ك ل ال and pronoun suffixes.
"""

import re
from functools import lru_cache

WORD = re.compile("(?<![^ ])[\u0621-\u063a\u0641-\u064a]{3,24}(?![^ ])")  # whole words, folded already

# Longest first; the second figure is how many letters must stay, so that كتاب keeps its own first letter.
BEFORE = (
    ("وبال", 2), ("فبال", 2), ("وكال", 2), ("وال", 2), ("فال", 2), ("بال", 2), ("كال", 2), ("ولل", 2),
    ("فلل", 2), ("ال", 2), ("لل", 2), ("وب", 4), ("ول", 4), ("فب", 4), ("فل", 4), ("و", 3), ("ف", 4),
    ("ب", 4), ("ك", 4), ("ل", 4),
)  # fmt: skip
AFTER = (
    ("هما", 3), ("كما", 3), ("ها", 3), ("هم", 3), ("هن", 3), ("كم", 3), ("كن", 3), ("نا", 3), ("ه", 3),
    ("ك", 4), ("ي", 4),
)  # fmt: skip

ANY_ENDING = "وفبكلاهيةمن"  # one of them is in every word that has a stem of its own


def stems(words: str) -> list[str]:
    """Return the stems of the words, parted by spaces, that are not their own stems."""
    if not any(letter in words for letter in ANY_ENDING):
        return []
    return [short for word in WORD.findall(words) if (short := stem(word)) != word]


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return the word without one pronoun suffix and one run of proclitics, or the word itself."""
    for suffix, stays in AFTER:
        if word.endswith(suffix) and len(word) >= len(suffix) + stays:
            word = word[: -len(suffix)]
            break
    for clitic, stays in BEFORE:
        if word.startswith(clitic) and len(word) >= len(clitic) + stays:
            word = word[len(clitic) :]
            break
    return f"{word[:-1]}ه" if word.endswith("ة") else word  # the final letter is as often written ه
