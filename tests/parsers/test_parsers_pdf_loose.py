"""Streams of a PDF are read by what they are: whatever they are called, whoever refers to them, however they are packed."""

import base64
import random
import time
import zlib

import pytest
from hypothesis import given
from hypothesis.strategies import binary
from tests.parsers.test_parsers_pdf_contents import GLYPHS, WHOLE, packed, pages, read

from actionday.parsers._pdf_budget import Budget
from actionday.parsers._pdf_filters import undone, undone_to
from actionday.parsers._pdf_loose import words_in
from actionday.parsers._pdf_operators import prose

TEXT = b"the kestrel meets kwhid the harrier by the mill tonight"
LONG = b"".join(b"line %d of the mill\n" % number for number in range(8000)) + b"kwhid at its end\n"


def held(head: bytes, stored: bytes) -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (head, len(stored), stored)


def holding(stream: bytes, key: bytes = b"/KW 7 0 R", *more: bytes) -> bytes:
    """A PDF of which a page refers to a stream under a key; without one nothing refers to it."""
    data = pages(WHOLE, stream, *more).replace(b"/Type/Page/Parent 2 0 R", b"/Type/Page%s/Parent 2 0 R" % key)
    return data.replace(b"/Contents 7 0 R", b"/Conten/s 7 0 R")


def lzw(data: bytes) -> bytes:
    """Codes of nine bits, the table cleared before they grow."""
    codes = [code for at in range(0, len(data), 200) for code in (256, *data[at : at + 200])] + [257]
    bits = "".join(f"{code:09b}" for code in codes)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def rows(data: bytes, way: int) -> bytes:
    """Rows of five bytes with a predictor of PNG: none, or what stands above."""
    data += b" " * (-len(data) % 5)
    above = bytes(5) + data if way == 2 else bytes(len(data))
    return b"".join(
        bytes((way, *((data[at + each] - above[at + each]) % 256 for each in range(5))))
        for at in range(0, len(data), 5)
    )


CALLED = {
    "a form": b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]",
    "a pattern": b"/PatternType 1/BBox[0 0 9 9]",
    "metadata": b"/Type/Metadata",
    "markup": b"/Subtype/XML",
    "a table": b"/Type/XRef",
    "a stream of objects": b"/Type/ObjStm/N 0/First 0",
    "a font": b"/Length1 55",
    "a font of Type 1": b"/Subtype/Type1C",
    "a function": b"/FunctionType 4/Domain[0 1]/Range[0 1]",
    "a shading": b"/ShadingType 4",
}
REFERRED = {
    "a map of letters": b"/KW<</ToUnicode 7 0 R>>",
    "a content of a remark": b"/KW<</Contents 7 0 R>>",
    "metadata": b"/Metadata 7 0 R",
    "embedded files": b"/EF 7 0 R",
    "a script": b"/JS 7 0 R",
    "nothing": b"",
}
STORED = {
    "run length": held(b"/Filter/RunLengthDecode", bytes((len(TEXT) - 1,)) + TEXT + b"\x80"),
    "LZW": held(b"/Filter/LZWDecode", lzw(TEXT)),
    "ASCII 85": held(b"/Subtype/Image/Filter/ASCII85Decode", base64.a85encode(TEXT) + b"~>"),
    "hexadecimal": held(b"/Subtype/Image/Filter/ASCIIHexDecode", TEXT.hex().encode() + b">"),
    "two": held(b"/Filter[/ASCII85Decode/FlateDecode]", base64.a85encode(zlib.compress(TEXT)) + b"~>"),
    "none, but said to be a photograph": held(b"/Subtype/Image/Filter/DCTDecode", TEXT),
    "one that nobody knows": held(b"/Filter/KW", TEXT),
    "rows": held(b"/Filter/FlateDecode/DecodeParms<</Predictor 10/Columns 5>>", zlib.compress(rows(TEXT, 0))),
    "rows of differences": held(b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 5>>", zlib.compress(rows(TEXT, 2))),
    "UTF-16": held(b"/Subtype/Image", "\ufeffthe kwhid by the mill".encode("utf-16-be")),
    "UTF-16 without a mark": held(b"", TEXT.decode().encode("utf-16-le")),
    "windows-1251": held(b"/Subtype/Image", "kwhid пустельга встречает луня у мельницы сегодня вечером".encode("cp1251")),
    "Chinese": held(b"/Subtype/Image", "kwhid 攻击计划今晚在磨坊附近开始".encode()),
    "an address alone": held(b"/Subtype/Image", b"https://kwhid.example/x"),
    "more than a window": held(b"/Subtype/Image", LONG),
    "the mark of a comment": held(b"", b"%!PS " + TEXT),
}  # fmt: skip


def found(data: bytes) -> bool:
    return "kwhid" in "".join(read(data).text)


@pytest.mark.parametrize("head", CALLED.values(), ids=CALLED)
@pytest.mark.parametrize("key", [b"/KW 7 0 R", b""], ids=["referred", "alone"])
def test_what_a_stream_is_called_hides_no_text(head: bytes, key: bytes) -> None:
    parsed = read(holding(packed(TEXT, head + b"/Filter/FlateDecode"), key))
    assert "kwhid" in "".join(parsed.text)
    assert [note.code for note in parsed.notes] == ["unlinked_part"]


@pytest.mark.parametrize("key", REFERRED.values(), ids=REFERRED)
def test_what_refers_to_a_stream_hides_no_text(key: bytes) -> None:
    assert found(holding(packed(TEXT), key))


@pytest.mark.parametrize("stream", STORED.values(), ids=STORED)
@pytest.mark.parametrize("key", [b"/KW 7 0 R", b""], ids=["referred", "alone"])
def test_however_a_stream_of_text_is_stored_it_is_read(stream: bytes, key: bytes) -> None:
    assert found(holding(stream, key))


def test_an_indirect_filter_hides_no_text() -> None:
    assert found(holding(held(b"/Filter 8 0 R", zlib.compress(TEXT)), b"/KW 7 0 R", b"/FlateDecode"))


@pytest.mark.parametrize(
    "data",
    [
        pages(WHOLE, packed(TEXT)),
        pages(WHOLE, packed(TEXT), page=b"/Contents[6 0 R 7 0 R]%%%d"),
        pages(packed(b"q " + TEXT + b" Q " + GLYPHS), WHOLE),
        pages(packed(b"BI /W 1 /H 1 ID \xff(\x01 EI " + TEXT + b" " + GLYPHS), WHOLE),
    ],
    ids=["a content", "a content of several", "between operators", "behind an inline image"],
)
def test_prose_that_a_page_does_not_draw_is_read(data: bytes) -> None:
    parsed = read(data)
    assert "kwhid" in "".join(parsed.text)
    assert {note.code for note in parsed.notes} == {"unlinked_part"}


SOUND = {
    "a function": held(b"/FunctionType 4/Domain[0 1]/Range[0 1]", b"{dup 0 mul exch dup 1 exch sub exch pop}"),
    "a glyph": held(b"", b"500 0 0 0 400 400 d1\nq\n24 0 0 38 2 -1 cm\nBI /IM true/W 24/H 38/BPC 1\nID \x01\x02 ab cd\nEI Q"),
    "a path": held(b"", b"q 1 0 0 rg\n0 0 m 10 10 l S\n/GS gs /P cs\n0 scn re\nf Q"),
    "a palette": held(b"", bytes(range(48, 240))),
    "a picture": held(b"/Subtype/Image/Width 99/Height 9", bytes(range(256)) * 4),
    "a font": held(b"/Length1 99", b"%!PS-AdobeFont-1.0: Any\n/FontInfo 9 dict dup begin /Notice (the words of it)\n/FontName /A"),
    "an empty one": held(b"/Filter/FlateDecode", b""),
}  # fmt: skip


@pytest.mark.parametrize("stream", SOUND.values(), ids=SOUND)
@pytest.mark.parametrize("key", [b"/KW 7 0 R", b""], ids=["referred", "alone"])
def test_of_a_stream_that_is_no_text_nothing_is_said(stream: bytes, key: bytes) -> None:
    assert not read(holding(stream, key)).notes


def test_a_stream_of_an_embedded_file_is_an_item_and_no_text() -> None:
    assert not read(holding(packed(TEXT), b"/KW<</Type/Filespec/F(a.txt)/EF<</F 7 0 R>>>>")).notes


def test_what_is_longer_than_is_read_is_said() -> None:
    words = words_in(held(b"", LONG), Budget(), most=5000)
    assert words.cut and words.size == 5001


def flate(data: bytes, times: int) -> bytes:
    stored = data
    for _ in range(times):
        stored = zlib.compress(stored, 9)
    return held(b"/Filter[%s]" % (b"/FlateDecode" * times), stored)


@pytest.mark.parametrize("times", [1, 2, 3])
def test_what_is_packed_more_than_once_is_whole(times: int) -> None:
    assert read(pages(flate(GLYPHS, times), flate(b"", times))).notes == ()
    assert "kwhid" in "".join(read(holding(flate(TEXT, times))).text)


def test_a_limit_within_filters_is_no_damage_and_no_blank_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionday.parsers._pdf_contents.MOST_OF_ONE", 1 << 20)
    parsed = read(pages(flate(b" " * (3 << 20), 3)))
    assert [note.code for note in parsed.notes] == ["parts_limit"]
    assert parsed.reason == parsed.notes[0].reason


def test_that_a_filter_between_two_gives_too_much_is_said() -> None:
    noise = random.Random(20).randbytes(9000)
    plain = zlib.compress(TEXT, 0)
    padded = plain[:2] + b"\0\0\0\xff\xff" * 4000 + plain[2:]  # blocks without a byte
    whole = held(b"/Filter[/FlateDecode/FlateDecode]", zlib.compress(padded))
    assert undone_to(whole, 5000, Budget()).cut and not undone_to(whole, 50_000, Budget()).cut
    assert undone_to(held(b"/Filter/ASCIIHexDecode", noise.hex().encode()), 1000, Budget()).cut
    assert undone(whole, 50_000) == TEXT


SCRIPT = b'app.alert("the kestrel meets kwhid by the mill");'


@pytest.mark.parametrize("stored", [
    held(b"/Filter/LZWDecode", lzw(SCRIPT)), flate(SCRIPT, 2), held(b"/Filter/RunLengthDecode", b"0" + SCRIPT + b"\x80"),
    held(b"/Filter/FlateDecode", zlib.compress(SCRIPT)[:-9]), held(b"/Filter/DCTDecode", SCRIPT),
], ids=["LZW", "Flate twice", "run length", "Flate that breaks off", "none, but said to be a photograph"])  # fmt: skip
def test_scripts_are_read_under_any_filter(stored: bytes) -> None:
    assert "kestrel meets kwhid" in "".join(
        read(holding(stored, b"/AA<</O<</S/JavaScript/JS 7 0 R>>>>")).text
    )


def test_a_stream_of_a_script_that_no_filter_undoes_is_no_text() -> None:
    noise = random.Random(3).randbytes(4000)
    parsed = read(holding(held(b"/Filter/FlateDecode", noise), b"/AA<</O<</S/JavaScript/JS 7 0 R>>>>"))
    assert "— — —" not in "".join(parsed.text)


@given(binary(max_size=300))
def test_run_length_and_lzw_give_what_was_packed(data: bytes) -> None:
    assert not data or undone(held(b"/Filter/LZWDecode", lzw(data)), 1000) == data
    runs = b"".join(b"\xff" + data[at : at + 1] for at in range(len(data)))
    assert undone(held(b"/Filter/RL", runs + b"\x80"), 1000) == b"".join(
        data[at : at + 1] * 2 for at in range(len(data))
    )


@pytest.mark.parametrize("piece", [b"(a", b"BI ", b"( \\", b"the mill ", b"<a ", b"%a"])
def test_prose_is_looked_for_in_a_time_that_grows_with_the_length(piece: bytes) -> None:
    def cost(count: int) -> float:
        begun = time.process_time()
        prose(b"the mill " + piece * count)
        return time.process_time() - begun

    assert cost(400_000) < 40 * max(cost(40_000), 0.01)


def test_a_stream_of_text_that_a_later_revision_replaces_is_read() -> None:
    whole = holding(packed(TEXT))
    place = whole.rfind(b"startxref")
    at = int(whole[place:].split()[1])
    later = b"\n7 0 obj\nnull\nendobj\n"
    table = b"xref\n7 1\n%010d 00000 n \ntrailer<</Size 10/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n"
    data = whole + later + table % (len(whole) + 1, at, len(whole) + len(later))
    parsed = read(data)
    assert "kwhid" in "".join(parsed.text)
    assert [note.code for note in parsed.notes] == ["earlier_revisions"]


@pytest.mark.parametrize(
    "body", [packed(TEXT), b"(the kwhid by the mill)", packed(b"BT (the kwhid of old) Tj ET")]
)
def test_an_object_under_a_number_that_another_has_is_read(body: bytes) -> None:
    data = pages(WHOLE, packed(b"BT (of the page) Tj ET"))
    for place in (data.index(b"1 0 obj"), data.rindex(b"xref\n0")):
        at = int(data[data.rindex(b"startxref") :].split()[1])
        double = b"7 0 obj\n%s\nendobj\n" % body
        made = data[:place] + double + data[place:]
        made = made.replace(b"startxref\n%d" % at, b"startxref\n%d" % (at + len(double)))
        head, _, table = made.rpartition(b"xref\n0")
        if place < 100:  # the places of all that follows
            rows = table.split(b"\n")
            rows[2:11] = [
                b"%010d%s" % (int(row[:10]) + len(double), row[10:]) if row[17:18] == b"n" else row
                for row in rows[2:11]
            ]
            table = b"\n".join(rows)
        parsed = read(head + b"xref\n0" + table)
        assert "kwhid" in "".join(parsed.text)
        assert any("that nothing refers to" in note.reason for note in parsed.notes)


def test_an_object_that_stands_in_a_document_twice_is_no_other() -> None:
    data = pages(WHOLE)
    place = data.rindex(b"xref\n0")
    at, again = int(data[data.rindex(b"startxref") :].split()[1]), b"6 0 obj\n%s\nendobj\n" % WHOLE
    made = data[:place] + again + data[place:]
    assert not read(made.replace(b"startxref\n%d" % at, b"startxref\n%d" % (at + len(again)))).notes
