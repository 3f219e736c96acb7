"""What stands within the brackets of a CREATE TABLE: columns and constraints, however they are laid out in lines.

Source: ISO/IEC 9075-2, 11.3 (table definition), 5.2 (comments); MySQL 8.0, 9.1 and 9.7; PostgreSQL 15, 4.1.
"""

import re
from typing import NamedTuple

_TOKEN = re.compile(
    rb"'[^'\\]*+(?>(?:(?:''|\\.)[^'\\]*+)*)'|\"[^\"]*+(?>(?:\"\"[^\"]*+)*)\"|`[^`]*+(?>(?:``[^`]*+)*)`"
    rb"|--[^\n]*+|#[^\n]*+|/\*(?!!).*?\*/|[(),]",
    re.DOTALL,
)
_COMMENTS = (b"--", b"#", b"/*")


class Definition(NamedTuple):
    """The parts between commas, without the comments among them, and what stands behind the closing bracket."""

    parts: list[bytes]
    rest: bytes


def taken_apart(text: bytes, begin: int) -> Definition:
    """Return the definition whose opening bracket ends before ``begin``; unclosed, to the end of the text."""
    parts, depth, said, last = list[bytes](), 0, list[bytes](), begin
    for token in _TOKEN.finditer(text, begin):
        mark = token[0]
        if mark.startswith(_COMMENTS):
            said.append(text[last : token.start()])
            last = token.end()
        elif mark == b"(":
            depth += 1
        elif mark == b")" and depth:
            depth -= 1
        elif mark in (b",", b")") and not depth:
            parts.append(b"".join([*said, text[last : token.start()]]).strip())
            said, last = [], token.end()
            if mark == b")":
                return Definition(parts, text[last:])
    parts.append(b"".join([*said, text[last:]]).strip())
    return Definition(parts, b"")
