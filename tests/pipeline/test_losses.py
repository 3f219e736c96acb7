"""What was not read whole is a line of the issue log and exit code 1; a mere remark is a line and exit code 0.

The class of a line is the type of its code (``actionday.model.Loss``), never its words.
"""

import io
import json
import re
import sqlite3
import sys
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from actionday.model import Limits, Loss, Note, Parsed
from actionday.model.loss import is_loss, tells_loss
from actionday.parsers import Parsers
from actionday.pipeline.examine import Examiner, waiting
from actionday.pipeline.reading import body_of
from case_tools import Bench, Row, balanced

FIELDS = (
    "From: ana@kestrel.example\nTo: ben@kestrel.example\nSubject: {}\nDate: Mon, 2 Mar 2026 10:00:00 +0000\n"
)


def message(subject: str) -> bytes:
    """Return a whole message with two texts and an attachment."""
    mail = EmailMessage()
    for line in FIELDS.format(subject).splitlines():
        name, _, value = line.partition(": ")
        mail[name] = value
    mail.set_content("the schedule of the week\n")
    mail.add_alternative("<p>the schedule of the week</p>\n", subtype="html")
    mail.add_attachment(
        bytes(range(256)) * 20, maintype="application", subtype="octet-stream", filename="a.bin"
    )
    return mail.as_bytes()


def said(bench: Bench, path: str) -> list[str]:
    """Return the codes of what the log says of an item."""
    return sorted(row["code"] for row in bench.export("issues") if row["path"] == path)


WHOLE = message("whole")
CUT = {
    "in its first part": WHOLE[: WHOLE.index(b"the schedule")],
    "in its attachment": WHOLE[: WHOLE.index(b"a.bin") + 120],
    "in its header": WHOLE[: WHOLE.index(b"Subject") + 3],
    "before its content length": FIELDS.format("short").encode()
    + b"Content-Length: 900\n\nfive words of the body\n",
    "in quoted-printable": FIELDS.format("qp").encode()
    + b"Content-Transfer-Encoding: quoted-printable\n\nthe line goes on=\n",
}


@pytest.mark.parametrize("cut", CUT.values(), ids=CUT)
def test_a_truncated_mail_is_a_line_of_the_log_and_exit_code_1(
    bench: Bench, tmp_path: Path, cut: bytes
) -> None:
    (tmp_path / "cut.eml").write_bytes(cut)
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "whole.eml").write_bytes(WHOLE)
    (tmp_path / "cut.eml").rename(tmp_path / "x" / "cut.eml")
    done = bench.ingest(tmp_path / "x", code=1)
    assert re.search(rf"^losses: \d lines\n(  .*\n)*  {Loss.BROKEN_OFF} +2$", done.stdout, re.MULTILINE)
    item = bench.item("cut.eml/message")
    assert (item["status"], item["reason"][:5]) == ("parsed", "mail:")
    for path in ("cut.eml", "cut.eml/message"):
        assert Loss.BROKEN_OFF in said(bench, path)
    assert said(bench, "whole.eml/message") == []
    again = json.loads(bench.ingest(tmp_path / "x", "--json", code=1).stdout)  # run again: the same exit code
    assert again["losses"].pop(Loss.BROKEN_OFF) == 2
    unread = sum(again["by_status"].get(status, 0) for status in ("unreadable", "quarantined"))
    assert again["losses"].pop("unreadable", 0) == unread  # a failed item has its line too
    assert set(again["losses"]) <= {Loss.UNDECODED}  # base64 that ends within a byte
    balanced(bench.items(), bench.status())
    assert bench.verify()["ok"]


def test_what_only_may_be_cut_or_needs_a_key_is_said_and_exit_code_0(bench: Bench, tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    (folder / "open.eml").write_bytes(FIELDS.format("open").encode() + b"\nno line end")
    (folder / "sealed.eml").write_bytes(
        FIELDS.format("sealed").encode() + b"\n-----BEGIN PGP MESSAGE-----\nxx\n-----END PGP MESSAGE-----\n"
    )
    bench.ingest(folder)
    assert said(bench, "open.eml/message") == ["may_be_cut"]
    assert said(bench, "sealed.eml/message") == ["encrypted_part"]


def test_what_a_container_that_is_a_document_says_is_in_the_log(bench: Bench, tmp_path: Path) -> None:
    """A message with parts is opened for them: what its parser remarked was once dropped on that way."""
    mail = WHOLE.replace(b'charset="utf-8"', b'charset="x-no-such"', 1).replace(
        b"the schedule", "the sch\u00e9dule".encode(), 1
    )
    (tmp_path / "odd.eml").write_bytes(mail)
    bench.ingest(tmp_path / "odd.eml")
    assert "charset" in said(bench, "message")


def test_a_text_past_the_limit_is_a_loss(bench: Bench, tmp_path: Path) -> None:
    bench.limit(text=1000)
    (tmp_path / "long.txt").write_text("a schedule of the week\n" * 100)
    bench.ingest(tmp_path / "long.txt", code=1)
    assert said(bench, "") == [Loss.TEXT_CUT]


def test_a_damaged_page_of_a_whole_pdf_is_a_loss(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "two.pdf").write_bytes(pdf_with_a_bad_page())
    bench.ingest(tmp_path / "two.pdf", code=1)
    item: Row = bench.item("")
    assert item["status"] == "parsed"
    assert Loss.PAGE_DAMAGED in said(bench, "")


def pdf_with_a_bad_page() -> bytes:
    """Return a PDF whose first page says one word and whose second is no page."""
    stream = b"BT /F 12 Tf 50 50 Td (kestrel) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 2/Kids[3 0 R 6 0 R]>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"(no page)",
    ]
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out) + tail % (len(objects) + 1, table, len(objects) + 1, len(out))


class OneParser:
    """A registry with one parser, which says what it is told to."""

    name, version = "told", 1

    def __init__(self, parsed: Parsed) -> None:
        self.parsed = parsed

    def find(self, mime: str) -> "OneParser":
        return self

    def parse(self, mime: str, data: memoryview, limits: Limits, secrets: object = ()) -> Parsed:
        return self.parsed


def notes(parsed: Parsed) -> tuple[Note, ...]:
    examiner = Examiner(OneParser(parsed), Limits())  # type: ignore[arg-type]
    return examiner.content(body_of(iter([b"any text\n"]), Limits())).notes


def test_a_reason_that_nobody_classed_is_a_loss() -> None:
    why = "half of it"
    assert notes(Parsed(text=["words"], reason=why)) == (Note(Loss.NOT_WHOLE, why),)
    assert notes(Parsed(text=["words"], reason=why, notes=(Note("odd", why),))) == (Note("odd", why),)
    assert notes(Parsed(text=["words"])) == ()


@pytest.mark.parametrize("code", [*Loss])
def test_every_loss_is_told_by_its_code_alone(code: str) -> None:
    assert is_loss(str(code))
    assert not is_loss(f"{code}_")


def test_a_text_that_a_limit_cuts_is_a_loss_whoever_reads_it() -> None:
    parsers = Parsers.load()
    for mime in ("text/plain", "text/xml", "application/json"):
        examined = Examiner(parsers, Limits(text=16)).content(
            body_of(iter([b"<a>some text that is long</a>\n"]), Limits())
        )
        assert examined.reason, mime
        assert any(is_loss(note.code) and note.reason in examined.reason for note in examined.notes)


@pytest.mark.parametrize("limit", range(8, 16))
def test_a_limit_cuts_no_character_in_two(limit: int) -> None:
    """What a limit leaves out is said once, as a cut; the bytes before it are no broken text."""
    data = "aé中😀é中😀 Kestrel, the club".encode()
    examined = Examiner(Parsers.load(), Limits(text=limit)).content(body_of(iter([data]), Limits()))
    assert {note.code for note in examined.notes} == {Loss.TEXT_CUT}
    assert examined.text is not None
    read = "".join(examined.text.pieces)
    assert "aé中😀é中😀".startswith(read) and limit - 4 < len(read.encode()) <= limit


def test_what_is_longer_than_is_read_is_not_called_damaged() -> None:
    """A package has its directory at its end, a database a page anywhere: that these are missing is no damage."""
    examiner = Examiner(Parsers.load(), Limits())
    package, database = io.BytesIO(), sqlite3.connect(":memory:")
    with zipfile.ZipFile(package, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        made.writestr("content.xml", "<a>one of many words</a>" * 99)
    database.execute("CREATE TABLE told (words)")
    database.executemany("INSERT INTO told VALUES (?)", [(f"the kestrel flies {at}",) for at in range(999)])
    database.commit()
    for data, status in ((package.getvalue(), "quarantined"), (database.serialize(), "parsed")):
        beginning = body_of(iter([data[: len(data) // 2]]), Limits())
        found = examiner.content(beginning._replace(size=len(data), whole=False, end=data[-100:]))
        assert found.status == status
        assert f"longer than {len(data) // 2} bytes: of {len(data)} the first" in found.reason
        assert not {"part_damaged", "damaged"} & {note.code for note in found.notes}
        assert any(tells_loss(note.code) for note in found.notes)


def test_a_text_has_its_part_of_the_memory_and_a_document_all_its_bytes() -> None:
    memory, words = 4096, b"words and words and\n" * 100
    examiner = Examiner(Parsers.load(), Limits(memory=memory))
    found = examiner.content(body_of(iter([words]), Limits()))
    assert found.text is not None and found.text.characters == memory // 8
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE told (words)")
    database.execute("INSERT INTO told VALUES ('the kestrel flies')")
    database.commit()
    found = examiner.content(body_of(iter([database.serialize()]), Limits()))
    assert found.text is not None and "kestrel" in "".join(found.text.pieces) and not found.reason


def test_a_png_without_its_end_waits_for_ocr_and_is_a_loss(bench: Bench, tmp_path: Path) -> None:
    whole = io.BytesIO()
    Image.new("L", (40, 40)).save(whole, "png")
    (tmp_path / "cut.png").write_bytes(whole.getvalue()[:-20])
    bench.ingest(tmp_path / "cut.png", code=1)
    assert bench.item("")["status"] == "queued"
    assert Loss.BROKEN_OFF in said(bench, "")


def test_whatever_breaks_off_is_the_same_loss_and_names_itself(bench: Bench, tmp_path: Path) -> None:
    """A picture in an archive, a program nobody reads, a text and a database: the run ends with exit code 1 for each."""
    picture = io.BytesIO()
    Image.new("L", (40, 40)).save(picture, "gif")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("cut.gif", picture.getvalue()[:-5])
    program = Path(sys.executable).resolve().read_bytes()
    (tmp_path / "program").write_bytes(program[: len(program) // 2])
    (tmp_path / "chat.json").write_text('[{"text": "the kestrel flies"}, {"text": "at no')
    for name, path, status in (
        ("a.zip", "cut.gif", "queued"),
        ("program", "", "unreadable"),
        ("chat.json", "", "parsed"),
    ):
        bench.ingest(tmp_path / name, code=1)
        (row,) = [each for each in bench.export("items") if each["exhibit"] == name and each["path"] == path]
        assert row["status"] == status, name
        told = [each for each in bench.export("issues") if each["exhibit"] == name and each["path"] == path]
        assert Loss.BROKEN_OFF in [each["code"] for each in told], name


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("", "waits for OCR"),
        ("a picture: letters in it wait for OCR", "a picture: letters in it wait for OCR"),
        (
            "page 2 cannot be read: 'waiting room.png'",
            "waits for OCR: page 2 cannot be read: 'waiting room.png'",
        ),
        ("page 2 awaits its end", "waits for OCR: page 2 awaits its end"),
    ],
)
def test_a_queued_item_says_what_it_waits_for_whatever_words_its_reason_has(reason: str, said: str) -> None:
    assert waiting("ocr", reason) == said
