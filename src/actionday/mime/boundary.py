"""The boundary of a multipart by its lines: where it names none, or one that none of its lines has.

Source: RFC 2046 section 5.1.1 (delimiter lines).
"""

import re
from collections.abc import Container

GUESS_BYTES = 1 << 14
DELIMITER = re.compile(rb"(?:\A|\n)--([!-~][ -~]{0,69})\r?\n(?:[!-9;-~]{1,77}[ \t]*:|\r?\n)")
"""A line of two hyphens and a word, behind it a field or the empty line of a part without any."""
WITH_FIELD = re.compile(rb"(?:\A|\n)--([!-~][ -~]{0,69})\r?\n(?i:content-)[A-Za-z-]{1,40}[ \t]*:")
"""Such a line with a field of MIME behind it: a stricter one, where a boundary is named."""


def guessed(start: bytes, others: Container[bytes]) -> bytes:
    """Return the first line that can be a delimiter in ``start``, the first bytes of a multipart's body; b"" for none.

    ``others`` are the boundaries around it: what follows their line is the next part of the one around.
    """
    found = DELIMITER.search(start)
    return b"" if found is None or found[1].rstrip() in others else found[1].rstrip()


def mistaken(start: bytes, named: bytes, others: Container[bytes]) -> bytes:
    """Return the boundary that the lines have, where the one that is ``named`` is nowhere near; b"" where it is."""
    found = None if b"--" + named in start else WITH_FIELD.search(start)
    return b"" if found is None or found[1].rstrip() in others else found[1].rstrip()
