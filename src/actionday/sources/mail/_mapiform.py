"""A message of a mail store in the form of RFC 5322, so that it is read, searched and exported as any other mail.

Source: RFC 5322 section 3.6, RFC 2046 section 5.1, RFC 6532 (UTF-8 in headers); [MS-OXCMAIL] 2.2 (which property is
which field). The same properties give the same bytes. Attachments are no part of it: they are items beside it.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import NamedTuple

from actionday.model import ItemError
from actionday.sources.mail._lzfu import unpacked
from actionday.sources.mail._mapi import BINARY, MOST, Name, Props, value_of
from actionday.sources.mail._mapinames import SHOWN
from actionday.sources.mail._rtfbody import body_of

FORM = "X-Actionday-Form: built from the properties of a mail store; attachments are items beside it"
KINDS = {1: "To", 2: "Cc", 3: "Bcc"}
SUBMITTED, DELIVERED, TRANSPORT, SUBJECT, BODY, RTF, HTML, CODE_PAGE = (
    0x0039, 0x0E06, 0x007D, 0x0037, 0x1000, 0x1009, 0x1013, 0x3FDE,
)  # fmt: skip
LONGEST = 1 << 20
"""Bytes of a value that stands in a field or in a line."""
_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_OF_MIME = frozenset(("content-type", "content-transfer-encoding", "mime-version", "content-disposition",
                      "content-id", "content-description", "content-language", "content-location", "content-base",
                      "content-length", "x-actionday-form"))  # fmt: skip


class Form(NamedTuple):
    """The bytes; the RTF body ("" for none), which stands beside them; what could not be read, each a sentence."""

    data: bytes
    rtf: bytes
    lost: tuple[str, ...]


class _Part(NamedTuple):
    kind: str
    charset: str
    data: bytes


def form_of(props: Props, recipients: list[Props]) -> Form:
    """Return a message's form: each property that cannot be read is one of ``lost``, and the rest is there."""
    lost = list[str]()
    parts, rtf = _bodies(props, lost)
    lines = list(_header(props, recipients, lost))
    mail = _class(props, lost).upper().startswith(("IPM.NOTE", "IPM.MICROSOFT MAIL.", "REPORT"))
    said = "" if mail else _said(props, lost)
    beside = [_Part("text/plain", "utf-8", said.encode("utf-8", "replace"))] if said else []
    return Form(_put_together(lines, parts, beside), rtf, tuple(dict.fromkeys(lost)))


def _class(props: Props, lost: list[str]) -> str:
    return _text(props, 0x001A, lost) or "IPM.Note"


def subject_of(props: Props) -> str:
    """Return a subject without the mark of how long its prefix is ([MS-PST] 2.5.3.1.1.1)."""
    subject = props.text(SUBJECT, LONGEST)
    return subject[2:] if subject[:1] == "\x01" else subject


def person(props: Props, name: int, *addresses: int) -> str:
    """Return ``"name" <address>`` of the first address that is there, one of SMTP before one of X.500; "" for none."""
    called = _flat(props.text(name, LONGEST)).strip("'\"")
    given = [_flat(props.text(each, LONGEST)).strip("<>") for each in addresses]
    address = next((each for each in given if "@" in each), next(filter(None, given), ""))
    if not called:
        return f"<{address}>" if address else ""
    quoted = called.replace("\\", "\\\\").replace('"', '\\"')
    return (
        f'"{quoted}" <{address}>'
        if address and address != called
        else f"<{called}>"
        if "@" in called
        else f'"{quoted}"'
    )


def recipient(props: Props) -> str:
    """Return one row of a table of recipients as an address."""
    return person(props, 0x3001, 0x39FE, 0x3003)


def sender(props: Props) -> str:
    """Return for whom a message was sent, else who sent it."""
    return person(props, 0x0042, 0x5D02, 0x0065) or person(props, 0x0C1A, 0x5D01, 0x0C1F)


def moment(props: Props) -> str | None:
    """Return when a message was sent, else when it came, else when its item was made."""
    return props.time(SUBMITTED) or props.time(DELIVERED) or props.time(0x3007)


def _header(props: Props, recipients: list[Props], lost: list[str]) -> Iterator[str]:
    """Yield the lines: the header that the message came with, then what it does not say and the properties do."""
    there = set[str]()
    for line in _transported(_text(props, TRANSPORT, lost)):
        there.add(line.partition(":")[0].lower())
        yield line
    for name, value in _fields(props, recipients, lost):
        if value and name.lower() not in there:
            yield f"{name}: {_flat(value)}"
    yield FORM
    yield "MIME-Version: 1.0"


def _transported(text: str) -> Iterator[str]:
    """Yield the fields of a stored header, folded lines kept; what tells of its parts is no field of this form."""
    for each in re.split(r"\r?\n(?![ \t])|\r(?!\n)(?![ \t])", text.replace("\0", "")):
        if not each.strip():
            continue
        field = _FIELD.fullmatch(each)
        folded = "\r\n".join(each.splitlines()) if field else _flat(each)
        if field is None:
            yield f"X-Stored-Line: {folded}"
        else:
            yield f"X-Stored-{folded}" if field[1].lower() in _OF_MIME else folded


def _fields(props: Props, recipients: list[Props], lost: list[str]) -> Iterator[tuple[str, str]]:
    def had(call: "type[str] | object", *arguments: object) -> str:
        try:
            return str(call(*arguments) or "")  # type: ignore[operator]
        except ItemError as why:
            lost.append(str(why))
            return ""

    author, by = had(sender, props), had(person, props, 0x0C1A, 0x5D01, 0x0C1F)
    yield "From", author
    yield "Sender", by if by != author else ""
    people: dict[str, list[str]] = {}
    for each in recipients:
        people.setdefault(KINDS.get(each.number(0x0C15) & 15, "To"), []).append(had(recipient, each))
    for name, number in (("To", 0x0E04), ("Cc", 0x0E03), ("Bcc", 0x0E02)):
        yield name, ", ".join(filter(None, people.get(name, ()))) or _displayed(_text(props, number, lost))
    yield "Reply-To", _displayed(_text(props, 0x0050, lost))
    yield "Subject", had(subject_of, props)
    when = had(moment, props)
    yield "Date", format_datetime(datetime.fromisoformat(when)) if when else ""
    for name, number in (("Message-ID", 0x1035), ("In-Reply-To", 0x1042), ("References", 0x1039)):
        yield name, _text(props, number, lost)


def _displayed(names: str) -> str:
    """Return names parted by semicolons as people without an address."""
    parts = (each.strip().strip("'\"") for each in _flat(names).split(";"))
    return ", ".join('"{}"'.format(each.replace("\\", "\\\\").replace('"', '\\"')) for each in parts if each)


def _text(props: Props, number: int, lost: list[str]) -> str:
    try:
        each = props.found.get(number)
        if each is not None and each.error:
            lost.append(each.error)
            return ""
        return props.text(number)
    except ItemError as why:
        lost.append(f"property {number:04X}: {why}")
        return ""


def _flat(value: str) -> str:
    return " ".join(value.replace("\0", " ").split())


def _bodies(props: Props, lost: list[str]) -> tuple[list[_Part], bytes]:
    """Return plain text and HTML as they are stored, and the RTF; where it is the only one, what it says too."""
    parts = list[_Part]()
    if text := _text(props, BODY, lost):
        parts.append(_Part("text/plain", "utf-8", text.encode("utf-8", "replace")))
    if (page := _html(props, lost)) is not None:
        parts.append(page)
    rtf = b""
    if (packed := props.found.get(RTF)) is not None:
        try:
            rtf, wrong = unpacked(packed.raw(), MOST)
        except ItemError as why:
            wrong = str(why)
        lost += filter(None, (packed.error or wrong,))
    if rtf and not any(each.kind == "text/html" for each in parts):
        told = body_of(rtf)
        if told.kind == "text/html" or not parts:
            parts.append(_Part(told.kind, "utf-8", told.text.encode("utf-8", "replace")))
    return parts, rtf


def _html(props: Props, lost: list[str]) -> _Part | None:
    each = props.found.get(HTML)
    if each is None:
        return None
    if each.kind != BINARY:
        page = _text(props, HTML, lost)
        return _Part("text/html", "utf-8", page.encode("utf-8", "replace")) if page else None
    try:
        raw = each.raw()
    except ItemError as why:
        lost.append(f"property {HTML:04X}: {why}")
        return None
    code = props.number(CODE_PAGE)
    label = {65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1", 1200: "utf-16le", 50220: "iso-2022-jp",
             20866: "koi8-r", 21866: "koi8-u", 51932: "euc-jp", 51949: "euc-kr", 54936: "gb18030",
             1201: "utf-16be"}.get(code)  # fmt: skip
    if 28591 < code < 28606:
        label = f"iso-8859-{code - 28590}"
    return _Part("text/html", label or (f"windows-{code}" if code else ""), raw) if raw else None


def _said(props: Props, lost: list[str]) -> str:
    """Return what an item that is no mail says beside its body, a line each."""
    lines = list[str]()
    for label, wanted in SHOWN:
        number = props.named(wanted) if isinstance(wanted, Name) else wanted
        each = props.found.get(number)
        if number == 0 or each is None:
            continue
        try:
            value = value_of(props, each, LONGEST)
        except ItemError as why:
            lost.append(f"property {number:04X}: {why}")
            continue
        if value not in (None, ""):
            lines.append(f"{label}: {_flat(str(value))}")
    return "\r\n".join(lines)


def _put_together(lines: list[str], parts: list[_Part], beside: list[_Part]) -> bytes:
    """Return the whole; of several bodies each is an alternative of the others, what stands ``beside`` them is not."""
    leaves = list(map(_leaf, parts)) or ([] if beside else [_leaf(_Part("text/plain", "utf-8", b""))])
    bodies = leaves if len(leaves) < 2 else [_multipart(b"alternative", leaves)]
    whole = [*bodies, *map(_leaf, beside)]
    head = "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n"
    return head + (whole[0] if len(whole) == 1 else _multipart(b"mixed", whole))


def _multipart(kind: bytes, parts: list[bytes]) -> bytes:
    edge = sha256(b"\0".join(parts)).hexdigest()[:40].encode()
    start = b"Content-Type: multipart/" + kind + b'; boundary="' + edge + b'"\r\n\r\n'
    return start + b"".join(b"--" + edge + b"\r\n" + each for each in parts) + b"--" + edge + b"--\r\n"


def _leaf(part: _Part) -> bytes:
    label = f"; charset={part.charset}" if part.charset else ""
    head = f"Content-Type: {part.kind}{label}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    return head.encode() + part.data + (b"" if part.data.endswith(b"\n") else b"\r\n")
