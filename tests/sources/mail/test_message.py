"""Messages and message files: what is an attachment, its name, its bytes; what is cut or encrypted says so."""

import email
import sys
from base64 import encodebytes
from binascii import b2a_uu
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from pathlib import Path
from quopri import encodestring
from time import process_time

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, sampled_from
from mail_samples import PNG, SAMPLES, attached, plain

from actionday.mime.guess import legacy
from actionday.mime.labels import codec_of
from actionday.model import Claim, Found, Kind, Limits, OverLimit, Status
from actionday.parsers.mail import PARSER
from actionday.sources.mail import eml, message
from actionday.storage.index.metadata import searched
from actionday.testing.context import Alone, Bytes, Glance, content
from actionday.testing.sources import check_source

DATA = SAMPLES["attachments.eml"]()


def found(data: bytes) -> list[Found]:
    return list(message.SOURCE.items(Bytes(data), Alone("m")))


def contents(data: bytes) -> dict[str, bytes]:
    stream = Bytes(data)
    return {item.name: content(item, stream) for item in message.SOURCE.items(stream, Alone("m"))}


def test_the_contract_of_sources(tmp_path: Path) -> None:
    for source, kind in ((eml.SOURCE, Kind.FILE), (message.SOURCE, Kind.MESSAGE)):
        path = tmp_path / source.sample
        path.write_bytes(SAMPLES[source.sample]())
        check_source(source, path, kind=kind)


def test_attachments_in_order_with_their_names_places_and_kinds() -> None:
    assert [(item.place, item.name, item.kind) for item in found(DATA)] == [
        ("1.2.2", "part-1.2.2.png", Kind.ATTACHMENT),
        ("2", "مناوبة.bin", Kind.ATTACHMENT),
        ("3", "list.txt", Kind.ATTACHMENT),
        ("4", "part-4.eml", Kind.MESSAGE),
    ]


def test_contents_are_decoded_and_an_inner_message_is_opened_in_turn() -> None:
    parts = contents(DATA)
    assert parts["part-1.2.2.png"] == PNG
    assert parts["مناوبة.bin"] == PNG[::-1]
    assert parts["list.txt"] == b"the list\n"
    assert contents(parts["part-4.eml"]) == {"inner.png": PNG}


def test_what_stands_as_it_is_is_not_copied() -> None:
    items = {item.name: item for item in found(DATA)}
    assert items["part-4.eml"].runs == ((DATA.index(b"From: Vera", 10), items["part-4.eml"].size),)
    assert items["مناوبة.bin"].runs is None
    assert items["مناوبة.bin"].meta == {
        "content_type": "application/octet-stream", "content_id": None, "disposition": "attachment",
        "transfer_coding": "base64",
    }  # fmt: skip
    assert items["part-1.2.2.png"].meta["content_id"] == "logo@kestrel"


def test_displayed_text_is_no_item_but_every_other_text_is() -> None:
    box = MIMEMultipart()
    for kind, placed, name in (
        ("plain", None, None), ("html", "inline", None), ("plain", "attachment", None),
        ("plain", "inline", "a.txt"),
        ("calendar", None, None), ("csv", None, None),
    ):  # fmt: skip
        part = email.message_from_string(f"Content-Type: text/{kind}\n\nx\n")
        if placed:
            part.add_header("Content-Disposition", placed, **({"filename": name} if name else {}))
        box.attach(part)
    assert [item.name for item in found(box.as_bytes())] == [
        "part-3.txt",
        "a.txt",
        "part-5.ics",
        "part-6.csv",
    ]


@pytest.mark.parametrize(
    ("data", "opened"),
    [
        (plain().as_bytes(), False),
        (DATA, True),
        (b"Subject: x\nContent-Type: application/pdf\n\n%PDF\n", True),
        (b"Subject: x\nContent-Type: text/plain\nContent-Disposition: attachment\n\nx\n", True),
        (b"Subject: x\nContent-Type: text/html\n\n<p>x\n", False),
        (b"", False),
        (b"\0" * 50, False),
    ],
)
def test_a_message_is_opened_only_where_it_can_hold_something(data: bytes, opened: bool) -> None:
    assert message.SOURCE.claims(Glance("m", data, Kind.MESSAGE)) is (Claim.STRUCTURE if opened else Claim.NO)
    assert message.SOURCE.claims(Glance("m", data, Kind.FILE)) is Claim.NO
    assert bool(found(data)) == opened


def test_a_whole_message_that_is_one_file_is_its_attachment() -> None:
    assert contents(b"Subject: x\nContent-Type: application/pdf; name=a.pdf\n\n%PDF\n") == {
        "a.pdf": b"%PDF\n"
    }


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/shadow", "a\u202egnp.exe", "n" * 3000, "=?utf-8?q?x", "a;b,c"]
)
def test_hostile_names_are_kept_literally(name: str) -> None:
    box = MIMEMultipart()
    part = MIMEApplication(b"x")
    part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
    box.attach(part)
    assert [item.name for item in found(box.as_bytes())] == [name]


@pytest.mark.parametrize(
    ("kind", "sealed"),
    [
        ("enveloped-data", True), ("authEnveloped-data", True), ("signed-data", False), ("certs-only", False),
        ("compressed-data", False), (None, True),
    ],
)  # fmt: skip
def test_smime_is_said_to_be_encrypted(kind: str | None, sealed: bool) -> None:
    extra = f"; smime-type={kind}" if kind else ""
    data = f"Subject: x\nContent-Type: application/pkcs7-mime{extra}; name=smime.p7m\n\nMIIB\n".encode()
    [item] = found(data)
    assert (item.status is Status.ENCRYPTED) == sealed
    assert item.reason == ("message: encrypted (S/MIME)" if sealed else "")


def test_smime_without_a_type_is_told_by_its_content() -> None:
    signed = bytes.fromhex("308006092a864886f70d010702a080")
    head = b"Subject: x\nContent-Type: application/pkcs7-mime\nContent-Transfer-Encoding: binary\n\n"
    assert found(head + signed)[0].status is None
    assert found(head + signed.replace(b"\x07\x02", b"\x07\x03"))[0].status is Status.ENCRYPTED


def test_pgp_mime_is_said_to_be_encrypted() -> None:
    box = MIMEMultipart("encrypted", protocol="application/pgp-encrypted")
    box.attach(MIMEApplication(b"Version: 1\n", "pgp-encrypted"))
    box.attach(MIMEApplication(b"-----BEGIN PGP MESSAGE-----\n", "octet-stream", name="encrypted.asc"))
    control, sealed = found(box.as_bytes())
    assert control.status is None
    assert (sealed.status, sealed.reason) == (Status.ENCRYPTED, "message: encrypted (PGP/MIME)")


def test_a_part_that_is_cut_is_unreadable_and_gives_what_decodes() -> None:
    cut = DATA[: DATA.index(b"base64", DATA.index(b"octet-stream")) + 300]
    stream = Bytes(cut)
    *_, last = message.SOURCE.items(stream, Alone("m"))
    assert (last.name, last.status) == ("مناوبة.bin", Status.UNREADABLE)
    assert last.reason == "message: breaks off in part 2: its multipart is not closed"
    body = content(last, stream)
    assert len(body) > 80
    assert PNG[::-1].startswith(body)


def test_damaged_base64_gives_what_decodes_and_is_noted() -> None:
    at = DATA.index(b"\n\n", DATA.index(b"octet-stream")) + 10
    damaged = DATA[:at] + b"\xff\xfe!" + DATA[at:]
    around, stream = Alone("m"), Bytes(damaged)
    parts = {item.name: content(item, stream) for item in message.SOURCE.items(stream, around)}
    assert parts["مناوبة.bin"] == PNG[::-1]
    assert [(note.code, note.path) for note in around.notes] == [("transfer_coding", "مناوبة.bin")]
    assert around.notes[0].reason == "message: 3 characters that are no base64"


def test_every_cut_is_noticed_by_the_parser_or_an_item() -> None:
    closed = DATA.rindex(b"--") + 2
    for cut in range(1, len(DATA), 3):
        data = DATA[:cut]
        parsed = PARSER.parse(memoryview(data), "message/rfc822", Limits())
        assert bool(parsed.reason) == (cut < closed), cut
        if cut < closed:
            unsound = [item for item in found(data) if item.status]
            assert len(unsound) <= 1  # the part it is cut in, if that is an item


def test_too_many_parts_are_an_error_behind_those_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionday.mime.structure.PARTS", 3)
    data = (
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\nContent-Type: a/b\n\nx\n" * 9 + b"--b--\n"
    )
    items = message.SOURCE.items(Bytes(data), Alone("m"))
    assert len([next(items), next(items)]) == 2
    with pytest.raises(OverLimit):
        list(items)


def test_ten_thousand_nested_multiparts_end_in_one_quarantined_item() -> None:
    data = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000))
    [item] = found(data + b"\n" + b"".join(b"--b%d--\n" % n for n in range(99, -1, -1)))
    assert item.status is Status.QUARANTINED


def test_a_message_file_holds_one_message_which_is_the_file() -> None:
    data = plain(3).as_bytes()
    [item] = eml.SOURCE.items(Bytes(data), Alone("3.eml"))
    assert (item.name, item.kind, item.place) == ("message", Kind.MESSAGE, "0")
    assert content(item, Bytes(data)) == data
    assert item.mtime == "2026-06-04T08:00:00Z"
    assert item.meta["subject"] == "Rota 3"


def test_m08_a_message_file_is_known_by_its_header_and_not_by_its_name() -> None:
    data = b"Status: RO\nX-Status: \nFrom: a@kestrel.example\nDate: Mon, 1 Jun 2026 10:00:00 +0000\n\nbody\n"
    assert eml.SOURCE.claims(Glance("1685613600.V1.host:2,S", data)) is Claim.STRUCTURE
    assert eml.SOURCE.claims(Glance("m", data, Kind.MESSAGE)) is Claim.NO
    assert eml.SOURCE.claims(Glance("notes.eml", b"just text\n")) is Claim.NO


def test_a_maildir_is_a_folder_of_message_files(tmp_path: Path) -> None:
    import mailbox

    box = mailbox.Maildir(tmp_path / "box")
    box.add(attached())
    [path] = (tmp_path / "box" / "new").iterdir()
    assert eml.SOURCE.claims(Glance(path.name, path.read_bytes())) is Claim.STRUCTURE


@given(binary(max_size=200), integers(0, len(DATA)), sampled_from([0, 40]))
@settings(max_examples=120, deadline=None)
def test_noise_anywhere_raises_nothing(noise: bytes, at: int, dropped: int) -> None:
    data = DATA[:at] + noise + DATA[at + dropped :]
    stream = Bytes(data)
    for item in message.SOURCE.items(stream, Alone("m")):
        content(item, stream)


def test_parts_agree_with_the_standard_library() -> None:
    reference: list[bytes] = []
    for part in email.message_from_bytes(DATA).walk():
        if part.get_filename() or part.get_content_maintype() == "image":
            reference.append(part.get_payload(decode=True))
    ours = contents(DATA)
    inner = contents(ours.pop("part-4.eml"))
    assert sorted([*ours.values(), *inner.values()]) == sorted(reference)


def test_a_large_attachment_is_streamed() -> None:
    import tracemalloc

    big = EmailMessage()
    big["From"], big["Subject"] = "a@kestrel.example", "big"
    big.set_content("x\n")
    big.add_attachment(bytes(24_000_000), maintype="application", subtype="zip", filename="a.zip")
    stream = Bytes(big.as_bytes())
    tracemalloc.start()
    [item] = message.SOURCE.items(stream, Alone("m"))
    assert item.read
    with item.read() as body:
        length = sum(len(block) for block in iter(lambda: body.read(1 << 16), b""))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (length, peak < 8 << 20) == (24_000_000, True)


def uuencoded(name: bytes, data: bytes) -> bytes:
    lines = [b2a_uu(data[at : at + 45]) for at in range(0, len(data), 45)]
    return b"begin 644 " + name + b"\n" + b"".join(lines) + b"`\nend\n"


def test_uuencoded_files_within_text_are_attachments_and_no_text() -> None:
    text = (
        b"two files:\nbegin 644 of nothing\n\n"
        + uuencoded(b"a b.png", PNG)
        + b"and\n"
        + uuencoded(b"\xe9.bin", b"x")
    )
    data = b"Subject: x\nFrom: a@kestrel.example\n\n" + text + b"bye\n"
    assert message.SOURCE.claims(Glance("m", data, Kind.MESSAGE)) is Claim.STRUCTURE
    assert [(item.place, item.name, item.raw) for item in found(data)] == [
        ("1u1", "a b.png", None),
        ("1u2", "\\xe9.bin", b"\xe9.bin"),
    ]
    assert contents(data) == {"a b.png": PNG, "\\xe9.bin": b"x"}
    parsed = PARSER.parse(memoryview(data), "message/rfc822", Limits())
    assert "".join(parsed.text).partition("\n\n")[2].split("\n") == [
        "two files:", "begin 644 of nothing", "", "begin 644 a b.png", "and", "begin 644 é.bin", "bye", "", "",
    ]  # fmt: skip
    assert parsed.meta["attachments"] == 2


def test_a_uuencoded_file_that_is_cut_is_unreadable_and_gives_what_decodes() -> None:
    data = b"Subject: x\n\n" + uuencoded(b"a.png", PNG)[:-40]
    [item] = found(data)
    assert (item.status, item.reason) == (Status.UNREADABLE, "message: uuencode without its end")
    assert PNG.startswith(content(item, Bytes(data)))


def test_names_that_are_no_utf8_keep_their_bytes() -> None:
    data = b'Content-Type: application/zip; name="caf\xe9.zip"\n\nPK\n'
    [item] = found(data)
    assert (item.name, item.raw) == ("caf\\xe9.zip", b"caf\xe9.zip")


def test_lines_behind_an_encoded_attachment_are_an_item_of_their_own() -> None:
    """What stands behind the base64 of a part is no part of the file, and not lost."""
    encoded = encodebytes(b"the schedule of the Kestrel club, encoded")
    hidden = b"\nmeet at the old pier instead\n"
    raw = (
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n"
        b"--b\nContent-Type: application/octet-stream; name=s.bin\nContent-Transfer-Encoding: base64\n\n"
        + encoded + hidden + b"--b--\n"
    )  # fmt: skip
    around = Alone("message")
    stream = Bytes(raw)
    found = {each.name: content(each, stream) for each in message.SOURCE.items(stream, around)}
    assert found["s.bin"] == b"the schedule of the Kestrel club, encoded"
    assert found["s.bin behind the end"].strip() == hidden.strip()
    assert [note.code for note in around.notes] == ["transfer_coding"]


UU = b"hello\nbegin 644 plan.txt\n" + b2a_uu(b"the plan in a uuencoded file") + b"`\nend\nbye\n"
HEAD = b"From: a@kestrel.example\nTo: b@kestrel.example\nSubject: x\nMIME-Version: 1.0\n"


def parted(text: bytes) -> bytes:
    return b"Content-Type: multipart/mixed; boundary=B\n\n" + text


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Type: text/plain\n\n" + UU,
        b"Content-Type: text/plain\n\n" + b"an ordinary line of the mail.\n" * 6000 + UU,
        b"Content-Transfer-Encoding: quoted-printable\n\n" + encodestring(UU),
        b"Content-Transfer-Encoding: base64\n\n" + encodebytes(UU),
        b"Content-Transfer-Encoding: base64\n\n"
        + encodebytes(b"an ordinary line of the mail.\n" * 6000 + UU),
        parted(b"--B\nContent-Transfer-Encoding: base64\n\n" + encodebytes(UU) + b"--B--\n"),
        parted(UU + b"--B\n\nx\n--B--\n"),
        parted(b"--B\n\nx\n--B--\n" + UU),
    ],
    ids=[
        "plain",
        "behind 128 KiB",
        "qp",
        "base64",
        "base64 behind 128 KiB",
        "part",
        "before parts",
        "behind parts",
    ],
)
def test_what_is_taken_out_of_a_text_is_an_item(data: bytes) -> None:
    data = HEAD + data
    assert message.SOURCE.claims(Glance("m", data, Kind.MESSAGE)) is Claim.STRUCTURE
    assert contents(data) == {"plan.txt": b"the plan in a uuencoded file"}
    read = PARSER.parse(memoryview(data), "message/rfc822", Limits())
    assert "begin 644 plan.txt\nbye\n" in "".join(read.text)
    assert read.meta["attachments"] == 1


def test_files_before_and_behind_the_parts_have_places_of_their_own() -> None:
    places = [item.place for item in found(HEAD + parted(UU + b"--B\n\nx\n--B--\n" + UU))]
    assert len(set(places)) == len(places) == 2


def part_of(kind: str, body: bytes, coding: str = "8bit", inside: str = "mixed") -> bytes:
    head = f"From: a@kestrel.example\nContent-Type: multipart/{inside}; boundary=x\n\n--x\n\nhi\n--x\n"
    part = f"Content-Type: {kind}\nContent-Transfer-Encoding: {coding}\n"
    return (
        head.encode()
        + part.encode()
        + b"Content-Disposition: attachment; filename=a.txt\n\n"
        + body
        + b"\n--x--\n"
    )


ARABIC = "أعلن نادي العوسق عن اجتماع يوم الخميس في القاعة الكبيرة قرب الميناء القديم"
POLISH = "Zażółć gęślą jaźń"


@pytest.mark.parametrize("coding", ["8bit", "base64"])
@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("x-mac-cyrillic", "mac_cyrillic", "Мы встречаемся у старого причала"),
        ("iso-8859-2", "iso-8859-2", POLISH),
        ("koi8-u", "koi8-u", "Ґанок її"),
        ("utf-7", "utf-7", "قرب الميناء"),
    ],
)
def test_a_text_attachment_is_read_by_its_label_too(label: str, codec: str, text: str, coding: str) -> None:
    raw = text.encode(codec)
    data = part_of(
        f"text/plain; charset={label}", encodebytes(raw).rstrip() if coding == "base64" else raw, coding
    )
    stream = Bytes(data)
    parts = {item.name: content(item, stream) for item in message.SOURCE.items(stream, Alone("m"))}
    assert parts["a.txt"] == raw
    read_so = parts.get(f"a.txt read as {label}", b"").decode("utf-8-sig")
    assert read_so == text or legacy(raw).encoding == codec_of(label)
    assert read_so or label != "utf-7"


@pytest.mark.parametrize(
    ("label", "raw"),
    [
        ("utf-8", ARABIC.encode()),
        ("windows-1256", ARABIC.encode()),  # UTF-8 in truth
        ("windows-1256", ARABIC.encode("cp1256", "ignore")),  # as its bytes tell
        ("us-ascii", b"plain"),
        ("koi8-r", b"plain"),
        ("no-such-charset", ARABIC.encode("cp1256", "ignore")),
        ("windows-1251", PNG),
        ("utf-16", "mail".encode("utf-16")),
    ],
)
def test_a_label_that_the_bytes_tell_too_or_do_not_bear_makes_no_item(label: str, raw: bytes) -> None:
    data = part_of(f"text/plain; charset={label}", encodebytes(raw), "base64")
    assert [item.name for item in found(data)] == ["a.txt"]


def test_two_labels_of_the_same_bytes_are_two_texts() -> None:
    raw = "Ґанок її".encode("koi8-u")
    texts = {}
    for label in ("koi8-u", "x-mac-cyrillic", "cp866", "windows-1251"):
        _, *by_label = found(part_of(f"text/plain; charset={label}", raw))
        if by_label:
            texts[label] = content(by_label[0], Bytes(b"")).decode("utf-8-sig")
    assert len(texts) >= 3  # one may be the bytes' own
    assert texts == {label: raw.decode(codec_of(label)) for label in texts}


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822", "message/global-headers"])
@pytest.mark.parametrize("end", [b"", b"\n", b"\n\n"])
@pytest.mark.parametrize("line", [b"\n", b"\r\n"])
def test_a_header_that_is_a_part_of_its_own_is_whole(kind: str, end: bytes, line: bytes) -> None:
    head = b"From: a@kestrel.example\nMessage-ID: <1@kestrel.example>\nSubject: the rota"
    data = part_of(kind, head + end, inside="report").replace(b"\n", line)
    stream = Bytes(data)
    (item,) = message.SOURCE.items(stream, Alone("m"))
    read = PARSER.parse(memoryview(content(item, stream)), "message/rfc822", Limits())
    assert (read.reason, read.meta["subject"]) == ("", "the rota")
    assert item.size == len(content(item, stream))


def test_a_header_that_is_cut_stays_cut() -> None:
    data = part_of("text/rfc822-headers", b"From: a@kestrel.example\nMessage-ID: <1@kestr")[
        : -len(b"\n--x--\n")
    ]
    (item,) = found(data)
    assert item.status is Status.UNREADABLE


def test_what_else_a_parts_header_says_is_kept() -> None:
    head = b"From: a@b.example\nContent-Type: multipart/related; boundary=x\n\n"
    data = (
        head
        + b"--x\nContent-Type: image/png\nContent-Location: http://kestrel.example/a.png\nX-Word: pier\n\nx\n--x--\n"
    )
    (item,) = found(data)
    assert item.meta["content_location"] == "http://kestrel.example/a.png"
    assert item.meta["header"] == ["X-Word: pier"]


@pytest.mark.parametrize(
    ("raw", "utc", "why"),
    [
        ("Thu, 1 Feb 2024 10:00:60 +0000", "2024-02-01T10:00:59Z", "second 60: taken as 59"),
        ("Thu, 1 Feb 2024 10:00", "2024-02-01T10:00:00Z", "no zone: taken as UTC"),
        ("the first of May", None, "no day, month and year can be told"),
    ],
)
def test_what_is_assumed_of_the_date_of_an_attachment_is_said(raw: str, utc: str | None, why: str) -> None:
    placed = f'Content-Disposition: attachment; filename=a.bin; modification-date="{raw}"\n\nx'
    (item,) = found(b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
                    b"Content-Type: application/x-thing\n" + placed.encode() + b"\n--x--\n")  # fmt: skip
    assert item.mtime == utc
    assert [(note.code, note.reason) for note in item.notes] == [
        ("date", f"message: modification date {raw}: {why}")
    ]


def test_of_very_many_labelled_texts_not_all_are_asked_for_their_charset() -> None:
    part = b"--x\nContent-Type: text/csv; charset=koi8-u\n\n" + "Ґанок її".encode("koi8-u") + b"\n"
    head = b"From: a@kestrel.example\nContent-Type: multipart/mixed; boundary=x\n\n"
    data = head + part * 300 + b"--x--\n"
    assert sum("read as" in item.name for item in found(data)) >= 100


PLACED = "Content-Disposition: attachment; "
TWO_NAMES = [
    ("filename=rota.pdf; filename*=UTF-8''%D1%81.exe", "с.exe", ["rota.pdf"]),
    ("filename*=UTF-8''%D1%81.exe; filename=rota.pdf", "с.exe", ["rota.pdf"]),
    ("filename=rota.pdf; filename*0=ro; filename*1=ta.exe", "rota.exe", ["rota.pdf"]),
    ("filename*0*=UTF-8''a.exe; filename*0=b.pdf", "a.exe", ["b.pdf"]),
    ("filename=rota.pdf; filename=rota.exe", "rota.pdf", ["rota.exe"]),
    ("filename=rota.pdf\n" + PLACED + "filename=rota.exe", "rota.pdf", ["rota.exe"]),
    ("filename=rota.pdf\nContent-Type: application/x-thing; name=rota.exe", "rota.pdf", ["rota.exe"]),
    ("filename*=UTF-8''; filename=rota.pdf", "rota.pdf", None),
    ("filename=rota.pdf; filename*=UTF-8''rota.pdf", "rota.pdf", None),
    ("filename=rota.pdf\nContent-Type: application/x-thing; name=\"=?utf-8?q?rota.pdf?=\"", "rota.pdf", None),
]  # fmt: skip


@pytest.mark.parametrize(("placed", "name", "others"), TWO_NAMES)
def test_an_attachment_with_two_names_keeps_both(placed: str, name: str, others: list[str] | None) -> None:
    head = b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=x\n\n--x\n"
    (item,) = found(head + f"{PLACED}{placed}\n\nx\n--x--\n".encode())
    assert (item.name, item.raw, item.meta.get("other_names")) == (name, None, others)
    said = "message: it has 2 file names: mail programs differ in which they show"
    assert [(note.code, note.reason, note.path) for note in item.notes] == (
        [("other_name", said, "")] if others else []
    )
    assert others or "header" not in item.meta
    sought = [fact.value for fact in searched(msgspec.json.encode(item.meta))]
    assert all(other in sought for other in others or ())


@pytest.mark.parametrize("named", ["boundary=a; boundary*=utf-8''b", "boundary=a; boundary*0*=utf-8''b", "boundary=a; boundary=b",
                                   "boundary*=utf-8''b; boundary*0=a"])  # fmt: skip
@pytest.mark.parametrize("used", ["a", "b"])
def test_a_multipart_that_names_two_boundaries_is_cut_at_both(named: str, used: str) -> None:
    part = "--{}\n" + PLACED + "filename={}.bin\nContent-Transfer-Encoding: base64\n\neA==\n"
    head = f"MIME-Version: 1.0\nContent-Type: multipart/mixed; {named}\n\n"
    assert contents((head + part.format(used, "one") + f"--{used}--\n").encode()) == {"one.bin": b"x"}
    both = head + part.format("a", "one") + part.format("b", "two") + f"--{used}--\n"
    assert contents(both.encode()) == {"one.bin": b"x", "two.bin": b"x"}


def test_very_many_names_of_one_part_take_linear_time() -> None:
    """By the calls it makes, which no load changes, and by processor time: each six times as much for six times."""

    def mail(number: int) -> bytes:
        placed = PLACED + "; ".join(f"filename=f{n}; filename*{n}=g" for n in range(number))
        return b"Content-Type: multipart/mixed; boundary=x\n\n--x\n" + placed.encode() + b"\n\nx\n--x--\n"

    def calls(number: int) -> int:
        count = 0

        def seen(_frame: object, event: str, _what: object) -> None:
            nonlocal count
            count += event in ("call", "c_call")

        data, before = mail(number), sys.getprofile()
        sys.setprofile(seen)
        try:
            list(found(data))
        finally:
            sys.setprofile(before)
        return count

    def seconds(number: int) -> float:
        data, began = mail(number), process_time()
        list(found(data))
        return process_time() - began

    calls(250)  # what is loaded and kept at the first time
    assert calls(1500) < 6.5 * calls(250)
    assert min(seconds(1500) for _ in range(5)) < 12 * min(seconds(250) for _ in range(5))
