"""Files in base64 that stand in any text without an address: each is an item with its bytes."""

import base64
import json
import random
import textwrap
import time
import zlib

import pytest

from actionday.mime.window import Window
from actionday.model import Claim
from actionday.sources.web._letters import values
from actionday.sources.web.data import SOURCE
from actionday.testing.context import Glance
from actionday.testing.sources import listing

FILES = {
    "pdf": b"%PDF-1.7\n" + random.Random(1).randbytes(3000),
    "png": b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(3001),
    "zip": b"PK\x03\x04\x14\0" + random.Random(3).randbytes(3002),
    "gz": b"\x1f\x8b\x08\0" + random.Random(4).randbytes(3000),
    "jpg": b"\xff\xd8\xff\xe0" + random.Random(5).randbytes(3000),
    "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(6).randbytes(3000),
    "rtf": b"{\\rtf1 " + b"words at the weir " * 200 + b"}",
}
PDF = FILES["pdf"]
LINE = base64.b64encode(PDF).decode()
LINES = base64.encodebytes(PDF).decode()
UNPADDED = base64.b64encode(PDF[:3009]).decode()


def folded(name: str, sign: str = " ") -> str:
    whole = name + LINE
    return whole[:76] + "".join(f"\n{sign}{part}" for part in textwrap.wrap(whole[76:], 75))


@pytest.mark.parametrize(
    "text",
    [
        f"<FictionBook><binary id='x' content-type='application/pdf'>{LINES}</binary></FictionBook>",
        f"<w:binData w:name='oledata.mso'>\n{LINES}</w:binData>",
        f"<office:binary-data>{LINE}</office:binary-data>",
        f"<plist><dict><key>k</key><data>\n\t{LINES.replace(chr(10), chr(10) + chr(9))}</data></dict></plist>",
        f"BEGIN:VCARD\nVERSION:3.0\nX-FILE;ENCODING=b:{LINE}\nEND:VCARD\n",
        "BEGIN:VCARD\r\n" + folded("X-FILE;ENCODING=b:").replace("\n", "\r\n") + "\r\nEND:VCARD\r\n",
        json.dumps({"a": "b", "file": LINE, "c": "d"}),
        json.dumps({"a": "b", "file": LINES, "c": "d"}),
        json.dumps({"a": "b", "file": LINE}).replace("/", "\\/"),
        f"dn: cn=x\nfile:: {LINE}\ncn: y\n",
        "dn: cn=x\n" + folded("file:: ") + "\ncn: y\nmail: z\n",
        f"words\n-----BEGIN PDF-----\n{LINES}-----END PDF-----\n",
        f"words before\n\n{LINES}\nand words behind\n",
        f"key = {LINE}",
    ],
    ids=["FictionBook", "Word 2003", "flat ODF", "plist", "card", "folded card", "JSON", "JSON in lines", "JSON escaped",
         "LDIF", "folded LDIF", "armour", "bare", "setting"],
)  # fmt: skip
def test_a_file_in_any_text_comes_out_as_it_was(text: str) -> None:
    assert SOURCE.claims(Glance("a.txt", text.encode())) is Claim.NAME
    found = listing(SOURCE, "a.txt", text.encode())
    assert [item.name for item in found.items] == ["base64-1.pdf"]
    assert found.contents == (PDF,)


@pytest.mark.parametrize("kind", FILES)
def test_files_of_each_kind_are_known(kind: str) -> None:
    text = "".join(f"<a>{base64.b64encode(FILES[kind]).decode()}</a>\n" for _ in range(3))
    found = listing(SOURCE, "a.xml", text.encode())
    assert [item.name for item in found.items] == [f"base64-{number}.{kind}" for number in (1, 2, 3)]
    assert found.contents == (FILES[kind],) * 3


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize(
    "around", ['{"a": "%s", "b": "c"}', "words\n-----BEGIN X-----\n%s\n-----END X-----\n", "?file=%s&b=c"]
)
def test_the_alphabet_of_addresses_is_read_as_such(kind: str, around: str) -> None:
    written = base64.urlsafe_b64encode(FILES[kind]).rstrip(b"=")
    assert kind == "rtf" or {*b"-_"} <= {*written}
    found = listing(SOURCE, "a.txt", around.encode() % written)
    assert [item.name for item in found.items] == [f"base64-1.{kind}"]
    assert found.contents == (FILES[kind],)


@pytest.mark.parametrize("width", [64, 76])
def test_lines_in_the_alphabet_of_addresses_are_one_value(width: int) -> None:
    written = base64.urlsafe_b64encode(PDF).decode()
    lines = "\n".join(textwrap.wrap(written, width, break_on_hyphens=False))
    for text in (f"words\n-----BEGIN X-----\n{lines}\n-----END X-----\n", f"words before\n\n{lines}\n\nand behind\n",
                 json.dumps({"a": "b", "file": lines})):  # fmt: skip
        assert listing(SOURCE, "a.txt", text.encode()).contents == (PDF,)


def test_the_word_that_begins_the_next_line_is_none_of_a_value() -> None:
    whole = PDF[:3009]
    text = f"file 0: {UNPADDED}\nfile 1: {UNPADDED}\nover there it ends\n"
    assert listing(SOURCE, "a.txt", text.encode()).contents == (whole, whole)


def test_an_armour_right_behind_a_value_is_none_of_it() -> None:
    assert listing(SOURCE, "a.txt", f"x={UNPADDED}-----END PDF-----".encode()).contents == (PDF[:3009],)


def test_an_address_is_one_item_and_a_value_beside_it_another() -> None:
    text = f"<img src='data:application/pdf;base64,{LINE}'><b>{LINE}</b>"
    assert listing(SOURCE, "a.html", text.encode()).contents == (PDF, PDF)


@pytest.mark.parametrize(
    "text",
    [
        "a key: " + base64.b64encode(random.Random(9).randbytes(2000)).decode(),
        "words of JVBERi0 and UEsDBB, and /9j/4 is a path",
        f"path/x{LINE}",
        LINES,
        f"begin-base64 644 a.pdf\n{LINES}====\n",
        "sha: " + "0123456789abcdef" * 4,
    ],
    ids=["key", "marks", "within a word", "base64 alone", "uuencode -m", "sum"],
)
def test_what_is_no_file_or_of_another_source_is_no_item(text: str) -> None:
    assert SOURCE.claims(Glance("a.txt", text.encode())) is Claim.NO


def test_the_line_behind_an_unpadded_value_is_none_of_it() -> None:
    text = f"file:: {UNPADDED}\nname: x\n"
    assert listing(SOURCE, "a.ldif", text.encode()).contents == (PDF[:3009],)


def test_text_is_looked_through_in_linear_time() -> None:
    words = zlib.compress(b"x")
    text = b"JVBERi0 /9j/4 some words at the weir, and more of them. " * 100_000 + words
    for given in (text, b"JVBERi0" * 800_000, LINES.encode() * 1500):
        begin = time.perf_counter()
        count = sum(1 for _ in values(Window.over(given), Window.over(given), len(given)))
        assert time.perf_counter() - begin < 5
        assert count < 2000
