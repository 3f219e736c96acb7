"""Enriched text without its commands: what mail programs of the nineties sent in the place of HTML.

Source: RFC 1896 (text/enriched): commands, "<<", parameters, line ends of which one is none; RFC 1341, 7.1.3
(text/richtext): every line end is a blank, ``<nl>`` and ``<lt>`` are what they say, comments are not shown.
"""

import re

ENRICHED, RICHTEXT = "text/enriched", "text/richtext"
BREAKS = frozenset({"nl", "np", "paragraph", "/paragraph"})
UNSEEN = ("param", "comment")
KNOWN = re.compile(
    "bold|italic|underline|fixed|smaller|bigger|fontfamily|color|center|left|right|flush|flushleft|flushright|flushboth"
    "|paraindent|indent|indentright|outdent|outdentright|excerpt|lang|x-tad-bigger|x-tad-smaller|subscript|superscript"
    "|heading|footing|samepage|signature|iso-8859-1|us-ascii|np|nl|lt|paragraph"
)
"""Of any other a reader shows nothing either; its name is kept, for it may be somebody's word."""
TOKEN = re.compile(r"<<|<(/?[A-Za-z][A-Za-z0-9-]{0,59})>|(?:\r?\n)+")


def unenriched(text: str, kind: str) -> str:
    """Return what is shown, and behind it what parameters, comments and unknown commands say. Linear in ``text``."""
    shown: list[str] = []
    beside: list[str] = []
    out, at, kept = shown, 0, False
    for found in TOKEN.finditer(text):
        out.append(text[at : found.start()])
        at = found.end()
        command = (found[1] or "").lower()
        name = command.removeprefix("/")
        if name in UNSEEN:
            out = shown if command[0] == "/" else beside
            beside.append("\n")
        elif name == "nofill":
            kept = command == name
        elif command:
            out.append(_of(command) if kind == RICHTEXT else "")
            if not KNOWN.fullmatch(name):
                beside.append(f"\n{name}\n")
        else:
            out.append(_ends(found[0], kind, kept=kept))
    out.append(text[at:])
    said = dict.fromkeys(line for line in "".join(beside).splitlines() if line.strip())
    return "".join(shown) + "".join(f"\n{line}" for line in said)


def _of(command: str) -> str:
    return "\n" if command in BREAKS else "<" if command == "lt" else ""


def _ends(written: str, kind: str, *, kept: bool) -> str:
    """Return what "<<" or ends of lines are: of several one less, of one a blank."""
    if written == "<<":
        return "<" if kind == ENRICHED else written
    count = written.count("\n")
    if kept:
        return "\n" * count
    return "\n" * (count - 1) if count > 1 and kind == ENRICHED else " "
