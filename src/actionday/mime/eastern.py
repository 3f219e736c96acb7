"""Texts of China, Japan and Korea in codes of two bytes that hold a few bytes which are no character of them.

Source: WHATWG Encoding, 10 to 13 (lead and trail bytes of Big5, GB 18030, Shift_JIS, EUC-JP, EUC-KR); Python's codecs.

Statistics give such a text up at its first fault. Here each code is tried without the faults: it is the one whose
characters are those of daily use, and which the statistics tell of what is left.
"""

from actionday.mime.prose import EASTERN, is_prose

CODES = ("big5hkscs", "gb18030", "cp932", "euc_jp", "cp949")
FAMILIES = {
    "big5hkscs": ("big5", "cp950"), "gb18030": ("gb",), "cp932": ("shift", "cp932"), "euc_jp": ("euc_j",),
    "cp949": ("cp949", "euc_kr", "johab"),
}  # fmt: skip
"""How the names of the codes begin that statistics may give for each."""
TWO_BYTES = frozenset(
    {*CODES, "big5", "cp950", "gbk", "gb2312", "shift_jis", "euc_jis_2004", "shift_jis_2004", "euc_kr"}
)
DENSE = 0.25
"""Share of bytes beyond ASCII from which a text may be of East Asia at all."""
LEAST = 24
"""Characters of East Asia by which a code is told."""
BUDGET = 50
"""Of so many characters one may be none."""
LOOKED_AT = 16384
AHEAD = 24
"""Bytes behind a fault that tell whether it is of one byte or of two."""
HIGH = bytes(range(0x80, 0x100))
GAP = "\ufffd"
TRAIL = range(0x40, 0x100)


def forgiving(data: bytes, code: str) -> str:
    """Return a text with U+FFFD for each fault, which costs itself alone. Linear in its length."""
    parts: list[str] = []
    view, at = memoryview(data), 0
    while at < len(data):
        try:
            parts.append(str(view[at:], code))
            break
        except UnicodeDecodeError as error:
            bad = at + error.start
            parts += (str(view[at:bad], code), GAP)
            at = bad + _length(data, bad, code)
    return "".join(parts)


def decoded(data: bytes, code: str) -> str:
    """Return a text, U+FFFD for what is no character; of codes of two bytes each fault costs itself alone."""
    return forgiving(data, code) if code in TWO_BYTES else data.decode(code, "replace")


def _length(data: bytes, bad: int, code: str) -> int:
    """Return how many bytes are a fault: its second one too, where what follows is better read behind that."""
    if bad + 1 >= len(data) or data[bad + 1] < TRAIL.start or data[bad] < 0x80:
        return 1
    one, two = (_usual(data[bad + skip : bad + skip + AHEAD], code) for skip in (1, 2))
    return 2 if two > one else 1


def _usual(data: bytes, code: str) -> int:
    text = data.decode(code, "replace")
    return len(EASTERN.findall(text)) - 3 * text[:-1].count(GAP)


def is_dense(sample: bytes) -> bool:
    """Say whether a sample has so many bytes beyond ASCII as a text of East Asia."""
    return len(sample) - len(sample.translate(None, HIGH)) >= DENSE * len(sample)


def reads(sample: bytes, code: str) -> bool:
    """Say whether a sample is writing in a code, without a fault but at its end."""
    text = sample[:LOOKED_AT].decode(code, "replace")
    return GAP not in text[:-1] and is_prose((text.rstrip(GAP),))


def with_faults(sample: bytes) -> list[tuple[str, bytes]]:
    """Return the codes in which a sample is a text with few faults, and it without them in each."""
    found: list[tuple[str, bytes]] = []
    sample = sample[:LOOKED_AT]
    for code in CODES:
        text = forgiving(sample, code)
        left = text.replace(GAP, "")
        if (
            (text.count(GAP) - 1) * BUDGET <= len(left)
            and len(EASTERN.findall(left)) >= LEAST
            and is_prose((left,))
        ):
            found.append((code, left.encode(code, "ignore")))
    return found


def is_of(code: str, told: str) -> bool:
    """Say whether the name that statistics give is of the family of a code."""
    return told.startswith(FAMILIES[code])
