"""The text of messages: what people search for is in it, once, whatever charset and coding it came in."""

from base64 import b64encode, encodebytes
from binascii import b2a_uu
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, lists, sampled_from, text, tuples

from actionday.mime.fields import Fields
from actionday.mime.listed import listed
from actionday.model import Limits, Loss, Note, Parsed
from actionday.model.loss import MAY_BE_CUT
from actionday.parsers.mail import PARSER

LIMITS = Limits()
ARABIC = "أعلن نادي العوسق عن اجتماع يوم الخميس في القاعة الكبيرة قرب الميناء القديم"


def parsed(data: bytes, limits: Limits = LIMITS) -> Parsed:
    return PARSER.parse(memoryview(data), "message/rfc822", limits)


def read(data: bytes) -> str:
    return "".join(parsed(data).text)


def message(body: str = "The rota begins at ten.\n") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = (
        "Jörg Falk <joerg@kestrel.example>",
        "crew@kestrel.example, Ада <ada@kestrel.example>",
    )
    mail["Subject"], mail["Date"] = "Dienstplan für Möwen", "Tue, 02 Jun 2026 10:00:00 +0200"
    mail["Message-ID"] = "<rota-1@kestrel.example>"
    mail.set_content(body)
    return mail


def test_header_lines_then_an_empty_line_then_the_body() -> None:
    assert read(message().as_bytes()) == (
        "Subject: Dienstplan für Möwen\n"
        "From: Jörg Falk <joerg@kestrel.example>\n"
        "To: crew@kestrel.example, Ада <ada@kestrel.example>\n"
        "Date: Tue, 02 Jun 2026 10:00:00 +0200\n"
        "\n"
        "The rota begins at ten.\n\n"
    )


def test_metadata_is_typed_and_unknown_is_none() -> None:
    mail = message()
    mail["References"], mail["In-Reply-To"] = "<a@kestrel.example> <b@kestrel.example>", "<b@kestrel.example>"
    mail["Received"], mail["X-Mailer"] = "from last by us", "Kestrel Mail 1"
    mail["Received"] = "from first by last"
    meta = parsed(mail.as_bytes()).meta
    assert meta == {
        "subject": "Dienstplan für Möwen",
        "from": [{"name": "Jörg Falk", "address": "joerg@kestrel.example"}],
        "to": [
            {"name": "", "address": "crew@kestrel.example"},
            {"name": "Ада", "address": "ada@kestrel.example"},
        ],
        "cc": [],
        "bcc": [],
        "reply_to": [],
        "date": "2026-06-02T08:00:00Z",
        "date_raw": "Tue, 02 Jun 2026 10:00:00 +0200",
        "date_reason": None,
        "message_id": "rota-1@kestrel.example",
        "in_reply_to": ["b@kestrel.example"],
        "references": ["a@kestrel.example", "b@kestrel.example"],
        "received_hops": 2,
        "received_first": "from first by last",
        "user_agent": "Kestrel Mail 1",
        "header": ["Received: from last by us", "X-Mailer: Kestrel Mail 1", "Received: from first by last"],
        "content_type": "text/plain",
        "charset": "utf-8",
        "attachments": 0,
        "encryption": None,
    }
    bare = parsed(b"X: y\n\nbody\n").meta
    assert (bare["subject"], bare["date"], bare["message_id"], bare["from"]) == (None, None, None, [])


@pytest.mark.parametrize("coding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("charset", ["utf-8", "windows-1256", "iso-8859-6"])
def test_arabic_in_any_charset_and_coding(charset: str, coding: str) -> None:
    mail = message()
    mail.set_content(ARABIC + ' & < > "\n', charset=charset, cte=coding)
    assert ARABIC + ' & < > "' in read(mail.as_bytes())


@pytest.mark.parametrize(
    ("label", "codec", "sample"),
    [
        ("windows-874", "cp874", "สโมสรเหยี่ยวประชุมวันพฤหัสบดี"),
        ("iso-8859-8-i", "iso-8859-8", "מועדון הבז נפגש ביום חמישי"),
        ("x-mac-arabic", "mac_arabic", ARABIC),
    ],
)
def test_m06_labels_the_runtime_does_not_know_are_read_by_alias(label: str, codec: str, sample: str) -> None:
    data = (
        f"Subject: x\nContent-Type: text/plain; charset={label}\n\n".encode() + sample.encode(codec) + b"\n"
    )
    assert sample in read(data)
    assert parsed(data).notes == ()


def test_m06_a_label_nobody_knows_gives_the_best_guess_with_the_reason() -> None:
    data = (
        b"Subject: x\nContent-Type: text/plain; charset=x-kestrel\n\n" + (ARABIC * 3).encode("cp1256") + b"\n"
    )
    assert ARABIC in read(data)
    assert [(note.code, note.reason) for note in parsed(data).notes] == [
        ("charset", "mail: part 1: charset 'x-kestrel' is not known: read as cp1256")
    ]


def test_m08_a_message_that_begins_with_status_has_sender_date_and_body() -> None:
    data = b"Status: RO\nX-Keywords: \nFrom: a@kestrel.example\nDate: Mon, 1 Jun 2026 10:00:00 +0000\n\nthe body\n"
    result = parsed(data)
    assert result.meta["from"] == [{"name": "", "address": "a@kestrel.example"}]
    assert result.meta["date"] == "2026-06-01T10:00:00Z"
    assert "the body" in "".join(result.text)


@pytest.mark.parametrize(
    "raw", ["Mon, 16 Mar 2009 10:00:00 +0200 CEST", "16.03.09", "no date at all", "Mon, 99 Zzz"]
)
def test_m10_an_odd_date_never_loses_the_message_and_is_kept_as_written(raw: str) -> None:
    result = parsed(f"Subject: x\nDate: {raw}\n\nthe body\n".encode())
    assert result.meta["date_raw"] == raw
    assert result.meta["date"] or result.meta["date_reason"]
    assert "the body" in "".join(result.text)


def html_message(plain: str, html: str) -> bytes:
    mail = message(plain)
    mail.add_alternative(html, subtype="html")
    return mail.as_bytes()


def test_an_alternative_that_says_the_same_is_read_once() -> None:
    body = "The crew of the kestrel meets at the old harbour on Thursday.\n"
    assert read(html_message(body, f"<html><body><p>{body}</p></body></html>")).count("harbour") == 1


def test_html_is_read_where_the_plain_alternative_is_a_stub_or_says_something_else() -> None:
    html = "<p>The crew of the kestrel meets at the old harbour on Thursday &amp; Friday.</p>"
    assert "old harbour on Thursday & Friday" in read(html_message("Your mailer shows no HTML.\n", html))
    assert "old harbour" in read(html_message("\n", html))


@pytest.mark.parametrize(
    ("more", "kept"),
    [
        ("meet at pier nine midnight", "meet at pier nine midnight"),  # five words among two hundred
        ("x", " x"),
        ("七", "七"),
        ("@kestrel_42", "@kestrel_42"),
        ("kestrel42.example", "kestrel42.example"),
    ],
)
def test_an_html_alternative_that_says_anything_more_is_read_for_it(more: str, kept: str) -> None:
    same = " ".join(f"innocent{n}" for n in range(200))
    found = read(html_message(f"{same}\n", f"<p>{same}</p><p>and then: {more}</p><p>{same}</p>"))
    assert kept in found
    assert found.count("innocent7 ") == 1


def test_the_same_words_in_another_order_are_read_in_both() -> None:
    found = read(html_message("the boat leaves, not the truck\n", "<p>the truck leaves, not the boat</p>"))
    assert "the boat leaves" in found
    assert "the truck leaves" in found


def test_how_the_alternatives_break_their_lines_makes_no_difference() -> None:
    words = [f"word{n}" for n in range(60)]
    plain = "\n".join(" ".join(words[at : at + 9]) for at in range(0, 60, 9))
    found = read(html_message(f"{plain}\n", f"<p>{' '.join(words[:30])}</p><p>{' '.join(words[30:])}</p>"))
    assert all(found.count(f"{word}\n") + found.count(f"{word} ") == 1 for word in words)


@given(
    lists(text("abc \n", min_size=1, max_size=30), min_size=1, max_size=6),
    lists(text("abc \n", min_size=1, max_size=30), min_size=1, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_every_word_of_both_alternatives_is_in_the_text(plain: list[str], html: list[str]) -> None:
    found = read(html_message("\n".join(plain) + "\n", "".join(f"<p>{each}</p>" for each in html)))
    assert set(" ".join([*plain, *html]).split()) <= set(found.split())


def test_html_alone_is_read_and_its_hidden_link_targets_are_listed() -> None:
    data = (
        b"Subject: x\nContent-Type: text/html; charset=utf-8\n\n<script>var no=1</script><table><tr><td>one<td>two"
        b'</table><a href="https://kestrel.example/a?b=1&amp;c=2">the list</a> https://shown.example/'
        b' <a href="https://shown.example/">x</a>\n'
    )
    found = read(data)
    assert "one" in found
    assert "the list" in found
    assert found.endswith("\nhttps://kestrel.example/a?b=1&c=2\n")
    assert found.count("https://shown.example/") == 1
    assert "var no" not in found


def test_every_link_target_of_a_page_is_listed_whole_however_many_and_however_long() -> None:
    links = [f"https://kestrel.example/{number}" for number in range(5000)] + [
        f"https://kestrel.example/{'w' * 9000}/end"
    ]
    page = "".join(f'<a href="{each}">l</a>\n' for each in links)
    listed_links = read(html_message("", page)).split()
    assert [each for each in links if each not in set(listed_links)] == []


def test_every_displayed_text_is_read_in_order_and_attachments_are_counted_not_read() -> None:
    box = MIMEMultipart()
    box["Subject"] = "list post"
    box.attach(MIMEText("the post\n"))
    attached = MIMEText("the attached words\n")
    attached.add_header("Content-Disposition", "attachment", filename="a.txt")
    box.attach(attached)
    box.attach(MIMEText("the footer of the list\n"))
    result = parsed(box.as_bytes())
    found = "".join(result.text)
    assert found.index("the post") < found.index("the footer")
    assert "attached words" not in found
    assert result.meta["attachments"] == 1


def test_text_outside_the_parts_is_read_and_said() -> None:
    data = (
        b"Subject: x\nContent-Type: multipart/mixed; boundary=a\n\n"
        + b"hidden words " * 30
        + b"\n--a\n\nshown\n--a--\n"
    )
    assert "hidden words" in read(data)
    assert [note.code for note in parsed(data).notes] == ["outside_parts"]
    usual = data.replace(b"hidden words " * 30, b"This is a multi-part message in MIME format.")
    assert parsed(usual).notes == ()


def test_a_multipart_whose_boundary_never_comes_loses_no_text() -> None:
    result = parsed(b"Subject: x\nContent-Type: multipart/mixed; boundary=a_\n\n--a\n\nthe text\n--a--\n")
    assert "the text" in "".join(result.text)
    assert result.reason == "mail: breaks off in part 0: its multipart is not closed"


def test_encrypted_messages_say_so_and_keep_their_header() -> None:
    box = MIMEMultipart("encrypted", protocol="application/pgp-encrypted")
    box["Subject"] = "sealed"
    box.attach(MIMEApplication(b"Version: 1\n", "pgp-encrypted"))
    box.attach(MIMEApplication(b"-----BEGIN PGP MESSAGE-----\n", "octet-stream"))
    for data, how in (
        (box.as_bytes(), "PGP/MIME"),
        (b"Subject: sealed\n\n-----BEGIN PGP MESSAGE-----\nxx\n", "PGP"),
        (
            b"Subject: sealed\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\n\nx\n",
            "S/MIME",
        ),
    ):
        result = parsed(data)
        assert (result.meta["encryption"], result.reason) == (how, f"mail: encrypted ({how})")
        assert "sealed" in result.text[0]


def test_a_field_that_stands_twice_is_read_twice_and_said() -> None:
    result = parsed(b"Subject: first\nFrom: a@b.example\nSubject: second\n\nbody\n")
    assert "Subject: first\nSubject: second\n" in "".join(result.text)
    assert result.meta["subject"] == "first"
    assert [note.code for note in result.notes] == ["repeated_field"]


def test_an_injected_header_stays_within_its_field() -> None:
    result = parsed(b"Subject: =?utf-8?q?x=0AFrom:_evil@b.example?=\nFrom: a@b.example\n\nbody\n")
    assert result.meta["from"] == [{"name": "", "address": "a@b.example"}]
    assert result.meta["subject"] == "x From: evil@b.example"


@pytest.mark.parametrize(
    ("data", "reason", "code"),
    [
        (b"Subject: x\nTo: a", "mail: breaks off in the header", Loss.BROKEN_OFF),
        (b"Subject: x\n\nno end", "mail: may be cut: the last line has no end", MAY_BE_CUT),
        (
            b"Subject: x\nContent-Length: 100\n\nshort\n",
            "mail: ends 94 bytes before its Content-Length",
            Loss.BROKEN_OFF,
        ),
        (
            b"Subject: x\nContent-Transfer-Encoding: quoted-printable\n\ngoes on=\n",
            "mail: breaks off: the last line of quoted-printable goes on",
            Loss.BROKEN_OFF,
        ),
        (
            b"Subject: x\nContent-Transfer-Encoding: base64\n\n" + b"QUFB" * 19 + b"\n",
            "mail: may be cut: the last line of base64 is a full one",
            MAY_BE_CUT,
        ),
        (
            b"Subject: x\nContent-Transfer-Encoding: base64\n\nS2VzdHJlb\n",
            "mail: part 1: base64 that ends within a byte",
            Loss.UNDECODED,
        ),
    ],
)
def test_what_is_missing_is_said_and_classed(data: bytes, reason: str, code: str) -> None:
    result = parsed(data)
    assert result.reason == reason
    assert Note(code, reason) in result.notes


def test_a_whole_message_has_neither_reason_nor_note() -> None:
    result = parsed(b"Subject: x\n\nwhole\n")
    assert (result.reason, result.notes) == ("", ())


def test_of_several_causes_the_loss_classes_the_reason() -> None:
    result = parsed(b"Subject: x\nContent-Length: 900\n\n-----BEGIN PGP MESSAGE-----\nxx\n")
    assert result.reason == "mail: ends 869 bytes before its Content-Length; encrypted (PGP)"
    assert [note.code for note in result.notes] == [Loss.BROKEN_OFF]


def test_text_past_the_limit_is_counted_and_said() -> None:
    result = parsed(b"Subject: x\n\n" + b"word " * 1000, Limits(text=100))
    assert "4900 bytes of text are past the limit" in result.reason
    assert sum(map(len, result.text)) < 200


def test_large_text_comes_in_pieces() -> None:
    result = parsed(b"Subject: x\n\n" + b"word " * 2_000_000 + b"\n")
    assert max(map(len, result.text)) <= 4 << 20
    assert sum(map(len, result.text)) > 10_000_000


@given(text(max_size=200), sampled_from(["base64", "quoted-printable", "8bit"]))
@settings(max_examples=120, deadline=None)
def test_any_text_the_standard_library_writes_is_read_back(body: str, coding: str) -> None:
    try:
        mail = EmailMessage()
        mail["Subject"] = "x"
        mail.set_content(body, cte=coding)
        data = mail.as_bytes()
    except (UnicodeEncodeError, ValueError):
        return  # lone surrogates, lines too long for 8bit
    expected = body.encode().decode().replace("\r\n", "\n").replace("\r", "\n")
    found = read(data).partition("\n\n")[2]
    assert found.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") == expected.rstrip("\n")


@given(binary(max_size=400), integers(0, 3))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_parsed_the_same_twice_and_raise_nothing(noise: bytes, lines: int) -> None:
    data = b"Subject: x\nContent-Type: text/html\n"[: lines * 12] + noise
    assert parsed(data) == parsed(data)


HOSTILE = {
    "a header line of 1 MiB": b"Subject: " + b"x" * (1 << 20) + b"\n\nbody\n",
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 200_000 + b"\n\nbody\n",
    "folded lines": b"Subject: x\n" + b" y\n" * 500_000 + b"\nbody\n",
    "many fields": b"Subject: x\n" * 200_000 + b"\nbody\n",
    "many addresses": b"To: " + b'"a" <b@c.example>, ' * 100_000 + b"\n\nbody\n",
    "parts": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 50_000 + b"--b--\nbody\n",
    "nested multiparts": b"".join(
        b"Content-Type: multipart/alternative; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000)
    ),
    "alternatives": b"Content-Type: multipart/alternative; boundary=b\n\n"
    + b"--b\nContent-Type: text/html\n\n<p>x\n--b\n\ny\n" * 3_000
    + b"--b--\n",
    "nested tags": b"Content-Type: text/html\n\n" + b"<div>" * 200_000 + b"body\n",
    "links": b"Content-Type: text/html\n\n" + b"<a href='http://%d.example'>" * 100_000 + b"body\n",
    "NUL": b"Subject: a\0b\n\nbody\0" * 20_000,
    "boundary of nothing": b'Content-Type: multipart/mixed; boundary=""\n\n' + b"--\n" * 300_000 + b"body\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_messages_are_read_in_linear_time_to_their_end(name: str) -> None:
    result = parsed(HOSTILE[name])
    assert sum(map(len, result.text)) <= 2 * len(HOSTILE[name]) + 100
    if name not in ("nested multiparts", "alternatives", "parts"):
        assert "body" in "".join(result.text)


@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize(
    "footer", ["\n\nplain tail after base64 plaintailsecret\n", "____\nplaintailsecret list\n"]
)
def test_what_a_list_server_appends_to_an_encoded_body_is_read_and_said(footer: str, kind: str) -> None:
    whole = MIMEText("first part secret64three\n", kind, "utf-8").as_bytes() + footer.encode()
    result = parsed(whole)
    text = "".join(result.text)
    assert "first part secret64three" in text
    assert "plaintailsecret" in text
    assert any(note.code == "transfer_coding" and "as they stand" in note.reason for note in result.notes)


@pytest.mark.parametrize("where", ["before", "behind"])
def test_a_short_text_outside_the_parts_is_read_unless_it_is_what_mail_programs_write(where: str) -> None:
    usual, secret = "This is a multi-part message in MIME format.", "meet at the old pier"
    parts = (
        "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
        f"{usual}\n{secret if where == 'before' else ''}\n--b\nContent-Type: text/plain\n\nhello\n--b--\n"
        f"{secret if where == 'behind' else ''}\n"
    )
    assert secret in read(parts.encode())
    assert usual not in read(parts.replace(secret, "").encode())


def test_what_a_header_that_is_none_of_mail_says_is_read() -> None:
    assert read(b"Note: meet at the harbour\nSubject: =?utf-8?q?M=C3=B6wen?=\n") == (
        "Subject: Möwen\nnote: meet at the harbour\n\n\n"
    )


def test_what_stands_before_the_header_is_read() -> None:
    data = b"saved by Vera\n" + message().as_bytes()
    assert read(data).startswith("Subject: Dienstplan für Möwen\n")
    assert "saved by Vera\n" in read(data)
    assert "The rota begins at ten.\n" in read(data)


@pytest.mark.parametrize(
    "said", ["This is a message for X: meet me", "This is a mime artist, key 4711", "Your mail reader does not understand MIME: ask Vera"]
)  # fmt: skip
def test_what_begins_as_mail_programs_do_and_goes_on_otherwise_is_text(said: str) -> None:
    parts = "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n%s\n--b\n\nhello\n--b--\n%s\n"
    assert said in read((parts % (said, "")).encode())
    assert said in read((parts % ("", said)).encode())


@pytest.mark.parametrize(
    "usual",
    [
        "This is a multi-part message in MIME format.", "This is a MIME-encapsulated message",
        "This is a cryptographically signed message in MIME format.",
        "This is an OpenPGP/MIME signed message (RFC 4880 and 3156)",
        "This message is in MIME format. Since your mail reader does not understand\r\n"
        "this format, some or all of this message may not be legible.",
    ],
)  # fmt: skip
def test_the_sentences_of_mail_programs_are_no_text(usual: str) -> None:
    parts = (
        f"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n{usual}\n\n--b\n\nhello\n--b--\n"
    )
    assert usual not in read(parts.encode())


def test_all_fields_of_a_header_are_kept_unknown_and_repeated_ones_too() -> None:
    head = (
        b"From: a@kestrel.example\r\nX-Originating-IP: [192.0.2.7]\r\nList-Id: crew <crew.kestrel.example>\r\n"
        b"Return-Path: <bounce@kestrel.example>\r\nX-Note: meet at the\r\n old pier\r\nMessage-ID: <1@k> pier\r\n"
        b"DKIM-Signature: v=1; d=kestrel.example; bh=AAAA; b=BBBB CCCC\r\nContent-Type: text/plain; x-word=pier\r\n"
        b"User-Agent: one\r\nUser-Agent: two\r\n"
    )
    assert parsed(head + b"\r\nbody\r\n").meta["header"] == [
        "X-Originating-IP: [192.0.2.7]", "List-Id: crew <crew.kestrel.example>", "Return-Path: <bounce@kestrel.example>",
        "X-Note: meet at the old pier", "Message-ID: <1@k> pier", "DKIM-Signature: v=1; d=kestrel.example;",
        "Content-Type: text/plain; x-word=pier", "User-Agent: one", "User-Agent: two",
    ]  # fmt: skip


def test_fields_of_multiparts_and_shown_parts_are_kept_with_the_path_of_theirs() -> None:
    inner = (
        b"--a\nContent-Type: multipart/alternative; boundary=b\nX-Word: pier\n\n"
        b"--b\nContent-Type: text/plain\nContent-Location: http://kestrel.example/a\n\nhi\n--b--\n--a--\n"
    )
    meta = parsed(b"From: a@b.example\nContent-Type: multipart/mixed; boundary=a\n\n" + inner).meta
    assert meta["part_header"] == ["1 X-Word: pier", "1.1 Content-Location: http://kestrel.example/a"]


@pytest.mark.parametrize(
    "field",
    [
        "X-Z: kestreldock",
        "X-Z: =?utf-8?B?" + b64encode(b"Meeting at kestreldock tonight").decode() + "?=",
        "X-Z: " + "会议在码头举行今晚" * 900 + "kestreldock",
        "X-Z: " + "w" * 300_000 + "kestreldock",
        "X-kestreldock:",
        "References: "
        + " ".join(f"<r{each}@x.example>" for each in range(1005))
        + " <kestreldock@x.example>",
        'Content-Type: text/plain; format="flowed kestreldock"',
        "Content-Type: text/plain; report-type=" + "w" * 200 + "kestreldock",
        "Content-Type: text/plain\nContent-Type: text/kestreldock",
    ],
)
def test_no_field_of_a_header_is_dropped_however_long_and_however_many_stand_before(field: str) -> None:
    before = "".join(f"X-A{each}: v\n" for each in range(1500)) + ("X-B: " + "v" * 3990 + "\n") * 20
    found = parsed(f"From: a@kestrel.example\n{before}{field}\n\nx\n".encode())
    kept = found.meta["header"]
    assert isinstance(kept, list)
    assert "kestreldock" in kept[-1]
    assert not [note for note in found.notes if note.code == Loss.HEADER_KEPT]


@given(lists(tuples(sampled_from(("X-A", "X-B", "Received", "X-Seal-Not")), text(max_size=90)), max_size=40))
def test_the_lines_of_a_header_hold_every_character_of_it(fields: list[tuple[str, str]]) -> None:
    said = [(name, " ".join(value.split()).replace("=?", "")) for name, value in fields]
    block = "".join(f"{name}: {value}\r\n" for name, value in said if value.isprintable()).encode()
    lines = [f"{name}: {value}".rstrip() for name, value in said if value.isprintable()]
    assert listed(Fields(block), ()) == lines


def test_what_is_beyond_the_kept_fields_of_parts_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    part = "--X\nContent-Type: text/plain\nX-Part: {}\n\np\n"
    head = "From: a@kestrel.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=X\n\n"

    def of(number: int) -> Parsed:
        return parsed(
            (head + "".join(part.format(f"word{each}") for each in range(number)) + "--X--\n").encode()
        )

    whole = of(1101)
    assert "1101 X-Part: word1100" in whole.meta["part_header"]  # type: ignore[operator]
    assert not [note for note in whole.notes if note.code == Loss.HEADER_KEPT]
    monkeypatch.setattr("actionday.mime.listed.ALTOGETHER", 1000)
    cut = of(100)
    all_of_them = [f"{each + 1} X-Part: word{each}" for each in range(100)]
    kept = cut.meta["part_header"]
    assert isinstance(kept, list)
    more = sum(map(len, all_of_them)) - sum(map(len, kept))
    assert [note.reason for note in cut.notes if note.code == Loss.HEADER_KEPT] == [
        f"mail: {more} characters of header fields of parts are not kept as metadata"
    ]


@pytest.mark.parametrize(
    ("kind", "stored", "read_as"),
    [
        ("format=flowed", "a long \nline\nnext\n", "a long line\nnext\n"),
        ("format=flowed; delsp=yes", "no wo \nrds are par \nted\n", "no words are parted\n"),
        ("format=flowed; delsp=yes", "東京の会 \n議は明日\n", "東京の会議は明日\n"),
        ("format=flowed", "> said \n> before\nanswer\n", "> said before\nanswer\n"),
        ("format=flowed", "> said \n>> deeper\n", "> said \n>> deeper\n"),
        ("format=flowed", " From here\n >no quote\n", "From here\n>no quote\n"),
        ("format=flowed", "text \n-- \nname\n", "text \n-- \nname\n"),
        ("format=fixed; delsp=yes", "as it \nstands\n", "as it \nstands\n"),
    ],
)  # fmt: skip
def test_flowed_text_is_put_together_again(kind: str, stored: str, read_as: str) -> None:
    head = f"From: a@kestrel.example\nContent-Type: text/plain; charset=utf-8; {kind}\n\n"
    assert read((head + stored).encode()).partition("\n\n")[2] == read_as + "\n"


def test_what_is_said_of_a_page_and_of_a_charset_reaches_the_message() -> None:
    page = b'<p>hi</p><!-- the old pier --><img src="data:image/png;base64,' + b"A" * 400 + b'">\n'
    found = parsed(b"From: =?utf-8?q?J=F6rg?= <a@kestrel.example>\nContent-Type: text/html\n\n" + page)
    assert found.meta["left_out"] == ["comments"]
    codes = {note.code for note in found.notes}
    assert {"charset", "embedded_object"} <= codes


def test_a_page_without_a_label_is_read_by_the_charset_it_names_itself() -> None:
    page = f'<meta charset="windows-1256"><p>{ARABIC}</p>'.encode("cp1256", "ignore")
    found = parsed(b"From: a@kestrel.example\nContent-Type: text/html\n\n" + page)
    assert (found.meta["charset"], "الخميس" in "".join(found.text)) == ("cp1256", True)


def plain(fields: str, body: str) -> bytes:
    head = "From: a@kestrel.example\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
    return f"{head}{fields}\n\n{body}\n".encode()


@pytest.mark.parametrize(
    "field", ["base64 junk", "BASE-64", "x-base64", "base64;", '"base64"', "base64, 7bit"]
)
def test_a_coding_that_is_named_with_more_is_undone(field: str) -> None:
    coded = b64encode(b"the kestrel flies at ten").decode()
    assert "the kestrel flies at ten" in read(plain(f"Content-Transfer-Encoding: {field}", coded))


@pytest.mark.parametrize("codings", [("7bit", "base64"), ("base64", "7bit"), ("quoted-printable", "base64")])
def test_of_two_codings_both_readings_are_in_the_text(codings: tuple[str, str]) -> None:
    coded = b64encode(b"the kestrel flies at ten").decode()
    fields = "\n".join(f"Content-Transfer-Encoding: {coding}" for coding in codings)
    assert "the kestrel flies at ten" in read(plain(fields, coded))


@pytest.mark.parametrize("sign", ["!", ".", "* "])
def test_base64_between_foreign_signs_is_read(sign: str) -> None:
    coded = sign.join(b64encode(b"the kestrel flies at ten").decode())
    assert "the kestrel flies at ten" in read(plain("Content-Transfer-Encoding: base64", coded))


def test_what_a_list_appends_to_base64_stays_text() -> None:
    coded = b64encode(b"the kestrel flies at ten\n").decode()
    footer = "_____\nKestrel list\nhttps://kestrel.example/list"
    found = read(plain("Content-Transfer-Encoding: base64", f"{coded}\n\n{footer}"))
    assert "the kestrel flies at ten" in found
    assert footer in found


def test_openpgp_that_is_only_packed_is_read_and_not_called_encrypted() -> None:
    packed = b"\xcb" + bytes([6 + 24]) + b"b\0\0\0\0\0" + b"the kestrel flies at ten"
    body = f"-----BEGIN PGP MESSAGE-----\n\n{b64encode(packed).decode()}\n-----END PGP MESSAGE-----"
    found = parsed(plain("X-A: b", body))
    assert "the kestrel flies at ten" in "".join(found.text)
    assert found.meta["encryption"] is None
    assert "openpgp" in [note.code for note in found.notes]


def test_what_outlook_shows_of_comments_is_read_and_empty_ones_are_not() -> None:
    page = (
        "<p>all see this</p><!--[if mso]><table><tr><td>Outlook sees this</td></tr></table><![endif]-->"
        "<!--[if gte mso 9]><xml><o:PixelsPerInch>96</o:PixelsPerInch></xml><style>p{color:red}</style><![endif]-->"
        "<!--[if !mso]><!--><p>others see this</p><!--<![endif]--><!-- nobody -->"
    )
    mail = message()
    mail.set_content(page, subtype="html")
    found = read(mail.as_bytes())
    assert all(seen in found for seen in ("all see this", "Outlook sees this", "others see this"))
    assert "nobody" not in found
    assert "96" not in found


ENRICHED = (
    "<bold>Now</bold> is the time for <italic>all</italic> kes<underline>t</underline>rels\n"
    "<smaller>to gather</smaller>\n\n<color><param>red</param>at the quay</color>: 1 << 2, a < b.\n"
    "<nofill>as\nit stands</nofill>\n"
)


def enriched(kind: str, text: str) -> bytes:
    head = f"From: a@kestrel.example\nSubject: rota\nMIME-Version: 1.0\nContent-Type: text/{kind}; charset=utf-8\n\n"
    return f"{head}{text}".encode()


def test_enriched_text_is_read_without_its_commands() -> None:
    said = "Now is the time for all kestrels to gather\nat the quay: 1 < 2, a < b. as\nit stands"
    assert said in read(enriched("enriched", ENRICHED))
    assert read(enriched("enriched", ENRICHED)).split()[-1] == "red"
    assert parsed(enriched("enriched", ENRICHED)).meta.get("attachments", 0) in (0, [])


def test_richtext_is_read_without_its_commands() -> None:
    text = "<bold>Kes</bold>trels<nl>meet<comment>not before ten</comment>\nat <lt>noon> <paragraph>quay</paragraph>\n"
    assert "Kestrels\nmeet at <noon> \nquay\n" in read(enriched("richtext", text))
    assert "not before ten" in read(enriched("richtext", text))
    assert "kestrel" in read(enriched("richtext", "from <kestrel> with <param>no end"))


def test_an_enriched_alternative_says_what_the_plain_one_says_once() -> None:
    mail = MIMEMultipart("alternative")
    mail.attach(MIMEText("the kestrels gather\n", "plain"))
    mail.attach(MIMEText("<bold>the kestrels</bold> gather\n\nat the quay\n", "enriched"))
    text = read(mail.as_bytes())
    assert (text.count("gather"), text.count("at the quay"), "<bold>" in text) == (1, 1, False)


def yenc(data: bytes, name: bytes) -> bytes:
    """Source: yEnc draft 1.3: each byte plus 42; NUL, line breaks and ``=`` are escaped."""
    out = b"".join(
        b"=" + bytes([(byte + 106) % 256]) if (byte + 42) % 256 in b"\0\n\r=" else bytes([(byte + 42) % 256])
        for byte in data
    )
    return b"=ybegin line=128 size=%d name=%s\r\n%s\r\n=yend size=%d\r\n" % (len(data), name, out, len(data))


def xxencode(data: bytes, name: bytes) -> bytes:
    letters = b"+-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
    lines = (b2a_uu(data[at : at + 45], backtick=True).rstrip(b"\n") for at in range(0, len(data), 45))
    coded = (line.translate(bytes.maketrans(b"`" + bytes(range(33, 96)), letters)) for line in lines)
    return b"begin 644 %s\n%s\n+\nend\n" % (name, b"\n".join(coded))


BINHEX = b"(This file must be converted with BinHex 4.0)\n\n:" + b"#8&4*6NGfC@PKD&4PFR4" * 3 + b"\n#8&4:\n"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (yenc(bytes(range(256)), b"y file.bin"), "a file in yEnc, which is not undone: 'y file.bin'"),
        (yenc(b"a", b"one") + b"and\r\n" + yenc(b"b", b"two"), "2 files in yEnc, which is not undone: 'one', 'two'"),
        (xxencode(bytes(range(200)), b"x.bin"), "a file in xxencode, which is not undone: 'x.bin'"),
        (BINHEX, "a file in BinHex, which is not undone"),
        (yenc(b"a", b"m") * 30, "30 files in yEnc, which is not undone: 'm', …"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("coded", [False, True])
def test_a_file_in_a_coding_that_nobody_undoes_is_said(body: bytes, said: str, coded: bool) -> None:
    head = b"From: a@kestrel.example\nMessage-ID: <1@kestrel.example>\nSubject: x\n"
    head += b"Content-Transfer-Encoding: base64\n\n" if coded else b"\n"
    found = parsed(head + (encodebytes(body) if coded else body))
    assert found.reason == f"mail: part 1: {said}"
    assert Note(Loss.UNDECODED, found.reason) in found.notes
    assert "begin" in "".join(found.text) or "BinHex" in "".join(found.text)


@pytest.mark.parametrize(
    "body",
    [
        b"yEnc begins with =ybegin line=128 size=1 name=a\n",
        b"=ybegin is how it begins\n",
        b"(This file must be converted with BinHex 4.0) is what he wrote:\nno more\n",
        b"begin 644 notes\nhere we are, all of us, at the pier and at the harbour of the isle\n",
    ],
)
def test_a_sentence_about_such_a_coding_is_none(body: bytes) -> None:
    assert parsed(b"From: a@kestrel.example\nMessage-ID: <1@k.example>\n\n" + body).reason == ""


def test_a_piece_of_a_message_is_said_to_be_one() -> None:
    piece = (
        b"From: a@kestrel.example\nMessage-ID: <1@kestrel.example>\n"
        b'Content-Type: message/partial; id="x@k.example"; number=2; total=3\n\nmiddle of it\n'
    )
    assert (
        Note("partial", "mail: a piece of a message: the pieces are not put together") in parsed(piece).notes
    )


def test_what_the_headers_of_many_multiparts_say_is_kept() -> None:
    inner = "".join(
        f"--out\nContent-Type: multipart/mixed; boundary=in{number}\nX-Note: weir {number}\n\n"
        f"--in{number}\nContent-Type: text/plain\n\nt\n--in{number}--\n"
        for number in range(1100)
    )
    mail = f"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=out\n\n{inner}--out--\n"
    kept = parsed(mail.encode()).meta["part_header"]
    assert isinstance(kept, list)
    assert any(line.endswith("X-Note: weir 1099") for line in kept)
