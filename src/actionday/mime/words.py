"""Header values to text: encoded words, raw 8-bit bytes, folding already undone.

Source: RFC 2047 sections 2, 4 and 6.2 (white space between neighbouring encoded words is dropped), RFC 6532
(UTF-8 in headers). Beyond it, as mailers do: a character cut in two by neighbouring words is joined, a word
inside quotes or without white space around it is decoded.
"""

import re
from binascii import a2b_qp

from actionday.mime.charset import decode
from actionday.mime.transfer import decoded

_WORD = re.compile(rb"=\?([!->@-~]++)\?([bBqQ])\?([ ->@-~]*+)\?=")
_CONTROL = re.compile(r"[\x00-\x08\n-\x1f\x7f]")


def decode_words(raw: bytes, said: list[str] | None = None) -> str:
    """Return the text of an unfolded header value; what does not decode stands as stored.

    ``said`` is told why a charset is not the one that is named.
    """
    if b"=?" not in raw:
        return plain(raw, said)
    out: list[str] = []
    charset, at, first = b"", 0, True
    pending = bytearray()
    for word in _WORD.finditer(raw):
        between, at = raw[at : word.start()], word.end()
        label = word[1].partition(b"*")[0].lower()  # RFC 2231 section 5: charset*language
        apart = first or bool(between.strip())
        if pending and (apart or label != charset):
            out.append(_text(pending, charset, said))
            pending = bytearray()
        if apart:
            out.append(plain(between, said))
        charset, first = label, False
        pending += _bytes(word[2], word[3])
    out.append(_text(pending, charset, said))
    out.append(plain(raw[at:], said))
    return "".join(out)


def plain(raw: bytes, said: list[str] | None = None) -> str:
    """Return the text of bytes that are no encoded words; control characters but tab become spaces, so that
    no encoded line break forges a field."""
    text = raw.decode("ascii") if raw.isascii() else _read(raw, "", said)
    return _CONTROL.sub(" ", text)


def _bytes(coding: bytes, payload: bytes) -> bytes:
    if coding in b"qQ":
        return a2b_qp(payload, header=True)
    return decoded(payload, "base64")[0]


def _text(raw: bytearray, charset: bytes, said: list[str] | None) -> str:
    return _CONTROL.sub(" ", _read(bytes(raw), charset.decode("ascii"), said)) if raw else ""


def _read(raw: bytes, label: str, said: list[str] | None) -> str:
    found = decode(raw, label)
    if found.reason and said is not None:
        said.append(found.reason)
    return found.text
