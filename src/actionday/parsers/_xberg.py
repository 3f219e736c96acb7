"""The library that reads office documents: what is asked of it, its errors and its properties in our words.

Source: none; the calls are those of xberg 1.3. It is imported by the first document that needs it.
"""

import re
from typing import Any

from actionday.model import Damaged, Encrypted, ItemError, OverLimit
from actionday.parsers._loop import Loop

LOCKED = re.compile(r"encrypt|password|protected", re.IGNORECASE)
TOO_MUCH = re.compile(r"(?i)security violation|limit exceeded|too large|zip bomb|compression ratio")
MOST_CELLS = 500_000
"""The library's own limit is 100,000; at 400 bytes and 15 µs a cell half a million fit the sandbox."""


class Library:
    """One reader for all documents of a process."""

    def __init__(self) -> None:
        self._loop: Loop | None = None

    def extract(self, data: memoryview | bytes, mime: str) -> Any:
        """Return the library's document: ``content``, ``metadata``. Raises Damaged, Encrypted, OverLimit."""
        import xberg

        if self._loop is None:
            self._loop = Loop()
        given = xberg.ExtractInput(kind="bytes", bytes=bytes(data), mime_type=mime)
        try:
            found = self._loop.result(xberg.extract(given, _options()))
        except Exception as error:
            raise _translated(error) from error
        except BaseException as error:  # a panic of the library is no Exception of Python
            if type(error).__name__ != "PanicException":
                raise
            raise Damaged(f"office document: its reader gave up ({error})") from error
        if not found.results:
            raise Damaged("office document: nothing could be read")
        return found.results[0]


def _options() -> Any:
    import xberg

    return xberg.ExtractionConfig(
        disable_ocr=True,
        use_cache=False,
        output_format="plain",
        escape_markdown=False,
        enable_quality_processing=False,
        content_filter=xberg.ContentFilterConfig(
            include_headers=True, include_footers=True, include_footnotes=True, strip_repeating_text=False
        ),
        security_limits=xberg.SecurityLimits(max_table_cells=MOST_CELLS),
    )


def _translated(error: Exception) -> ItemError:
    why = " ".join(str(error).split())[:300]
    if TOO_MUCH.search(why):
        return OverLimit(f"office document: larger than its reader goes ({why})")
    if LOCKED.search(why):
        return Encrypted(f"office document: encrypted or protected (its reader says: {why})")
    return Damaged(f"office document: its reader cannot read it ({why})")


def properties(document: Any) -> dict[str, object]:
    """Return the library's metadata under our names; times it makes up (year 0) are left out."""
    meta = document.metadata
    found = {
        "title": meta.title,
        "subject": meta.subject,
        "author": "; ".join(meta.authors or ()) or meta.created_by,
        "last_author": meta.modified_by,
        "created": meta.created_at,
        "modified": meta.modified_at,
    }
    return {key: value for key, value in found.items() if value and not str(value).startswith("0000")}
