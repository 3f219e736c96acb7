"""Files embedded in a PDF are items, wherever the document names them; a second document behind the first is one too."""

import shutil
import subprocess
import zlib
from pathlib import Path

import pytest
from archive_samples import ATTACHED, PAGES, PNG, pdf_of, pdf_stream, zip_of
from archive_tools import ARABIC, TEXT, Run
from hypothesis import example, given, settings
from hypothesis.strategies import binary, integers

from actionday.model import Claim, Kind, Loss, Status
from actionday.model.loss import is_loss
from actionday.sources.archives import _pdffiles
from actionday.sources.archives.appended import SOURCE as APPENDED
from actionday.sources.archives.attached import SOURCE
from actionday.testing.context import Glance

PACKED_NAMES = b"4 0 8 60 <</Type/Filespec/UF(in a packed object.txt)/EF<</F 6 0 R>>>>".ljust(72)
DOCUMENT = (
    b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)4 0 R]>>>>/AF[<</Type/Filespec/F(associated.txt)"
    b"/EF<</F 7 0 R/UF 7 0 R>>>>]>>",
    PAGES[0],
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]"
    b"/FS<</Type/Filespec/EF<</F 6 0 R>>/F(pinned\\050 1\\051.zip)>>>>]>>",
    ATTACHED[3],
    ATTACHED[4],
    pdf_stream(b"", zip_of({"plan.txt": TEXT})),
    pdf_stream(b"/Type/EmbeddedFile/Params<</Size 3>>", ARABIC, packed=False),
    pdf_stream(b"/Type/EmbeddedFile", b"nothing leads to it"),
    pdf_stream(b"", b"BT (a page, and no file) Tj ET"),
)
FILES = {
    "plan ا.txt": TEXT,
    "pinned( 1).zip": zip_of({"plan.txt": TEXT}),
    "associated.txt": ARABIC,
    "embedded-8": b"nothing leads to it",
}
WHOLE = pdf_of(*DOCUMENT)


def read(data: bytes, **given: object) -> Run:
    return Run(SOURCE, "plan.pdf", data, **given)


def test_files_of_every_kind_of_list_are_items() -> None:
    run = read(WHOLE)
    assert run.contents == FILES
    assert run.codes == ["embedded_files"]
    assert run.item("associated.txt").runs  # in place: nothing is copied
    assert len({found.place for found in run.items}) == len(FILES)


@pytest.mark.parametrize("how", [["--object-streams=generate"], ["--encrypt", "", "owner", "256", "--"],
                                 ["--encrypt", "user", "owner", "128", "--use-aes=y", "--"]], ids=" ".join)  # fmt: skip
def test_however_the_document_is_packed(how: list[str], tmp_path: Path) -> None:
    tool = shutil.which("qpdf")
    if tool is None:
        pytest.skip("qpdf is not installed here")
    made = pdf_of(*ATTACHED)
    (tmp_path / "in.pdf").write_bytes(made)
    subprocess.run([tool, *how, str(tmp_path / "in.pdf"), str(tmp_path / "out.pdf")], check=True)
    run = read((tmp_path / "out.pdf").read_bytes(), secrets=("user",))
    assert run.contents == {"plan ا.txt": TEXT}
    if "user" in how:
        (locked,) = read((tmp_path / "out.pdf").read_bytes()).items
        assert locked.status is Status.ENCRYPTED


def test_filters_written_in_letters_and_those_that_are_not_undone() -> None:
    letters = b"<</Type/EmbeddedFile/Filter[/ASCIIHexDecode/FlateDecode]/Length %d>>\nstream\n%s>\nendstream"
    stored = zlib.compress(TEXT).hex().encode()
    strange = b"<</Type/EmbeddedFile/Filter/LZWDecode/Length 4>>\nstream\nabcd\nendstream"
    run = read(pdf_of(*ATTACHED[:3], letters % (len(stored) + 1, stored), strange))
    assert run.contents["embedded-4"] == TEXT
    assert (run.item("embedded-5").status, "LZWDecode" in run.item("embedded-5").reason) == (
        Status.UNSUPPORTED,
        True,
    )


def test_a_limit_within_the_filters_of_a_file_is_said_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionday.sources.archives.attached.MOST_TEXT", 1 << 20)
    files = [b"<</Type/EmbeddedFile/Filter[%s]/Length %d>>\nstream\n%s\nendstream" % (names, len(stored), stored)
             for names, stored in ((b"/FlateDecode/FlateDecode", zlib.compress(zlib.compress(bytes(3 << 20)))),
                                   (b"/FlateDecode/ASCIIHexDecode", zlib.compress(bytes(3 << 20).hex().encode())))]  # fmt: skip
    run = read(pdf_of(*ATTACHED[:3], *files))
    assert run.contents["embedded-4"] == bytes(3 << 20)  # the last one's bytes are held by nobody
    assert "gives more than 1048576 bytes to the next" in str(run.contents["embedded-5"])


def test_a_file_whose_bytes_are_not_there_is_said() -> None:
    (lost,) = read(pdf_of(*ATTACHED[:4])).items
    assert (lost.name, lost.status) == ("plan ا.txt", Status.UNREADABLE)


def test_a_document_without_files_holds_nothing() -> None:
    run = read(pdf_of(*ATTACHED[:3], pdf_stream(b"", b"BT (/EF<< on a page) Tj ET")))
    assert not run.items
    assert not run.codes


@pytest.mark.parametrize("between", [b"", b"\n", b"a few words\n"])
def test_a_second_document_behind_the_first_is_an_item(between: bytes) -> None:
    second = pdf_of(*PAGES)
    run = read(WHOLE + between + second)
    assert run.contents["behind the end"].lstrip() == between.lstrip() + second
    assert run.codes == ["trailing", "embedded_files"]
    within = pdf_of(*ATTACHED[:4], pdf_stream(b"/Type/EmbeddedFile", second + b"%%EOF", packed=False))
    assert read(within).names == ["plan ا.txt"]


def test_a_run_goes_on_behind_any_item() -> None:
    data = WHOLE + PNG
    whole = read(data)
    for at, found in enumerate(whole.items):
        assert read(data, after=found.place).names == whole.names[at + 1 :]


def test_it_goes_before_what_is_appended() -> None:
    glance = Glance("x", WHOLE, Kind.FILE)
    assert SOURCE.claims(glance) is Claim.MAGIC
    assert APPENDED.claims(glance) is Claim.NAME


@settings(max_examples=80, deadline=None)
@given(integers(0, len(WHOLE)), binary(max_size=40), integers(0, 60))
def test_no_damage_makes_it_raise(at: int, instead: bytes, gone: int) -> None:
    read(WHOLE[:at] + instead + WHOLE[at + gone :])


@settings(max_examples=40, deadline=None)
@given(integers(len(b"%PDF-1.7"), len(WHOLE)))
@example(WHOLE.find(ARABIC) + len(ARABIC) + 1)  # between the bytes and the mark of their end
def test_a_cut_anywhere_loses_no_file_before_it(at: int) -> None:
    contents = read(WHOLE[:at]).contents
    for stored in (ARABIC, b"nothing leads to it"):
        place = WHOLE.find(ARABIC if stored is ARABIC else zlib.compress(stored))
        packed = len(stored if stored is ARABIC else zlib.compress(stored))
        assert place + packed > at or stored in contents.values()


@pytest.mark.parametrize("how", [[], ["--object-streams=generate"], ["--qdf", "--stream-data=compress"],
                                 ["--encrypt", "", "owner", "256", "--"]], ids=" ".join)  # fmt: skip
def test_an_empty_file_is_whole_as_qpdf_packs_it(how: list[str], tmp_path: Path) -> None:
    tool = shutil.which("qpdf")
    if tool is None:
        pytest.skip("qpdf is not installed here")
    (tmp_path / "in.pdf").write_bytes(
        pdf_of(*ATTACHED[:4], pdf_stream(b"/Type/EmbeddedFile", b"", packed=False))
    )
    subprocess.run([tool, *how, str(tmp_path / "in.pdf"), str(tmp_path / "out.pdf")], check=True)
    run = read((tmp_path / "out.pdf").read_bytes())
    assert run.contents == {"plan ا.txt": b""}
    assert [found.status for found in run.items] == [None]


def test_one_whose_bytes_are_gone_is_not() -> None:
    gone = b"<</Type/EmbeddedFile/Filter/FlateDecode/Length 50>>\nstream\n\nendstream"
    (said,) = read(pdf_of(*ATTACHED[:4], gone)).contents.values()
    assert isinstance(said, str)


def test_streams_that_are_not_gone_through_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not [code for code in read(WHOLE).codes if is_loss(code)]
    monkeypatch.setattr(_pdffiles, "MOST_STREAMS", 2)
    run = read(WHOLE)
    assert Loss.PARTS_LIMIT in run.codes
    assert any("streams beyond 2 are not gone through" in note.reason for note in run.notes)


def test_more_than_are_items_is_a_limit_and_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionday.sources.archives.attached.MOST", 1)
    assert Loss.PARTS_LIMIT in read(WHOLE).codes
