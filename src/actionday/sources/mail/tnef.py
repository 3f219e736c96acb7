"""TNEF (``winmail.dat``): the form in which Outlook wraps a message, its attachments and its properties.

Source: [MS-OXTNEF] 2.1 (stream and attributes), 2.1.3.4 (properties).
"""

from collections.abc import Iterator
from functools import partial

from actionday.model import (
    Claim,
    Context,
    Damaged,
    Found,
    ItemError,
    Kind,
    Loss,
    Note,
    OverLimit,
    Peek,
    Stream,
)
from actionday.model.streams import read_at
from actionday.sources.archives._streams import BLOCK
from actionday.sources.mail._mapi import MOST, OBJECT, STRING8, TIME, Property, Props, at_hand
from actionday.sources.mail._mapiitems import ATTACHED, Attached, Letter, Wanted, items
from actionday.sources.mail._tnefparts import (
    ATTACHMENT,
    BEGINS,
    BODY,
    CAME,
    CHANGED,
    CLASS,
    CODE_PAGE,
    CONTENT,
    CREATED,
    FROM,
    MAGIC,
    OF_ATTACHMENT,
    PROPERTIES,
    RECIPIENTS,
    SENT,
    SUBJECT,
    TITLE,
    VERSION,
    Attribute,
    attributes,
    date_of,
    person_of,
)
from actionday.sources.mail._tnefprops import Listed, listed, table
from actionday.sources.mail.eml import NAME

MESSAGE = bytes.fromhex("0703020000000000c000000000000046")
"""Of which kind an object is: {00020307-0000-0000-C000-000000000046} is a message, in TNEF again."""
TEXTS = {SUBJECT: 0x0037, BODY: 0x1000, CLASS: 0x001A, TITLE: 0x3704}
DATES = {SENT: 0x0039, CAME: 0x0E06, CREATED: 0x3007, CHANGED: 0x3008}
READ = frozenset(
    {*TEXTS, *DATES, FROM, PROPERTIES, RECIPIENTS, CODE_PAGE, VERSION, BEGINS, CONTENT, ATTACHMENT}
)
SHORT = 14
"""Bytes of an attribute that says a number or a date: of any other that is not read its bytes are an item."""
MOST_ATTRIBUTES = 100_000


class Tnef:
    """The one message of the stream, what hangs on it below it; ``place`` is the byte at which an attachment begins."""

    name, sample = "tnef", "winmail.dat"
    marks = ((0, MAGIC),)
    binary = True

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for the mark and an attribute behind it."""
        head = peek.head
        return Claim.STRUCTURE if head[:4] == MAGIC and len(head) > 15 and head[6] in (1, 2) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield the message and what is in it, then attributes that nobody reads. Raises Damaged where it is none."""
        file = _File(stream)
        yield from items(file.letter(0, stream.size), Wanted(NAME, "0", around))
        for each in file.doubts:
            around.note(each.code, each.reason, NAME)
        for one in file.others:
            name = f"{NAME}/attribute {one.number:08X}"
            yield Found(name=name, kind=Kind.ATTACHMENT, place=f"a{one.begin}", size=one.end - one.begin,
                        runs=((one.begin, one.end - one.begin),))  # fmt: skip


SOURCE = Tnef()


class _Parts:
    """The attributes of one attachment, or of the message itself."""

    def __init__(self, begin: int) -> None:
        self.begin = begin
        self.held: dict[int, Attribute] = {}


class _File:
    """Letters out of streams within one file; ``others`` are attributes that are part of none."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._read = stream, partial(read_at, stream)
        self.others: list[Attribute] = []
        self.doubts: list[Note] = []

    def letter(self, begin: int, end: int) -> Letter:
        """Return the message of the stream between two bytes. Raises Damaged where none begins there."""
        message, files, lost = _Parts(begin), list[_Parts](), list[str]()
        try:
            for number, each in enumerate(attributes(self._read, begin, end)):
                if number >= MOST_ATTRIBUTES:
                    raise OverLimit(f"TNEF: more than {MOST_ATTRIBUTES} attributes")
                if each.level == OF_ATTACHMENT and (each.number == BEGINS or not files):
                    files.append(_Parts(each.begin))
                of = files[-1] if each.level == OF_ATTACHMENT else message
                if each.number in of.held or (each.number not in READ and each.end - each.begin > SHORT):
                    self.others.append(each)
                of.held.setdefault(each.number, each)
                if each.wrong:
                    self._wrong(each, lost)
        except ItemError as why:
            if not message.held and not files:
                raise
            lost.append(str(why))
        codes = self._bytes(message.held.get(CODE_PAGE))
        charset = f"cp{int.from_bytes(codes[:4], 'little')}" if any(codes[:4]) else ""
        props = self._props(message, PROPERTIES, charset, lost)
        people = list(self._people(message, charset, lost))
        return Letter(props, people, [self._attached(each, charset) for each in files], tuple(lost))

    def _wrong(self, each: Attribute, lost: list[str]) -> None:
        why = f"TNEF: attribute {each.number:08X} at byte {each.begin}: {each.wrong}"
        if each.wrong.startswith("its"):
            self.doubts.append(Note(Loss.CHECKSUM, why))
        else:
            lost.append(why)

    def _bytes(self, each: Attribute | None) -> bytes:
        if each is None:
            return b""
        if each.end - each.begin > MOST:
            raise OverLimit(f"TNEF: attribute {each.number:08X} has more than {MOST} bytes")
        return self._read(each.begin, each.end - each.begin)

    def _props(self, of: _Parts, own: int, charset: str, lost: list[str]) -> Props:
        """Return the properties of one object: those that are listed, then what its attributes say beside them."""
        inside = Listed({}, {}, {}, 0, "")
        try:
            if own in of.held:
                inside = listed(self._bytes(of.held[own]))
        except ItemError as why:
            lost.append(str(why))
        lost += [f"TNEF: {inside.wrong}"] if inside.wrong else []
        found = dict(inside.found)
        for number, each in of.held.items():
            for other in self._of_attribute(number, each):
                found.setdefault(other.number, other)
        return Props(found, inside.names, charset)

    def _of_attribute(self, number: int, each: Attribute) -> Iterator[Property]:
        if number in TEXTS:
            yield at_hand(TEXTS[number], STRING8, self._read(each.begin, min(each.end - each.begin, MOST)))
        elif number in DATES and (when := date_of(self._read(each.begin, min(each.end - each.begin, 14)))):
            yield at_hand(DATES[number], TIME, when)
        elif number == FROM:
            name, address = person_of(self._read(each.begin, min(each.end - each.begin, 1 << 16)))
            yield at_hand(0x0C1A, STRING8, name)
            yield at_hand(0x0C1F, STRING8, address)

    def _people(self, of: _Parts, charset: str, lost: list[str]) -> Iterator[Props]:
        if RECIPIENTS not in of.held:
            return
        try:
            rows = list(table(self._bytes(of.held[RECIPIENTS])))
        except ItemError as why:
            lost.append(str(why))
            return
        for row in rows:
            if row.found:
                yield Props(row.found, row.names, charset)
        lost += [f"TNEF: the table of its recipients: {row.wrong}" for row in rows if row.wrong]

    def _attached(self, of: _Parts, charset: str) -> Attached:
        place, lost = str(of.begin), list[str]()
        props = self._props(of, ATTACHMENT, charset, lost)
        data, own = of.held.get(CONTENT), of.held.get(ATTACHMENT)
        held = props.found.get(ATTACHED)
        if held is not None and own is not None:
            at = listed(self._bytes(own)).places.get(ATTACHED)
            begin, end = (own.begin + at.begin, own.begin + at.end) if at else (own.begin, own.begin)
            if held.kind == OBJECT:
                kind, begin = self._read(begin, 16), min(begin + 16, end)
                if kind == MESSAGE:
                    return Attached(place, props, letter=partial(self.letter, begin, end))
            if end > begin or data is None:
                return Attached(place, props, runs=((begin, end - begin),))
        if data is not None:
            if data.wrong and not data.wrong.startswith("its"):
                return Attached(place, props, chunks=partial(self._cut, data))
            return Attached(place, props, runs=((data.begin, data.end - data.begin),))
        return Attached(place, props, f"the attachment cannot be read: {lost[0]}" if lost else "")

    def _cut(self, each: Attribute) -> Iterator[bytes]:
        at = each.begin
        while at < each.end:
            block = self._read(at, min(BLOCK, each.end - at))
            if not block:
                break
            at += len(block)
            yield block
        raise Damaged(f"TNEF: the attachment {each.wrong}")
