"""The text in which LVM2 keeps its metadata: sections, and values that are texts, numbers or lists of them.

Source: LVM2, ``lib/config/config.c`` (``libdm/libdm-config.c``), ``lib/format_text/export.c``; lvm.conf(5).
"""

import re
from collections.abc import Mapping
from typing import Any

from actionday.model import Damaged

TOKEN = re.compile(
    r"""(?P<text>"(?>[^"\\]|\\.)*")
      | (?P<number>-?[0-9]+(?:\.[0-9]+)?(?![A-Za-z0-9_]))
      | (?P<name>[A-Za-z0-9_.+/-]++)
      | (?P<sign>[{}\[\]=,])""",
    re.VERBOSE | re.DOTALL,
)
BLANK = re.compile(r"\s*(?>(?:\#[^\n]*\s*)*)")
DEEPEST = 16
"""Sections within sections; LVM2 writes four."""
Section = dict[str, Any]


class _Tokens:
    """The words of a text, one after another."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self.kind = self.word = ""
        self.next()

    def next(self) -> None:
        """Go on to the next word; ``kind`` is "" at the end. Raises Damaged for what is no word."""
        self._at = BLANK.match(self._text, self._at).end()  # type: ignore[union-attr]
        found = TOKEN.match(self._text, self._at)
        if found is None:
            if rest := self._text[self._at :].strip("\0"):
                raise Damaged(f"LVM2 metadata: {rest[:20]!r} is no word of it")
            self.kind = self.word = ""
            return
        self.kind, self.word, self._at = str(found.lastgroup), found[str(found.lastgroup)], found.end()

    def take(self, sign: str) -> bool:
        """Go past a sign where it stands; say whether it did."""
        if self.kind != "sign" or self.word != sign:
            return False
        self.next()
        return True


def parsed(text: str) -> Section:
    """Return the sections of a text, by name. Raises Damaged."""
    tokens = _Tokens(text)
    found = _section(tokens, 0)
    if tokens.kind:
        raise Damaged(f"LVM2 metadata: {tokens.word!r} where a section ends")
    return found


def _section(tokens: _Tokens, depth: int) -> Section:
    if depth > DEEPEST:
        raise Damaged("LVM2 metadata: sections within sections without end")
    found: Section = {}
    while tokens.kind in ("name", "number", "text"):
        name = tokens.word.strip('"')
        tokens.next()
        if tokens.take("{"):
            found[name] = _section(tokens, depth + 1)
            if not tokens.take("}"):
                raise Damaged(f"LVM2 metadata: section {name!r} does not end")
        elif tokens.take("="):
            found[name] = _value(tokens)
        else:
            raise Damaged(f"LVM2 metadata: {name!r} has no value")
    return found


def _value(tokens: _Tokens) -> Any:
    if not tokens.take("["):
        return _one(tokens)
    values = []
    while not tokens.take("]"):
        values.append(_one(tokens))
        if not tokens.take(",") and tokens.word != "]":
            raise Damaged("LVM2 metadata: a list does not end")
    return values


def _one(tokens: _Tokens) -> str | int | float:
    kind, word = tokens.kind, tokens.word
    if kind not in ("text", "number"):
        raise Damaged(f"LVM2 metadata: {word!r} is no value")
    tokens.next()
    if kind == "text":
        return re.sub(r"\\(.)", r"\1", word[1:-1], flags=re.DOTALL)
    return float(word) if "." in word else int(word[:20])


def section(of: Mapping[str, Any], name: str) -> Section:
    """Return a section by its name. Raises Damaged where there is none."""
    found = of.get(name)
    if not isinstance(found, dict):
        raise Damaged(f"LVM2 metadata: no section {name!r}")
    return found


def number(of: Mapping[str, Any], name: str, default: int | None = None) -> int:
    """Return a number >= 0. Raises Damaged where there is none and no ``default``."""
    found = of.get(name, default)
    if not isinstance(found, int) or found < 0:
        raise Damaged(f"LVM2 metadata: {name!r} is no number")
    return found


def texts(of: Mapping[str, Any], name: str) -> list[str]:
    """Return a list of texts, one text as a list of it, none where there is no such value."""
    found = of.get(name, [])
    return [each for each in (found if isinstance(found, list) else [found]) if isinstance(each, str)]
