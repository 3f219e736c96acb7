"""Contacts, calendars and notebooks: what people would read in them."""

import json

from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._unread import MARK
from actionday.parsers.cards import unfolded


def read(mime: str, content: str) -> Parsed:
    parsed = Parsers.load().parse(mime, content.encode(), Limits())
    assert parsed is not None
    return parsed


def test_folded_lines_are_whole_words_again() -> None:
    assert unfolded("NOTE:kes\r\n trel\r\n\t club\r\n") == "NOTE:kestrel club\r\n"


def test_escapes_and_quoted_printable_are_undone() -> None:
    assert unfolded("NOTE:a\\, b\\; c\\nd\\\\e") == "NOTE:a, b; c\nd\\e"
    coded = "FN;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:=CA=EB=\r\n=F3=E1\r\nTEL:1"
    assert unfolded(coded) == "FN;CHARSET=windows-1251;ENCODING=QUOTED-PRINTABLE:Клуб\r\nTEL:1"


def test_pictures_in_cards_are_named_not_shown() -> None:
    assert (
        unfolded("FN:Mira\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\n BBBB\nTEL:1")
        == "FN:Mira\nPHOTO;ENCODING=b;TYPE=JPEG: (binary)\nTEL:1"
    )


def test_entries_are_counted() -> None:
    card = "BEGIN:VCARD\nFN:Mira\nEND:VCARD\n"
    assert read("text/vcard", card * 3).meta["entries"] == 3
    assert (
        read("text/calendar", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:x\nEND:VEVENT\n").meta["entries"] == 1
    )


def test_a_hostile_line_ends_in_linear_time() -> None:
    text = "ENCODING=QUOTED-PRINTABLE" * 20_000
    assert unfolded(text) == text


def test_cells_outputs_and_tracebacks_of_a_notebook_come_in_order() -> None:
    cells = [
        {"cell_type": "markdown", "source": ["# Kes", "trel"]},
        {"cell_type": "code", "source": "print(1)", "outputs": [
            {"text": ["1\n"]}, {"data": {"text/plain": "<b>", "image/png": "QUJD"}}, {"traceback": ["Error"]}]},
        "broken", {"source": 5},
    ]  # fmt: skip
    text = "".join(read("application/x-ipynb+json", json.dumps({"nbformat": 4, "cells": cells})).text)
    assert text.split() == ["#", "Kestrel", "print(1)", "1", "<b>", "Error", *MARK.split(), "broken"]
    old = {"worksheets": [{"cells": [{"input": ["old"]}]}]}
    assert "".join(read("application/x-ipynb+json", json.dumps(old)).text).strip() == "old"


def test_a_notebook_that_is_no_json_is_read_as_text_and_said() -> None:
    parsed = read("application/x-ipynb+json", '{"cells": ["\\u0646\\u0635", ')
    assert "".join(parsed.text) == '{"cells": ["نص", '
    assert [note.code for note in parsed.notes] == ["not_json"]


def test_f06_pages_errors_and_everything_else_of_a_notebook_is_read() -> None:
    outputs = [
        {
            "output_type": "error",
            "ename": "KeyError",
            "evalue": "the key",
            "traceback": ["\x1b[0;31mKeyError\x1b[0m here"],
        },
        {
            "data": {
                "text/html": "<b>bo</b>ld",
                "application/json": {"k": "from json"},
                "image/png": "QUJDREVG",
            }
        },
    ]
    cells = [
        {
            "cell_type": "code",
            "source": "x",
            "outputs": outputs,
            "metadata": {"tags": ["a tag"]},
            "id": "ab12",
        }
    ]
    book = {"nbformat": 4, "cells": cells, "metadata": {"note": "a note", "kernelspec": {"name": "python3"}}}
    text = "".join(read("application/x-ipynb+json", json.dumps(book)).text)
    for wanted in ("KeyError: the key", "KeyError here", "bold", "from json", "a tag", "a note"):
        assert wanted in text
    for unwanted in ("QUJD", "\x1b", "python3", "ab12"):
        assert unwanted not in text


def test_f06_text_embedded_in_a_calendar_is_read_and_said() -> None:
    event = (
        "BEGIN:VEVENT\nATTACH;ENCODING=BASE64;VALUE=BINARY:dGhlIGhpZGRlbiBub3Rl\n"
        "X-ALT-DESC;FMTTYPE=text/html:<p>al<b>so</b> this</p>\nATTACH;ENCODING=BASE64:!!!\nEND:VEVENT\n"
    )
    parsed = read("text/calendar", event)
    text = "".join(parsed.text)
    assert "the hidden note" in text
    assert "also this" in text
    assert [note.code for note in parsed.notes] == ["embedded_object"]
