"""Light second forms of a word in Hebrew letters: the letters that are written to it without a space.

They are ה ו ב ל מ ש כ: the, and, in, to, from, that, as. Letters do not tell מהנדס (an engineer) from מ and
הנדס, so the word itself is always found too, and two words meet that share one form.
"""

import re
from functools import lru_cache

WORD = re.compile("(?<![^ ])[\u05d0-\u05ea]{4,24}(?![^ ])")  # whole words, folded already: without points
STAYS = 3  # letters
ONE = frozenset("הובלמשכ")
TWO = frozenset(
    ("וה", "וב", "ול", "ומ", "וש", "וכ", "שה", "שב", "של", "שמ", "שכ", "מה", "כש", "בה", "לה", "כה")
)
ANY_LETTER = "הובלמשכ"


def stems(words: str) -> list[str]:
    """Return the forms of the words, parted by spaces, that differ from the words."""
    if not any(letter in words for letter in ANY_LETTER):
        return []
    return [form for word in WORD.findall(words) for form in forms(word)]


@lru_cache(maxsize=1 << 16)
def forms(word: str) -> tuple[str, ...]:
    """Return what the word may be without one of the letters before it, and without two."""
    found = []
    if word[0] in ONE and len(word) > STAYS:
        found.append(word[1:])
    if word[:2] in TWO and len(word) >= STAYS + 2:
        found.append(word[2:])
    return tuple(found)
