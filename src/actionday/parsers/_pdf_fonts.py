"""Whether a PDF has fonts that may not tell which letters their glyphs are.

Source: PDF 1.7 (ISO 32000-1), 9.6.6 (encodings of simple fonts), 9.7.5.2 (predefined CMaps), 9.10.2 (to Unicode).
"""

import re

FONT = re.compile(rb"/Type\s*/Font\b")
SUBTYPE = re.compile(rb"/Subtype\s*/(Type0|Type1|MMType1|TrueType|Type3)\b")
NAMED = re.compile(rb"(?<!/Type)/Encoding\s*/(?!Identity)")
"""A standard encoding, or a CMap of characters that are known."""
BUILT_IN = re.compile(rb"/FontDescriptor\b")
DIFFERENCES = re.compile(rb"/Differences\s*\[([^\]]*)\]")
UNKNOWN = re.compile(
    rb"/(?!uni[0-9A-F]{4}|u[0-9A-F]{4,6}\b|afii\d|SF\d|H\d{5}\b)(?=[^/\s]*\d)[^/\s]+"
    rb"|/(?!(?:fi|fl|ff|mu|Mu|nu|Nu|pi|Pi|xi|Xi|AE|OE|ae|oe)\b)[A-Za-z][A-Za-z](?![^/\s])"
)
"""Names of glyphs that no list has: numbers of programs, two letters of a count."""


FIRST, LAST = re.compile(rb"/FirstChar\s+(\d{1,3})\b"), re.compile(rb"/LastChar\s+(\d{1,3})\b")
WORDY = 5
"""Characters of a font that can write words; formulas bring fonts of one sign."""


def may_not_tell(copy: bytes) -> bool:
    """Say whether one font of a document, as PDFium writes it, has neither a map to Unicode nor a known encoding."""
    named_badly = any(UNKNOWN.search(found[1]) for found in DIFFERENCES.finditer(copy))
    for found in FONT.finditer(copy):
        begin = copy.rfind(b" obj", 0, found.start())
        end = copy.find(b"endobj", found.end())
        body = copy[begin : end if end >= 0 else len(copy)]
        kind = SUBTYPE.search(body)
        if b"/ToUnicode" in body or NAMED.search(body) or not kind:
            continue
        if kind[1] != b"Type0" and _few(body):
            continue
        if kind[1] in (b"Type0", b"Type3") or (
            named_badly if b"/Encoding" in body else BUILT_IN.search(body)
        ):
            return True
    return False


def _few(body: bytes) -> bool:
    first, last = FIRST.search(body), LAST.search(body)
    return first is not None and last is not None and int(last[1]) - int(first[1]) + 1 < WORDY
