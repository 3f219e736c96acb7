"""The attribution of a text that was found to be in several languages or scripts."""

from collections import Counter

import numpy as np

from actionday.detectors.language._attribution import NO_SCRIPT, UNDETERMINED, Attribution, Segment, whole
from actionday.detectors.language._evidence import Evidence
from actionday.detectors.language._judge import judge
from actionday.detectors.language._letters import Index
from actionday.detectors.language._model import Model
from actionday.detectors.language._names import Names
from actionday.detectors.language._segments import stretches
from actionday.detectors.language._units import Units

LEAST = 12  # letters under which an undetermined stretch goes with the one beside it
DENSITY = 0.4  # of a part in running text some 0.8 of the characters are letters that vote

Part = tuple[int, int, str, str, float, int]  # start, end, language, script, confidence, letters
Read = dict[
    int, int
]  # start of a part, and how many of its characters were read: of a long text windows only


def attribute(
    model: Model, names: Names, length: int, offsets: Index, units: Units, evidence: Evidence
) -> Attribution:
    """Return the attribution by segments; ``offsets`` is where each unit's piece begins in the text."""
    if not len(units.piece):
        return whole(length, UNDETERMINED, NO_SCRIPT, 0.0)
    found = stretches(model, units, evidence)
    group = np.repeat(np.arange(len(found)), [each.last - each.first for each in found])
    starts = [each.first for each in found]
    script = units.script[starts]
    together = evidence.grouped(group, len(found))
    verdicts = judge(model, together, script)
    letters = np.bincount(group, units.letters, len(found)).astype(int)
    covered = np.bincount(group, units.last - units.first, len(found)).astype(int)
    parts: list[Part] = []
    read: Read = {}
    for number, each in enumerate(found):
        named = names.named(
            int(script[number]),
            int(verdicts.best[number]),
            float(verdicts.confidence[number]),
            int(together.seen[number]),
        )
        first = int(offsets[each.first] + units.first[each.first])
        last = int(offsets[each.last - 1] + units.last[each.last - 1])
        parts.append((first, last, *named, int(letters[number])))
        read[first] = int(covered[number])
    return _summed(length, _joined(parts, read))


def _stands(part: Part, read: Read) -> bool:
    """Return whether a part has enough letters that vote to stand for itself: code and tables have few."""
    start, _, language, _, _, letters = part
    return letters >= DENSITY * read[start] and (language != UNDETERMINED or letters >= LEAST)


def _joined(parts: list[Part], read: Read) -> list[Part]:
    """Return the parts with those gone that do not stand, and equal neighbours made one."""
    kept = [part for part in parts if _stands(part, read)] or [max(parts, key=lambda part: part[5])]
    joined: list[Part] = []
    for start, end, language, script, confidence, letters in kept:
        if joined and joined[-1][2:4] == (language, script):
            before = joined.pop()
            total = before[5] + letters
            mean = (before[4] * before[5] + confidence * letters) / total if total else confidence
            joined.append((before[0], end, language, script, round(mean, 4), total))
        else:
            joined.append((start, end, language, script, confidence, letters))
    return joined


def _summed(length: int, parts: list[Part]) -> Attribution:
    """Return the attribution: what most letters are in; each segment reaches to the next one's start."""
    bounds = [0, *(part[0] for part in parts[1:]), length]
    segments = tuple(
        Segment(start, end, *part[2:5]) for start, end, part in zip(bounds, bounds[1:], parts, strict=False)
    )
    votes: Counter[tuple[str, str]] = Counter()
    for part in parts:
        votes[part[2], part[3]] += part[5]
    (language, script), _ = max(votes.items(), key=lambda vote: (vote[1], vote[0]))
    own = [(part[4], max(1, part[5])) for part in parts if part[2:4] == (language, script)]
    mean = sum(confidence * letters for confidence, letters in own) / sum(letters for _, letters in own)
    return Attribution(language, script, round(mean, 4), segments)
