"""Opening a PDF: as it stands, behind what was put before it, and made anew where its own tables are lost.

Source: PDF 1.7 (ISO 32000-1), 7.5.2 (header), 7.5.8 (cross-reference), 7.6 (encryption).
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from actionday.model import Damaged, Encrypted, Loss, Note
from actionday.model.counted import counted
from actionday.parsers._pdf_rebuilt import document, objects
from actionday.parsers._pdf_streams import ENCRYPTED

PASSWORD_ERROR = 4
"""Source: PDFium, ``FPDF_ERR_PASSWORD``."""
HEADER = re.compile(rb"%PDF-\d")
END_WITHIN = 2048
"""Bytes from the end in which the mark of the end is looked for."""


class Opened(NamedTuple):
    """A document of PDFium, the bytes it is made of, and what had to be done for it."""

    document: Any
    data: memoryview
    """From the header on."""
    notes: tuple[Note, ...] = ()


def opened(data: memoryview, secrets: Sequence[str]) -> Any:
    """Return PDFium's document of the bytes as they stand. Raises Encrypted or Damaged."""
    import pypdfium2  # type: ignore[import-untyped]

    content = bytes(data)
    for secret in (None, *secrets):
        try:
            return pypdfium2.PdfDocument(content, password=secret)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) != PASSWORD_ERROR and "password" not in str(error).lower():
                raise Damaged(f"PDF: its reader cannot open it ({error})") from error
        except (ValueError, OSError) as error:
            raise Damaged(f"PDF: its reader cannot open it ({error})") from error
    raise Encrypted("PDF: needs a password")


def opened_somehow(data: memoryview, secrets: Sequence[str]) -> Opened:
    """Return a document of what is whole in the bytes. Raises Encrypted or Damaged."""
    try:
        return Opened(opened(data, secrets), data)
    except Damaged as error:
        first = error
    header = HEADER.search(data)
    begin = header.start() if header else 0
    data = data[begin:]
    before = (Note("bytes_before", f"PDF: {counted(begin, 'byte')} before its header"),) if begin else ()
    if begin:
        try:
            return Opened(opened(data, secrets), data, before)
        except Damaged as error:
            first = error
    if ENCRYPTED.search(data):
        raise first  # without its table nobody finds out which key belongs to what
    found = objects(bytes(data))
    pages = found.pages()
    if not pages:
        raise first
    cut = b"%%EOF" not in bytes(data[-END_WITHIN:])
    what = "it breaks off" if cut else "its table of objects is damaged"
    read, whole = counted(len(pages), "page"), counted(len(found.bodies), "object")
    reason = f"PDF: {what}: {read} read, from {whole} that hold together"
    note = Note(Loss.BROKEN_OFF if cut else Loss.NOT_WHOLE, reason)
    return Opened(opened(memoryview(document(found, pages, [])), ()), data, (note, *before))
