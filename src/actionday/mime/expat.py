"""An expat parser for markup whose declared encoding nobody may know.

expat knows four encodings and asks Python for the table of any other; what Python does not know, or has no table for,
would end the parser with an error that says nothing of the markup. Source: XML 1.0, 4.3.3 (encoding declaration).
"""

import re
from pyexpat import ParserCreate, XMLParserType

DECLARED = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*<\?xml\s[^>]{0,400}?encoding\s*=\s*[\"']([^\"'>]{1,80})[\"']")
OWN = frozenset({"utf-8", "utf-16", "iso-8859-1", "us-ascii"})
ASCII = [bytes([each]) for each in range(128)]
MARK_BYTES = 4
HIGH = bytes(range(128, 256))


def create(start: bytes, encoding: str | None = None) -> XMLParserType:
    """Return a parser for markup that begins so; ``encoding`` goes before what is declared.

    Where the declared one is unknown the markup is read as UTF-8, which all XML is that says nothing.
    """
    found = DECLARED.match(start)
    if encoding is None and found and not _has_table(found[1].decode("latin-1")):
        encoding = "utf-8"
    return ParserCreate(encoding)


def resumed(at: int) -> int:
    """Return from which byte on markup is read as plain text that expat left at byte ``at``.

    Within a mark of UTF-32, which expat does not know, that is the mark: it says how all behind it is written.
    """
    return at if at > MARK_BYTES else 0


def _has_table(label: str) -> bool:
    if label.lower() in OWN:
        return True
    try:
        plain = all(
            ord(each.decode(label)) == each[0] for each in ASCII
        )  # as the declaration itself is written
        return plain and len(HIGH.decode(label, "replace")) == len(HIGH)
    except (
        LookupError,
        ValueError,
        TypeError,
    ):  # no such codec; one that is none of text, or of single bytes
        return False
