"""Tags of a picture or a recording: names and texts, each once and whole, within one bound; what is beyond is counted.

Source: none. What hostile files declare (a comment of 100 MB, a million tags) may not fill the database.
"""

from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.parsers._stray import texts
from actionday.parsers._values import plain

MOST = 4 << 20
"""Characters of the names and values of all tags of a content: as many as a header of mail can have."""
LOOKED_AT = 4 * MOST
"""Characters, or bytes, of one value that are looked at: so many bytes of UTF-8 may be that many characters."""
LONGEST_KEY = 60
STRAY = "stray_text"
NAMED = 5
"""Parts named in one reason; the rest is counted."""


class Tags:
    """Collects tags by name; a name with several values has them one behind the other."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}
        self._known: set[tuple[str, str]] = set()
        self._left = MOST
        self._cut = 0
        self._stray: dict[str, None] = {}
        self._beyond: dict[str, None] = {}

    def key(self, name: str) -> str:
        """Return a name that a file gives a tag as a key; one that the key does not hold whole is a tag itself."""
        if len(name) > LONGEST_KEY:
            self.add("tag_names", name)
        return key(name)

    def beyond(self, where: str) -> None:
        """Note that a file has more parts of a kind than are gone through, or a longer one."""
        self._beyond.setdefault(where)

    def add(self, name: str, value: object) -> None:
        """Take a value under a name of ours; one that says nothing, or that stands there already, is passed over."""
        start, more = _start(value)
        text = plain(start)
        self._cut += more
        if not text or (name, text) in self._known:
            return
        room = max(self._left - (0 if name in self._found else len(name)), 0)
        if len(text) > room:
            self._cut += len(text) - room
            text = text[:room]
        if text and (name, text) not in self._known:
            self._left = room - len(text)
            self._found.setdefault(name, []).append(text)
            self._known.add((name, text))

    def own(self, name: str, body: bytes | memoryview) -> None:
        """Take what is readable in a room that a format leaves to programs: it may be there."""
        for text in texts(body):
            self.add(name, text)

    def stray(self, where: str, body: bytes | memoryview, *, numbers: bool = False) -> None:
        """Take what is readable in bytes of a part that no field of it accounts for, which is said.

        ``numbers``: the bytes are a table, in which only words in ASCII or UTF-8 are text.
        """
        for text in texts(body, numbers=numbers):
            self.add(STRAY, text)
            self._stray.setdefault(where)

    def meta(self) -> dict[str, object]:
        """Return the tags as strings."""
        return {name: "\n".join(values) for name, values in self._found.items()}

    def notes(self) -> tuple[Note, ...]:
        """Return that tags were cut and that text stood where none belongs, if so."""
        notes = []
        if self._cut:
            are = counted(self._cut, "character of tags is", "characters of tags are")
            notes.append(Note(Loss.METADATA_CUT, f"{are} not kept: more than {MOST}"))
        if self._beyond:
            where = ", ".join(self._beyond)
            notes.append(Note(Loss.PARTS_LIMIT, f"more than is gone through: {where}"))
        if self._stray:
            places = list(self._stray)
            more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
            said = f"text in {counted(len(places), 'place')} where its format has none"
            notes.append(Note("unclaimed_text", f"{said}: {', '.join(places[:NAMED])}{more}"))
        return tuple(notes)


def _start(value: object) -> tuple[object, int]:
    """Return as much of a value as is looked at, without the blanks before it, and how much more there is."""
    if isinstance(value, bytes):
        value = value.strip(b"\0\t\n\r ")
    elif isinstance(value, str):
        value = value.strip("\0\t\n\r ")
    else:
        return value, 0
    return value[:LOOKED_AT], max(len(value) - LOOKED_AT, 0)


def key(name: str) -> str:
    """Return a name that a file gives a tag as a key: small letters, digits and ``_``, 60 characters at most."""
    plain_name = "".join(letter if letter.isalnum() else "_" for letter in name.lower())
    return "tag_" + plain_name.strip("_")[:LONGEST_KEY]
