"""Whether a compound file of OLE2 still has the directory by which one sees what it is.

Source: [MS-CFB] 2.2 (header: the size of a sector, the first of the directory).
"""

from actionday.detectors.whole._content import Content, broken
from actionday.model import Note


def compound(content: Content) -> Note | None:
    """Say that its directory is gone: the file was a document or a workbook, and nobody can say which."""
    shift = content.number(30, 2)
    if shift not in (9, 12):
        return None
    sector = 1 << shift
    at = (content.number(48, 4) + 1) * sector
    if at + sector <= content.size:
        return None
    return broken("OLE2", f"it ends at byte {content.size}, its directory at byte {at} is not there")
