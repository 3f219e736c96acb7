"""Which characters of a Word file up to 2003 were put in or taken out while changes were tracked, by whom and when.

Source: [MS-DOC] 2.8.6 (PlcBteChpx), 2.9.33 (ChpxFkp), 2.9.32 (Chpx), 2.6.1 (sprmCFRMark and its like), 2.9.71 (DTTM),
2.2.5.1 (Sprm, lengths of operands).
"""

from collections.abc import Iterator, Sequence
from struct import unpack_from
from typing import NamedTuple

from actionday.parsers._tracked import Log, State

PAGE = 512
TAKEN_OUT, PUT_IN = 0x0800, 0x0801
PUT_IN_BY, TAKEN_OUT_BY = 0x4804, 0x4863
PUT_IN_AT, TAKEN_OUT_AT = 0x6805, 0x6864
OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)
"""Bytes of an operand by the three highest bits of its operation; 0: the first byte tells."""
STATES: dict[tuple[bool, bool], State] = {(True, False): "new", (False, True): "old", (True, True): "passed"}


class Span(NamedTuple):
    """Bytes of the document's stream whose characters were changed."""

    start: int
    end: int
    state: State


def spans(word: bytes, bins: bytes, people: Sequence[str], log: Log) -> list[Span]:
    """Return the changed bytes in their order, none twice; none where nothing was tracked. Never raises for damage."""
    count = max(0, (len(bins) - 4) // 8)
    found: list[Span] = []
    for page in dict.fromkeys(unpack_from(f"<{count}I", bins, 4 * (count + 1)) if count else ()):
        start = (page & 0x3FFFFF) * PAGE
        found += _of_page(word[start : start + PAGE], people, log)
    apart: list[Span] = []
    for span in sorted(found):
        if not apart or span.start >= apart[-1].end:
            apart.append(span)
    return apart


def _of_page(page: bytes, people: Sequence[str], log: Log) -> Iterator[Span]:
    runs = page[PAGE - 1] if len(page) == PAGE else 0
    if 4 * (runs + 1) + runs > PAGE - 1:
        return
    places = unpack_from(f"<{runs + 1}I", page)
    for number in range(runs):
        at = 2 * page[4 * (runs + 1) + number]
        said = operations(page[at + 1 : at + 1 + page[at]]) if at else {}
        new, old = bool(said.get(PUT_IN)), bool(said.get(TAKEN_OUT))
        if not (new or old) or places[number] >= places[number + 1]:
            continue
        yield Span(places[number], places[number + 1], STATES[new, old])
        if new:
            log.add(_name(people, said.get(PUT_IN_BY, 0)), written(said.get(PUT_IN_AT, 0)))
        if old:
            log.add(_name(people, said.get(TAKEN_OUT_BY, 0)), written(said.get(TAKEN_OUT_AT, 0)))


def operations(block: bytes) -> dict[int, int]:
    """Return the operations of a run with their operands."""
    found: dict[int, int] = {}
    at = 0
    while at + 3 <= len(block):
        code = unpack_from("<H", block, at)[0]
        length = OPERANDS[code >> 13] or block[at + 2] + 1
        found[code] = int.from_bytes(block[at + 2 : at + 2 + length], "little")
        at += 2 + length
    return found


def _name(people: Sequence[str], number: int) -> str:
    return people[number] if number < len(people) else ""


def written(time: int) -> str:
    """Return a time of Word's, in the zone of the writer, "" for none."""
    minute, hour, day, month, year = (
        time & 63, time >> 6 & 31, time >> 11 & 31, time >> 16 & 15, time >> 20 & 511,
    )  # fmt: skip
    return f"{1900 + year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00" if day and month else ""
