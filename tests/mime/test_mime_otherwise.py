r"""What is written otherwise is read beside the text; programs that only look alike are left alone."""

import base64
import json
import pkgutil
import re
import shutil
import subprocess
from importlib import import_module
from random import Random
from time import process_time
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.mime import otherwise
from actionday.mime.otherwise import layer, spellings
from actionday.mime.otherwise.layer import beside

ARABIC = "السلام عليكم من العوسق"
RUSSIAN = "Привет от Пустельги"
WESTERN = "Grüße aus München"


def said(text: str) -> str:
    return "\n".join(beside([text]).lines)


def escaped(text: str, backslash: str = "\\") -> str:
    return json.dumps(text)[1:-1].replace("\\", backslash)


@pytest.mark.parametrize("text", [ARABIC, RUSSIAN, WESTERN, "红隼俱乐部 宣布", "mail 😀 да"])
@pytest.mark.parametrize(
    "frame",
    [
        '{{"text": "{}", "cut',
        "2026-11-26 10:00 INFO body={{'a': '{}'}}",
        "var x = {{a: '{}'}};",
        "greeting={}",
        "INSERT INTO posts VALUES (1,'{}');",
        's:12:"{}";',
    ],
)
@pytest.mark.parametrize("backslash", ["\\", "\\\\"])
def test_escaped_letters_are_read_wherever_they_stand(text: str, frame: str, backslash: str) -> None:
    assert text in said(frame.format(escaped(text, backslash)))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"\u00d8\u00a7\u00d9\u0084\u00d8\u00b3\u00d9\u0084\u00d8\u00a7\u00d9\u0085", "السلام"),
        (r"b'\xcf\xf0\xe8\xe2\xe5\xf2 \xec\xe8\xf0'", "Привет мир"),
        (r"'M\xfcnchen'", "München"),
        (r'"\320\277\321\200\320\270\320\262\320\265\321\202.txt"', "привет.txt"),
        (r"\u{1F600} \u{434}\u{430}", "😀 да"),
        (r"\x73\x65\x63\x72\x65\x74", "secret"),
        (r"first\nSecret word", "Secret word"),
        ("q=%D8%A7%D9%84%D8%B3%D9%84%D8%A7%D9%85&x=1", "q=السلام&x=1"),
        ("q=%CF%F0%E8%E2%E5%F2+%EC%E8%F0", "Привет+мир"),
        ("q=%C7%E1%D3%E1%C7%E3+%DA%E1%ED%DF%E3", "السلام+عليكم"),
        ("q=%25D8%25A7%25D9%2584", "ال"),
        ("q=%u0627%u0644%u0633", "الس"),
        ("q=%D8%A7%D9%84%D8", "ال"),
        ("Referer: /my%20secret%20plan.pdf", "my secret plan.pdf"),
        ("next=https%3A%2F%2Fkestrel.example%2Fx", "https://kestrel.example/x"),
        ("&#1575;&#1604;&#1587;", "الس"),
        ("&amp;#1575;&amp;amp;#1604;", "ال"),
        ("Gr&uuml;&szlig;e &#x434;&#x430;", "Grüße да"),
        ("Subject: =?utf-8?B?2KfZhNiz2YTYp9mF?= =?utf-8?Q?_M=C3=BCnchen?=", "السلام München"),
        ("Subject: =?windows-1256?B?x+HT4cfj?=", "السلام"),
        ("host xn--mgbh0fb.xn--kgbechtv asked", "host مثال.إختبار asked"),
        ("XN--MNCHEN-3YA.EXAMPLE", "münchen.EXAMPLE"),
        ("Gr+APwA3w-e from +BicGRAYzBkQGJwZF-", "السلام"),
        ("text =D8=A7=D9=84=\n=D8=B3=D9=84=D8=A7=D9=85 M=C3=BCnchen", "السلام München"),
        ("body=%7B%22a%22%3A%22%5Cu0643%5Cu0633%22%7D", "كس"),
    ],
)  # fmt: skip
def test_spellings_read(written: str, read: str) -> None:
    assert read in said(written)


@pytest.mark.parametrize("text", [ARABIC, RUSSIAN, WESTERN])
@pytest.mark.parametrize("code", ["cp1252", "cp1251", "cp1256"])
def test_utf_8_that_was_taken_for_another_code_is_put_right(text: str, code: str) -> None:
    taken = "".join(bytes([byte]).decode(code, "ignore") or chr(byte) for byte in text.encode())
    if code == "cp1252" or (text == RUSSIAN and code == "cp1251") or (text == ARABIC and code == "cp1256"):
        words = said(f"note: {taken} end").split()
        assert set(text.split()) <= set(words)


def test_a_directory_has_its_values_and_folded_words() -> None:
    value = base64.b64encode(ARABIC.encode()).decode()
    ldif = f"version: 1\n\ndn: cn=a\ncn:: {value[:20]}\n {value[20:]}\ndescription: the secret mee\n ting\nphoto:: /9j/4AAQ\n"
    assert ARABIC in said(ldif)
    assert "the secret meeting" in said(ldif)
    assert not {"السلام", "meeting"} & set(said(ldif.replace("dn:", "no:")).split())


@pytest.mark.parametrize(
    "code",
    [
        r"INSERT INTO posts VALUES (1,'Hello,\nkestrel flies at ten.\r\n\r\nkestrel',2);",
        r"1\tthe first line.\nkestrel\t\vkestrel",
        r'{"log":"{\"msg\":\"at ten\\nkestrel\"}"}',
        r'"body":"\u003cp\u003ekestrel\u003c/p\u003e \u0026kestrel"',
        r"exception. \nkestrel at line 3",
    ],
    ids=["mysqldump", "COPY", "JSON in JSON", "HTML in JSON", "behind a blank"],
)
def test_a_word_behind_the_end_of_a_line_that_is_written_as_an_escape_is_found(code: str) -> None:
    assert "kestrel" in re.findall(r"\w+", said(code))


@pytest.mark.parametrize(
    "code",
    [
        r"LETTERS = /[A-Za-z\u00aa\u00b5\u00ba\u00c0-\u00d6\u00d8-\u00f6\u0600-\u06FF\u0750-\u077F]+/g",
        r"re.compile(r'[\u0041-\u005a]')",
        'printf("%02x%02x %20s %5d%%", a); "%define name x"; movl %eax,%ecx',
        r"C:\new\reports\users \nabla \textbf \033[0m \0 \x00\x01",
        "a &amp; b &lt;c&gt; x&y; &copy; R&D;",
        "x+y a+b+c 1+ABC +Bar +AAA= git+ssh +Add",
        "a=FF b=AB==C c=CA;",
        "été où ça « à » não coração fünf ärger",
        "xn-- xn--- no",
        "Клуб «Пустельга» — собрание. РОССИЯ СССР",
        "أعلن نادي العوسق عن اجتماع",
    ],
)
def test_what_only_looks_alike_adds_nothing(code: str) -> None:
    assert said(code) == ""


def test_a_passage_is_no_longer_than_its_line_and_comes_once() -> None:
    line = f"GET /a?q={quote('العوسق')}&r=1 HTTP/1.1\n"
    found = beside([line * 1000, line])
    assert found.lines == ("GET /a?q=العوسق&r=1 HTTP/1.1",)
    assert not found.more


def test_what_is_beyond_the_limit_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer, "MOST", 10)
    assert beside([f"{quote('да нет')}\n" * 11]).more
    assert not beside([f"{quote('нет')}\n" * 10]).more


@pytest.mark.parametrize(
    "unit",
    ["+B", "+BicGRAYz", "\\", "\\u", "%25", "&amp;", "=?utf-8?q?", "xn--", "Ã", "[\\u0600-\\u06ff", '"'],
)
def test_what_repeats_without_end_is_read_in_linear_time(unit: str) -> None:
    assert said(unit * (200_000 // len(unit))) == ""


@pytest.mark.parametrize(
    "text",
    [
        base64.b64encode(Random(1).randbytes(1_000_000)).decode(),
        f"{'k' * 400_000}\u3164",
        "kestrel" * 60_000 + "\u3164",
    ],
    ids=["base64 that is filled up", "a word before a filler", "words that are one before a filler"],
)
def test_a_long_run_is_gone_through_once(text: str) -> None:
    begun = process_time()
    assert said(text) == ""
    assert process_time() - begun < 4


def test_utf_7_ends_at_a_hyphen_and_is_none_before_an_equals_sign() -> None:
    assert "السلام=5" in said("count +BicGRAYzBkQGJwZF-=5")
    assert said("key +BicGRAYzBkQGJwZF=") == ""


def test_every_spelling_of_the_folder_is_asked() -> None:
    own = set()
    for each in pkgutil.iter_modules(otherwise.__path__):
        module = import_module(f"{otherwise.__name__}.{each.name}")
        one = getattr(module, "SPELLING", None)
        own |= set(map(id, getattr(module, "SPELLINGS", (one,) if one else ())))
    assert own == set(map(id, spellings.ALL))


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet='\\%&=+?u#0123456789abcdefABCDxn-;amp \n"ÃØ§РѕµطB:Q', max_size=200))
def test_any_text_is_read_without_a_fault_twice_alike_and_never_doubled(text: str) -> None:
    found = beside([text])
    assert found == beside([text])
    assert sum(map(len, found.lines)) <= 2 * len(text)
    "".join(found.lines).encode()


def test_an_overridden_order_is_read_as_it_is_seen() -> None:
    assert said("meet \u202e" + "Thursday"[::-1] + "\u202c at the quay") == "meet Thursday at the quay"
    assert said("invoice\u202egpj.exe") == "invoiceexe.jpg"
    assert "שלום" in said("\u202d" + "שלום"[::-1] + "\u202c")
    assert not said("\u202eשלום\u202c and \u202dquay\u202c, \u202e12\u202c")


def seven(text: str) -> str:
    return f"+{base64.b64encode(text.encode('utf-16-be')).decode().rstrip('=')}-"


@pytest.mark.parametrize(
    "text", ["the kestrel flies at ten", "Über den Hafen", "秘密会议将在港口", "встреча in 10"]
)
def test_whole_texts_in_utf_7_are_read(text: str) -> None:
    assert text in said(f"{seven(text)}\n")


@pytest.mark.parametrize("text", ["a+b+c", "x +AAAA- +abcdefgh", "+49-30-123", "c++AGEA-", "+TipZ-"])
def test_signs_plus_of_other_uses_are_no_utf_7(text: str) -> None:
    assert said(text) == ""


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("the propa-\nganda", "propaganda"),
        ("the propa-\r\n    ganda", "propaganda"),
        ("> the propa-\n> ganda", "propaganda"),
        ("the propa\u00ad\nganda", "propaganda"),
        ("the propa\u2010\nganda", "propaganda"),
        ("пропа-\nганда", "пропаганда"),
        ("THE PROPA-\nGANDA", "PROPAGANDA"),
        ("ПРОПА-\r\nГАНДА", "ПРОПАГАНДА"),
        ("the propa- \nganda", "propaganda"),
        ("the propa-\t\r\n  ganda", "propaganda"),
        ("the propa-\n\fganda", "propaganda"),
        ("// the propa-\n// ganda", "propaganda"),
        ("# the propa-\n#   ganda", "propaganda"),
        (" * the propa-\n * ganda", "propaganda"),
        ("; the propa-\n;; ganda", "propaganda"),
        ("meet \u202eslertsek\u202c now", "kestrels"),
        ("echo propa\\\nganda", "propaganda"),
        ('s = "the propa\\\r\nganda"', "propaganda"),
        ("p\\\nr\\\no\\\np\\\na\\\nganda", "propaganda"),
        ("пропа\\\nганда", "пропаганда"),
        ("s = 'first\\nthe propa\\\nganda here'", "propaganda"),
        ("echo propa^\r\nganda", "propaganda"),
        ("שלום \u202dםולש\u202c", "שלום"),
        ("k\u3164e\u3164s\u3164t\u3164r\u3164e\u3164l", "kestrel"),
        ("kes\u115f\u1160trel", "kestrel"),
        ("the\u3164kestrel", "kestrel"),
        ("the end\ufeffkestrel", "kestrel"),
        ("the\u200bkestrel", "kestrel"),
        ("\u0939\u093f\u0928\u094d\u0926\u0940\u200b\u0939\u0948", "\u0939\u093f\u0928\u094d\u0926\u0940"),
    ],
)
def test_words_that_are_parted_or_turned_are_read_as_they_are_seen(text: str, word: str) -> None:
    assert word in said(text).replace("\u202c", " ").split()


@pytest.mark.parametrize(
    "text",
    [
        "Jean-\nPaul",
        "a UN-\nOrganisation",
        "the propa-\n\nganda",
        "the propa-\n17\nganda",
        "pass --propa- \n--ganda",
        "a list:\n-\nfirst",
        "x-\ny",
        "----\nabc",
        "dir C:\\temp\\propa\\\nganda",
        "copy \\\\server\\propa\\\nganda",
        'puts("propa.\\n\\\nganda")',
        "cc -O2 \\\nganda.c",
        "the end\\\\\nganda",
        "call \u202d+49 30 123\u202c now",
        "\u202eשלום\u202c",
        "\ufeffbegin",
        "\u0e44\u0e1b\u200b\u0e21\u0e32 12\u200b. \u200b",
        "비밀 회의",
    ],
)
def test_what_only_looks_parted_or_turned_is_left_alone(text: str) -> None:
    assert said(text) == ""


def tagged(word: str) -> str:
    return "".join(chr(0xE0000 + ord(letter)) for letter in word)


def selected(text: str) -> str:
    return "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in text.encode())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (f"all is well{tagged('meet the kestrel')} here", "meet the kestrel"),
        (f"\U0001f3f4{tagged('gbeng')}\U000e007f{tagged('kestrel')}", "kestrel"),
        (f"\U0001f3f4{tagged('kestrel')}\U000e007f", "kestrel"),
        (
            "".join(f"{seen}{tagged(letter)}" for seen, letter in zip("picture", "kestrel", strict=True)),
            "kestrel",
        ),
        (f"smile \U0001f600{selected('meet the kestrel')}", "meet the kestrel"),
        (f"a{selected(chr(10) + 'then the kestrel')} b", "then the kestrel"),
        (f"a{selected(RUSSIAN)}", RUSSIAN),
        (f"a{selected(ARABIC)}", ARABIC),
        (
            "".join(f"{seen}{selected(letter)}" for seen, letter in zip("picture", "kestrel", strict=True)),
            "kestrel",
        ),
    ],
)
def test_text_in_characters_that_are_never_seen_is_read(text: str, word: str) -> None:
    assert word in said(f"{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        f"\U0001f3f4{tagged('gbsct')}\U000e007f and \U0001f3f4{tagged('usca')}\U000e007f",
        "\u2764\ufe0f \u2600\ufe0e 1\ufe0f\u20e3 \U0001f469\u200d\u2764\ufe0f\u200d\U0001f468",
        "\u845b\U000e0100\u98fe\U000e0101\u533a\U000e0121\u8fba\U000e0141\u908a\U000e0155",
        "\U0001f600\U0001f44d\uffff \U00010348\U0002f800\U0010fffd",
    ],
    ids=["flags", "emoji", "ideographs", "beyond the first plane"],
)
def test_tags_and_selectors_in_their_ordinary_places_say_nothing(text: str) -> None:
    assert said(text) == ""


MEETING = "Meet the kestrel at the quay on Thursday, nobody else may know the place."


@pytest.mark.parametrize("text", [MEETING, "Встреча в гавани в четверг, пустельга придёт одна."])
@pytest.mark.parametrize(
    "command",
    ["xxd", "xxd -g1", "xxd -g4", "xxd -e", "xxd -u", "xxd -c 8", "xxd -i", "xxd -p", "hexdump", "hexdump -C",
     "od -t x1", "od -x", "od -A x -t x1z", "od -A n -t x1"],
)  # fmt: skip
def test_dumps_say_what_was_dumped(command: str, text: str) -> None:
    tool, *options = command.split()
    if not shutil.which(tool):
        pytest.skip(f"dumps its text with {tool}: not installed here")
    dump = subprocess.run(
        [tool, *options], input=text.encode(), capture_output=True, check=True
    ).stdout.decode()
    assert text in said(dump)
    assert text in said(f"of the file:\r\n{dump}\r\nand so on".replace("\n", "\r\n"))


@pytest.mark.parametrize("text", ["kestrels", MEETING, "Встреча в гавани в четверг", "العوسق عند الظهر"])
@pytest.mark.parametrize(
    ("between", "form"),
    [(" ", "%02x"), (" ", "%02X"), (":", "%02X"), ("-", "%02X"), (",", "%02x"), (", ", "%02x"), ("; ", "%02x"),
     ("\n", "%02x"), ("\r\n", "%02x"), (", ", "0x%02x"), (",", "0x%02X"), (", ", "\\x%02x"), (" ", "\\x%02x"),
     (", ", "'\\x%02x'"), (",\n    ", "0x%02x")],
)  # fmt: skip
def test_bytes_one_by_one_are_read(text: str, between: str, form: str) -> None:
    assert text in said(f"payload = {between.join(form % byte for byte in text.encode())}\n")


@pytest.mark.parametrize(
    "text",
    [
        "00:1b:63:84:45:e6 and 6c:65:73:74:72:65",
        "SHA1 Fingerprint=0F:C4:A2:11:9E:55:E1:28:70:0C:B5:3A:C8:14:D2:7E:99:B1:4D:22",
        "45 52 67 61 72 55 68 49 51 77 65 74\n" * 9,
        "2001:0db8:85a3:0000:0000:8a2e:0370:7334",
        "0xff, 0x00, 0x9c, 0x81, 0x48, 0x65, 0x6c, 0x01, 0x02, 0x03",
        "2019 2020 2021 2022 2023 2024 2025 2026 2027 2028",
        "26-11-26 10:15:30,120 20 20 20 20 20 20 20 20 20",
    ],
    ids=["addresses", "digest", "ages", "IPv6", "picture", "years", "log"],
)
def test_figures_that_are_no_text_say_nothing(text: str) -> None:
    assert said(text) == ""


def coded(text: str, times: int) -> str:
    raw = text.encode()
    for _ in range(times):
        raw = base64.b64encode(raw)
    return raw.decode()


@pytest.mark.parametrize("times", [1, 2, 3, 12])
def test_base64_within_base64_is_read_to_its_ground(times: int) -> None:
    found = beside(
        [f"10:00 the server said: {coded('the kestrel flies at ten to the harrier', times)} and went on"]
    )
    assert "the kestrel flies at ten to the harrier" in "\n".join(found.lines)
    assert not found.more


def test_behind_the_deepest_it_is_said_that_there_is_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer, "DEEPEST", 4)
    for times, more in ((4, False), (5, True)):
        found = beside([f"token: {coded('the kestrel flies at ten to the harrier', times)} and went on"])
        assert (found.more, "kestrel" in "\n".join(found.lines)) == (more, not more)


def test_passages_that_go_on_and_on_are_bounded_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer, "GROWTH", 1)
    found = beside([f"token: {coded('the kestrel flies at ten to the harrier', 12)} and went on"])
    assert found.more
    assert len(found.lines) < 12
