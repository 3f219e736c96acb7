"""Characters out of bytes: nothing dropped, the right letters, and what could not be decoded said."""

import random
import string

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, sampled_from
from hypothesis.strategies import text as any_text

from actionday.detectors.filetype import identify_type
from actionday.mime.labels import document_codec
from actionday.model import Limits, Parsed
from actionday.parsers import Parsers, strings
from actionday.parsers._decode import decode, windows

LIMITS = Limits()
ARABIC = (
    "أعلن نادي العوسق عن اجتماع يوم الخميس في القاعة الكبيرة قرب الميناء القديم، وسيقرأ الأعضاء الأخبار.\n"
)
PERSIAN = "باشگاه شاهین روز پنجشنبه در سالن بزرگ کنار بندر قدیمی گرد هم می آید و اعضا خبرنامه را می خوانند.\n"
RUSSIAN = "Клуб «Пустельга» объявляет собрание в четверг в большом зале у старого порта.\n"
SAMPLES = {
    "cp1256": ARABIC,
    "cp1251": RUSSIAN,
    "koi8-r": RUSSIAN.replace("«", "").replace("»", ""),
    "cp866": RUSSIAN.replace("«", "").replace("»", ""),
    "iso8859-5": RUSSIAN.replace("«", "").replace("»", ""),
    "shift_jis": "ケストレルクラブは木曜日に古い港の近くの大ホールで集会を開きます。\n",
    "euc-jp": "ケストレルクラブは木曜日に古い港の近くの大ホールで集会を開きます。\n",
    "iso2022_jp": "ケストレルクラブは木曜日に古い港の近くの大ホールで集会を開きます。\n",
    "gb18030": "红隼俱乐部宣布星期四在旧港附近的大厅举行会议，会员将朗读新闻。\n",
    "big5": "紅隼俱樂部宣布星期四在舊港附近的大廳舉行會議，會員將朗讀新聞。\n",
    "euc-kr": "황조롱이 클럽은 목요일에 옛 항구 근처의 큰 홀에서 모임을 엽니다.\n",
    "cp1255": "מועדון הבז מודיע על אסיפה ביום חמישי באולם הגדול ליד הנמל הישן.\n",
    "cp1253": "Η λέσχη του κιρκινεζιού ανακοινώνει συνάντηση την Πέμπτη στη μεγάλη αίθουσα.\n",
    "cp874": "ชมรมเหยี่ยวประกาศการประชุมในวันพฤหัสบดีที่ห้องโถงใหญ่ใกล้ท่าเรือเก่า\n",
    "cp1254": "Kerkenez kulübü perşembe günü eski limanın yanındaki büyük salonda toplanıyor, şarkı çalınıyor.\n",
    "cp1250": "Klub pustułek ogłasza zebranie w czwartek w dużej sali przy starym porcie, będą pieśni i żarty.\n",
    "cp1252": "Le club du faucon crécerelle annonce une réunion jeudi à la grande salle près du vieux port.\n",
    **dict.fromkeys(
        ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"), ARABIC
    ),
}


def read(content: bytes, mime: str = "text/plain", limits: Limits = LIMITS) -> Parsed:
    parsed = Parsers.load().parse(mime, content, limits)
    assert parsed is not None
    return parsed


def text_of(content: bytes, mime: str = "text/plain") -> str:
    return "".join(read(content, mime).text)


@pytest.mark.parametrize("code", SAMPLES)
@pytest.mark.parametrize("times", [3, 40])
def test_every_encoding_gives_its_own_letters(code: str, times: int) -> None:
    sentence = SAMPLES[code] * times
    assert text_of(sentence.encode(code)) == sentence


@pytest.mark.parametrize(
    ("sentence", "letters"), [(ARABIC, "أعلن"), (PERSIAN, "باشگاه")], ids=["Arabic", "Persian"]
)
@pytest.mark.parametrize(
    "wrap", ["{}", "<html><body><p>{}</p></body></html>"], ids=["txt", "html without charset"]
)
def test_t01_cp1256_is_arabic_letters(sentence: str, letters: str, wrap: str) -> None:
    sentence = sentence.replace("ی", "ي").replace("ک", "ك")  # what cp1256 has
    content = wrap.format(sentence * 11).encode("cp1256")
    assert len(content) >= 1024
    parsed = read(content, "text/html" if "<" in wrap else "text/plain")
    assert parsed.meta["encoding"] == "cp1256"
    assert letters in "".join(parsed.text)


def test_t03_digits_are_never_a_mainframe_code() -> None:
    log = "".join(f"{n:05} {n * 7919 % 100000:05} {n % 60:02}\n" for n in range(20))
    parsed = read(log.encode())
    assert ("".join(parsed.text), parsed.meta["encoding"]) == (log, "utf-8")
    noisy = read(log.encode() + b"caf\xe9\n")
    assert (noisy.text[0][-5:], noisy.meta["encoding"]) == ("café\n", "cp1252")


def test_t07_a_malformed_address_does_not_cost_the_document() -> None:
    sentence = f"write to a@.example, x@{'l' * 70}.example or b@xn--.com before ten\n"
    assert text_of(sentence.encode()) == sentence


def test_lines_of_two_encodings_are_each_read_in_their_own() -> None:
    content = (ARABIC * 5).encode() + (ARABIC * 2).encode("cp1256") + ARABIC.encode()
    parsed = read(content)
    assert "".join(parsed.text) == ARABIC * 8
    assert (parsed.meta["encoding"], parsed.meta["encoding_some_lines"]) == ("utf-8", "cp1256")


def test_a_damaged_place_in_utf_8_is_shown_and_counted() -> None:
    content = ARABIC.encode()
    at = content.index("نادي".encode())
    parsed = read(content[: at + 1] + content[at + 2 :])
    assert "".join(parsed.text) == ARABIC.replace("نادي", "�ادي")
    assert [(note.code, note.reason[:8]) for note in parsed.notes] == [("undecodable", "1 place ")]


def test_nul_bytes_end_lines_and_are_never_in_the_text() -> None:
    assert text_of(b"PATH=/bin\0HOME=/root\0") == "PATH=/bin\nHOME=/root\n"
    assert text_of(b"10:00 started" + bytes(10_000) + b"10:05 again") == "10:00 started\n10:05 again"


@pytest.mark.parametrize("blank", [b"  \n\t\n", bytes(40), "\u00a0\u2003".encode()])
def test_no_characters_is_a_finding(blank: bytes) -> None:
    parsed = read(blank)
    assert (list(parsed.text), parsed.reason) == (
        [],
        "read, but no characters: white space or NUL bytes only",
    )


def test_a_program_behind_a_script_gives_its_printable_runs() -> None:
    noise = random.Random(3).randbytes(6 << 20)
    parsed = read(b"#!/bin/sh\necho unpacking\n" * 200_000 + noise + b"\nhttps://kestrel.example/update\n")
    text = "".join(parsed.text)
    assert text.count("echo unpacking") == 200_000
    assert "https://kestrel.example/update" in text
    assert "printable runs only" in parsed.reason
    assert len(text) < 5_300_000


def test_what_lies_beyond_the_limit_is_said() -> None:
    parsed = read(b"word " * 1000, limits=Limits(text=100))
    assert sum(map(len, parsed.text)) == 100
    assert parsed.reason == "4900 of 5000 bytes are beyond the text limit"


def test_escaped_letters_of_json_can_be_found() -> None:
    assert text_of(
        rb'{"a": "\u0627\u0644\u0633\u0644\u0627\u0645 \ud83d\ude00 \u003cb\u003e"}', "application/json"
    ) == ('{"a": "السلام 😀 <b>"}')
    kept = rb'{"a": "\u0022 \u005c \u000a \ud83d"}'
    assert text_of(kept, "application/json") == kept.decode()


def test_json_of_backslashes_is_read_in_one_pass() -> None:
    """A search for an escape that began anew at each of 200,000 would take five minutes."""
    written = b'{"a": "' + b"\\" * 200_000 + rb'", "b": "\u0627"}'
    assert text_of(written, "application/json").endswith('"b": "ا"}')


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb'"\u0022\u0643\u0633\u0022 \ud83d\u0643"', r'"\u0022كس\u0022 \ud83dك"'),
        (rb'"\\u0041-\\u005a \\\u0643"', r'"\\u0041-\\u005a \\ك"'),
        (rb'"\u00d8\u00a7\u00d9\u0084 Gr\u00fc\u00df"', '"ال Grüß"'),
        (rb'"first\nsecret C:\\new"', '"first\\n\nsecret C:\\\\new"'),
    ],
    ids=["beside syntax", "escaped escapes", "bytes", "ends of lines"],
)
def test_words_of_json_stand_alone_and_what_tells_of_escapes_stays(written: bytes, read: str) -> None:
    assert text_of(b'{"a": ' + written + b"}", "application/json") == f'{{"a": {read}}}'


@settings(max_examples=200, deadline=None)
@given(any_text(alphabet=string.printable + "жéا漢😀\n", min_size=0, max_size=300), integers(4, 40))
def test_utf_8_is_read_as_it_is_whatever_the_window(sentence: str, size: int) -> None:
    decoded = decode(memoryview(sentence.encode()), window=size)
    assert ("".join(decoded.pieces), decoded.replaced) == (sentence, 0)


@settings(max_examples=200, deadline=None)
@given(binary(max_size=500), integers(4, 64))
def test_windows_are_the_content_and_every_byte_is_decoded_or_counted(content: bytes, size: int) -> None:
    assert b"".join(window for _, window in windows(memoryview(content), size)) == content
    decoded = decode(memoryview(content), window=size)
    "".join(decoded.pieces).encode("utf-8")
    assert decoded.replaced == "".join(decoded.pieces).count("�") or "\ufffd".encode() in content


@settings(max_examples=100, deadline=None)
@given(sampled_from(["cp1251", "cp1256", "shift_jis"]), integers(2, 30))
def test_the_window_does_not_matter_for_legacy_codes(code: str, lines: int) -> None:
    sentence = SAMPLES[code] * lines
    decoded = decode(memoryview(sentence.encode(code)), window=len(SAMPLES[code].encode(code)) * 2 + 7)
    assert "".join(decoded.pieces) == sentence


@pytest.mark.parametrize(
    ("label", "wanted"),
    [("windows-874", "cp874"), ("ISO-8859-8-I", "iso8859-8"), ("x-mac-arabic", "mac-arabic"), ("x-sjis", "cp932"),
     ("ks_c_5601-1987", "cp949"), ("gb2312", "gb18030"), ("Latin1", "cp1252"), ("UTF8", "utf-8"),
     ("utf-7", None), ("rot13", None), ("base64", None), ("idna", None), ("", None), ("é", None), ("none", None)],
)  # fmt: skip
def test_labels_mean_what_pages_mean_by_them(label: str, wanted: str | None) -> None:
    assert (document_codec(label) or None) == wanted


def test_strings_are_the_runs_of_six_and_more_in_ascii_and_utf_16() -> None:
    content = (
        b"\x01\x02short\x03long enough\x00\x04" + "wide text".encode("utf-16-le") + b"\xff\xfe\x05tail=1"
    )
    parsed = strings(content, "quarantined: it killed its worker")
    assert "".join(parsed.text) == "long enough\nwide text\ntail=1\n"
    assert parsed.reason == "quarantined: it killed its worker"


def test_strings_are_bounded() -> None:
    parsed = strings(b"abcdefgh\0" * 5_000_000)
    assert sum(map(len, parsed.text)) == 32 << 20
    assert [note.code for note in parsed.notes] == ["strings_cut"]


def test_type_detection_and_decoding_agree_on_what_is_text() -> None:
    from actionday.detectors.filetype import identify_type

    for code, sentence in SAMPLES.items():
        content = (sentence * 20).encode(code)
        assert identify_type(content, content, len(content)) == "text/plain", code
        assert "�" not in text_of(content), code


@pytest.mark.parametrize("code", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "written",
    [
        "रेडियो का कार्यक्रम कल सुबह दस बजे फिर शुरू होगा, और समाचार ग्यारह बजे आएंगे। घाट पर सब सुनेंगे।",
        "റേഡിയോ പരിപാടി നാളെ രാവിലെ പത്തിന് വീണ്ടും തുടങ്ങും, വാർത്തകൾ പതിനൊന്നിന് വരും. തുറമുഖത്ത് എല്ലാവരും കേൾക്കും.",
        "ਰੇਡੀਓ ਦਾ ਪ੍ਰੋਗਰਾਮ ਕੱਲ੍ਹ ਸਵੇਰੇ ਦਸ ਵਜੇ ਫਿਰ ਸ਼ੁਰੂ ਹੋਵੇਗਾ, ਤੇ ਖ਼ਬਰਾਂ ਗਿਆਰਾਂ ਵਜੇ ਆਉਣਗੀਆਂ।",
    ],
    ids=["Hindi", "Malayalam", "Panjabi"],
)
def test_utf_16_whose_every_byte_is_ascii_is_not_taken_for_it(written: str, code: str) -> None:
    """The high byte of Hindi's letters is a tab, of Malayalam's a carriage return, of Panjabi's a line feed."""
    assert "".join(decode(memoryview(written.encode(code))).pieces) == written


EASTERN = {code: SAMPLES[code] for code in ("gb18030", "big5", "shift_jis", "euc-jp", "euc-kr")}
FAULTS = {
    "gb18030": (b"\xff", b"\x80", b"\xa0\xff"),
    "big5": (b"\x8f\xfe", b"\xff", b"\xc8\xff"),
    "shift_jis": (b"\xff", b"\x85\xff", b"\xfd"),
    "euc-jp": (b"\xff", b"\x8f\x20", b"\xf5\xa1"),
    "euc-kr": (b"\xff", b"\xc9\x41", b"\x80"),
}


@pytest.mark.parametrize("code", EASTERN)
@pytest.mark.parametrize(("times", "ended"), [(1, ""), (3, "\n")])
def test_a_few_faults_in_a_text_of_two_bytes_a_letter_cost_themselves(
    code: str, times: int, ended: str
) -> None:
    sentence = EASTERN[code].rstrip() + ended
    part = (sentence * 5).encode(code)
    for fault in FAULTS[code]:
        content = (part + fault) * times + part
        assert identify_type(content, b"", len(content)) == "text/plain"
        parsed = read(content)
        assert "".join(parsed.text).count(sentence) >= 5 * (times + 1) - times, fault
        assert "�" not in "".join(parsed.text) or [note.code for note in parsed.notes] == ["undecodable"]


def test_a_fault_at_each_place_of_a_text_of_two_bytes_costs_hardly_more_than_itself() -> None:
    whole = (EASTERN["big5"] * 4).encode("big5")
    for at in range(0, len(whole) // 4, 6):
        text = text_of(whole[:at] + b"\xff" + whole[at:])
        assert text.count(EASTERN["big5"]) >= 3, at


@pytest.mark.parametrize(
    "code", [code for code in SAMPLES if code.startswith(("cp12", "koi8", "iso8859", "cp866"))]
)
def test_a_fault_in_a_text_of_one_byte_a_letter_makes_it_no_chinese(code: str) -> None:
    for fault in (b"\xff", b"\x81", b"\xfe\x7f"):
        content = SAMPLES[code].encode(code) * 3
        damaged = decode(memoryview(content.replace(b"\n", fault + b"\n", 1)))
        assert not damaged.encoding.startswith(("big5", "gb", "cp9", "euc", "shift"))


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('" a map of keys\nscriptencoding {code}\nloadkeymap\na {word}\n', "cp737"),
        ("#!/usr/bin/python\n# -*- coding: {code} -*-\nx = '{word}'\n", "iso8859-7"),
        (
            '# Greek\nmsgid ""\nmsgstr ""\n"Content-Type: text/plain; charset={code}\\n"\n\nmsgstr "{word}"\n',
            "cp1253",
        ),
    ],
)
def test_a_text_is_read_in_the_code_that_it_names(frame: str, code: str) -> None:
    text = frame.format(code=code, word="νέα")
    parsed = read(text.encode(code))
    assert "".join(parsed.text) == text
    assert not parsed.notes


def test_a_code_that_a_text_names_and_is_not_in_is_not_believed() -> None:
    for label in ("nope", "utf-16", "ascii-art", "utf-7"):
        text = f"# coding: {label}\n{RUSSIAN * 3}"
        assert text_of(text.encode("cp1251")) == text
        assert text_of(text.encode()) == text
