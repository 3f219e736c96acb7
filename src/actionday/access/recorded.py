"""A verification as its entry in the ledger tells it: what held, what differed, what was not proved."""

from collections.abc import Mapping
from typing import NamedTuple

from actionday.ledger import Json
from actionday.storage.database.lacking import OF_ROWS

FILES = ("recorded", "held", "altered", "missing", "unread", "added", "others", "unlisted", "remarked")


class HeldThen(NamedTuple):
    """A file or folder of an exhibit that was what it had been; ``sha256`` is "" of a folder."""

    exhibit: str
    path: str
    sha256: str = ""
    files: int = 0
    hashed: int = 0
    unhashed: int = 0
    remarked: int = 0
    """Files whose bytes hold, and whose time, owner or mode is another."""
    open: bool = False
    """Whether its exhibit was not gone through to its end then: of a folder there may be more files."""


class CheckThen(NamedTuple):
    """A check: ``state`` is holds, differs, missing or unread; ``files`` counts those of exhibits."""

    name: str
    state: str
    checked: int
    differing: int
    files: Mapping[str, int] | None


class Recorded(NamedTuple):
    """What an entry says. ``told``: False of one older than these details, which says nothing of them."""

    told: bool
    checks: tuple[CheckThen, ...]
    held: tuple[HeldThen, ...]
    missing: tuple[str, ...]
    unread: tuple[str, ...]
    differences: tuple[str, ...]
    not_proved: tuple[str, ...]
    remarks: tuple[str, ...]
    unnamed: Mapping[str, int]
    """How many of a list the entry does not name, by the list."""
    interrupted: str
    elsewhere: str
    """The folder below which alone exhibits were looked for, "" where none was named."""

    @property
    def as_recorded(self) -> bool:
        """Say whether the rows were those that were recorded: else what is counted from them is no finding."""
        return not any(each.name in OF_ROWS and each.state == "differs" for each in self.checks)

    @property
    def entries(self) -> int | None:
        """How many entries were proved; None where the entry does not say."""
        return next((each.checked for each in self.checks if each.name == "ledger"), None)


def recorded(details: Mapping[str, Json]) -> Recorded:
    """Return what the details of a ``verified`` entry say; what is not of the form is left out: anybody may append."""
    unread = _lines(details.get("unread"))
    there = set(unread)
    return Recorded(
        told="not_proved" in details and "held" in details,
        checks=tuple(_check(each) for each in _rows(details.get("checks"))),
        held=tuple(_held(each) for each in _rows(details.get("held"))),
        missing=tuple(line for line in _lines(details.get("absent")) if line not in there),
        unread=unread,
        differences=_lines(details.get("differences")),
        not_proved=_lines(details.get("not_proved")),
        remarks=_lines(details.get("remarks")),
        unnamed=_figures(details.get("unnamed")),
        interrupted=_text(details.get("interrupted")),
        elsewhere=_text(details.get("exhibits")),
    )


def _held(row: Mapping[str, Json]) -> HeldThen:
    files, hashed, unhashed, remarked = (
        _number(row.get(name)) for name in ("files", "hashed", "unhashed", "remarked")
    )
    exhibit, path, sha256 = (_text(row.get(name)) for name in ("exhibit", "path", "sha256"))
    return HeldThen(exhibit, path, sha256, files, hashed, unhashed, remarked, row.get("open") is True)


def _check(row: Mapping[str, Json]) -> CheckThen:
    counts = row.get("files")
    files = {each: _number(counts.get(each)) for each in FILES} if isinstance(counts, dict) else None
    name, state = _text(row.get("name")), _text(row.get("state"))
    return CheckThen(name, state, _number(row.get("checked")), _number(row.get("differing")), files)


def _rows(value: Json) -> list[Mapping[str, Json]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _lines(value: Json) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _figures(value: Json) -> Mapping[str, int]:
    return {key: _number(each) for key, each in value.items()} if isinstance(value, dict) else {}


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Json) -> int:
    return value if isinstance(value, int) else 0
