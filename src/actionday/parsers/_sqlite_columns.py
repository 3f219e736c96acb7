"""Which column of a table is the number of its rows: the records themselves have nothing there.

Source: SQLite, "CREATE TABLE", 5 (ROWIDs and the INTEGER PRIMARY KEY); "Generated Columns", 2.1 (virtual ones are not
stored); "SQL Comment Syntax".
"""

import re
from collections.abc import Sequence

TOKEN = re.compile(
    r"--[^\n]*+|/\*.*?(?:\*/|\Z)|'(?>(?:[^']|'')*)'|\"(?>(?:[^\"]|\"\")*)\"|`(?>(?:[^`]|``)*)`|\[[^\]]*+\]|[\w$]++|\S",
    re.DOTALL,
)
QUOTES = {"'": "'", '"': '"', "`": "`", "[": "]"}
OF_THE_TABLE = frozenset({"constraint", "primary", "unique", "check", "foreign"})
OF_A_COLUMN = OF_THE_TABLE | {"not", "null", "default", "collate", "references", "generated", "as"}
MOST = 1 << 20
"""Characters of a statement that are looked at; SQLite itself takes no longer ones."""


def row_number(sql: str) -> int | None:
    """Return which value of a record is the number of the row (0 for the first), None where no column is."""
    parts, behind = _definitions(sql[:MOST])
    if "without" in behind:
        return None
    stored: list[tuple[str, bool]] = []
    """Names of the columns that records have, and whether each is of whole numbers."""
    for part in parts:
        if part[0] in OF_THE_TABLE:
            named = _named_by(part)
            if named is not None:
                return next((at for at, each in enumerate(stored) if each == (named, True)), None)
            continue
        end = next((at for at, word in enumerate(part) if at and word in OF_A_COLUMN), len(part))
        whole = [_bare(word) for word in part[1:end]] == ["integer"]
        if whole and _is_key(part[end:]):
            return len(stored)
        if not _is_virtual(part[end:]):
            stored.append((_bare(part[0]), whole))
    return None


def _definitions(sql: str) -> tuple[list[list[str]], list[str]]:
    """Return the tokens of each column and constraint in small letters, and those behind them."""
    parts: list[list[str]] = [[]]
    behind: list[str] = []
    depth, ended = 0, False
    for found in TOKEN.finditer(sql):
        word = found[0]
        if word.startswith(("--", "/*")):
            continue
        depth -= word == ")"
        ended = ended or (depth == 0 and word == ")")
        if ended:
            behind.append(word.lower())
        elif depth == 1 and word == ",":
            parts.append([])
        elif depth:
            parts[-1].append(word.lower())
        depth += word == "("
    return [part for part in parts if part], behind


def _bare(word: str) -> str:
    """Return a name without its quotation marks."""
    end = QUOTES.get(word[0])
    return word[1:-1].replace(end * 2, end) if end and len(word) > 1 else word


def _named_by(part: Sequence[str]) -> str | None:
    """Return the one column that a constraint of the table makes its key; "" of several."""
    for at, word in enumerate(part):
        if word == "primary" and list(part[at + 1 : at + 3]) == ["key", "("]:
            within = part[at + 3 : at + 3 + list(part[at + 3 :]).index(")")] if ")" in part[at + 3 :] else ()
            return _bare(within[0]) if within and "," not in within else ""
    return None


def _outer(part: Sequence[str]) -> list[str]:
    """Return the tokens that stand within no brackets."""
    depth, found = 0, []
    for word in part:
        depth -= word == ")"
        if depth == 0:
            found.append(word)
        depth += word == "("
    return found


def _is_key(part: Sequence[str]) -> bool:
    outer = _outer(part)
    for at, word in enumerate(outer):
        if word == "primary" and outer[at + 1 : at + 2] == ["key"]:
            return outer[at + 2 : at + 3] != ["desc"]
    return False


def _is_virtual(part: Sequence[str]) -> bool:
    outer = _outer(part)
    return "as" in outer and "stored" not in outer
