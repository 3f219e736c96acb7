"""Which code the bytes of a text are in where they are not, or not all, UTF-8."""

import re

from actionday.mime.guess import WESTERN, Guess, legacy, of_the_macintosh
from actionday.mime.prose import USUAL
from actionday.parsers._mixed import ASCII, codes_of

RUNS = re.compile(rb"[\xc0-\xff]+")
ROW = 4
"""Letters in a row that no text of Western Europe has accented, and every other has in most words."""
BESIDE = re.compile(rb"(?<=[A-Za-z])[\xc0-\xff]++|(?<![\xc0-\xff])[\xc0-\xff]++(?=[A-Za-z])")
OTHER_SCRIPTS = frozenset(code.replace("_", "-") for code in USUAL)


def guessed(lines: list[bytes], sample: bytes) -> Guess:
    """Return the code of the lines that are no UTF-8: the first of several where each is told, else what is likely."""
    codes, whole = codes_of(lines), b"\n".join(lines)
    if len(codes) > 1 and not of_the_macintosh(whole):  # whose lines look like those of Windows one by one
        code, count = codes.most_common(1)[0]
        high = sum(len(line.translate(None, ASCII)) for line in lines)
        return Guess(code, round(count / high, 3))
    return legacy(whole or sample)


def partly_utf8(sample: bytes) -> bool:
    """Say whether a good part of what is no ASCII is UTF-8 all the same: a damaged or a mixed text."""
    text = sample.decode("utf-8", "replace")
    bad = text.count("�")
    good = sum(1 for letter in text if letter > "\x7f") - bad
    return good * 4 >= bad


def fits(sample: bytes, code: str) -> bool:
    """Say whether a declared encoding decodes all but one in a hundred characters of the sample."""
    text = sample.decode(code, "replace")
    return text[:-1].count("�") * 100 <= len(text) and not _contradicts(sample, code)


def _contradicts(sample: bytes, code: str) -> bool:
    """Say whether letters stand otherwise than in any text of that code: dumps say ``latin1`` of whatever they hold."""
    runs = RUNS.findall(sample)
    if code in WESTERN:
        return sum(len(run) >= ROW for run in runs) * 3 > len(runs) or (bool(runs) and partly_utf8(sample))
    return code.replace("_", "-") in OTHER_SCRIPTS and len(BESIDE.findall(sample)) * 2 > len(runs)
