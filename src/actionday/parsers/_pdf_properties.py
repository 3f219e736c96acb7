"""The properties of a PDF under the names that they have in every format.

Source: PDF 1.7 (ISO 32000-1), 14.3.3 (information dictionary), 7.9.4 (dates).
"""

import re
from typing import Any

from actionday.parsers._properties import ALTOGETHER, Kept

NAMES = {"Title": "title", "Author": "author", "Subject": "subject", "Keywords": "keywords",
         "Creator": "creator_tool", "Producer": "producer"}  # fmt: skip
DATE = re.compile(r"D?:?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:(Z)|([+-])(\d\d)'?(\d\d)?)?")
LONGEST = 64 * 1024
"""Characters of one annotation or field, whose strings are read with those of all objects as well."""


def properties(document: Any) -> dict[str, object]:
    """Return what the information dictionary says."""
    import pypdfium2  # type: ignore[import-untyped]

    kept = Kept()
    for name, key in NAMES.items():
        if value := string(pypdfium2.raw.FPDF_GetMetaText, document.raw, name.encode(), ALTOGETHER):
            kept.add(key, value)
    for name, key in (("CreationDate", "created"), ("ModDate", "modified")):
        if value := string(pypdfium2.raw.FPDF_GetMetaText, document.raw, name.encode(), ALTOGETHER):
            kept.add(key, _date(value))
    return kept.facts()


def _date(value: str) -> str:
    """Return a PDF date as RFC 3339, in UTC where it names its zone; as it stands when it is none."""
    from datetime import UTC, datetime, timedelta

    found = DATE.match(value)
    if not found:
        return value
    parts = [int(part or (1 if place in (1, 2) else 0)) for place, part in enumerate(found.groups()[:6])]
    try:
        moment = datetime(*parts)  # type: ignore[arg-type]
    except ValueError:
        return value
    if not found[7] and not found[8]:
        return moment.isoformat()
    offset = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0))
    moment = moment.replace(tzinfo=UTC) - (
        offset if found[8] == "+" else -offset if found[8] else timedelta(0)
    )
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def string(call: Any, holder: Any, key: bytes, most: int = LONGEST) -> str:
    """Return a UTF-16 string of PDFium, whose calls say the length first; what is not valid becomes U+FFFD."""
    import ctypes

    length = min(call(holder, key, None, 0), 2 * most)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    kind = call.argtypes[2]
    call(holder, key, buffer if kind is ctypes.c_void_p else ctypes.cast(buffer, kind), length)
    return buffer.raw.decode("utf-16-le", "replace").partition("\0")[0].strip()
