"""Rich text files: what a page does not show is read too; so is a file that the library cannot read."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, text

from actionday.model import Limits, Parsed
from actionday.parsers import Parsers
from actionday.parsers._rtf import all_texts
from actionday.parsers._unread import MARK, Beside
from actionday.pipeline.extracted import terms
from actionday.pipeline.spelt import with_spellings
from actionday.sources.archives.rtf import SOURCE
from actionday.testing.context import Alone, Bytes

PARSERS = Parsers.load()


def read(content: bytes) -> Parsed:
    parsed = PARSERS.parse("application/rtf", content, Limits())
    assert parsed is not None
    return parsed


def text_of(body: str) -> str:
    return "".join(read(rb"{\rtf1\ansi\ansicpg1251 shown\par " + body.encode("latin-1") + b"}").text)


@pytest.mark.parametrize(
    "body",
    [
        r"{\v kept here}",
        r"{\*\annotation kept here}",
        r"{\*\unknown kept here}",
        r"{\field{\*\fldinst kept here}{\fldrslt x}}",
        r"{\footnote kept here}",
        r"{\header kept here}",
        r"{\info{\doccomm kept here}}",
        r"{\*\shpinst{\sp{\sn name}{\sv kept here}}}",
        r"{\*\unknown \u107?\u101?pt here}",
        r"{\*\unknown k\'65pt here}",
        r"{\*\unknown{\uc2\u107abept here}}",
    ],
    ids=["hidden", "annotation", "destination", "link", "footnote", "header", "remark", "shape", "unicode", "escaped",
         "replacement"],
)  # fmt: skip
def test_f06_every_text_of_a_file_is_read(body: str) -> None:
    assert "kept here" in text_of(body)


def test_f06_a_link_is_read_with_its_target() -> None:
    text = text_of(r'{\field{\*\fldinst HYPERLINK "https://kestrel.example/a"}{\fldrslt the club}}')
    assert "https://kestrel.example/a" in text
    assert text.count("the club") == 1


def test_f06_the_code_page_of_a_font_is_followed() -> None:
    fonts = r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset161 Arial;}}"
    assert "встреча" in text_of(rf"{fonts}{{\*\unknown \u1074?\u1089?\u1090?\u1088?\u1077?\u1095?\u1072?}}")
    assert "встреча" in text_of(r"{\*\unknown \'e2\'f1\'f2\'f0\'e5\'f7\'e0}")
    assert "λέξη" in text_of(rf"{fonts}{{\*\unknown \f1 \'eb\'dd\'ee\'e7}}")


def test_f06_fonts_styles_and_pictures_stay_out_of_the_text() -> None:
    text = text_of(
        r"{\fonttbl{\f0 Arial Black;}}{\stylesheet{\s1 heading one;}}{\pict\pngblip 89504e47}{\*\generator Some Writer;}"
    )
    assert not {"Arial", "heading", "Writer", "89504e47"} & set(text.split())


def test_f06_an_object_is_said() -> None:
    notes = read(rb"{\rtf1 x{\object{\*\objdata " + b"00" * 40 + b"}}}").notes
    assert [note.code for note in notes] == ["embedded_object"]


def test_f19_a_file_that_gives_the_library_nothing_is_read_all_the_same() -> None:
    whole = rb"{\rtf1\ansi\deff0 the kestrel hovers\par over the meadow\par}"
    for at in range(len(whole)):
        for bit in (0, 4):
            damaged = bytearray(whole)
            damaged[at] ^= 1 << bit
            beside = Beside()
            all_texts(memoryview(damaged), beside)
            assert "hovers" in beside.lines([]) or "meadow" in beside.lines([]), (at, bit)


def test_f06_hostile_files_are_read_in_linear_time() -> None:
    for data in (
        b"{" * 300_000,
        b"}" * 300_000,
        b"\\'41" * 100_000,
        b"\\u65?" * 100_000,
        b"{\\v a}" * 50_000,
    ):
        all_texts(memoryview(b"{\\rtf1 " + data), Beside())


@settings(max_examples=60, deadline=None)
@given(binary(max_size=300))
def test_f06_any_bytes_end_in_lines(data: bytes) -> None:
    beside = Beside()
    all_texts(memoryview(b"{\\rtf1 " + data), beside)
    assert beside.lines([]) == "" or beside.lines([]).startswith(MARK)


@settings(max_examples=40, deadline=None)
@given(text("абвгдежз xyz", min_size=8, max_size=40))
def test_f06_letters_beyond_the_code_page_come_back(words: str) -> None:
    escaped = "".join(letter if letter.isascii() else f"\\u{ord(letter)}?" for letter in words)
    beside = Beside()
    all_texts(memoryview(rb"{\rtf1{\*\unknown " + escaped.encode() + b"}}"), beside)
    wanted = " ".join(words.split())
    assert (
        wanted in beside.lines([])
        or not any(map(str.isalpha, words))
        or len(wanted) < 3
        or beside.lines([]) == ""
    )


def found_in(body: str, word: str, *, code: str = "") -> bool:
    text = "".join(read(rb"{\rtf1\ansi " + code.encode() + body.encode() + rb" end\par}").text)
    terms_of = terms(with_spellings([text])[0])
    return word in b" ".join((*terms_of[0], *terms_of[1])).decode().split()


@pytest.mark.parametrize(
    "sign",
    [r"\emspace ", r"\enspace ", r"\qmspace ", r"\b\qmspace\b0 ", r"\tab ", r"\line ", r"\lbr0 ", r"\lbr3", r"\column ",
     r"\page ", r"\sect ", r"\nestcell ", r"\~", r"\_", r"\emdash ", r"\endash ", r"\bullet ", r"\rquote ", "\\\n", "\\\t",
     r"\zwbo "],
)  # fmt: skip
@pytest.mark.parametrize("code", ["", r"\uc0 ", r"\uc1\uc2 "])
def test_what_parts_words_by_a_name_of_its_own_parts_them(sign: str, code: str) -> None:
    assert found_in(f"the falcon{sign}lantern", "falcon", code=code)
    assert found_in(f"the falcon{sign}lantern", "lantern", code=code)


@pytest.mark.parametrize("sign", [r"\-", r"\zwnbo ", r"\zwj ", r"\zwnj ", r"\zwbo ", r"\ltrmark "])
@pytest.mark.parametrize("code", ["", r"\uc0 ", r"\uc1\uc2 "])
def test_what_is_only_a_place_to_break_or_to_join_parts_no_word(sign: str, code: str) -> None:
    assert found_in(f"the falcon{sign}lantern", "falconlantern", code=code)


def test_signs_of_a_text_are_no_second_reading_of_it_and_a_backslash_is_one() -> None:
    body = r"the falcon\emdash lantern\~waits\_here \lquote now\rquote  or\enspace later c:\\emspace\par"
    text = text_of(body)
    assert MARK not in text
    assert "c:\\emspace" in text


def test_every_object_of_a_file_is_counted_and_its_words_are_those_of_its_item() -> None:
    hidden = [f"some hidden words at weir {number}" for number in range(300)]
    objects = "".join(rf"{{\object\objemb{{\*\objdata {each.encode().hex()}}}}}" for each in hidden)
    parsed = read(rb"{\rtf1\ansi shown \\objdata " + objects.encode() + b"}")
    assert "weir" not in "".join(parsed.text)
    assert [note.reason for note in parsed.notes] == ["300 objects in it: items of their own"]
    listed = list(
        SOURCE.items(Bytes(rb"{\rtf1\ansi shown \\objdata " + objects.encode() + b"}"), Alone("a.rtf"))
    )
    assert len(listed) == len(hidden)


HIDDEN = "meeting at the dock tonight with friends"


@pytest.mark.parametrize(
    "table",
    [r"{\colortbl;\red1 SAID;}", r"{\fonttbl{\f9 SAID;}}", r"{\stylesheet{SAID;}}", r"{\stylesheet{\s1\sbasedon0 SAID;}}",
     r"{\fonttbl{\f0\froman{\*\falt SAID}Times New Roman;}}", r"{\*\listtable{\list{\listname SAID;}}}",
     r"{\*\revtbl{Unknown;}{SAID;}}", r"{\*\generator SAID;}", r"{\pict\wmetafile8 SAID}", r"{\*\filetbl{\file SAID}}",
     r"{\listtext SAID\tab}", r"{\shprslt SAID}", r"{\*\latentstyles SAID;}", r"{\info{\company one}{\company SAID}}",
     "{" * 1200 + "SAID" + "}" * 1200],
)  # fmt: skip
def test_prose_in_a_table_that_no_page_shows_is_read(table: str) -> None:
    assert HIDDEN in text_of(table.replace("SAID", HIDDEN))
    coded = "".join(rf"\'{byte:02x}" for byte in "встреча у причала сегодня ночью".encode("cp1251"))
    assert "встреча у причала сегодня ночью" in text_of(table.replace("SAID", coded))


def test_names_of_lists_and_of_those_who_changed_nothing_are_read() -> None:
    assert "Weir list" in text_of(r"{\*\listtable{\list{\listname Weir list;}}}")
    assert "Mira Vale" in text_of(r"{\*\revtbl{Unknown;}{Mira Vale;}}")


def test_names_that_programs_give_are_no_text() -> None:
    usual = (
        r"{\fonttbl{\f0\froman\fcharset0 Times New Roman{\*\falt Liberation Serif};}{\f1 Noto Sans CJK SC;}"
        r"{\f2\fnil MS Mincho;}}{\colortbl;\red0\green0\blue0;\red255\green0\blue0;}"
        r"{\stylesheet{\ql Normal;}{\s1\sbasedon0 heading 1;}{\s2 Body Text First Indent 2 Char;}{\s3 table of contents;}"
        r"{\*\cs10 Default Paragraph Font;}{\s4 footnote text;}{\s5 Light Grid Accent 3;}{\s6 annotation reference;}}"
        r"{\*\listtable{\list\listtemplateid1{\listlevel{\leveltext\'02\'00.;}{\levelnumbers\'01;}}{\listname ;}}}"
        r"{\*\revtbl{Unknown;}}{\*\generator LibreOffice/24.2$Linux_X86_64;}"
        r"{\*\xmlnstbl{\xmlns1 http://schemas.microsoft.com/office/word/2003/wordml}}"
        r"{\*\themedata 504b0304 fade cafe babe dead beef}{\pict\pngblip 89504e470d0a1a0a fade cafe}"
    )
    assert MARK not in text_of(usual)
