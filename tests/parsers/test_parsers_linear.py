"""Hostile repetition of a format's own signs is read in linear time: twice as long is not four times as long.

Each of these took minutes or more at this length before.
"""

from collections.abc import Callable
from time import process_time

import pytest

from actionday.exchange import _cells as cells
from actionday.mime.addresses import addresses
from actionday.mime.comments import uncommented
from actionday.mime.otherwise import controls
from actionday.parsers import (
    _mail_text,
    _pdf_hyphens,
    _pdf_rebuilt,
    _pdf_stray,
    _pdf_streams,
    _pdf_told,
    _picture_parts,
    _serial,
)
from actionday.sources.volumes import _lvm_text

MANY = 200_000
MARK = _pdf_hyphens.MARK


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (cells.cell, [";" * MANY]),
        (lambda text: list(_mail_text._links(text)), "<a href=" + "\r" * MANY),
        (_pdf_hyphens.rejoined, "a" * MANY + f" a{MARK}b"),
        (_pdf_rebuilt.FLATE.findall, b"/Filter[/FlateDecode" + b" " * MANY),
        (_pdf_stray.ROW.findall, b"0" * MANY),
        (_pdf_told.codes_of, b"beginbfchar" * MANY),
        (lambda data: list(_picture_parts._packets(memoryview(data))), b"<x:xmpmeta" * MANY),
        (addresses, b"<a" + b" " * MANY + b"b>"),
        (uncommented, b"; name=" + b" " * MANY + b"x" + b"(" * MANY),
        (uncommented, b";" + b" " * MANY + b"()" * MANY),
        (lambda text: list(controls.Carets().readings(text, set())), "x^M\n" * 4 + "x" + "^I" * MANY),
        (_serial._kind, "[" * MANY),
        (lambda data: _pdf_streams.streams(memoryview(data)), b"%PDF-1.4\n" + b"stream\n" * (MANY // 10)),
        (_lvm_text.parsed, "kestrel {" + "\n" * MANY + "}"),
        (_lvm_text.parsed, "# \n" * MANY + "kestrel {}"),
    ],
    ids=[
        "cells",
        "links",
        "hyphens",
        "filter",
        "rows",
        "map",
        "packets",
        "address",
        "name",
        "comments",
        "carets",
        "format",
        "streams",
        "group",
        "remarks",
    ],
)
def test_hostile_repetition_is_read_in_linear_time(read: Callable[[object], object], text: object) -> None:
    begun = process_time()
    read(text)
    assert process_time() - begun < 4


def test_what_is_repeated_is_still_found() -> None:
    assert cells.cell([";;=1"]) == '[";;\\u003d1"]'
    assert list(_mail_text._links('<a href = " https://a.example/x">')) == ["https://a.example/x"]
    assert _pdf_hyphens.rejoined(f"broad{MARK}cast")[0] == "broadcast"
    assert _pdf_rebuilt.FLATE.search(b"/Filter [ /FlateDecode ] >")
    assert _pdf_stray.ROW.findall(b"0 1 12 0 n") == [(b"0", b"1", b""), (b"12", b"0", b"n")]
    assert _pdf_told.codes_of(b"beginbfrange beginbfchar <41> <0042> endbfchar") == {0x41: 0x42}
    packet = b"<x:xmpmeta>words</x:xmpmeta>"
    assert list(_picture_parts._packets(memoryview(b"ab" + packet + packet))) == [packet, packet]
    assert [each.address for each in addresses(b"<@b.example: a@c.example  >")] == ["a@c.example"]
    assert uncommented(b"a; name=x (1).pdf; b (c)") == b"a; name=x (1).pdf; b  "
    assert _lvm_text.parsed('# x\na {\n\t\tid = "b\\"" # y\n}') == {"a": {"id": 'b"'}}
    assert _serial._kind("[Red]dd.mm [") == _serial.DATE


def test_marks_of_content_in_a_stream_behind_one_that_is_not_closed_are_seen() -> None:
    deep = b"/P BDC " * 600
    data = b"1 0 obj<<>>stream\nEMC EMC 2 0 obj<<>>stream\n" + b"EMC " * 5000 + deep + b"endstream"
    (found,) = _pdf_streams.streams(memoryview(data)).nested
    assert found[0] == data.index(b"EMC")
