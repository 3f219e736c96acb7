"""Headers of RPM packages: who made them and where, what they say of themselves, their scripts and their changes.

Source: RPM 4.20 documentation, "RPM tags" and "RPM V4 package format", section "Header"; rpmtag.h.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest

from actionday.model import Damaged, Limits, Loss, Note, Parsed
from actionday.model.counted import counted
from actionday.model.times import rfc3339
from actionday.parsers._decode import decode
from actionday.parsers._rpm_header import INTRO, Header, header_of

NAME, VERSION, RELEASE, SUMMARY, VENDOR, LICENSE, PACKAGER, GROUP = (
    1000,
    1001,
    1002,
    1004,
    1011,
    1014,
    1015,
    1016,
)
BUILD_TIME, CHANGE_TIME, CHANGE_NAME, CHANGE_TEXT = 1006, 1080, 1081, 1082
FILE_FOLDER, FILE_NAME, FOLDERS = 1116, 1117, 1118
TITLES = {
    NAME: "Name",
    VERSION: "Version",
    RELEASE: "Release",
    SUMMARY: "Summary",
    1005: "Description",
    LICENSE: "License",
    VENDOR: "Vendor",
    PACKAGER: "Packager",
    1020: "URL",
    5012: "Bug URL",
    GROUP: "Group",
    1010: "Distribution",
    1123: "Distribution URL",
    1007: "Build host",
    1044: "Source package",
    1151: "Before the transaction",
    1023: "Before installation",
    1024: "After installation",
    1025: "Before removal",
    1026: "After removal",
    1152: "After the transaction",
    1079: "Verification",
    1065: "Trigger scripts",
}
"""What comes first, in this order; all other texts follow without a title."""
MADE = frozenset({CHANGE_NAME, CHANGE_TEXT, FILE_NAME, FOLDERS, 100})
"""Tags that are told together with others, and the list of languages."""
DIGESTS = frozenset({1035, 269, 273, 5092, 5093, 5097, 5112, 5113})
"""Digests of files, of the header and of the payload: no words."""
FACTS = {"title": NAME, "version": VERSION, "description": SUMMARY, "author": PACKAGER, "company": VENDOR,
         "copyright": LICENSE, "category": GROUP}  # fmt: skip


class RpmHeader:
    """The texts of a header, known ones first with a title; who made it, and when, as metadata too."""

    name, version = "rpm", 1
    mimes = ("application/x-rpm-header",)
    samples = ("kestrel.rpm",)
    whole = True

    def parse(self, data: memoryview, mime: str, limits: Limits) -> Parsed:  # noqa: ARG002
        """Return all texts of the header but digests, each once. Raises Damaged."""
        if len(data) < INTRO:
            raise Damaged(f"rpm: {counted(len(data), 'byte is', 'bytes are')} no header")
        header = header_of(data)
        read = _Reader(header)
        text = [f"{line}\n" for line in read.lines()]
        if not text:
            raise Damaged("rpm: no text in the header that could be read")
        notes: tuple[Note, ...] = ()
        if header.broken:
            lie = counted(header.broken, "entry of its index lies", "entries of its index lie")
            notes = (Note(Loss.DAMAGED, f"rpm: {lie} behind its end or within another"),)
        facts: dict[str, object] = {key: read.first(tag) for key, tag in FACTS.items() if read.first(tag)}
        if made := header.numbers.get(BUILD_TIME):
            facts |= {"created": rfc3339(made[0])}
        return Parsed(text=text, meta=facts, reason=notes[0].reason if notes else "", notes=notes)


class _Reader:
    """Texts of a header as characters; what repeats is decoded once."""

    def __init__(self, header: Header) -> None:
        self._header = header
        self._known: dict[bytes, str] = {}

    def first(self, tag: int) -> str:
        """Return the first text of a tag, "" for none."""
        return next(iter(self._of(tag)), "")

    def lines(self) -> Iterator[str]:
        """Yield everything that is said."""
        for tag, title in TITLES.items():
            if values := [each for each in dict.fromkeys(self._of(tag)) if each]:
                yield f"{title}: {values[0]}"
                yield from values[1:]
        yield from self._changes()
        rest = sorted(self._header.texts.keys() - TITLES.keys() - MADE - DIGESTS)
        yield from dict.fromkeys(each for tag in rest for each in self._of(tag) if each)
        yield from self._paths()

    def _changes(self) -> Iterator[str]:
        times = self._header.numbers.get(CHANGE_TIME, [])
        for time, name, text in zip_longest(times, self._of(CHANGE_NAME), self._of(CHANGE_TEXT)):
            date = "" if time is None else (rfc3339(time) or "")[:10]
            yield from filter(None, (" ".join(filter(None, (date, name))), text))

    def _paths(self) -> Iterator[str]:
        """Yield the files that it names: those too that are made later and are no members (``%ghost``)."""
        folders, names = list(self._of(FOLDERS)), self._of(FILE_NAME)
        for folder, name in zip_longest(self._header.numbers.get(FILE_FOLDER, []), names):
            if name is not None:
                yield (
                    (folders[folder] if folder is not None and folder < len(folders) else "") + name
                ) or "/"

    def _of(self, tag: int) -> Iterable[str]:
        return map(self._text, self._header.texts.get(tag, ()))

    def _text(self, raw: bytes) -> str:
        if raw not in self._known:
            try:
                self._known[raw] = raw.decode()
            except UnicodeDecodeError:
                self._known[raw] = "".join(decode(memoryview(raw)).pieces)
        return self._known[raw]


PARSER = RpmHeader()
