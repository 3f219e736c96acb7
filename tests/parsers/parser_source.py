"""The one document every format is made of: ``& < > "``, Arabic, and a table; and its words, counted."""

import re
from collections import Counter
from html import unescape

TITLE, AUTHOR = "Kestrel handbook", "Mira Vale"
HEADING = "Kestrel & friends"
LATIN = 'Search https://kestrel.example/x?a=1&b=2 with <angle> and "quoted" words.'
ARABIC = "السلام عليكم من محطة العوسق الإذاعية في المدينة"
LAST = "Last paragraph of the handbook."
ROWS = (("frequency", "town"), ("98.5", "Marrowby & Co"), ("مدينة", "إذاعة"))
SHEET_ROWS = (("frequency", "town"), ("98.5", 'Marrowby & Co <x> "q"'), ("مدينة", ARABIC))
LITERALS = ("a=1&b=2", "<angle>", '"quoted"', "Marrowby & Co", ARABIC)
"""What must stand in the text letter by letter."""
SHEET_LITERALS = ("98.5", 'Marrowby & Co <x> "q"', ARABIC)

WORD = re.compile(r"\w+")
CURLY = str.maketrans("“”‘’", "\"\"''")


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def html() -> str:
    rows = "".join("<tr>" + "".join(f"<td>{escaped(cell)}</td>" for cell in row) + "</tr>" for row in ROWS)
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{TITLE}</title>'
        f'<meta name="author" content="{AUTHOR}"></head><body><h1>{escaped(HEADING)}</h1>'
        f'<p>{escaped(LATIN)}</p><p dir="rtl">{ARABIC}</p><table border="1">{rows}</table>'
        f"<p>{LAST}</p></body></html>"
    )


def csv() -> str:
    return (
        "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in SHEET_ROWS)
        + "\n"
    )


def words(*texts: str) -> Counter[str]:
    return Counter(word for text in texts for word in WORD.findall(text))


BODY = words(HEADING, LATIN, ARABIC, LAST, *(cell for row in ROWS for cell in row))
SHEET = words(*(cell for row in SHEET_ROWS for cell in row))


def missing(text: str, wanted: Counter[str]) -> dict[str, int]:
    """Return the words that stand less often in ``text`` than they should."""
    found = words(unescape(text) if "&amp;" in text else text)
    return dict(wanted - found)


def repeated(text: str, wanted: Counter[str]) -> dict[str, int]:
    """Return the words of the document that stand in ``text`` more than twice as often as they should."""
    found = words(text)
    return {word: found[word] for word in wanted if found[word] > 2 * wanted[word]}
