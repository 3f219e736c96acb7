"""The items of one message of a mail store: itself, its RTF body, long properties, attachments, messages within it.

Source: [MS-OXCMSG] 2.2.2 (attachments; methods in 2.2.2.9), [MS-OXOMSG]; what a fact is called: ``_mapinames``.

For PST, MSG and TNEF alike, so that they cannot disagree about what a message is.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from io import BytesIO
from types import MappingProxyType
from typing import NamedTuple

from actionday.model import Context, Found, ItemError, Kind, Loss, Note, OverLimit, Run, Status
from actionday.sources.archives._streams import body
from actionday.sources.mail._mapi import NAMED, Property, Props, value_of
from actionday.sources.mail._mapiform import (
    BODY,
    HTML,
    LONGEST,
    RTF,
    TRANSPORT,
    Form,
    form_of,
    moment,
    recipient,
    sender,
    subject_of,
)
from actionday.sources.mail._mapinames import CALLED

ATTACHED, METHOD = 0x3701, 0x3705
BY_REFERENCE = (2, 3, 4, 7)
NONE = 0
SHORT = 2048
"""Bytes of a property that is a fact; a longer one is an item."""
MOST_FACTS = 500
"""Properties of one object that are facts: real ones have some eighty."""
MOST_NOTES = 50


class Attached(NamedTuple):
    """One attachment. ``number``: its place in its message; one of ``chunks``, ``runs``, ``letter``, ``error`` is told.

    ``props`` may be those of its table's row alone, where nothing else of it can be read.
    """

    number: str
    props: Props
    error: str = ""
    chunks: Callable[[], Iterator[bytes]] | None = None
    runs: tuple[Run, ...] | None = None
    letter: "Callable[[], Letter] | None" = None


class Letter(NamedTuple):
    """A message; ``lost`` says what of it cannot be had."""

    props: Props
    recipients: list[Props]
    attachments: list[Attached]
    lost: tuple[str, ...] = ()


class Wanted(NamedTuple):
    """What stands around a message: its path and place, facts of its store, and who is told."""

    name: str
    place: str
    around: Context
    facts: Mapping[str, object] = MappingProxyType({})
    depth: int = 1


def items(letter: Letter, wanted: Wanted) -> Iterator[Found]:
    """Yield the message, then what hangs on it in order, messages within it whole before the next attachment."""
    form = form_of(letter.props, letter.recipients)
    yield _message(letter, form, wanted)
    if form.rtf:
        yield Found(name=f"{wanted.name}/body.rtf", kind=Kind.ATTACHMENT, place=f"{wanted.place}r", size=len(form.rtf),
                    read=partial(BytesIO, form.rtf), meta={"body": "rtf"})  # fmt: skip
    yield from _long(letter.props, wanted, (BODY, HTML, RTF, TRANSPORT, ATTACHED))
    for each in letter.attachments:
        yield from _attachment(each, wanted)


def _message(letter: Letter, form: Form, wanted: Wanted) -> Found:
    lost = (*letter.lost, *form.lost)
    notes = [Note(Loss.DAMAGED, each, wanted.name) for each in lost[:MOST_NOTES]]
    props = letter.props
    return Found(
        name=wanted.name,
        kind=Kind.MESSAGE,
        place=wanted.place,
        size=len(form.data),
        mtime=_safe(moment, props) or None,
        status=Status.UNREADABLE if lost else None,
        reason=lost[0] if lost else "",
        read=partial(BytesIO, form.data),
        meta={
            **wanted.facts,
            "subject": _safe(subject_of, props) or None,
            "sender": _safe(sender, props) or None,
            "item_class": _safe(lambda own: own.text(0x001A, LONGEST), props) or None,
            "attachments_stored": len(letter.attachments),
            "recipients": [_person(each) for each in letter.recipients[:MOST_FACTS]],
            "properties": facts_of(props, (BODY, HTML, RTF, TRANSPORT)),
        },
        notes=tuple(notes),
    )


def _safe(call: Callable[[Props], str | None], props: Props) -> str:
    try:
        return call(props) or ""
    except ItemError:
        return ""  # the form, which reads the same property, says it


def _person(props: Props) -> dict[str, object]:
    kind = {0: "originator", 1: "to", 2: "cc", 3: "bcc"}.get(props.number(0x0C15) & 15)
    return {"type": kind, "who": _safe(recipient, props) or None}


def called(props: Props, number: int) -> str:
    """Return what a property is called: a word, the set and number of a named one, or its own number."""
    if number >= NAMED and (name := props.names.get(number)):
        return f"{name.set}:{name.own if isinstance(name.own, str) else f'{name.own:04X}'}"
    return CALLED.get(number, f"{number:04X}")


def facts_of(props: Props, left_out: tuple[int, ...]) -> dict[str, object]:
    """Return the short properties of an object by what they are called; one that cannot be read tells why."""
    facts: dict[str, object] = {}
    for number, each in sorted(props.found.items()):
        if number in left_out:
            continue
        if len(facts) >= MOST_FACTS:
            facts["more"] = len(props.found) - MOST_FACTS
            break
        try:
            value: object = each.error or value_of(props, each, SHORT)
        except ItemError as why:
            value = f"unreadable: {why}"
        if value is not None:
            facts[called(props, number)] = value
    return facts


def _long(props: Props, wanted: Wanted, left_out: tuple[int, ...]) -> Iterator[Found]:
    """Yield the properties that are too long to be facts: nothing that is stored is left out."""
    for number, each in sorted(props.found.items()):
        if number in left_out or each.error or each.kind < 0x1E:
            continue
        with_more = _begins(each)
        if len(with_more) > SHORT:
            name = f"{wanted.name}/property {called(props, number)}"
            yield Found(
                name=name,
                kind=Kind.ATTACHMENT,
                place=f"{wanted.place}p{number:04x}",
                read=partial(_reader, each.chunks),
                meta={"property": f"{number:04X}{each.kind:04X}"},
            )


def _begins(each: Property) -> bytes:
    try:
        return each.raw(SHORT + 1)
    except ItemError:
        return b""  # the facts say that it cannot be read


def _reader(chunks: Callable[[], Iterator[bytes]]) -> BytesIO:
    return body(filter(None, chunks()))  # type: ignore[return-value]


def _attachment(each: Attached, wanted: Wanted) -> Iterator[Found]:
    props = each.props
    place = f"{wanted.place}.{each.number}"
    name = f"{wanted.name}/{_name(each)}"
    if each.letter is not None and not each.error:
        yield from _inner(each, name, place, wanted)
        return
    status, reason = _state(each)
    yield Found(
        name=name,
        kind=Kind.ATTACHMENT,
        place=place,
        size=sum(length for _, length in each.runs) if each.runs is not None and status is None else None,
        mtime=_safe(lambda own: own.time(0x3008), props) or None,
        status=status,
        reason=reason,
        runs=each.runs if status is None else None,
        read=partial(_reader, each.chunks) if each.chunks is not None and status is None else None,
        meta={"content_type": _safe(lambda own: own.text(0x370E, LONGEST), props) or None,
              "content_id": _safe(lambda own: own.text(0x3712, LONGEST), props) or None,
              "properties": facts_of(props, (ATTACHED,))},
    )  # fmt: skip
    yield from _long(props, Wanted(name, place, wanted.around), (ATTACHED,))


def _state(each: Attached) -> tuple[Status | None, str]:
    if each.error:
        return Status.UNREADABLE, each.error
    if each.chunks is not None or each.runs is not None:
        return None, ""
    method = each.props.number(METHOD)
    if method in BY_REFERENCE:
        where = _safe(lambda own: own.text(0x370D, LONGEST) or own.text(0x3708, LONGEST), each.props)
        return (
            Status.UNSUPPORTED,
            f"the attachment is a file elsewhere, named by its path alone: {where or 'none'}",
        )
    return Status.UNREADABLE, f"the attachment has no content (method {method})"


def _name(each: Attached) -> str:
    props = each.props
    for number in (0x3707, 0x3704, 0x3001):
        if name := _safe(lambda own, number=number: own.text(number, LONGEST), props):  # type: ignore[misc]
            return name
    ending = _safe(lambda own: own.text(0x3703, LONGEST), props)
    return f"{'message' if each.letter else 'attachment'}-{each.number}{ending}"


def _inner(each: Attached, name: str, place: str, wanted: Wanted) -> Iterator[Found]:
    """Yield a message within a message, as far as the case's depth allows."""
    facts: dict[str, object] = {"properties_of_attachment": facts_of(each.props, (ATTACHED,))}
    try:
        if wanted.depth >= wanted.around.limits.depth:
            raise OverLimit(f"messages nested more than {wanted.around.limits.depth} deep")
        assert each.letter is not None
        letter = each.letter()
    except ItemError as why:
        yield Found(name=name, kind=Kind.MESSAGE, place=place, status=why.status, reason=str(why), meta=facts)
        return
    yield from items(letter, Wanted(name, place, wanted.around, facts, wanted.depth + 1))
