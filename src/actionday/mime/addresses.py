"""Address lists: who a message is from and for, as name and address.

Source: RFC 5322 section 3.4 (mailbox, group), 4.4 (obsolete forms); names are decoded after the list is cut, so
that a comma inside an encoded word parts nothing.
"""

import re

import msgspec

from actionday.mime.words import decode_words

MOST = 10_000
"""Addresses read of one field: the largest real lists hold some thousands."""
_TOKEN = re.compile(
    rb"""(?P<quoted>"(?P<inner>(?>(?:[^"\\]++|\\.)*))(?:"|\\?$))|(?P<comment>\((?>(?:[^()\\]++|\\.)*)(?:\)|\\?$)?)|(?P<angle><[^<>]*+>?)"""
    rb"""|(?P<stop>[,;])|(?P<group>:)|(?P<other>[^"(<,;:]++)""",
    re.DOTALL,
)
_ESCAPED = re.compile(rb"\\(.)", re.DOTALL)
_ROUTE = re.compile(rb"^<(?:@[^:<>]*:)?([^<>]*)>?$")


class Address(msgspec.Struct, frozen=True):
    """One mailbox: the display name as text ("" if there is none) and the address as written."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name and self.address else self.name or self.address


def addresses(raw: bytes) -> list[Address]:
    """Return the mailboxes of an unfolded field, ``MOST`` at most; a text without one is a name alone."""
    found: list[Address] = []
    words: list[bytes] = []
    comments: list[bytes] = []
    angle = b""
    for token in _TOKEN.finditer(raw + b","):
        kind, text = token.lastgroup, token[0]
        if kind == "stop":
            if angle or words or comments:
                found.append(_mailbox(words, angle, comments))
            if len(found) >= MOST:
                break
            words, comments, angle = [], [], b""
        elif kind == "group":
            words, comments, angle = ([*words, text], comments, angle) if angle else ([], [], b"")
        elif kind == "angle":
            angle = text
        elif kind == "comment":
            comments.append(text[1:].rstrip(b")"))
        else:
            words.append(_ESCAPED.sub(rb"\1", token["inner"]) if kind == "quoted" else text)
    return [each for each in found if each.name or each.address] or _unread(raw)


def _unread(raw: bytes) -> list[Address]:
    return [Address(_name(raw[:1000]), "")] if raw.strip(b" \t,;:<>\"'") and b":" not in raw else []


def _mailbox(words: list[bytes], angle: bytes, comments: list[bytes]) -> Address:
    text = b"".join(words).strip()
    if angle:
        inner = _ROUTE.match(angle)
        return Address(_name(text), decode_words(inner[1].strip() if inner else angle.strip(b"<>")))
    if b"@" in text:
        address = next(word for word in reversed(text.split()) if b"@" in word)
        name = text.replace(address, b"", 1)
        return Address(_name(b" ".join((name, *comments))), decode_words(address))
    return Address(_name(text or b" ".join(comments)), "")


def _name(raw: bytes) -> str:
    return " ".join(decode_words(raw).split())
