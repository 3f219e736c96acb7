"""Mail messages, mbox files and Maildir folders.

Source: RFC 5322 (message), RFC 2045-2047 and 2231 (MIME, encoded words), RFC 4155 (mbox).
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from hashlib import sha256
from textwrap import wrap

from samples.languages import Language
from samples.made import Kind, Made, Place, made

# The encodings that mail programs of the language's area wrote before UTF-8.
OLD_ENCODINGS = {"arb": "windows-1256", "rus": "koi8-r", "jpn": "iso-2022-jp", "heb": "windows-1255",
                 "tur": "iso-8859-9", "deu": "iso-8859-1", "fra": "iso-8859-15", "spa": "windows-1252",
                 "zho": "gb2312", "tha": "tis-620", "ell": "iso-8859-7"}  # fmt: skip


_WORD = 66  # characters of an encoded word: 76 a line less the longest field name before it


@dataclass(frozen=True, slots=True)
class Mail:
    """One message; ``attachments`` are (file name, content), ``html`` a second form of the body."""

    sender: tuple[str, str]
    to: tuple[str, str]
    subject: str
    body: str
    language: Language
    sent: datetime
    number: str
    html: str = ""
    old: bool = False
    attachments: tuple[tuple[str, Made], ...] = ()


def message(mail: Mail) -> Made:
    """Return the message's bytes with LF line ends, as a mail server on Unix stores them.

    ``text`` is subject and body; attachments lie inside.
    """
    encoding = _encoding(mail)
    domain = mail.sender[1].split("@")[1]
    lines = [
        f"Return-Path: <{mail.sender[1]}>",
        f"Received: from {domain} by mail.{domain};\n {format_datetime(mail.sent)}",
        f"From: {_word(mail.sender[0], encoding)}\n <{mail.sender[1]}>",
        f"To: {_word(mail.to[0], encoding)}\n <{mail.to[1]}>",
        f"Subject: {_word(mail.subject, encoding)}",
        f"Date: {format_datetime(mail.sent)}",
        f"Message-ID: <{mail.number}@{domain}>",
        "MIME-Version: 1.0",
        *_content(mail, encoding),
    ]
    inside = tuple(Place(name, content, Kind.ATTACHMENT) for name, content in mail.attachments)
    text = f"{mail.subject}\n{mail.body}"
    data = ("\n".join(lines) + "\n").encode("ascii")
    return made(data, "message/rfc822", language=mail.language.code, text=text, inside=inside)


def _encoding(mail: Mail) -> str:
    wanted = OLD_ENCODINGS.get(mail.language.code, "utf-8") if mail.old else "utf-8"
    try:
        "".join((mail.sender[0], mail.to[0], mail.subject, mail.body)).encode(wanted)
    except UnicodeEncodeError:
        return "utf-8"
    return wanted


def _word(text: str, encoding: str) -> str:
    """Return the text as encoded words, folded so that no line is longer than 76 characters."""
    if text.isascii():
        return text
    pieces, piece = [], ""
    for letter in text:
        if len(b64encode((piece + letter).encode(encoding))) > _WORD - len(f"=?{encoding}?b??="):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\n ".join(f"=?{encoding}?b?{b64encode(p.encode(encoding)).decode()}?=" for p in [*pieces, piece])


def _content(mail: Mail, encoding: str) -> list[str]:
    bound = "=_" + sha256(mail.number.encode()).hexdigest()[:24]
    body = _text(mail.body, "plain", encoding)
    if mail.html:
        body = _parts("alternative", bound + "a", [body, _text(mail.html, "html", encoding)])
    if mail.attachments:
        body = _parts(
            "mixed", bound, [body, *(_attachment(name, content) for name, content in mail.attachments)]
        )
    return body


def _parts(kind: str, bound: str, parts: Sequence[list[str]]) -> list[str]:
    out = [f"Content-Type: multipart/{kind};", f' boundary="{bound}"', ""]
    for part in parts:
        out += [f"--{bound}", *part]
    return [*out, f"--{bound}--", ""]


def _text(text: str, kind: str, encoding: str) -> list[str]:
    how = "quoted-printable" if encoding.startswith(("iso-8859", "windows-1252")) else "base64"
    head = [f"Content-Type: text/{kind}; charset={encoding}", f"Content-Transfer-Encoding: {how}", ""]
    data = (text + "\n").encode(encoding, "xmlcharrefreplace")
    return head + (_quoted(data) if how == "quoted-printable" else _base64(data))


def _quoted(data: bytes) -> list[str]:
    """Return quoted-printable lines of at most 76 characters."""
    out = []
    for line in data.decode("latin-1").rstrip("\n").split("\n"):
        safe = [c if " " <= c <= "~" and c != "=" else f"={ord(c):02X}" for c in line]
        row = ""
        for piece in safe:
            if len(row) + len(piece) > 75:
                out.append(row + "=")
                row = ""
            row += piece
        out.append(row[:-1] + "=20" if row.endswith(" ") else row)
    return out


def _base64(data: bytes) -> list[str]:
    return wrap(b64encode(data).decode(), 76)


def _attachment(name: str, content: Made) -> list[str]:
    given = f'filename="{name}"' if name.isascii() else "filename*=utf-8''" + _percent(name)
    head = [f"Content-Type: {content.mime}", "Content-Transfer-Encoding: base64",
            "Content-Disposition: attachment;", f" {given}", ""]  # fmt: skip
    return head + _base64(content.data)


def _percent(name: str) -> str:
    return "".join(
        chr(b) if (chr(b).isalnum() and b < 128) or b in b".-_" else f"%{b:02X}" for b in name.encode()
    )


def mbox(mails: Sequence[tuple[Mail, Made]]) -> Made:
    """Return an mbox file; the messages lie inside, their names a reader's own choice.

    A message is its bytes between the From_ line and the empty line before the next one; with
    that empty line it is as right.
    """
    out, places = bytearray(), []
    for number, (mail, content) in enumerate(mails):
        out += f"From {mail.sender[1]} {mail.sent:%a %b %d %H:%M:%S %Y}\n".encode() + content.data + b"\n"
        other = sha256(content.data + b"\n").hexdigest()
        places.append(Place(str(number), content, Kind.MESSAGE, loose=True, alt=(other,)))
    return made(bytes(out), "application/mbox", inside=tuple(places))


def letter(content: Made) -> Made:
    """Return a message that is a file of its own (EML, Maildir): it holds itself as one message."""
    data = content.data
    inner = Place("0", content, Kind.MESSAGE, loose=True)
    return made(data, "message/rfc822", inside=(inner,))
