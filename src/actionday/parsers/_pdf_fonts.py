"""Whether a PDF has fonts that may not tell which letters their glyphs are.

Source: PDF 1.7 (ISO 32000-1), 9.6.6 (encodings of simple fonts), 9.7.5.2 (predefined CMaps), 9.10.2 (to Unicode).
"""

import re

FONT = re.compile(rb"/Type\s*/Font\b")
SUBTYPE = re.compile(rb"/Subtype\s*/(Type0|Type1|MMType1|TrueType|Type3)\b")
NAMED = re.compile(rb"/Encoding\s*/(?!Identity)")
"""A standard encoding, or a CMap of characters that are known."""
EMBEDDED = re.compile(rb"/FontDescriptor\b|/Encoding\b")


def may_not_tell(copy: bytes) -> bool:
    """Say whether one font of a document, as PDFium writes it, has neither a map to Unicode nor a known encoding."""
    for found in FONT.finditer(copy):
        begin = copy.rfind(b" obj", 0, found.start())
        end = copy.find(b"endobj", found.end())
        body = copy[begin : end if end >= 0 else len(copy)]
        if b"/ToUnicode" in body or NAMED.search(body) or not SUBTYPE.search(body):
            continue
        if EMBEDDED.search(body):
            return True
    return False
