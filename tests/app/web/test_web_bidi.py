"""In an Arabic sentence a sign of the grammar stays beside the Latin word that it belongs to, and figures stay in order."""

import re

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from actionday.app.web.language import catalogue, locale_folder
from actionday.app.web.showing.queries import wrong
from actionday.storage.index.fields import FIELDS

with (locale_folder() / "ar" / "LC_MESSAGES" / "actionday.po").open("rb") as file:
    MESSAGES = [each for each in read_po(file, locale="ar") if each.id]
ISOLATED = re.compile("\u2066[^\u2066\u2069]*\u2069")
SIGNED = re.compile(rf"(?:%\(field\)s|(?<![A-Za-z])(?:{'|'.join(sorted(FIELDS))})):|\$[A-Z]")
"""A field with the colon that makes it one, and a name that begins with a sign: else the sign goes to the other side."""
PARTED = re.compile(r"[0-9][ \u00a0][0-9]")
"""Figures with a blank between: the groups change places; U+202F keeps them together (UAX 9, W4)."""


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize("pattern", [SIGNED, PARTED], ids=["signs", "figures"])
def test_what_has_an_order_of_its_own_is_isolated_in_arabic(pattern: re.Pattern[str]) -> None:
    assert [text for each in MESSAGES for text in forms(each) if pattern.search(ISOLATED.sub("", text))] == []


def test_a_field_is_told_with_its_colon_behind_it() -> None:
    assert '\u2066<bdi dir="ltr">lang</bdi>:\u2069' in wrong(
        "a value must follow lang: at once", catalogue("ar").gettext
    )
