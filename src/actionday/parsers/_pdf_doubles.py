"""Objects of a PDF whose number another object has: the table leads to one of them alone.

Source: PDF 1.7 (ISO 32000-1), 7.3.10 (the number identifies an object), 7.5.4 (the table has one place for each).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_filters import undone_to
from actionday.parsers._pdf_loose import MOST, strings
from actionday.parsers._pdf_rebuilt import objects


def doubles(
    places: Sequence[tuple[int, int, int]], data: memoryview, copy: bytes, most: int, budget: Budget
) -> Iterator[tuple[int, bytes]]:
    """Yield number and body of each object that is not the one which the document has under its number.

    ``places`` are number, begin and end of each object; ``copy`` is the document as PDFium writes it. Objects beyond
    ``most`` bytes in all are compared no more, and are yielded. Nothing is gone through of a document without doubles.
    """
    counts = Counter(number for number, _, _ in places)
    twice = [place for place in places if counts[place[0]] > 1]
    used = objects(copy).bodies if twice else {}
    for number, begin, end in twice:
        if number not in used:
            continue  # nothing refers to any of them
        body = bytes(data[begin:end])
        most -= len(body)
        if most < 0 or not _same(number, body, used[number], budget):
            yield number, body


def _same(number: int, body: bytes, used: bytes, budget: Budget) -> bool:
    content, cut, *_ = undone_to(body, MOST, budget)
    if cut or content != undone_to(used, MOST, budget).content:
        return False
    return bool(content) or set(strings(number, body)) <= set(strings(number, used))
