"""UTF-16 and UTF-32: by their byte-order marks, and without one by what the bytes would be as text, in either order.

Source: Unicode 16.0, chapter 3.10 (encoding schemes) and the block list (``Blocks.txt``).

The places of NUL bytes tell languages written in Latin letters alone; Chinese and Japanese have hardly any. What
tells them all: read in the right order, nearly all characters are of one script and its punctuation, and their
high bytes repeat; read in the other order they are scattered.
"""

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from unicodedata import category

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Each with its code, that of UTF-32 before that of UTF-16 with which it begins."""
LOOKED_AT = 8192
"""Bytes of the sample that are looked at."""
LEAST = 6
"""Characters below which nothing is told."""
ONE_SCRIPT = 0.95
"""Share of the characters that must be of one script, its punctuation and signs."""
FIRST = 96
"""Characters that are looked at first: 10 µs."""
CLEARER = 0.1
"""By how much one order must read better than the other."""
MOST_ODD = 0.02
"""Share of control characters and unassigned ones that a text may have."""
FEW_NULS = 0.3
"""Share of NUL bytes below which what reads well without them is text of one byte a character with NULs in it."""
MOSTLY = 0.6
"""Share of every other byte that one value has in a text of one block of Unicode: the rest are blanks and digits."""
CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a"))
UNSET = [bytes(byte for byte in range(256) if not byte >> bit & 1) for bit in range(8)]
"""The bytes without each bit."""
ODD = re.compile(r"[\x00-\x07\x0e-\x19\x1c-\x1f\ufffd]")
"""Control characters but white space, the ends of files and of escape sequences; what no bytes stand for."""
FAR = "\u0300"
"""The first character of which only Unicode's table says whether it is assigned: all before are."""
NO_CHARACTER = frozenset({"Cn", "Co", "Cs"})


def _families() -> Mapping[int, str]:
    """Return the family of scripts that a character's high byte belongs to; "" for signs that any text has."""
    ranges = {
        "latin": ((0x01, 0x02), (0x1D, 0x1E)), "greek": ((0x03, 0x03), (0x1F, 0x1F)), "cyrillic": ((0x04, 0x04),),
        "hebrew": ((0x05, 0x05),), "arabic": ((0x06, 0x08), (0xFB, 0xFE)), "indic": ((0x09, 0x0D),),
        "thai": ((0x0E, 0x0E),), "tibetan": ((0x0F, 0x0F),), "georgian": ((0x10, 0x10),), "ethiopic": ((0x12, 0x13),),
        "tifinagh": ((0x2D, 0x2D),),
        "khmer": ((0x17, 0x17),), "mongolian": ((0x18, 0x18),), "han": ((0x31, 0x31), (0x34, 0x9F), (0xF9, 0xF9)),
        "hangul": ((0x11, 0x11), (0xAC, 0xD7)), "": ((0, 0), (0x20, 0x23), (0x25, 0x27), (0x30, 0x30), (0xFF, 0xFF)),
    }  # fmt: skip
    return {
        byte: name for name, spans in ranges.items() for low, high in spans for byte in range(low, high + 1)
    }


FAMILIES = _families()
NUMBERED = {name: number for number, name in enumerate(["", *sorted(set(FAMILIES.values()) - {""})])}
NONE = 255
FAMILY = bytes(NUMBERED[FAMILIES[byte]] if byte in FAMILIES else NONE for byte in range(256))
"""The number of each high byte's family, 0 for signs."""
NO_SCRIPT = bytes((0, NONE))


MANY = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")
"""A character of several bytes."""
CUT = 3
"""Bytes of one that may be cut."""


def wide(sample: bytes) -> str | None:
    """Return the Python codec when the sample is UTF-16 or UTF-32 without a mark, else None.

    Its last character may be cut.
    """
    sample = sample[:LOOKED_AT]
    if len(sample) < 2 * LEAST:
        return None
    code = _four(sample) or _two(sample[: len(sample) & ~1])
    return None if code is None or _plain(sample) or misread(sample) else code


def _two(even: bytes) -> str | None:
    """Return UTF-16 in the order in which nearly all characters are of one script, clearly more than in the other."""
    little, big = _score(even, "utf-16-le", 1, 2), _score(even, "utf-16-be", 0, 2)
    if max(little, big) < ONE_SCRIPT or abs(little - big) < CLEARER:
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def _plain(sample: bytes) -> bool:
    """Say whether it reads as UTF-8 or ASCII once the NUL bytes are left out, of which it has few."""
    if sample.count(0) > FEW_NULS * len(sample) or _in_pairs(sample):
        return False
    if b"\0" not in sample and len(MANY.findall(sample)) > 1 and _is_utf8(sample):
        return True  # whatever control characters stand between
    left = sample.replace(b"\0", b"").decode("utf-8", "replace")[:-3]
    return len(ODD.findall(left)) * 10 <= len(left)


def _is_utf8(sample: bytes) -> bool:
    """Say whether all of it is UTF-8, but for a character that is cut."""
    try:
        sample[: len(sample) - CUT].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.reason == "unexpected end of data"
    return True


def _in_pairs(sample: bytes) -> bool:
    """Say whether every other byte is the same one as a rule, and its neighbours are not.

    All bytes of Hindi in UTF-16 are ASCII: the letters' low bytes, and a tab, U+09, as their high ones.
    """
    halves = sample[::2], sample[1::2]
    for own, other in (halves, reversed(halves)):
        byte = _most(own)
        mostly = byte and own.count(byte) >= MOSTLY * len(own)
        if mostly and other.count(byte) < (1 - MOSTLY) * len(other):
            return True
    return False


def _most(raw: bytes) -> int:
    """Return the byte that more than half of them are, if there is one: each of its bits is that of most."""
    return sum(1 << bit for bit in range(8) if len(raw.translate(None, UNSET[bit])) * 2 > len(raw))


def _four(sample: bytes) -> str | None:
    """Return UTF-32, of which the first or last byte of four is zero and the one beside it nearly always."""
    sample = sample[: len(sample) & ~3]
    for code, high in (("utf-32-le", 3), ("utf-32-be", 0)):
        quarter = len(sample) // 4
        if sample[high::4].count(0) == quarter and sample[high ^ 1 :: 4].count(0) * 10 >= quarter * 9:
            return code if _score(sample, code, 1 if high else 2, 4) >= ONE_SCRIPT else None
    return None


def _score(sample: bytes, code: str, at: int, width: int) -> float:
    """Return how much the sample reads as a text in ``code``: the share of its main script, plus how high bytes repeat.

    They are the second-lowest bytes of its characters: the one at ``at`` and each ``width`` bytes behind.
    """
    if not _begins(sample[at : at + width * FIRST : width]):
        return 0.0
    high = sample[at::width]
    share = _share(high)
    if share < ONE_SCRIPT:
        return 0.0
    text = sample.decode(code, "replace")
    if _odd(text) - text[-1:].count("\ufffd") > MOST_ODD * len(text):
        return 0.0
    total = len(high)
    again = sum(count * (count - 1) for count in Counter(high).values())
    return share + again / (total * max(total - 1, 1))


def _begins(high: bytes) -> bool:
    """Say whether the first characters with these bytes can be of one script: most contents are told by them."""
    return _share(high[:FIRST]) >= ONE_SCRIPT - CLEARER


def _share(high: bytes) -> float:
    """Return which share of the characters is of the most frequent script, or a sign that any text has."""
    families = high.translate(FAMILY)
    left, most = families.translate(None, NO_SCRIPT), 0
    while len(left) > most:  # one script after another, until no other can be the most frequent
        others = left.translate(None, left[:1])
        most = max(most, len(left) - len(others))
        left = others
    return (most + families.count(0)) / max(len(high), 1)


def _odd(text: str) -> int:
    """Return how many characters no text has."""
    return len(ODD.findall(text)) + unassigned(text)


def unassigned(text: str) -> int:
    """Return how many characters are none, private ones or halves of one.

    Each is looked up once, in a third of the time that all take.
    """
    counted = Counter(text).items()
    return sum(count for letter, count in counted if letter >= FAR and category(letter) in NO_CHARACTER)


NOT_LINES = bytes(set(range(32)) - set(b"\t\r\f\v\x1b\b"))
"""Control characters that no line of a text has; NUL is one."""
LATIN = 0.5
"""Share of NUL bytes among the high ones from which a line is mostly of Latin letters, blanks and digits."""

FIRST_LINE = 3
"""Bytes of UTF-8 before a line feed that are a line of their own and no letters of UTF-16."""


def reads_as(line: bytes, code: str, *, latin: bool = False) -> bool:
    """Say whether a line is UTF-16 in this order rather than text of one byte a letter; no bytes are.

    ``latin``: only a line that is mostly of Latin letters is: of others the bytes of a line feed may be a letter's.
    """
    if len(line) % 2 or not may_begin(line, code):
        return False
    low, high = line[code != "utf-16-le" :: 2], line[code == "utf-16-le" :: 2]
    if low.count(0) > high.count(0):
        return False
    return not line or (not is_line(line) and _is_wide(line, code, high, latin))


def may_begin(line: bytes, code: str) -> bool:
    """Say whether the first characters of a line can be UTF-16 in this order; looks at ``FIRST`` of them at most."""
    return _begins(line[code == "utf-16-le" : 2 * FIRST : 2])


def _is_wide(line: bytes, code: str, high: bytes, latin: bool) -> bool:
    try:
        text = line.decode(code)
    except UnicodeDecodeError:
        return False
    if (len(high) > FIRST and _share(high) < ONE_SCRIPT - CLEARER) or _odd(text) > MOST_ODD * len(text):
        return False
    mostly_latin = high.count(0) >= LATIN * len(high)
    if (latin and not mostly_latin) or (UNITS.search(text) and not _in_pairs(line)):
        return False
    if mostly_latin and SMALL_PAIRS.search(text):
        return False
    first, feed, _ = line.partition(b"\n")
    if feed and is_line(first.rstrip(b"\0\r")):
        return False
    # a line feed is the high byte of a letter in scripts of India alone
    return b"\n" not in high or high.translate(FAMILY).count(NUMBERED["indic"]) * 2 >= len(high)


def is_line(line: bytes) -> bool:
    """Say whether it is a line of UTF-8 rather than letters of UTF-16: shorter ones than three bytes may be both."""
    if len(line) < FIRST_LINE or len(line.translate(None, NOT_LINES)) < len(line):
        return False
    return is_utf8(line)


def is_utf8(raw: bytes, least: int = 0) -> bool:
    """Say whether bytes are UTF-8, with ``least`` characters beyond ASCII or more."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not least or sum(letter > "\x7f" for letter in text) >= least


PRINTED = bytes((9, 10, 13, *range(0x20, 0x7F)))
UNITS = re.compile(
    "["
    + "".join(
        f"\\u{high:02x}09-\\u{high:02x}0a\\u{high:02x}0d\\u{high:02x}20-\\u{high:02x}7e" for high in PRINTED
    )
    + "]{8,}"
)
"""Characters of UTF-16 whose two bytes are ASCII both: of a Chinese text one in five, never eight in a row."""
_SMALL = bytes((0x20, *range(0x61, 0x7B))).decode()
SMALL_PAIRS = re.compile(
    f"[{''.join(chr(ord(high) << 8 | ord(low)) for high in _SMALL for low in _SMALL)}]{{2}}"
)
"""Four small letters of ASCII in a row: of a hundred characters of Chinese one has such bytes."""
BLANKS = (b" ", b"\n")
FEW_BLANKS = 0.02
"""Share of the bytes that are blanks and line ends: of text in UTF-16 without a NUL one in two hundred."""


def misread(sample: bytes) -> bool:
    """Say whether bytes that might be UTF-16 are a text of one byte a letter: blanks, and no NUL beside any of them.

    Any blank, digit or line end of UTF-16 has a NUL; letters of alphabets have control characters beside them.
    Without this rule a short text in an old code page reads as Chinese: ASCII in pairs is U+3400 to U+7E7E.
    """
    if len(sample) < 2 * LEAST or len(sample.translate(None, CONTROLS)) < len(sample):
        return False
    return sum(map(sample.count, BLANKS)) >= FEW_BLANKS * len(sample)


def single_bytes(text: str, code: str) -> tuple[str, int]:
    """Return a text of UTF-16 with passages of ASCII that were read in pairs put right, and how many there were."""
    count = 0

    def right(found: re.Match[str]) -> str:
        nonlocal count
        raw = found[0].encode(code)
        if _in_pairs(raw) or sum(map(raw.count, BLANKS)) < FEW_BLANKS * len(raw):
            return found[0]
        count += 1
        return raw.decode("ascii")

    return UNITS.sub(right, text), count
