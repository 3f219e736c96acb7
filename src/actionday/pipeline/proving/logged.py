"""What the ledger's entry says of a proof: enough to print it again later, wherever it was made."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from actionday.ledger import Json
from actionday.pipeline.proving.report import MOST_NAMED, Check, Held, Proof

MOST_CHARACTERS = 1 << 15
"""Of each list: six of them, a character escaped to six bytes, are within the limit of an entry (1 MiB)."""


def what_is_logged(found: Proof, elsewhere: Path | None) -> dict[str, Json]:
    """Return the details of the entry. What is left off of a list is counted in ``unnamed``, by the list's name."""
    lists: dict[str, list[tuple[str, Json]]] = {
        "absent": _lines(found.absent),
        "unread": _lines(found.unread),
        "differences": _lines(
            f"{check.name}: {line}" for check in found.checks for line in _differing(check)
        ),
        "not_proved": _lines(found.not_proved),
        "remarks": _lines(found.remarks),
        "held": [(f"{each.exhibit}{each.path}", _held(each)) for each in found.held],
    }
    kept = {name: _within(lines) for name, lines in lists.items()}
    unnamed: dict[str, Json] = {
        name: len(lists[name]) - len(each) for name, each in kept.items() if len(lists[name]) > len(each)
    }
    if further := sum(max(0, each.differing - each.within - len(each.more) - 1) for each in found.checks):
        unnamed["differences"] = further + len(lists["differences"]) - len(kept["differences"])
    details: dict[str, Json] = {
        "ok": found.ok,
        "vouched": found.vouched,
        "first": found.first,
        "head": found.head,
        "absent": kept["absent"],
        "differs": [check.name for check in found.checks if not check.ok],
        "checks": [_check(each) for each in found.checks],
        "not_proved": kept["not_proved"],
        "held": kept["held"],
    }
    details |= {name: kept[name] for name in ("unread", "differences", "remarks") if kept[name]}
    if found.interrupted:
        details["interrupted"] = found.interrupted
    if unnamed:
        details["unnamed"] = unnamed
    if elsewhere is not None:
        details["exhibits"] = _plain(str(elsewhere))
    return details


def _lines(lines: Iterable[str]) -> list[tuple[str, Json]]:
    return [(line, line) for line in map(_plain, lines)]


def _plain(text: str) -> str:
    """Return a text as it can be written down: a name of a file may hold bytes that are no UTF-8."""
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def _within(lines: list[tuple[str, Json]]) -> list[Json]:
    """Return those that an entry has room for, at least one where there is one."""
    kept, left = list[Json](), MOST_CHARACTERS
    for length, line in ((len(text), line) for text, line in lines[:MOST_NAMED]):
        left -= length
        if kept and left < 0:
            break
        kept.append(line)
    return kept


def _differing(check: Check) -> tuple[str, ...]:
    return (*filter(None, [check.difference]), *check.more)


def _held(each: Held) -> Json:
    if each.sha256 is not None:
        return {"exhibit": each.exhibit, "path": _plain(each.path), "sha256": each.sha256}
    figures: dict[str, Json] = {"files": each.files, "hashed": each.hashed, "unhashed": each.unhashed}
    if each.remarked:
        figures["remarked"] = each.remarked
    if each.open:
        figures["open"] = True
    return {"exhibit": each.exhibit, "path": _plain(each.path), **figures}


def _check(check: Check) -> Json:
    absent = "missing" if check.missing else "unread" if check.unread else "holds"
    said: dict[str, Json] = {
        "name": check.name,
        "state": absent if check.ok else "differs",
        "checked": check.checked,
    }
    if check.differing:
        said["differing"] = check.differing
    if check.counts is not None:
        said["files"] = msgspec.to_builtins(check.counts)
    return said
