"""Flowed text put together again: a line that ends in a blank goes on in the next one.

Source: RFC 3676 sections 4.1 (soft line breaks, DelSp), 4.3 (the signature's dashes), 4.4 (space-stuffing), 4.5
(quoting: what is quoted otherwise is a paragraph of its own).
"""

import re

from actionday.mime.parameters import Structured

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
SIGNATURE = "-- "


def flows(kind: Structured) -> bool:
    """Say whether a part of this type is flowed text."""
    return kind.value == "text/plain" and kind.text(b"format").strip().lower() == "flowed"


def unflowed(text: str, *, glued: bool) -> str:
    """Return the paragraphs a line each, quote marks at their beginning once. Linear in ``text``.

    ``glued`` (DelSp=yes): the blank before a soft break is the mailer's own; without it the two lines are one word.
    """
    out: list[str] = []
    depth, soft = 0, False
    for line in _LINE.findall(text):
        stored = line.rstrip("\r\n")
        quoted = len(stored) - len(stored.lstrip(">"))
        said = stored[quoted:].removeprefix(" ")
        ends = said == SIGNATURE
        if soft and (quoted != depth or ends):
            out.append("\n")
            soft = False
        if not soft:
            out.append(">" * quoted + " " * bool(quoted))
        depth, soft = quoted, said.endswith(" ") and not ends
        out.append(said[:-1] if soft and glued else said)
        if not soft:
            out.append(line[len(stored) :])
    return "".join([*out, "\n"] if soft else out)
