"""The packed RTF body: unpacked as its standard shows, and read where a message has no other."""

from struct import pack

import pytest
from msg_samples import file_of, tree
from pst_maker import BIN, Values, text
from pst_samples import VERA

from actionday.model import Damaged, Limits, OverLimit, Status
from actionday.parsers.mail import PARSER
from actionday.sources.mail._lzfu import SEED, unpacked
from actionday.sources.mail._pstfile import crc_of
from actionday.sources.mail._rtfbody import body_of
from actionday.sources.mail.msg import SOURCE
from actionday.testing.context import Alone, Bytes, content

SHOWN = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
"""[MS-OXRTFCP] 4.1.1."""
CROSSING = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
"""[MS-OXRTFCP] 4.1.2: a run that reaches into what it writes."""


def packed(rtf: bytes) -> bytes:
    """Return RTF packed without a single run."""
    out = bytearray()
    for at in range(0, len(rtf), 8):
        out += b"\0" + rtf[at : at + 8]
    size = len(SEED) + len(rtf)
    at = len(rtf) % 8
    end = pack(">H", (size & 0xFFF) << 4)
    if at:
        out[-(at + 1)] = 1 << at
    else:
        out += b"\1"
    out += end
    return pack("<II4sI", len(out) + 12, len(rtf), b"LZFu", crc_of(bytes(out))) + bytes(out)


def test_the_examples_of_the_standard() -> None:
    assert unpacked(SHOWN, 1000) == (b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n", "")
    assert unpacked(CROSSING, 1000) == (b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}", "")


def test_what_is_not_packed_is_as_it_is() -> None:
    assert unpacked(pack("<II4sI", 12 + 9, 9, b"MELA", 0) + b"{\\rtf1 a}", 100) == (b"{\\rtf1 a}", "")


@pytest.mark.parametrize("cut", range(16, len(SHOWN)))
def test_every_cut_is_noticed(cut: int) -> None:
    assert unpacked(SHOWN[:cut], 1000)[1] == f"RTF body: breaks off {len(SHOWN) - cut} bytes before its end"


def test_damage_is_named() -> None:
    with pytest.raises(Damaged, match="header breaks off"):
        unpacked(SHOWN[:15], 1000)
    with pytest.raises(Damaged, match="no one knows"):
        unpacked(SHOWN.replace(b"LZFu", b"LZFx"), 1000)
    with pytest.raises(OverLimit):
        unpacked(packed(b"x" * 2000), 1000)
    assert unpacked(SHOWN[:20] + b"\xff" + SHOWN[21:], 1000)[1] == "RTF body: its checksum differs"


def test_the_html_within_is_taken_out_by_the_code_page_of_each_font() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset178 Arial;}}"
        rb"{\*\generator none}{\*\htmltag64 <p>}Rota \f1 \'e3\'e4\'c7\'e6\'c8\'c9 \f0 \u1088 ?ota {\*\htmltag84 &lt;}"
        rb"\htmlrtf <\htmlrtf0 {\*\htmltag72 </p>}\par}"
    )
    assert body_of(rtf) == ("text/html", "<p>Rota مناوبة \u0440ota &lt;</p>\r\n")


def test_text_is_text() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1251{\fonttbl{\f0 A;}}{\colortbl;}{\info{\title no}}\'d0\'ee\'f2\'e0\par at ten\{\}\par}"
    assert body_of(rtf) == ("text/plain", "Рота\r\nat ten{}\r\n")


def test_braces_that_do_not_close_and_those_that_never_open_end() -> None:
    assert body_of(b"{" * 100_000 + b"a").text == "a"
    assert body_of(b"}" * 100_000 + b"a").text == "a"


def said(values: Values) -> tuple[str, dict[str, bytes], Status | None]:
    stream, held, status = Bytes(file_of(tree({**VERA, **values}))), dict[str, bytes](), None
    for found in SOURCE.items(stream, Alone("mail.msg")):
        held[found.name] = content(found, stream)
        status = status or found.status
    parsed = PARSER.parse(memoryview(held["message"]), "message/rfc822", Limits())
    return "".join(parsed.text), held, status


def test_a_message_that_has_only_an_rtf_body_is_found_by_its_words() -> None:
    rtf = rb"{\rtf1\ansi\ansicpg1252\fromtext \deff0 Shift 9 begins at ten.\par}"
    words, held, status = said({0x1009: (BIN, packed(rtf)), 0x0037: text("Rota")})
    assert "Shift 9 begins at ten." in words
    assert held["message/body.rtf"] == rtf
    assert status is None


def test_bodies_are_told_once() -> None:
    rtf = rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}Shift 9 begins at ten.{\*\htmltag72 </p>}}"
    words, held, _ = said({0x1009: (BIN, packed(rtf)), 0x1000: text("Shift 9 begins at ten.\r\n")})
    assert words.count("Shift 9 begins at ten.") == 1
    assert b"<p>Shift 9 begins at ten.</p>" in held["message"]


def test_a_body_that_breaks_off_makes_the_message_unreadable_and_what_is_there_is_kept() -> None:
    rtf = packed(rb"{\rtf1\ansi\fromtext Shift 9 begins at ten.\par}")
    words, _, status = said({0x1009: (BIN, rtf[:-14])})
    assert "Shift 9 begins" in words
    assert status is Status.UNREADABLE
