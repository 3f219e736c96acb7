"""Which code the bytes of a text are in where they are not, or not all, UTF-8."""

from actionday.mime.guess import Guess, legacy, of_the_macintosh
from actionday.parsers._mixed import ASCII, codes_of


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
    return text[:-1].count("�") * 100 <= len(text)
