"""What encoding bytes are in when they are no Unicode: by escapes, by the place of the blank, else by statistics.

Source: RFC 1843 (HZ); ISO/IEC 2022 with RFC 1468 and RFC 1557 (Japan, Korea); IBM code page 37 (EBCDIC).
"""

import re

import msgspec

from actionday.mime.central import central
from actionday.mime.eastern import is_dense, is_of, reads, with_faults
from actionday.mime.labels import codec_of

SAMPLE = 64 * 1024
"""Bytes given to the statistics: 3 ms. Beyond, accuracy no longer grows."""
HIGH = re.compile(rb"[\x80-\xff]+")
FEW = 6
SOME = 24
"""Runs of letters up to which their places tell more of Latin script than statistics do."""
IN_WORDS = re.compile(rb"[A-Za-z][\x80-\xff]|[\x80-\xff][A-Za-z]")
LIKELY, SURELY = 0.2, 0.3
"""Confidence from which a guess at a text of East Asia is left alone, and from which another one is believed."""
WESTERN = frozenset({"cp1252", "iso8859-1", "iso8859-15", "iso8859-9", "iso8859-14", "cp1254"})
QUOTES = re.compile(
    rb"(?<![A-Za-z\xc0-\xff])[\xab\x93\x91\x84\xbf\xa1](?![ \r\n])|[\xbb\x94\x92\xa0\x85](?![a-z])| [\x96\x97] "
)
"""Quotation marks, dashes and blanks of Windows where they belong."""
OTHER = re.compile(
    rb"[A-Za-z][\x80-\x8a\x8c-\x90\x95\x9a\x9c-\x9f\xa1-\xa7]|[\x80-\xbf]{3}"
    rb"|[\x81\x88\x8a\x8d-\x90\x95\x98\x9a\x9c-\x9f\xa4](?=[a-z])"
    rb"|[A-Za-z][\x80-\x91\x95-\xa7\xbe\xbf](?=[A-Za-z])"
)
"""What no text of windows-1252 has: its signs within words. Of DOS and Macintosh they are the letters."""
OF_SYSTEMS = ("cp437", "cp720", "cp737", "cp775", "cp85", "cp86", "cp1006", "mac")
"""Codes that statistics find in quotation marks of Windows."""


class Guess(msgspec.Struct, frozen=True):
    """An encoding (a Python codec) and how sure it is, 0 to 1."""

    encoding: str
    confidence: float


HZ = re.compile(rb"~\{(?:[\x21-\x77][\x21-\x7e]){1,2000}~\}")
"""Chinese in seven bits: pairs between ``~{`` and ``~}``."""
JAPANESE = re.compile(rb"\x1b\$[@B](?>(?:[\x21-\x7e]{2}){1,2000})\x1b[(&]")
"""Pairs between an escape and the next: RFC 1468 has it before the end of the line. One escape alone is no text."""
EBCDIC_BLANK = (0.06, 0.4)
"""Share of the byte 0x40, which is the blank of mainframes and the at sign everywhere else."""
EBCDIC_LETTERS = re.compile(
    rb"[\x81-\x89\x91-\x99\xa2-\xa9\xc1-\xc9\xd1-\xd9\xe2-\xe9\xf0-\xf9\x40\x4b\x6b\x25\x15\x0d]"
)
EBCDIC_LEAST = 64
"""Bytes: short lists of digits look like mainframe text."""


def escaped(sample: bytes) -> str | None:
    """Return ISO 2022 of Japan or Korea or HZ, which hide in plain ASCII behind escapes; else None."""
    if b"~" in sample and b"~{" in sample and _is_hz(sample):  # one byte is found nine times faster than two
        return "hz"
    if b"\x1b" not in sample:
        return None
    opened = sample.count(b"\x1b$B") + sample.count(b"\x1b$@")
    if opened or b"\x1b(J" in sample:
        closed = len(JAPANESE.findall(sample))
        return "iso2022_jp_ext" if closed * 10 >= opened * 9 and (closed or not opened) else None
    return "iso2022_kr" if b"\x1b$)C" in sample else None


def _is_hz(sample: bytes) -> bool:
    """Say whether what stands between the escapes are Chinese characters, most of them common ones."""
    if not sample.isascii():
        return False
    text = "".join(found[0].decode("hz", "replace") for found in HZ.finditer(sample))
    return len(text) > 1 and sum("\u3000" <= letter <= "\u9fff" for letter in text) * 10 >= len(text) * 9


def ebcdic(sample: bytes) -> bool:
    """Say whether it is a text of a mainframe: its blanks and its letters are where only there they are."""
    low, high = EBCDIC_BLANK
    if len(sample) < EBCDIC_LEAST or not low <= sample.count(0x40) / len(sample) <= high:
        return False
    return len(EBCDIC_LETTERS.findall(sample)) * 10 >= len(sample) * 9


def legacy(sample: bytes) -> Guess:
    """Return the best guess for bytes that are no Unicode; windows-1252 at 0.1 when nothing fits.

    A few single letters among ASCII tell statistics nothing: they are accents of Western languages far more often
    than anything else. UTF-16 and UTF-32 are not told by statistics: ``wide`` knows them, and this is asked after it.
    """
    sample = sample[:SAMPLE]
    found = HIGH.findall(sample)
    if len(found) < FEW and all(len(run) == 1 and run >= b"\xc0" for run in found):
        return Guess(central(sample) or "cp1252", 0.1)
    if ebcdic(sample):
        return Guess("cp037", 0.6)
    import chardet  # 40 ms, and most texts never need it

    modern = chardet.EncodingEra.ALL & ~chardet.EncodingEra.MAINFRAME
    best = chardet.detect(sample, encoding_era=modern, compat_names=False)
    codec = codec_of(best["encoding"] or "")
    if len(found) < SOME and all(len(run) <= 3 for run in found) and IN_WORDS.search(sample):
        # what statistics take for letters of another system is quotation marks around words
        quoted = codec.startswith(OF_SYSTEMS) and QUOTES.search(sample) and not OTHER.search(sample)
        if (told := central(sample)) and (codec in WESTERN or quoted):
            return Guess(told, 0.2)
        if quoted:
            return Guess("cp1252", 0.1)
    likely = codec and best["confidence"] >= LIKELY and reads(sample, codec)
    if is_dense(sample) and not likely and (of_the_east := _eastern(sample)):
        return of_the_east
    if codec in ("", "ascii", "utf-8") or codec.startswith(("utf_16", "utf-16", "utf_32", "utf-32")):
        return Guess("cp1252", 0.1)
    if codec == "cp1251" and of_the_macintosh(sample):
        codec = "mac-cyrillic"
    return Guess(codec, round(float(best["confidence"]), 3))


def of_the_macintosh(sample: bytes) -> bool:
    """Say whether Cyrillic is that of the Macintosh, which has the small letters where Windows has them, but for "ya".

    That is 0xDF there, the capital here: no word of Windows has it behind small letters, one Russian word in twenty.
    """
    there, here = (len(re.findall(b"[\xe0-\xfe]%b" % letter, sample)) for letter in (b"\xdf", b"\xff"))
    return there > 4 * here


def _eastern(sample: bytes) -> Guess | None:
    """Return the code of East Asia in which a sample reads but for a few faults, None where there is none."""
    import chardet

    guesses: list[tuple[float, str]] = []
    for code, left in with_faults(sample):
        best = chardet.detect(left, encoding_era=chardet.EncodingEra.ALL, compat_names=False)
        if is_of(code, codec_of(best["encoding"] or "")):
            guesses.append((round(float(best["confidence"]), 3), code))
    confidence, code = max(guesses, default=(0.0, ""))
    return Guess(code, confidence) if confidence >= SURELY else None
