"""Files embedded in a PDF, each an item of its own, and what lies behind the document's end.

Source: PDF 1.7 (ISO 32000-1), 7.4 (filters), 7.6 (encryption), 7.11.4 (embedded file streams).

The document's text is the parser's. Streams are told by ``_pdffiles``; those of an encrypted document are read from a
copy that PDFium writes without its encryption.
"""

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from typing import BinaryIO

from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, OverLimit, Peek, Status, Stream
from actionday.model.counted import counted
from actionday.model.foreign import plainly
from actionday.sources.archives._ends import is_pdf
from actionday.sources.archives._pdffiles import Held, embedded, is_encrypted
from actionday.sources.archives._streams import BLOCK, Window, body
from actionday.sources.archives.appended import SOURCE as APPENDED

MOST = 10_000
"""Files of one document that are items; a portfolio of mail has some hundred."""
MOST_COPIED = 192 << 20
"""Bytes of an encrypted document that is copied without its encryption."""
MOST_TEXT = 64 << 20
"""Bytes of a stream in letters or through several filters, and of what all but the last give: undone at once."""
FLATE = ("FlateDecode", "Fl")
HEX, BASE_85 = ("ASCIIHexDecode", "AHx"), ("ASCII85Decode", "A85")
CLOSED = "PDF: needs a password"


class Attached:
    """What ``appended`` yields, then the embedded files in the order of their bytes (``place`` is ``f`` and the byte,
    ``d`` and the number of the object in an encrypted document)."""

    name, sample = "attached", "attached.pdf"
    beside = True

    def claims(self, peek: Peek) -> Claim:
        """Say MAGIC for a PDF, also one behind a few other bytes."""
        return Claim.MAGIC if is_pdf(peek.head) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield what is behind the end and what is embedded."""
        yield from APPENDED.items(stream, around)
        passing = around.after
        if passing is not None and passing[:1] not in ("f", "d"):
            passing = None
        for number, found in enumerate(_files(stream, around)):
            if passing is not None:
                passing = None if passing == found.place else passing
            elif number < MOST:
                yield found
            else:
                around.note(Loss.PARTS_LIMIT, f"PDF: only the first {MOST} embedded files are items")
                return


def _files(stream: Stream, around: Context) -> Iterator[Found]:
    opened: Stream | None = stream
    files, lost, cut = embedded(stream)
    mark = "f"
    if is_encrypted(stream):
        opened, mark = _decrypted(stream, around), "d"
        files, lost, cut = embedded(opened) if opened else (files, [], cut)
    if cut:
        around.note(
            Loss.PARTS_LIMIT, f"PDF: {cut} are not gone through: a file that is embedded there is no item"
        )
    if files or lost:
        some = counted(len(files) + len(lost), "embedded file is an item", "embedded files are items")
        around.note(
            "embedded_files",
            f"PDF: {some} of their own" if len(files) + len(lost) > 1 else f"PDF: {some} of its own",
        )
    seen: dict[str, int] = {}
    for name, each in files:
        place = f"{mark}{each.begin if mark == 'f' else each.number}"
        seen[place] = seen.get(place, 0) + 1
        place += f".{seen[place]}" if seen[place] > 1 else ""
        yield _file(opened, name or f"embedded-{each.number}", place, each)
    for name, number in lost:
        yield Found(name=name or f"embedded-{number}", kind=Kind.MEMBER, place=f"{mark}?{number}",
                    status=Status.UNREADABLE, reason="PDF: named by the document, and not in it")  # fmt: skip


def _file(stream: Stream | None, name: str, place: str, held: Held) -> Found:
    meta: dict[str, object] = {"offset": held.begin} if place[0] == "f" else {}
    if stream is None:
        return Found(
            name=name, kind=Kind.MEMBER, place=place, status=Status.ENCRYPTED, reason=CLOSED, meta=meta
        )
    size = held.end - held.begin
    if (not held.filters or held.empty) and place[0] == "f":
        return Found(name=name, kind=Kind.MEMBER, place=place, size=size, runs=((held.begin, size),) if size else (),
                     meta=meta)  # fmt: skip
    unknown = [each for each in held.filters if each not in (*FLATE, *HEX, *BASE_85)]
    if unknown or held.predicted:
        what = f"the filter {', '.join(unknown)}" if unknown else "a predictor"
        return Found(name=name, kind=Kind.MEMBER, place=place, size=None, status=Status.UNSUPPORTED,
                     reason=f"PDF: an embedded file with {what}: not unpacked", meta=meta)  # fmt: skip
    return Found(name=name, kind=Kind.MEMBER, place=place, meta=meta, read=partial(_reader, stream, held))


def _reader(stream: Stream, held: Held) -> BinaryIO:
    window = Window(stream, held.begin, held.end - held.begin)
    if not held.filters:  # PDFium forgets the filter of some streams that it decrypts
        return body(_plain_or_packed(window))
    if held.empty:
        return BytesIO()
    if held.filters[0] in FLATE and len(held.filters) == 1:
        return body(_inflated(window))
    if window.size > MOST_TEXT:
        raise OverLimit(
            f"PDF: an embedded file of more than {MOST_TEXT} bytes through several filters or in letters"
        )
    content, last = window.read(), held.filters[-1]
    for name in held.filters[:-1]:
        content = _undone(content, name)
    if last in FLATE:
        return body(_inflated(Window(_Bytes(content), 0, len(content))))
    return BytesIO(_undone(content, last))


def _plain_or_packed(window: Window) -> Iterator[bytes]:
    head = window.read(BLOCK)
    window.seek(0)
    if head[:1] == b"x":
        try:
            zlib.decompressobj().decompress(head, BLOCK)
        except zlib.error:
            pass  # it only begins as packed bytes do
        else:
            yield from _inflated(window)
            return
    while chunk := window.read(BLOCK):
        yield chunk


def _inflated(window: Window) -> Iterator[bytes]:
    """Yield what a stream holds. Raises Damaged at a fault, after what came before it."""
    inflater, data = zlib.decompressobj(), b""
    while not inflater.eof:
        data = data or window.read(BLOCK)
        try:
            chunk = inflater.decompress(data, BLOCK)
        except zlib.error as error:
            raise Damaged(
                f"PDF: {plainly(error)} (before byte {window.tell()} of the embedded file's stream)"
            ) from error
        if not (data or chunk or inflater.eof):
            raise Damaged(f"PDF: the embedded file's stream ends at its byte {window.tell()}, too early")
        data = inflater.unconsumed_tail
        if chunk:
            yield chunk


def _undone(content: bytes, name: str) -> bytes:
    """Return a content without one filter. Raises Damaged, or OverLimit where that is more than is held."""
    try:
        if name in HEX:
            digits = re.sub(rb"[^0-9A-Fa-f]", b"", content.partition(b">")[0])
            return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
        if name in BASE_85:
            return base64.a85decode(content.strip().removeprefix(b"<~").removesuffix(b"~>"))
    except ValueError as error:
        raise Damaged(f"PDF: an embedded file that is not in {name}: {error}") from error
    parts, size = list[bytes](), 0
    for chunk in _inflated(Window(_Bytes(content), 0, len(content))):
        parts.append(chunk)
        size += len(chunk)
        if size > MOST_TEXT:
            raise OverLimit(
                f"PDF: a filter of an embedded file gives more than {MOST_TEXT} bytes to the next"
            )
    return b"".join(parts)


class _Bytes(BytesIO):
    """Bytes in memory as a stream of known size."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self.size = len(content)


def _decrypted(stream: Stream, around: Context) -> Stream | None:
    """Return an encrypted document without its encryption, None where no password of the case opens it."""
    import pypdfium2  # type: ignore[import-untyped]

    if stream.size > MOST_COPIED:
        around.note(
            Loss.PARTS_LIMIT, f"PDF: of more than {MOST_COPIED} bytes, encrypted: its files are not opened"
        )
        return None
    stream.seek(0)
    content = stream.read()
    for secret in (None, *around.secrets):
        try:
            document = pypdfium2.PdfDocument(content, password=secret)
        except (pypdfium2.PdfiumError, ValueError, OSError):
            continue
        made = BytesIO()
        try:
            document.save(made, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
        except pypdfium2.PdfiumError:
            return None
        finally:
            document.close()
        return _Bytes(made.getvalue())
    return None


SOURCE = Attached()
