"""Cells of a CSV file that no spreadsheet runs, whatever it takes for the sign between two cells.

Source: RFC 4180; OWASP, "CSV Injection". The full-width forms are formulas too.
"""

import re
from collections.abc import Iterable

import orjson

FORMULA = "=+\\-@\uff1d\uff0b\uff0d\uff20"
RUN = re.compile(
    rf"(?:\A|[\s'\",;])[\s'\",;]*+(?P<sign>[{FORMULA}])?"
)  # one without a sign is read once, too
DROPPED = re.compile("'*[\t\r]")  # by some at the beginning of a cell, so that a formula may begin behind
PARTING = re.compile("[;,\t\r\n]")
QUOTED = re.compile('[;,\t\r\n"]')
LITERAL = re.compile(r'"(?>(?:[^"\\]|\\.)*)"')  # a string of JSON
IN_LITERAL = re.compile(
    rf"(\A\"|[;,][\s'\",;\\]*+)([{FORMULA}])?"
)  # one without a sign is read once here, too


def line(cells: Iterable[str]) -> bytes:
    """Return a row: what holds a sign that may part cells is quoted."""
    quoted = (f'"{each.replace(chr(34), chr(34) * 2)}"' if QUOTED.search(each) else each for each in cells)
    return (",".join(quoted) + "\r\n").encode("utf-8", "surrogatepass")


def cell(value: object) -> str:
    """Return a value as a cell: text with apostrophes, JSON with escapes before what would be run."""
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else LITERAL.sub(_escaped, orjson.dumps(value).decode())


def guarded(text: str) -> str:
    """Return a text with an apostrophe where a spreadsheet may take it for a formula; ``plain`` is the way back."""
    text = RUN.sub(lambda run: _at_last(run, "'"), text)
    return f"'{text}" if DROPPED.match(text) else text


def plain(text: str) -> str:
    """Return the text that ``guarded`` was given."""
    text = text[1:] if text.startswith("'") and DROPPED.match(text) else text
    return RUN.sub(lambda run: _at_last(run, ""), text)


def _at_last(found: re.Match[str], sign: str) -> str:
    """Return a run with ``sign`` behind its last parting sign, or without the apostrophe that stands there."""
    run = found[0]
    parting = [each.end() for each in PARTING.finditer(run)] if found["sign"] else []
    if not found["sign"] or (found.start() and not parting):
        return run
    at = parting[-1] if parting else 0
    return run[:at] + sign + run[at + (not sign) :]


def _escaped(literal: re.Match[str]) -> str:
    return IN_LITERAL.sub(_sign_escaped, literal[0])


def _sign_escaped(found: re.Match[str]) -> str:
    return f"{found[1]}\\u{ord(found[2]):04x}" if found[2] else found[0]
