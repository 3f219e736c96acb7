"""Comments in structured fields taken out: ``Content-Type: (any) text/plain (words)``.

Source: RFC 5322 section 3.2.2 (comments nest, a backslash quotes), RFC 2045 section 5.1 (where they may stand).
"""

import re

_SIGN = re.compile(rb'[()"\\;]')
_UNQUOTED_NAME = re.compile(rb'\s*+(?:file)?name[*\d]*+\s*+=\s*+[^\s"]', re.IGNORECASE)
"""A file name without its quotation marks: mailers that forget them write ``report (1).pdf``."""


def uncommented(raw: bytes) -> bytes:
    """Return an unfolded field without its comments, a space for each; one that is not closed is none.

    Quoted strings stay as they are, and so does all of a file name that stands without quotation marks: there a
    bracket is far more often part of the name. Linear in ``raw``.
    """
    if b"(" not in raw:
        return raw
    kept: list[bytes] = []
    at, begun = 0, 0
    name = _UNQUOTED_NAME.match(raw)
    depth, quoted = 0, False
    skip = -1
    for sign in _SIGN.finditer(raw):
        where, what = sign.start(), sign[0]
        if where == skip:
            continue
        if what == b"\\":
            skip = where + 1
        elif what == b'"' and not depth:
            quoted = not quoted
        elif quoted or (what == b";" and depth):
            continue
        elif what == b";":
            name = _UNQUOTED_NAME.match(raw, where + 1)
        elif what == b"(" and (depth or name is None or name.end() > where):
            begun, depth = (begun, depth + 1) if depth else (where, 1)
        elif what == b")" and depth:
            depth -= 1
            if not depth:
                kept += [raw[at:begun], b" "]
                at = where + 1
    return b"".join([*kept, raw[at:]])
