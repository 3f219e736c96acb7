"""Text whose charset stands outside its bytes (in a part's header, in a web server's answer) and is not theirs to tell.

A content is read by its bytes alone, so that it says the same wherever it lies. Where a label says otherwise, and the
bytes bear it, the text by the label is a content of its own: UTF-8 behind a mark. Two places that name two charsets
for the same bytes give two of them; which was met first makes no difference.

Source: RFC 2046 section 4.1.2 (charset); RFC 9110 section 8.3.2 (of a web server's answer).
"""

import codecs
import re
from typing import BinaryIO

from actionday.mime.guess import SAMPLE, escaped, legacy
from actionday.mime.labels import codec_of
from actionday.mime.stepwise import BLOCK, stepwise
from actionday.mime.wide import CONTROLS, misread, wide

FEW = 100
"""Characters that are read for one that is not, where a label is believed."""
DECLARED_WITHIN = 4096
_DECLARED = re.compile(rb"(?i)\b(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})")
"""What a page or a document says of itself, which its reader hears."""
_SEVEN_BITS = ("iso2022", "hz", "utf-7")
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def bears(sample: bytes, label: str, *, asked: bool = True) -> str:
    """Return the codec of ``label`` where ``sample``, the first bytes of a text, reads by it and not so by itself.

    "" where the bytes tell the same, or are no text of that charset. Not ``asked``: what a text in an old code page
    tells by itself is not found out, which costs 2 ms, and taken to be another.
    """
    sample = sample[:SAMPLE]
    codec = codec_of(label)
    if any(codec_of(found[1].decode()) == codec for found in _DECLARED.finditer(sample[:DECLARED_WITHIN])):
        return ""
    if codec in ("", "ascii", "utf-8") or sample.startswith(_MARKS):
        return ""
    if codec.startswith(("utf-16", "utf-32")):
        return "" if wide(sample) or misread(sample) or not _reads(sample, codec) else codec
    if codec.startswith(_SEVEN_BITS):
        return (
            codec if sample.isascii() and not escaped(sample) and _says_other(sample, codec, "ascii") else ""
        )
    if sample.isascii() or _is_utf8(sample) or len(sample.translate(None, CONTROLS)) < len(sample):
        return ""
    bad = b"\n".join(line for line in sample.split(b"\n") if not _is_utf8(line)) or sample
    return (
        codec
        if _reads(sample, codec) and (not asked or _says_other(bad, codec, legacy(bad).encoding))
        else ""
    )


def _reads(sample: bytes, codec: str) -> bool:
    text = codecs.getincrementaldecoder(codec)("replace").decode(sample)
    return text.count("\ufffd") * FEW <= len(text)


def _says_other(sample: bytes, codec: str, other: str) -> bool:
    return sample.decode(codec, "replace") != sample.decode(other, "replace")


def _is_utf8(sample: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return True


def transcoded(content: BinaryIO, codec: str) -> BinaryIO:
    """Return a reader of the text of ``content`` by ``codec`` as UTF-8 behind its mark."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    mark, ended = codecs.BOM_UTF8, False

    def step() -> bytes | None:
        nonlocal mark, ended
        if ended:
            return None
        block = content.read(BLOCK)
        ended = not block
        begun, mark = mark, b""
        return begun + decoder.decode(block, ended).encode("utf-8", "replace")

    return stepwise(step)
