"""The columns of a table of SQLite, out of the statement that made it.

Source: SQLite, "CREATE TABLE" (column-def, table-constraint), "Generated Columns", "WITHOUT ROWID", "SQL Language
Expressions" (literals); "Database File Format" 2.4 (order of the values without rowid).
"""

import re
from typing import Any, NamedTuple

_NAME = r"\"(?>(?:[^\"]|\"\")*)\"|`(?>(?:[^`]|``)*)`|\[[^\]]*+\]|'(?>(?:[^']|'')*)'|[^\s,()\"'`\[]++"
_FIRST = re.compile(rf"\s*({_NAME})(.*)", re.DOTALL)
_TOKEN = re.compile(r"\"[^\"]*+\"|`[^`]*+`|\[[^\]]*+\]|'[^']*+'|--[^\n]*+|/\*.*?\*/|[(),]", re.DOTALL)
_CONSTRAINT = re.compile(
    r"\s*(?:CONSTRAINT\b|PRIMARY\s+KEY|UNIQUE\s*\(|CHECK\s*\(|FOREIGN\s+KEY)", re.IGNORECASE
)
_KEY_OF_TABLE = re.compile(r"PRIMARY\s+KEY\s*\(((?:[^()]|\([^()]*\))*)\)", re.IGNORECASE)
_KEY = re.compile(r"PRIMARY\s+KEY", re.IGNORECASE)
_ALIAS = re.compile(r"\s*\"?INTEGER\"?\s+(?:CONSTRAINT\s+\S+\s+)?PRIMARY\s+KEY(?!\s+DESC)", re.IGNORECASE)
_INTEGER = re.compile(
    r"\s*\"?INTEGER\"?\s*(?:$|[^\w\s]|NOT|NULL|UNIQUE|CHECK|DEFAULT|CONSTRAINT)", re.IGNORECASE
)
_COMPUTED = re.compile(r"\bAS\s*\(", re.IGNORECASE)
_STORED = re.compile(r"\)\s*STORED\b", re.IGNORECASE)
_WITHOUT = re.compile(r"WITHOUT\s+ROWID\b", re.IGNORECASE)
_DEFAULT = re.compile(
    r"\bDEFAULT\s+\(?\s*('(?:[^']|'')*'|[-+]?[\d.]+(?:e[-+]?\d+)?|NULL|TRUE|FALSE)", re.IGNORECASE
)


class Schema(NamedTuple):
    """Columns in the order of the values of a record."""

    columns: list[str]
    alias: int = -1
    """Which value is the number of the row itself, -1 for none."""
    defaults: tuple[Any, ...] = ()
    """What a value is that a record made before its column does not have."""


def schema(sql: str) -> Schema:
    """Return what a CREATE TABLE says; no column where it cannot be taken apart. Linear in its length."""
    parts, behind = _parts(sql)
    columns, alias, keys, defaults = list[str](), -1, list[str](), list[Any]()
    kinds: list[str] = []
    for part in parts:
        found = _FIRST.match(part)
        if found is None or _CONSTRAINT.match(part):
            if key := _KEY_OF_TABLE.search(part):
                keys = [name_of(each[1]) for one in key[1].split(",") if (each := _FIRST.match(one))]
            continue
        if _COMPUTED.search(found[2]) and not _STORED.search(found[2]):
            continue  # made anew whenever it is read: no record has it
        if _ALIAS.match(found[2]):
            alias = len(columns)
        if _KEY.search(found[2]):
            keys = [name_of(found[1])]
        columns.append(name_of(found[1]))
        kinds.append(found[2])
        defaults.append(_default(found[2]))
    if _WITHOUT.search(behind):
        return _without(columns, keys, defaults)
    if len(keys) == 1 and alias < 0 and keys[0] in columns:  # named at the end, in any case of letters
        at = columns.index(keys[0])
        alias = at if _INTEGER.match(kinds[at]) and not _KEY.search(kinds[at]) else -1
    return Schema(columns, alias, tuple(defaults))


def _without(columns: list[str], keys: list[str], defaults: list[Any]) -> Schema:
    """Return the columns with those of the key first, as a table without rowid keeps them."""
    folded = [each.lower() for each in columns]
    first = list(dict.fromkeys(folded.index(key.lower()) for key in keys if key.lower() in folded))
    order = [*first, *(at for at in range(len(columns)) if at not in first)]
    return Schema([columns[at] for at in order], -1, tuple(defaults[at] for at in order))


def _parts(sql: str) -> tuple[list[str], str]:
    """Return what stands between the commas of the outermost brackets, and what stands behind them."""
    depth, begun, parts, piece = 0, 0, list[str](), ""
    for found in _TOKEN.finditer(sql):
        mark = found[0]
        if mark.startswith(("--", "/*")):
            piece, begun = piece + sql[begun : found.start()] + " " if depth else "", found.end()
        elif mark == "(":
            depth += 1
            if depth == 1:
                piece, begun = "", found.end()
        elif mark == ")" or (mark == "," and depth == 1):
            depth -= mark == ")"
            if depth == 0 or mark == ",":
                parts.append(piece + sql[begun : found.start()])
                piece, begun = "", found.end()
            if depth == 0:
                return parts, sql[found.end() :]
    return [], ""


def name_of(raw: str) -> str:
    """Return an identifier without its quotes."""
    if len(raw) > 1 and raw[0] in "\"`'":
        return raw[1:-1].replace(raw[0] * 2, raw[0])
    return raw[1:-1] if raw.startswith("[") else raw


def _default(rest: str) -> Any:
    found = _DEFAULT.search(rest)
    if found is None:
        return None
    said = found[1]
    if said.startswith("'"):
        return name_of(said)
    folded = said.upper()
    if folded in ("NULL", "TRUE", "FALSE"):
        return {"NULL": None, "TRUE": 1, "FALSE": 0}[folded]
    try:
        return int(said) if said.lstrip("+-").isdecimal() else float(said)
    except ValueError:
        return None
