"""Text is told from data, in any encoding, and named more closely only where its first lines prove it."""

import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, sampled_from, text

from actionday.detectors.filetype import identify_type

ARABIC = "أعلن نادي العوسق عن اجتماع يوم الخميس في القاعة الكبيرة قرب الميناء القديم.\n"
RUSSIAN = "Клуб «Пустельга» объявляет собрание в четверг в большом зале у старого порта.\n"
JAPANESE = "ケストレルクラブは木曜日に古い港の近くの大ホールで集会を開きます。\n"
MAIL = "Status: RO\nX-Mark: 1\nFrom: Mira <mira@kestrel.example>\nDate: Tue, 2 Jun 2026 10:00:00 +0200\n\nHello\n"
MBOX = "From mira@kestrel.example Tue Jun  2 10:00:00 2026\nFrom: Mira <m@k.example>\nTo: b@c.example\n\nHi\n"


def kind(content: bytes) -> str:
    return identify_type(content[:131072], content[-65536:], len(content))


ENCODED = [
    *((ARABIC, code) for code in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le",
                                  "cp1256", "iso8859-6")),
    *((RUSSIAN, code) for code in ("utf-8", "utf-16-le", "cp1251", "koi8-r", "cp866")),
    *((JAPANESE, code) for code in ("utf-8", "utf-16-be", "shift_jis", "euc-jp", "iso2022_jp")),
]  # fmt: skip


@pytest.mark.parametrize(("sentence", "code"), ENCODED, ids=lambda each: each if len(each) < 12 else "")
@pytest.mark.parametrize("times", [1, 200])
def test_text_is_text_in_every_encoding(sentence: str, code: str, times: int) -> None:
    assert kind((sentence * times).encode(code, "replace")) == "text/plain"


@settings(max_examples=200, deadline=None)
@given(text(min_size=1, max_size=200).filter(lambda s: s.isprintable() and s[0].isalpha()), integers(0, 3))
def test_a_character_cut_by_the_window_is_no_fault(sentence: str, shift: int) -> None:
    content = ("ж" * 3000 + sentence)[shift:].encode()
    assert kind(content) == "text/plain"


CHINESE = "红隼俱乐部宣布星期四在旧港口附近的大礼堂举行集会，欢迎所有朋友参加。"
TAIWANESE = "紅隼俱樂部宣佈星期四在舊港口附近的大禮堂舉行集會，歡迎所有朋友參加。"
KOREAN = "황조롱이 클럽은 목요일 옛 항구 근처 큰 홀에서 모임을 연다고 발표했습니다. "
BEYOND = f"{CHINESE * 3}𠮷{CHINESE}😀"  # four bytes in UTF-8, UTF-16 and GB 18030
CUT = [
    *((RUSSIAN, code) for code in ("utf-8", "utf-16", "utf-16-le", "utf-32")),
    *((BEYOND, code) for code in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le", "gb18030")),
    *((JAPANESE[:-1], code) for code in ("utf-8", "shift_jis", "euc-jp")),
    *((JAPANESE, "shift_jis"), (TAIWANESE, "big5"), (KOREAN, "euc-kr"), (KOREAN, "utf-8")),
    ("😀😁🚀\n", "utf-8"),
]


@pytest.mark.parametrize(("sentence", "code"), CUT, ids=lambda each: each if len(each) < 10 else "")
@pytest.mark.parametrize("edge", [2000, 4096, 2 * 4096, 131072])
def test_a_text_is_text_wherever_its_end_or_a_window_lies_within_a_character(
    sentence: str, code: str, edge: int
) -> None:
    whole = sentence.encode(code)
    content = whole + sentence.encode(code.removesuffix("-sig")) * (edge // len(whole) + 100)
    if code in ("utf-16", "utf-32"):
        content = (sentence * (edge // len(whole) + 100)).encode(code)
    kinds = {size: kind(content[:size]) for size in range(edge - 8, edge + 16)}
    assert {size: found for size, found in kinds.items() if found != "text/plain"} == {}


@pytest.mark.parametrize("size", range(4096 - 2, 4096 + 20))
def test_padding_of_nuls_in_a_text_that_a_window_cuts_is_no_fault(size: int) -> None:
    content = ((RUSSIAN * 3).encode() + bytes(9)) * 40
    assert kind(content[:size]) == "text/plain"


def test_two_bytes_that_might_begin_a_character_are_no_text() -> None:
    assert kind(b"\xe2\x80") == kind(b"\x01\xd0\x02\xe2\x80") == "application/octet-stream"


def test_t03_digits_and_blanks_are_ascii_text() -> None:
    log = "".join(f"{n:05} {n * 7919 % 100000:05} {n % 60:02}\n" for n in range(20)).encode()
    assert len(log) == 300
    assert kind(log) == "text/plain"


def test_m08_mail_that_begins_with_a_status_line_is_mail() -> None:
    assert kind(MAIL.encode()) == "message/rfc822"
    assert kind(MAIL.replace("\n", "\r\n").encode()) == "message/rfc822"


PROSE_AND_CODE = {
    "From now on": ("From now on the club meets at ten.\nBring tea: two bags.\n", "text/plain"),
    "mbox": (MBOX, "application/mbox"),
    "mbox of Thunderbird": (
        f"From - Tue Jun 02 10:00:00 2026\nX-Mozilla-Status: 0001\n{MAIL}",
        "application/mbox",
    ),
    "a Debian control file": (
        "Package: kestrel\nStatus: install ok\nMaintainer: M <m@k.example>\nVersion: 1\n",
        "text/plain",
    ),
    "answer of a web server": (
        "HTTP/1.1 200 OK\nDate: Tue, 02 Jun 2026\nContent-Type: text/html\n\n",
        "text/plain",
    ),
    "YAML with from and to": ("from: north\nto: south\nwhen: ten\n", "text/plain"),
    "news": (
        "Path: a!b\nFrom: m@k.example\nNewsgroups: kestrel.talk\nMessage-ID: <1@k>\n\nHi\n",
        "message/rfc822",
    ),
    "HTML 5": ("<!DOCTYPE html>\n<title>x</title>", "text/html"),
    "HTML after a comment": ("<!-- made by hand -->\n<HTML><BODY>x", "text/html"),
    "a fragment": ("<div class='x'>hello</div>", "text/html"),
    "XHTML": (
        '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>',
        "application/xhtml+xml",
    ),
    "XML": ('<?xml version="1.0"?><list/>', "application/xml"),
    "XML by its namespace": ('<list xmlns="urn:x"/>', "application/xml"),
    "SVG without a prolog": ('<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml"),
    "RSS": ('<?xml version="1.0"?>\n<!-- c -->\n<rss version="2.0"/>', "application/rss+xml"),
    "Atom": ('<feed xmlns="http://www.w3.org/2005/Atom"/>', "application/atom+xml"),
    "less than": ("<3 the kestrel club\n", "text/plain"),
    "JSON": ('{"a": [1, 2, {"b": null}]}', "application/json"),
    "JSON lines": ('{"a": 1}\n{"a": 2}\n{"a": 3}\n', "application/x-ndjson"),
    "JSON that breaks off": ('{"a": 1', "application/json"),
    "a list that breaks off": ('[1, 2, 3, {"a', "application/json"),
    "nearly JSON": ('{"a": 1,, "b', "text/plain"),
    "a figure in brackets": ("[12", "text/plain"),
    "a config in brackets": ("[section]\nkey = value\n", "text/plain"),
    "C in braces": ("{ int x; }\n", "text/plain"),
    "notebook": (
        '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
        "application/x-ipynb+json",
    ),
    "shell": ("#!/bin/sh\necho hi\n", "text/x-shellscript"),
    "Python by env": ("#!/usr/bin/env python3\nprint(1)\n", "text/x-python"),
    "Perl": ("#! /usr/bin/perl -w\nprint 1;\n", "text/x-perl"),
    "an unknown interpreter": ("#!/usr/bin/kestrel\nfly\n", "text/plain"),
    "PHP": ("<?php echo 1;", "text/x-php"),
    "vCard": ("BEGIN:VCARD\nVERSION:4.0\n", "text/vcard"),
    "iCalendar": ("BEGIN:VCALENDAR\nVERSION:2.0\n", "text/calendar"),
    "subtitles": ("1\n00:00:01,000 --> 00:00:02,000\nHello\n", "application/x-subrip"),
    "SQL dump": ("-- MySQL dump 10.13  Distrib 8.0\n", "application/sql"),
    "PEM": ("-----BEGIN CERTIFICATE-----\nMIIB\n", "application/x-pem-file"),
    "a signed text": ("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nhello\n", "text/plain"),
    "a web log": ('127.0.0.1 - - [02/Jun/2026:10:00:00 +0000] "GET /<html> HTTP/1.1" 200 5\n', "text/plain"),
    "terminal colours": ("\x1b[31mred\x1b[0m\n" * 20, "text/plain"),
    "records of /proc": ("PATH=/usr/bin:/bin\0HOME=/root\0LANG=C.UTF-8\0", "text/plain"),
}


@pytest.mark.parametrize("name", PROSE_AND_CODE)
def test_kinds_of_text(name: str) -> None:
    content, wanted = PROSE_AND_CODE[name]
    assert kind(content.encode()) == wanted


@pytest.mark.parametrize("code", ["utf-8-sig", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("name", ["HTML 5", "RSS", "vCard", "JSON", "PHP"])
def test_the_kind_is_the_same_behind_a_mark_and_in_utf_16(name: str, code: str) -> None:
    content, wanted = PROSE_AND_CODE[name]
    lead = "\ufeff" if code == "utf-16-be" else ""
    assert kind((lead + content).encode(code)) == wanted


def test_a_log_torn_by_a_crash_is_text_and_a_table_of_numbers_is_not() -> None:
    assert kind(b"10:00 kestrel started\n10:01 ready\n" + bytes(3000)) == "text/plain"
    assert kind(b"".join(n.to_bytes(4, "little") for n in range(300, 1200))) == "application/octet-stream"
    assert (
        kind(b"".join(bytes([65 + n % 26, 0, 0, 0, 1, 0]) for n in range(600))) == "application/octet-stream"
    )


def test_an_installer_is_told_by_its_first_line_only_if_all_of_it_is_text() -> None:
    script = b"#!/bin/sh\n" + b"echo unpacking\n" * 400
    assert kind(script) == "text/x-shellscript"
    assert kind(script + bytes((at * 193 + 7) % 256 for at in range(20000))) == "application/octet-stream"


@settings(max_examples=60, deadline=None)
@given(sampled_from(list(PROSE_AND_CODE)), integers(0, 80))
def test_blank_lines_before_do_not_raise(name: str, blanks: int) -> None:
    assert kind(b"\n" * blanks + PROSE_AND_CODE[name][0].encode()).count("/") == 1
