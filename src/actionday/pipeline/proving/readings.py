"""Is each reading named by what it holds? The name is a function of it, and items are joined to contents by it."""

from actionday.pipeline.extracted import reading_of
from actionday.pipeline.proving.touched import by_content
from actionday.storage.case import Case

NAMED = "SELECT sha256, reading, md5, sha1, mime, parser, CAST(meta AS BLOB), text FROM contents WHERE reading <> x''"
"""Rows from before schema 4 have no name."""


def misnamed(case: Case) -> str | None:
    """Return the first content whose reading is not that of what the row holds. Whether by chance is not stored."""
    for sha256, reading, md5, sha1, mime, parser, meta, text in case.database.execute(NAMED):
        read = (md5, sha1, mime, parser, meta or b"", text)
        if reading not in (reading_of((*read, False)), reading_of((*read, True))):
            return (
                f"contents.reading of {sha256.hex()} is not that of what was read{by_content(case, sha256)}"
            )
    return None
