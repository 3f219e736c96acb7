"""Files within a text in codings that nobody here undoes: yEnc, BinHex, xxencode. Told, so that none is missed unseen.

Source: yEnc draft 1.3 (``=ybegin`` line); RFC 1741 (BinHex 4.0: its sentence, a colon before the data); xxencode as
POSIX.1-2017 ``uuencode`` with the letters ``+-0-9A-Za-z``.
"""

import re

NAMES = 10
"""Files that are named of one text; all are counted."""
LONGEST = 200
_YENC = re.compile(rb"^=ybegin (?=[^\r\n]{0,200}?\bsize=\d)[^\r\n]{0,200}?\bname=([^\r\n]{1,1000})", re.M)
_BINHEX = re.compile(
    rb"^\(This file must be converted with BinHex[^\r\n]{0,100}\r?\n(?:[ \t]*\r?\n){0,9}:[^\s:]{40,64}()",
    re.M,
)
_XXENCODE = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{1,1000})\r?\nh[+\-0-9A-Za-z]{60}[^\r\n]?\r?\n", re.M)
"""Its first line holds 45 bytes: a shorter file cannot be told from a sentence."""
_MARKS = (
    (b"=ybegin ", "yEnc", _YENC),
    (b"(This file must be converted with BinHex", "BinHex", _BINHEX),
    (b"begin ", "xxencode", _XXENCODE),
)


def unopened(raw: bytes) -> list[str]:
    """Return a sentence for each coding in ``raw`` that is not undone, with the names of its files; linear."""
    return [
        _told(coding, names) for mark, coding, sign in _MARKS if mark in raw and (names := sign.findall(raw))
    ]


def _told(coding: str, names: list[bytes]) -> str:
    many = "a file" if len(names) == 1 else f"{len(names)} files"
    each = [name.strip()[:LONGEST].decode("utf-8", "backslashreplace") for name in names[:NAMES]]
    listed = ", ".join(repr(name) for name in dict.fromkeys(each) if name)
    more = ", …" if len(names) > NAMES else ""
    return f"{many} in {coding}, which is not undone{f': {listed}{more}' if listed else ''}"
