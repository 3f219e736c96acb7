"""The code that a program, a script of Vim, a catalogue of messages or a dump of a database says it is written in.

Source: Python Language Reference, 2.1.4 (PEP 263: in the first two lines, as Emacs and Vim write it); Vim's
``:scriptencoding``; GNU gettext, "Header Entry" (``charset=`` behind an empty ``msgid``);
MySQL 8.4 Reference Manual, 15.7.6.3 (``SET NAMES``, as mysqldump writes it), 12.10 (names); PostgreSQL 17, 23.3.1
(names), 23.3.3 (``client_encoding``, and psql's own command).
"""

import re

LOOKED_AT = 4096
LABEL = rb"([A-Za-z][A-Za-z0-9._-]{2,39})"
FIRST_LINES = re.compile(rb"(?:[^\n]*\n)?[^\n]*coding[:=][ \t]*" + LABEL)
SCRIPT = re.compile(rb"^scriptencoding[ \t]+" + LABEL, re.MULTILINE)
HEADER = re.compile(rb"^msgid \"\"\s*msgstr(?s:.*?)\bcharset=" + LABEL, re.MULTILINE)
DUMP = re.compile(
    rb"^(?:/\*![0-9]{5,6}[ \t]+)?"
    rb"(?:set[ \t]+names[ \t]+|set[ \t]+client_encoding[ \t]*(?:=|to)[ \t]*|\\encoding[ \t]+)['\"]?"
    rb"([a-z][a-z0-9_]{2,19})",
    re.MULTILINE,
)
OF_DATABASES = (
    (re.compile("koi8([ru])"), r"koi8-\1"),
    (re.compile("win([0-9]{3,4})"), r"cp\1"),
    (re.compile("eucjpms"), "euc-jp"),
    (re.compile("macce"), "mac-latin2"),
)
"""Names that databases alone have for a code."""


def declared(start: bytes) -> str | None:
    """Return the label in the first bytes of a text, None where it has none."""
    start = start[:LOOKED_AT]
    found = None
    if b"coding" in start:
        found = FIRST_LINES.match(start) or SCRIPT.search(start)
    elif b"charset=" in start:
        found = HEADER.search(start)
    return found[1].decode("ascii") if found else _of_a_dump(start.lower())


def _of_a_dump(start: bytes) -> str | None:
    """Return the label that a dump has among its first statements, in lower case as the bytes are."""
    found = DUMP.search(start) if b"set " in start or b"\\encoding" in start else None
    if found is None:
        return None
    name = found[1].decode("ascii")
    for form, label in OF_DATABASES:
        if known := form.fullmatch(name):
            return known.expand(label)
    return name
