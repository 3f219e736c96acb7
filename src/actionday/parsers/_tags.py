"""Tags of a picture or a recording: names and texts, each once, within bounds that are said when they are met.

Source: none. What hostile files declare (a comment of 100 MB, a million tags) may not fill the database.
"""

from actionday.model import Note
from actionday.model.counted import counted
from actionday.parsers._stray import texts
from actionday.parsers._values import plain

LONGEST = 16 * 1024
"""Characters of one tag: the words of a long song are 4,000."""
MOST = 256 * 1024
"""Characters of all tags of a content."""
MANY = 500
"""Names of tags."""
STRAY = "stray_text"
NAMED = 5
"""Parts named in one reason; the rest is counted."""


class Tags:
    """Collects tags by name; a name with several values has them one behind the other."""

    def __init__(self) -> None:
        self._found: dict[str, list[str]] = {}
        self._left = MOST
        self._cut = 0
        self._stray: dict[str, None] = {}

    def add(self, name: str, value: object) -> None:
        """Take a value under a name of ours; one that says nothing, or that stands there already, is passed over."""
        text = plain(value[: 4 * LONGEST] if isinstance(value, str | bytes) else value)
        if not text or text in self._found.get(name, ()):
            return
        if len(text) > LONGEST or len(text) > self._left or len(self._found) >= MANY:
            self._cut += 1
            text = text[: min(LONGEST, self._left)]
        if text and (name in self._found or len(self._found) < MANY):
            self._left -= len(text)
            self._found.setdefault(name, []).append(text)

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
        if self._stray:
            places = list(self._stray)
            more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
            said = f"text in {counted(len(places), 'place')} where its format has none"
            notes.append(Note("unclaimed_text", f"{said}: {', '.join(places[:NAMED])}{more}"))
        return tuple(notes)


def key(name: str) -> str:
    """Return a name that a file gives a tag as a key: small letters, digits and ``_``, 60 characters at most."""
    plain_name = "".join(letter if letter.isalnum() else "_" for letter in name.lower())
    return "tag_" + plain_name.strip("_")[:60]
