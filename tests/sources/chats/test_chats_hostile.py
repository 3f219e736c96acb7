"""What is made to cost: every reader stays linear in the length of its input, and its memory small."""

from time import process_time

import pytest
from chat_samples import PAGE, chat, said, written

from actionday.model import Source
from actionday.sources.chats import discord_csv, telegram_html, telegram_json, whatsapp
from actionday.sources.chats._lines import line_of
from actionday.testing.context import Alone
from actionday.testing.sources import listing

MARK = b"\xe2\x80\x8e"
TEXT = b'<div class="text">'
HEADER = b"[14/10/2021, 3:34:09 PM] Vera: \xe2\x80\x8e"


def page(inside: bytes) -> bytes:
    return PAGE.encode().replace(TEXT, TEXT + inside, 1)


def nested(count: int) -> bytes:
    return b'{"messages": [' + b'{"id":1,"type":"message","date":"2026-03-04T22:00:00","text":[' * count


CASES = {
    "marks in a line": (whatsapp.SOURCE, lambda n: (b"1/1/1" + MARK * 150 + b"\n") * (n // 500)),
    "dashes in a line": (whatsapp.SOURCE, lambda n: (b"1/1/21 a" + b" -" * 200 + b"\n") * (n // 400)),
    "marks in a message": (whatsapp.SOURCE, lambda n: HEADER + MARK * (n // 3)),
    "blanks in a message": (whatsapp.SOURCE, lambda n: HEADER + b" " * n),
    "quotes": (discord_csv.SOURCE, lambda n: b"ID,Timestamp,Contents,Attachments\n" + b'"",' * (n // 3)),
    "an open quote": (
        discord_csv.SOURCE,
        lambda n: b'ID,Timestamp,Contents,Attachments\n1,"' + b"a,\n" * (n // 3),
    ),
    "a long attribute": (telegram_html.SOURCE, lambda n: page(b"<a " + b"a" * n)),
    "open tags": (telegram_html.SOURCE, lambda n: page(b"<a" * (n // 2))),
    "elements in one another": (
        telegram_html.SOURCE,
        lambda n: page(b'<a class="x y z" href="q">w' * (n // 27)),
    ),
    "comments": (telegram_html.SOURCE, lambda n: page(b"<!--" * (n // 4))),
    "lists in one another": (telegram_json.SOURCE, lambda n: nested(n // 63)),
    "strings": (
        telegram_json.SOURCE,
        lambda n: b'{"messages": [{"id":1,"type":"message","date":"' + b'\\"' * (n // 2),
    ),
    "beginnings": (
        telegram_json.SOURCE,
        lambda n: b'{"messages": [' + b'{"id":1,"type":"message",' * (n // 25),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_four_times_the_input_costs_no_more_than_eight_times(name: str) -> None:
    source, make = CASES[name]
    small, large = (spent(source, make(size)) for size in (100_000, 400_000))
    assert large < 8 * small + 0.5, f"{small:.3f} s, then {large:.3f} s"


def spent(source: Source, data: bytes) -> float:
    begin = process_time()
    listing(source, "x", data, Alone)
    return process_time() - begin


def test_a_name_without_end_stands_in_no_path_and_a_key_in_no_other() -> None:
    told = said(1, "x", who="W" * 10_000, reactions={"k" * 5000: {str(n): n for n in range(50)}})
    found = listing(telegram_json.SOURCE, "x", written(chat("N" * 100_000, "private_group", 1, told)))
    assert max(len(item.name) for item in found.items) < 300
    body = found.contents[1]
    assert isinstance(body, bytes)
    assert b"k" * 5000 in body
    assert len(body) < 60_000


def test_a_line_of_marks_is_no_message() -> None:
    assert line_of(b"1/1/1" + MARK * 190, 0) is None
