"""What the ledger records: who did what to which thing, when.

A leaf of the log is the canonical JSON of an entry: an object with exactly the names ``action``, ``actor``,
``details``, ``subject``, ``time``.

Source: RFC 8785 (canonical JSON), RFC 3339 section 5.6 (time, only UTC with ``Z``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from actionday.ledger.canonical import Json, NotCanonical, canonical, parse
from actionday.ledger.errors import BadEntry

MAX_LEAF = 1 << 20  # bytes; an acquisition of 4,000 segments with their hashes fits, a log stays streamable
MAX_ACTOR = 200  # characters
MAX_ACTION = 100  # characters
NAMES = {"action", "actor", "details", "subject", "time"}
ACTION = re.compile(r"[a-z]+([._-][a-z0-9]+)*", re.ASCII)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", re.ASCII)


class Action(StrEnum):
    """Everything that may be recorded; a new kind of act is a new line here and in the format document."""

    CASE_CREATED = "case.created"
    CASE_MIGRATED = "case.migrated"
    KEY_ADDED = "key.added"
    SECRET_ADDED = "secret.added"  # noqa: S105 - that one was added, never the secret
    LIMITS_CHANGED = "limits.changed"
    HASHES_IMPORTED = "hashes.imported"
    EXHIBIT_ACQUIRED = "exhibit.acquired"
    EXHIBIT_HASHED = "exhibit.hashed"
    EXHIBIT_MOVED = "exhibit.moved"
    EXHIBIT_OPENED = "exhibit.opened"
    EXHIBIT_CLOSED = "exhibit.closed"
    EXHIBIT_REOPENED = "exhibit.reopened"
    RUN_STARTED = "run.started"
    RUN_CHECKPOINT = "run.checkpoint"
    RUN_PAUSED = "run.paused"
    RUN_INTERRUPTED = "run.interrupted"
    RUN_FINISHED = "run.finished"
    REPAIR = "repair"
    SEARCHED = "searched"
    VIEWED = "viewed"
    DOWNLOAD_BEGUN = "download.begun"
    DOWNLOADED = "downloaded"
    EXPORT_BEGUN = "export.begun"
    EXPORTED = "exported"
    BUNDLE_BEGUN = "bundle.begun"
    BUNDLED = "bundled"
    VIEW_SAVED = "view.saved"
    VIEW_WITHDRAWN = "view.withdrawn"
    VERIFIED = "verified"


class UnknownAction(str):
    """The name of an act that this version does not know: a later one recorded it. It is kept and told as it is."""

    __slots__ = ()

    @property
    def value(self) -> str:
        """The name, as that of an ``Action``."""
        return str(self)


ENDS: dict[Action | UnknownAction, Action] = {
    Action.DOWNLOADED: Action.DOWNLOAD_BEGUN,
    Action.EXPORTED: Action.EXPORT_BEGUN,
    Action.BUNDLED: Action.BUNDLE_BEGUN,
}
"""What ends which act: ``details.begun`` of the one is the number of the other's entry."""
ACTIONS: dict[str, Action] = {action.value: action for action in Action}


@dataclass(frozen=True, slots=True)
class Entry:
    """One act. ``subject`` names the thing acted on (exhibit, item, query, file) or is empty.

    ``details`` is not to be changed afterwards; numbers beyond 2^53-1 go into it as strings.
    """

    time: datetime  # aware; recorded in UTC to the microsecond
    actor: str
    action: Action | UnknownAction
    subject: str = ""
    details: Mapping[str, Json] = field(default_factory=dict)

    def leaf(self) -> bytes:
        """Return the bytes that are hashed and kept; ``parse_entry`` is its inverse. Raises ``BadEntry``."""
        _check_actor(self.actor)
        value: Json = {
            "action": self.action.value,
            "actor": self.actor,
            "details": self.details,
            "subject": self.subject,
            "time": format_time(self.time),
        }
        try:
            leaf = canonical(value)
        except NotCanonical as error:
            raise BadEntry(f"{self.action.value}: {error}") from None
        if len(leaf) > MAX_LEAF:
            raise BadEntry(f"{self.action.value}: an entry of {len(leaf)} bytes, {MAX_LEAF} is the limit")
        return leaf


def beginning(action: str) -> str:
    """Return how every leaf of an action begins, and no other: names stand in order, ``action`` first."""
    return f'{{"action":"{action}",'


def parse_entry(leaf: bytes) -> Entry:
    """Return the entry whose leaf this is, to the byte.

    An action that is not known here comes back as ``UnknownAction``. Raises ``BadEntry`` for anything else, an
    unknown name included.
    """
    if len(leaf) > MAX_LEAF:
        raise BadEntry(f"longer than {MAX_LEAF} bytes")
    try:
        value = parse(leaf)
    except NotCanonical as error:
        raise BadEntry(str(error)) from None
    return entry_of(value)


def entry_of(value: Json) -> Entry:
    """Return the entry that a leaf's JSON is. Raises ``BadEntry``."""
    if not isinstance(value, dict) or value.keys() != NAMES:
        names = sorted(value.keys() ^ NAMES) if isinstance(value, dict) else type(value).__name__
        raise BadEntry(f"missing or unknown: {names!s:.200}")
    actor, subject, details, time = (value[name] for name in ("actor", "subject", "details", "time"))
    if not (isinstance(actor, str) and isinstance(subject, str) and isinstance(time, str)):
        raise BadEntry("actor, subject and time are strings")
    if not isinstance(details, dict):
        raise BadEntry("details is an object")
    _check_actor(actor)
    return Entry(parse_time(time), actor, _action(value["action"]), subject, details)


def _check_actor(actor: str) -> None:
    if not 1 <= len(actor) <= MAX_ACTOR or not actor.isprintable():
        raise BadEntry(f"actor {actor!r:.300}: 1 to {MAX_ACTOR} printable characters")


def _action(value: Json) -> Action | UnknownAction:
    """Return an action; later versions name theirs in the same letters. Raises ``BadEntry`` for what is no name."""
    if isinstance(value, str) and (known := ACTIONS.get(value)):
        return known
    if isinstance(value, str) and len(value) <= MAX_ACTION and ACTION.fullmatch(value):
        return UnknownAction(value)
    raise BadEntry(f"unknown action {value!r:.100}")


def format_time(time: datetime) -> str:
    """Return ``YYYY-MM-DDThh:mm:ss[.ffffff]Z``, the fraction only where it is not zero.

    Raises ``BadEntry`` for a time without zone.
    """
    if time.tzinfo is None:
        raise BadEntry("a time without zone")
    return time.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"


def parse_time(text: str) -> datetime:
    """Return the UTC time whose ``format_time`` this is. Raises ``BadEntry`` for every other spelling."""
    try:
        time = datetime.fromisoformat(text) if TIME.fullmatch(text) else None
    except ValueError:
        time = None
    if time is None or format_time(time) != text:
        raise BadEntry(f"time {text!r:.60}: not RFC 3339 in UTC as written here")
    return time
