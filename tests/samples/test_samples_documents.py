"""Each format is read by a reader that did not write it, and says what it was told to say."""

import csv
import gzip
import io
import json
import re
import subprocess
import wave
import zipfile
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from xml.etree import ElementTree

import pypdfium2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_ssh_private_key
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from resiliparse.extract.html2text import extract_plain_text
from sample_forms import need
from samples.clock import at
from samples.dice import Dice
from samples.documents import media
from samples.documents.docx import as_docx
from samples.documents.html import as_html
from samples.documents.odt import as_odt
from samples.documents.pdf import WRITABLE, as_pdf
from samples.documents.rtf import as_rtf
from samples.documents.tables import as_csv, as_xlsx
from samples.documents.writing import Document, as_text, notice, paragraphs, schedule
from samples.images.archives import zip_with_secret
from samples.languages import Language, languages
from samples.made import Place, made
from samples.network import make_network
from samples.wire import chats, dumps, keys
from samples.wire.mail import OLD_ENCODINGS, Mail, mbox, message

ALL = list(languages().values())
NETWORK = make_network(7)


def words(text: str) -> list[str]:
    return text.split()


def sample(tongue: Language) -> Document:
    station = next(one for one in NETWORK.stations if tongue.code in one.names)
    return schedule(Dice("test", tongue.code), tongue.code, station)


@pytest.mark.parametrize("tongue", ALL, ids=lambda tongue: tongue.code)
def test_a_page_says_its_words_language_and_direction(tongue: Language) -> None:
    page = as_html(sample(tongue)).data.decode()
    assert words(extract_plain_text(page)) == words(sample(tongue).text)
    direction = "rtl" if tongue.script in ("Arab", "Hebr") else "ltr"
    assert re.search(rf'<html lang="[a-zA-Z-]+" dir="{direction}">', page)


@pytest.mark.parametrize("tongue", ALL, ids=lambda tongue: tongue.code)
def test_a_docx_says_its_words(tongue: Language) -> None:
    with zipfile.ZipFile(io.BytesIO(as_docx(sample(tongue), "A & B <c>").data)) as package:
        assert package.testzip() is None
        body = ElementTree.fromstring(package.read("word/document.xml"))
        core = ElementTree.fromstring(package.read("docProps/core.xml"))
    told = [node.text or "" for node in body.iter() if node.tag.endswith("}t")]
    assert words(" ".join(told)) == words(sample(tongue).text)
    assert "A & B <c>" in [node.text for node in core]


@pytest.mark.parametrize("tongue", ALL, ids=lambda tongue: tongue.code)
def test_an_odt_says_its_words(tongue: Language) -> None:
    data = as_odt(sample(tongue)).data
    assert data[30:38] == b"mimetype", "the first member, stored, as the standard asks"
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        body = ElementTree.fromstring(package.read("content.xml"))
    assert words(" ".join(body.itertext())) != []
    told = [node.text or "" for node in body.iter() if node.tag.endswith(("}p", "}h"))]
    assert words(" ".join(told)) == words(sample(tongue).text)


@pytest.mark.parametrize("tongue", ALL, ids=lambda tongue: tongue.code)
def test_an_rtf_says_its_words(tongue: Language) -> None:
    document = replace(sample(tongue), title="a {b} \\c 🪶")
    data = as_rtf(document).data
    assert data.isascii()
    assert words(spelled(data.decode())) == words(document.text)


def spelled(rtf: str) -> str:
    """What a reader of RTF shows: control words undone in the order of the standard."""
    body = rtf.split("\n", 1)[1].rsplit("}", 1)[0].replace("\n", "")
    body = re.sub(r"\\pard\\(?:rtl|ltr)par ?|\\par(?![a-z])", "\n", body).replace("\\tab ", "\t")
    units = re.sub(r"\\u(-?\d+)\?", lambda found: chr(int(found[1]) % 65536), body)
    plain = re.sub(r"\\([\\{}])", r"\1", units)
    return plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


ROWS = [("name", "words"), ("a & b <c>", 'say "hi", then\ngo'), ("夜", "قلم")]


def test_a_workbook_says_its_cells() -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(ROWS, "one & two").data)) as package:
        parts = {name: ElementTree.fromstring(package.read(name)) for name in package.namelist()}
    cells = [node.text for node in parts["xl/sheet1.xml"].iter() if node.tag.endswith("}t")]
    assert cells == [cell for row in ROWS for cell in row]
    sheets = [node.get("name") for node in parts["xl/workbook.xml"].iter() if node.tag.endswith("}sheet")]
    assert sheets == ["one & two"]


def test_comma_separated_values_are_read_back_with_quotes_and_line_breaks() -> None:
    data = as_csv(ROWS).data
    assert data.startswith(b"\xef\xbb\xbf")
    assert [tuple(row) for row in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))] == ROWS


@pytest.mark.parametrize("code", sorted(WRITABLE & languages().keys()))
def test_a_pdf_says_its_words(code: str) -> None:
    long = Document(languages()[code], "Title (1) \\", paragraphs(Dice("pdf", code), languages()[code], 30))
    pdf = pypdfium2.PdfDocument(as_pdf(long).data)
    assert len(pdf) > 1
    assert words(" ".join(page.get_textpage().get_text_bounded() for page in pdf)) == words(long.text)


def test_a_pdf_refuses_a_script_it_cannot_write() -> None:
    with pytest.raises(UnicodeEncodeError):
        as_pdf(sample(languages()["tha"]))


OLD_TEXTS = [("rus", "windows-1251"), ("arb", "windows-1256"), ("jpn", "shift_jis"), ("zho", "gb18030")]


@pytest.mark.parametrize(("code", "encoding"), OLD_TEXTS)
def test_a_text_is_written_in_the_encoding_asked_for(code: str, encoding: str) -> None:
    content = as_text(sample(languages()[code]), encoding)
    assert content.data.decode(encoding) == content.text
    with pytest.raises(UnicodeDecodeError):
        content.data.decode()


def test_a_text_is_written_in_utf8_where_the_encoding_lacks_a_letter() -> None:
    content = as_text(sample(languages()["pes"]), "windows-1256")
    assert content.data.decode() == content.text


def mail_of(tongue: Language, **more: object) -> Mail:
    body = "\n\n".join(notice(Dice("m"), tongue.code).paragraphs)
    fields: dict[str, object] = {
        "sender": (tongue.people[0], "wren@kestrel.example"), "to": (tongue.people[1], "jay@kestrel.example"),
        "subject": f"{tongue.headlines[0]} — {tongue.subjects[1]}", "body": body,
        "language": tongue, "sent": at(5), "number": "one",
    }  # fmt: skip
    return Mail(**{**fields, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize("old", [False, True], ids=["utf-8", "old encoding"])
@pytest.mark.parametrize("tongue", ALL, ids=lambda tongue: tongue.code)
def test_a_message_is_read_back_whole(tongue: Language, old: bool) -> None:
    subject = tongue.subjects[1] if old else f"{tongue.headlines[0]} — {tongue.subjects[1]}"
    mail = mail_of(
        tongue,
        old=old,
        subject=subject,
        html="<p>x</p>",
        attachments=((f"{tongue.news}.txt", made(b"\0\xff", "text/x")),),
    )
    data = message(mail).data
    assert max(len(line) for line in data.split(b"\n") if b"filename*=" not in line) <= 78
    letter = message_from_bytes(data, policy=policy.default)
    assert letter["subject"] == mail.subject
    assert letter["from"].addresses[0].display_name == mail.sender[0]
    assert not [part.defects for part in letter.walk() if part.defects]
    body, (attached,) = letter.get_body(("plain",)), letter.iter_attachments()
    assert body is not None
    assert body.get_content().rstrip("\n") == mail.body
    assert (attached.get_filename(), attached.get_payload(decode=True)) == (f"{tongue.news}.txt", b"\0\xff")


def test_old_encodings_are_really_used() -> None:
    charsets = {
        code: message_from_bytes(
            message(mail_of(languages()[code], old=True, subject=languages()[code].subjects[0])).data
        ).get_content_charset()
        for code in ("rus", "jpn", "arb")
    }
    assert charsets == {code: OLD_ENCODINGS[code] for code in charsets}


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_subject_survives_its_encoded_words(subject: str) -> None:
    subject = " ".join(subject.split()) or "x"
    letter = message_from_bytes(
        message(mail_of(languages()["eng"], subject=subject)).data, policy=policy.default
    )
    assert letter["subject"] == subject or subject.isascii()


def test_messages_of_an_mbox_do_not_split_at_their_own_words() -> None:
    mail = mail_of(languages()["eng"], body="one\n\nFrom now on we meet at nine.", old=True)
    box = mbox([(mail, message(mail))] * 2)
    assert len(re.findall(rb"^From ", box.data, re.M)) == 2


def test_pictures_open_and_edited_copies_differ() -> None:
    image = media.drawing(Dice("picture"))
    with Image.open(io.BytesIO(media.as_png(image).data)) as read:
        assert read.convert("RGB").tobytes() == image.tobytes()
    copies = media.edited(image)
    assert len({content.sha256 for content in copies.values()}) == len(copies) == 5
    assert all(Image.open(io.BytesIO(content.data)).format == "JPEG" for content in copies.values())


@pytest.mark.parametrize("noise", [0, 100])
def test_sound_is_a_wave_file_of_the_length_asked_for(noise: int) -> None:
    data = media.as_wav(Dice("sound"), 1.5, noise)
    with wave.open(io.BytesIO(data)) as sound:
        assert (sound.getframerate(), sound.getnframes(), sound.getsampwidth()) == (8000, 12000, 1)
    assert (len(gzip.compress(data)) > len(data) * 0.7) == bool(noise)


@pytest.mark.tools
def test_keys_and_certificates_are_read_by_openssh_and_openssl(tmp_path: Path) -> None:
    need("ssh-keygen", "openssl")
    private = tmp_path / "key"
    private.write_bytes(keys.ssh_private(Dice("k"), "wren@kestrel").data)
    private.chmod(0o600)
    shown = subprocess.run(
        ["ssh-keygen", "-y", "-f", private], capture_output=True, check=True
    ).stdout.decode()
    assert shown.split()[:2] == keys.ssh_public(Dice("k"), "wren@kestrel").split()[:2]
    certificate, _ = keys.tls(Dice("t"), ["www.kestrel.example"])
    command = ["openssl", "x509", "-noout", "-ext", "subjectAltName"]
    said = subprocess.run(command, input=certificate.data, capture_output=True, check=True).stdout
    assert b"DNS:www.kestrel.example" in said


def test_a_certificate_belongs_to_its_key() -> None:
    certificate, key = keys.tls(Dice("t"), ["a.example", "b.example"])
    read, secret = x509.load_pem_x509_certificate(certificate.data), load_pem_private_key(key.data, None)
    assert read.public_key() == secret.public_key()
    read.verify_directly_issued_by(read)
    assert load_ssh_private_key(keys.ssh_private(Dice("k"), "c").data, None)


def test_a_chat_export_has_plain_rich_forwarded_and_service_messages() -> None:
    export = json.loads(chats.telegram(Dice("chat"), NETWORK, "windhover_news", ["rus", "arb"], 40).data)
    kinds = {type(post["text"]).__name__ for post in export["messages"]}
    assert kinds == {"str", "list"}
    assert len(export["messages"]) == 40
    assert [post["id"] for post in export["messages"]] == list(range(1, 41))
    assert any("forwarded_from" in post for post in export["messages"])
    assert export["messages"][0]["type"] == "service"


def test_a_group_chat_has_as_many_messages_as_asked_for() -> None:
    text = chats.whatsapp(Dice("group"), NETWORK, ["eng", "tha"], 30).data.decode()
    assert len(re.findall(r"^\[\d\d/\d\d/2026, \d\d:\d\d:\d\d\] [^:]+: ", text, re.M)) == 30
    assert len(text.splitlines()) > 30, "some messages have two lines"


def test_a_dump_keeps_quotes_and_semicolons_inside_its_strings() -> None:
    text = dumps.mysql(Dice("dump"), NETWORK, 25).data.decode()
    assert len(re.findall(r"\(\d+,'[\w-]+','2026-", text)) == 25
    assert r"\'s; a),(b'" in text
    members = dumps.postgresql(Dice("dump"), NETWORK).data.decode()
    block = members.split("FROM stdin;\n")[1].split("\n\\.\n")[0].splitlines()
    assert len(block) == 9
    assert {line.count("\t") for line in block} == {6}


NAMES = st.from_regex(r"[a-z]{1,12}\.txt", fullmatch=True)


@given(
    st.dictionaries(NAMES, st.binary(max_size=300), min_size=1, max_size=5),
    st.binary(min_size=1, max_size=12),
)
@settings(max_examples=40, deadline=None)
def test_an_encrypted_member_is_read_with_its_password_only(files: dict[str, bytes], password: bytes) -> None:
    secret = sorted(files)[0]
    data = zip_with_secret(
        [Place(name, made(content)) for name, content in files.items()], secret, password, bytes(11)
    )
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert [info.filename for info in archive.infolist() if info.flag_bits & 1] == [secret]
        assert {name: archive.read(name, password) for name in files} == files
        with pytest.raises(RuntimeError, match=r"encrypted|password"):
            archive.read(secret)
