"""The order of the questions: start of the content, text, marks at an offset, marks at the end.

A content is hostile: whatever is read here is bounded by the head and the tail, and nothing raises.
"""

from collections.abc import Callable, Mapping

from actionday.detectors.filetype import _binary, _disks, _media
from actionday.detectors.filetype._ole import ole_type
from actionday.detectors.filetype._signatures import AT_AN_OFFSET, AT_THE_END, SIGNATURES
from actionday.detectors.filetype._text import text_type
from actionday.detectors.filetype._zip import zip_type

EMPTY = "inode/x-empty"
UNKNOWN = "application/octet-stream"
FIRST_SECTOR = 512
"""Bytes in which every format that has its mark at an offset also has a NUL byte."""

Look = Callable[[bytes, bytes, int], str | None]

FAMILIES: Mapping[str, Look] = {
    "?zip": zip_type,
    "?ole": ole_type,
    "?arj": _binary.arj_type,
    "?bmp": _media.bmp_type,
    "?boot": _disks.boot_type,
    "?bzip2": _binary.bzip2_type,
    "?compress": _binary.compress_type,
    "?cafebabe": _binary.cafebabe_type,
    "?cur": _media.cursor_type,
    "?ebml": _media.ebml_type,
    "?elf": _binary.elf_type,
    "?emf": _media.emf_type,
    "?asf": _media.asf_type,
    "?eot": _binary.eot_type,
    "?exe": _binary.exe_type,
    "?ext": _disks.ext_type,
    "?flash": _media.flash_type,
    "?ftyp": _media.ftyp_type,
    "?ico": _media.icon_type,
    "?iff": _media.iff_type,
    "?jxl": _media.jxl_type,
    "?lha": _binary.lha_type,
    "?lzma": _binary.lzma_type,
    "?mpeg_audio": _media.mpeg_audio_type,
    "?mpegts": _media.mpegts_type,
    "?ogg": _media.ogg_type,
    "?pcapng": _binary.pcapng_type,
    "?pnm": _media.pnm_type,
    "?recycled": _binary.recycled_type,
    "?riff": _media.riff_type,
    "?sfnt": _binary.sfnt_type,
    "?type1": _binary.type1_type,
    "?vdi": _disks.vdi_type,
}


def _by_first_two() -> dict[bytes, tuple[tuple[bytes, str], ...]]:
    table: dict[bytes, list[tuple[bytes, str]]] = {}
    for signature, mime in SIGNATURES:
        table.setdefault(signature[:2], []).append((signature, mime))
    return {key: tuple(sorted(rows, key=lambda row: -len(row[0]))) for key, rows in table.items()}


STARTS: Mapping[bytes, tuple[tuple[bytes, str], ...]] = _by_first_two()
"""``SIGNATURES`` by their first two bytes, so that a content meets two or three of them, not two hundred."""


def identify_type(head: bytes, tail: bytes, size: int) -> str:
    """Return the MIME type of a content of ``size`` >= 0 bytes from its first and last bytes.

    ``head`` is the first 128 KiB at most, ``tail`` the last 64 KiB at most (they may overlap; ``tail`` may be
    empty where the head is the whole content). Never raises; ``application/octet-stream`` when nothing is
    certain, ``inode/x-empty`` for no bytes. A function of the bytes alone.
    """
    if not head:
        return EMPTY if size == 0 else UNKNOWN
    for signature, mime in STARTS.get(head[:2], ()):
        if head.startswith(signature):
            found = FAMILIES[mime](head, tail, size) if mime[0] == "?" else mime
            if found:
                return found
    if head[2:4] == b"\r\n" and (python := _binary.pyc_type(head, tail, size)):  # a third of /usr/lib/python3
        return python
    if head.find(b"%PDF-1.", 0, _binary.PDF_WITHIN) >= 0 and (document := _binary.late_pdf(head, tail)):
        return document
    if b"\0" in head[:FIRST_SECTOR]:  # a tar of texts looks like text with NUL bytes: marks first
        found = _elsewhere(head, tail, size) or text_type(head, tail, size)
    else:
        found = text_type(head, tail, size) or _elsewhere(head, tail, size)
    return found or _binary.late_pdf(head, tail, len(head)) or UNKNOWN


def _elsewhere(head: bytes, tail: bytes, size: int) -> str | None:
    for offset, mark, mime in AT_AN_OFFSET:
        if head.startswith(mark, offset):
            found = FAMILIES[mime](head, tail, size) if mime[0] == "?" else mime
            if found:
                return found
    end = tail or head
    for before, mark, mime in AT_THE_END:
        if len(end) >= before and end.startswith(mark, len(end) - before):
            return mime
    return None
