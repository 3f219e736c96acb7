"""Tags of a picture or a recording: names and texts, each once, within bounds that are said when they are met.

Source: none. What hostile files declare (a comment of 100 MB, a million tags) may not fill the database.
"""

from actionday.model import Loss, Note
from actionday.model.counted import counted
from actionday.parsers._stray import texts
from actionday.parsers._values import plain

LONGEST = 16 * 1024
"""Characters of one tag: the words of a long song are 4,000."""
MOST = 256 * 1024
"""Characters of all tags of a content."""
LONGEST_KEY = 60
MANY = 500
"""Names of tags."""
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
        self._cut += more and len(text) <= LONGEST
        if not text or (name, text) in self._known:
            return
        if len(text) > LONGEST or len(text) > self._left or len(self._found) >= MANY:
            self._cut += 1
            text = text[: min(LONGEST, self._left)]
        if text and (name, text) not in self._known and (name in self._found or len(self._found) < MANY):
            self._left -= len(text)
            self._found.setdefault(name, []).append(text)
            self._known.add((name, text))

    def own(self, name: str, body: bytes | memoryview) -> None:
        """Take what is readable in a room that a format leaves to programs: it may be there."""
        for text in texts(body):
            self._long(name, text)

    def stray(self, where: str, body: bytes | memoryview, *, numbers: bool = False) -> None:
        """Take what is readable in bytes of a part that no field of it accounts for, which is said.

        ``numbers``: the bytes are a table, in which only words in ASCII or UTF-8 are text.
        """
        for text in texts(body, numbers=numbers):
            self._long(STRAY, text)
            self._stray.setdefault(where)

    def _long(self, name: str, text: str) -> None:
        for at in range(0, len(text), LONGEST):
            self.add(name, text[at : at + LONGEST])

    def meta(self) -> dict[str, object]:
        """Return the tags as strings."""
        return {name: "\n".join(values) for name, values in self._found.items()}

    def notes(self) -> tuple[Note, ...]:
        """Return that tags were cut and that text stood where none belongs, if so."""
        notes = []
        if self._cut:
            notes.append(
                Note("metadata_cut", f"{self._cut} tags are longer or more than are kept: they are cut")
            )
        if self._beyond:
            where = ", ".join(self._beyond)
            notes.append(Note(Loss.PARTS_LIMIT, f"more than is gone through: {where}"))
        if self._stray:
            places = list(self._stray)
            more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
            said = f"text in {counted(len(places), 'place')} where its format has none"
            notes.append(Note("unclaimed_text", f"{said}: {', '.join(places[:NAMED])}{more}"))
        return tuple(notes)


def _start(value: object) -> tuple[object, bool]:
    """Return as much of a value as is kept, without the blanks before it, and whether there is more."""
    if isinstance(value, bytes):
        value = value.strip(b"\0\t\n\r ")
    elif isinstance(value, str):
        value = value.strip("\0\t\n\r ")
    else:
        return value, False
    return value[: 4 * LONGEST], len(value) > 4 * LONGEST


def key(name: str) -> str:
    """Return a name that a file gives a tag as a key: small letters, digits and ``_``, 60 characters at most."""
    plain_name = "".join(letter if letter.isalnum() else "_" for letter in name.lower())
    return "tag_" + plain_name.strip("_")[:LONGEST_KEY]
