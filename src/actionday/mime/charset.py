"""Bytes of a mail to text: the charset it names, an alias of it, or the best guess with the reason.

Source: RFC 2046 section 4.1.2 (the charset parameter); what the labels mean: ``labels``.
"""

import msgspec

from actionday.mime.guess import legacy
from actionday.mime.labels import codec_of

GUESS_BYTES = 1 << 16
"""What a guess looks at: more does not change it and costs seconds."""
_SEVEN_BITS = ("iso2022", "hz", "utf-7")
"""Charsets whose text looks like plain ASCII: it must not be taken for UTF-8."""


class Text(msgspec.Struct, frozen=True):
    """Text, the Python codec that gave it, and why it is not the one that was named ("" if it is)."""

    text: str
    codec: str
    reason: str = ""


def decode(raw: bytes, label: str = "") -> Text:
    """Return ``raw`` as text by the named charset, by UTF-8 where it is valid, else by the best guess.

    A wrong or unknown label never loses the text: ``reason`` says what was done instead.
    """
    codec = codec_of(label) if label else ""
    if raw.isascii() and not codec.startswith(_SEVEN_BITS):
        named = codec or not label
        if not codec.startswith(("utf-16", "utf-32")):
            return Text(raw.decode("ascii"), codec or "ascii", "" if named else _unknown(label))
    if codec == "cp1252":  # no Western text happens to be UTF-8, much UTF-8 is labelled Western
        codec = "" if _strictly(raw, "utf-8") is not None else codec
    if codec and codec != "ascii":
        text = _strictly(raw, codec)
        if text is not None:
            return Text(text, codec)
    text = _strictly(raw, "utf-8")
    if text is not None:
        return Text(text, "utf-8", _instead(label, codec, "utf-8") if label else "")
    if codec and codec != "ascii" and _mostly(raw, codec):
        return Text(
            raw.decode(codec, "replace"), codec, f"not all of it is {label}: the rest is shown as U+FFFD"
        )
    guess = legacy(raw).encoding
    return Text(raw.decode(guess, "replace"), guess, _instead(label, codec, guess))


def _strictly(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _mostly(raw: bytes, codec: str) -> bool:
    """Say whether ``codec`` reads all but a few bytes (a cut character, a stray quote) of ``raw``."""
    sample = raw[:GUESS_BYTES]
    try:
        return sample.decode(codec, "replace").count("\ufffd") * 50 <= len(sample)
    except (UnicodeError, ValueError):
        return False


def _unknown(label: str) -> str:
    return f"charset {label[:64]!r} is not known; the text is plain ASCII"


def _instead(label: str, codec: str, used: str) -> str:
    if not label:
        return f"no charset is named: guessed {used}"
    if not codec and not codec_of(label):
        return f"charset {label[:64]!r} is not known: read as {used}"
    return f"the text is not {label[:64]}: read as {used}"
