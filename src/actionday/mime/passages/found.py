"""The passages of a block of unknown bytes with the bytes they stand in: UTF-8, UTF-16, codes of one byte a letter.

Source: RFC 3629 (UTF-8); the rest as in ``scripts``.
"""

import re
from collections.abc import Iterator

from actionday.mime.guess import legacy
from actionday.mime.passages.overlaps import Found
from actionday.mime.passages.scripts import single_passages, wide_passages

LEAST = 20
"""Bytes of a passage: ten megabytes of random ones have one so long."""
BREAKS = bytes(0 if (byte < 32 and byte not in b"\t\n\r") or byte == 127 else byte for byte in range(256))
"""Control characters become NUL: passages are looked for between these, where a run is long enough."""
PRINTED = re.compile(rb"[^\0]{8,}+")
BEYOND = rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}"
UTF_8 = re.compile(BEYOND)
SURE = rb"[\t\n\r\x20-\x7e]|" + BEYOND
SINGLE = rb"(?<=[A-Za-z ])[\xa1-\xff](?=[A-Za-z ,.\r\n])"
RUN = re.compile(rb"(?>(?:%b|%b)+)" % (SURE, SINGLE))
"""ASCII and UTF-8, and single letters of another code within ASCII words, before them and between them."""
SURE_RUN = re.compile(rb"(?>(?:%b)+)" % SURE)
WORDS = re.compile(rb"[A-Za-z ,.]|%b" % SINGLE)
SIGNS = re.compile(rb"[0-9:;/()'\"+@-]")
"""Figures and what stands with them in addresses, dates and numbers, of which such a passage may have two thirds."""
USUAL, GREEK = "cp1252", "\u0370"
ASCII = bytes(range(128))
MOST_GUESSED = 1000
"""Runs by which the code of accented letters is guessed."""


def passages_in(block: bytes, beyond: set[int]) -> Iterator[Found]:
    """Yield the passages in a block, in any order; linear in its length, whatever is in it."""
    yield from wide_passages(block, beyond)
    other: list[tuple[int, bytes]] = []
    for part in PRINTED.finditer(block.translate(BREAKS)):
        if part.end() - part.start() >= LEAST:
            for found in RUN.finditer(part[0]):
                if len(found[0]) >= LEAST:
                    at = part.start() + found.start()
                    try:
                        yield Found(at, at + len(found[0]), found[0].decode("utf-8"))
                    except UnicodeDecodeError:
                        other.append((at, found[0]))
    yield from single_passages(block, beyond)
    yield from _accented(other)


def _accented(runs: list[tuple[int, bytes]]) -> Iterator[Found]:
    """Yield runs of ASCII with single letters of a legacy code, which is guessed once for all of them.

    Of a run that is none, the parts between those letters are what they would be without them.
    """
    kept: list[tuple[int, bytes]] = []
    for at, run in runs:
        if b" " in run and _is_worded(run) and _is_single(run):
            kept.append((at, run))
        else:
            yield from _sure(at, run)
    if kept:
        sample = b"\n".join(run for _, run in kept[:MOST_GUESSED])
        code = legacy(sample).encoding
        if not _is_latin(sample.decode(code, "replace")):
            code = USUAL  # few letters between figures mislead the guess
        for at, run in kept:
            yield Found(at, at + len(run), run.decode(code, "replace"))


def _is_worded(run: bytes) -> bool:
    words = len(WORDS.findall(run))
    return words * 10 >= len(run) * 9 or (
        words * 3 >= len(run) and (words + len(SIGNS.findall(run))) * 10 >= len(run) * 9
    )


def _is_latin(text: str) -> bool:
    """Say whether what is no ASCII are letters that stand in Latin words."""
    beyond = [each for each in text if each > "\x7f"]
    return sum(each.isalpha() and each < GREEK for each in beyond) * 10 >= len(beyond) * 9


def _is_single(run: bytes) -> bool:
    """Say whether most of what is no ASCII is of one byte a letter: chance puts pairs and single ones at any edge."""
    beyond = UTF_8.findall(run)
    return len(run.translate(None, ASCII)) - sum(map(len, beyond)) >= len(beyond)


def _sure(at: int, run: bytes) -> Iterator[Found]:
    for found in SURE_RUN.finditer(run):
        if len(found[0]) >= LEAST:
            yield Found(at + found.start(), at + found.end(), found[0].decode("utf-8", "replace"))
