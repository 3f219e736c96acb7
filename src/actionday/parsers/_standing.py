"""Which lines a text already has, word for word: what stands in it needs no second place at its end.

Source: none. A line is compared as whole words, however lines are broken: "Rob" does not stand in "Robertson". One
pass over the text follows all lines at once, in a tree of their words.
"""

import re
from collections.abc import Iterable, Sequence

WORD = re.compile(r"[^\s.,;:!?()\"'„“”«»]+(?>(?:[.,;:!?()\"'„“”«»]+[^\s.,;:!?()\"'„“”«»]+)*)")
"""What stands between blanks, without the signs of a sentence around it."""
FOLLOWED = 32
"""Lines followed at one word of the text: more only has a text made for it, and a line that is not followed counts as
missing, so that it is written once too often, never once too rarely."""
LARGEST = 300_000
"""Words of the tree, 90 MB; lines beyond it are compared with whole lines only."""


class _Step(dict[str, "_Step"]):
    """The words that may come next, and the lines that end here."""

    lines: tuple[str, ...] = ()

    def next(self, word: str) -> "_Step":
        """Return the step of a word, made where there is none."""
        return self.get(word) or self.setdefault(word, _Step())


def missing(lines: Sequence[str], text: Iterable[str]) -> list[str]:
    """Return the lines, in their order, that do not stand in the text as whole words, one behind the other."""
    wanted = dict.fromkeys(lines)
    tree = _tree(wanted)
    followed: list[_Step] = []
    for row in text:
        if not wanted:
            break
        wanted.pop(row, None)
        words = WORD.findall(row)
        if not followed and tree.keys().isdisjoint(words):
            continue
        for word in words:
            steps = [step[word] for step in (*followed[-FOLLOWED:], tree) if word in step]
            for step in steps:
                for line in step.lines:
                    wanted.pop(line, None)
            followed = [step for step in steps if step]
    return list(wanted)


def _tree(lines: Iterable[str]) -> _Step:
    tree, left = _Step(), LARGEST
    for line in lines:
        words = WORD.findall(line)
        left -= len(words)
        if left < 0:
            break
        step = tree
        for word in words:
            step = step.next(word)
        step.lines += (line,)
    return tree
