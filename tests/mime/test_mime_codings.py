r"""Control characters, colours and codings that texts have in letters: the words beside and within them are found."""

import base64
import gzip
import hashlib
import random
import re
import subprocess
import zlib

import pytest

from actionday.detectors.filetype import identify_type
from actionday.mime.otherwise.layer import beside

SECRET = "the kestrel leaves at noon"
ARABIC = "السلام عليكم من العوسق"
RUSSIAN = "Привет от Пустельги, встреча в полдень"


def said(text: str) -> str:
    return "\n".join(beside([text]).lines)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", said(text))


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


@pytest.mark.parametrize("sign", ["#012", "#011", "#015#012", "#000", "#012#011"])
def test_words_beside_what_rsyslog_wrote_for_a_control_character(sign: str) -> None:
    line = f"Nov 26 10:00:01 host app[1]: failed#012the first{sign}kestrel{sign}2026 times\n"
    assert {"kestrel", "2026"} <= set(words(line))


def test_bytes_that_rsyslog_wrote_in_octal_are_letters() -> None:
    octal = "".join(f"#{byte:03o}" for byte in "Пустельга".encode())
    assert "Пустельга" in words(f"Nov 26 host app: {octal} came")


@pytest.mark.parametrize(
    "code", ["p{color:#012abc;fill:#000;a:#011fff00}", "see #012 and #123, #0123 too", "#000a"]
)
def test_colours_and_numbers_are_no_control_characters(code: str) -> None:
    assert said(code) == ""


@pytest.mark.parametrize("text", ["name\tkestrel\tnoon\r\nnext\tpier\r\n", f"{RUSSIAN}\n", "schöne Grüße\n"])
def test_what_cat_shows_of_a_text_is_read(text: str) -> None:
    shown = subprocess.run(
        ["cat", "-A"], input=text.encode(), capture_output=True, check=True
    ).stdout.decode()
    assert set(re.findall(r"\w+", text)) - set(re.findall(r"\w+", shown)) <= set(words(shown))


@pytest.mark.parametrize(
    "code", ["re.compile('^Import|^Make')", "x^Iy + e^Mt", "M-x revert-buffer, M-C-a", "a^b"]
)
def test_anchors_and_powers_are_no_control_characters(code: str) -> None:
    assert said(code) == ""


@pytest.mark.parametrize("colour", ["\x034", "\x0304", "\x0304,12", "\x04ff8800", "\x02\x0312"])
def test_a_word_behind_the_colour_of_a_chat_is_found(colour: str) -> None:
    log = f"10:00 <joe> hello {colour}kestrel\x0f at \x02no\x02on\n"
    assert {"kestrel", "noon"} <= set(words(log))
    assert identify_type(log.encode() * 20, b"", 20 * len(log)) == "text/plain"


def test_separators_of_records_join_nothing() -> None:
    assert said("245 \x1fatitle\x1fbrest\x1e300") == ""


@pytest.mark.parametrize(
    "frame",
    [
        "<?php eval(base64_decode('{}'));",
        "x = b'{}'",
        "data:text/plain;base64,{}",
        'config: "{}"',
        "open /var/run/{} now",
    ],
)
@pytest.mark.parametrize("text", [SECRET, ARABIC, RUSSIAN])
def test_text_in_base64_is_read_where_it_stands(frame: str, text: str) -> None:
    assert text in said(frame.format(b64(text)))


def test_base64_in_all_its_forms() -> None:
    long = f"{SECRET}, " * 9 + "and then the harbour"
    wrapped = base64.encodebytes(long.encode()).decode()
    assert "and then the harbour" in said(f"note: |\n{wrapped}end: 1\n")
    assert SECRET in said("token=" + base64.urlsafe_b64encode(f"{SECRET}?>~~".encode()).decode())
    assert SECRET in said("powershell -enc " + b64(SECRET.encode("utf-16-le")))
    assert RUSSIAN in said("powershell -enc " + b64(RUSSIAN.encode("utf-16-le")))
    assert SECRET in said(f"eval(gzinflate(base64_decode('{b64(zlib.compress(SECRET.encode())[2:-4])}')))")
    assert SECRET in said(f"blob: {b64(gzip.compress(SECRET.encode()))}")
    assert SECRET in said(b64(b64(SECRET)))
    assert "joe:pier" in said(f"Authorization: Basic {b64('joe:pier')}\n")
    assert "pier77" in words(f"kind: Secret\ndata:\n  password: {b64('pier77')}\n")
    assert "go pier" in said(f"exec(b64decode('{b64('go pier')}'))")


@pytest.mark.parametrize("text", [SECRET, ARABIC, RUSSIAN])
@pytest.mark.parametrize(
    "frame",
    [
        "INSERT INTO `mail` VALUES (1,0x{}),(2,0x00);",
        "INSERT INTO mail VALUES(1,X'{}');",
        "COPY public.mail (id, body) FROM stdin;\n1\t\\\\x{}\n",
        "id {} end",
    ],
)
def test_text_in_hexadecimal_figures_is_read(frame: str, text: str) -> None:
    assert text in said(frame.format(text.encode().hex()))
    assert text in said(frame.format(text.encode().hex().upper()))


def test_short_values_of_dumps_and_old_codes() -> None:
    assert "Joe" in words("INSERT INTO p VALUES (0x4A6F65);")
    cyrillic = RUSSIAN.encode("cp1251").hex()
    assert RUSSIAN in said(f"INSERT INTO p VALUES (0x{cyrillic});")


def test_arguments_in_records_of_audit_are_read() -> None:
    proctitle, comm = (part.encode().hex().upper() for part in ("cat\0/srv/kestrel", "sh pier"))
    record = f"type=PROCTITLE msg=audit(1.1:4): proctitle={proctitle} comm={comm} a0=7ffd3c a1=0"
    assert "cat /srv/kestrel" in said(record)
    assert "pier" in words(record)


def test_keys_digests_and_names_are_no_text() -> None:
    chance = random.Random(7)
    lines = []
    for _ in range(4000):
        raw = chance.randbytes(chance.choice((16, 20, 32, 48)))
        lines += [raw.hex(), b64(raw), hashlib.md5(raw, usedforsecurity=False).hexdigest().upper()]
    lines += [
        "PFNGLGETMULTITEXPARAMETERFVEXTPROC", "ZN5Exiv213XmpArrayValue4readERKNSt7basicstring",
        "/usr/share/postgresql/15/man/man7/INSERT", "0x46494c45 Basic information base64 encoder kind",
    ]  # fmt: skip
    assert said("\n".join(lines)) == ""


def test_a_bomb_in_base64_is_bounded() -> None:
    bomb = b64(zlib.compress(b"pier " * 2_000_000, 9))
    assert sum(map(len, beside([f"inflate('{bomb}')"]).lines)) <= 1 << 21


@pytest.mark.parametrize(
    "unit", ["QUJD", "6162", "#012", "^I", "M-C", "\x034", "0x61", "QUJD\n", "\\x61", "Basic "]
)
def test_what_repeats_without_end_is_read_in_linear_time(unit: str) -> None:
    beside([unit * (200_000 // len(unit))])


def test_quoted_printable_in_a_dump_has_its_words() -> None:
    dump = r"INSERT INTO mail VALUES (1,'Hello=20kestrel=2C=0D=0Ameeting=3Dnoon');"
    assert {"kestrel", "meeting", "noon"} <= set(words(dump))
