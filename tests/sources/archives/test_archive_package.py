"""Document packages as containers: what the parser does not read is an item, whatever it is called."""

import io
import random
import warnings
import zipfile

import pytest
from archive_samples import OPC, STASH, zip_of
from archive_tools import TEXT, Run

from actionday.model import Claim, Kind, Limits, Status
from actionday.sources.archives.package import SOURCE
from actionday.sources.archives.zip import SOURCE as ZIP
from actionday.testing.context import Alone, Glance
from actionday.testing.sources import listing

PLAIN = zip_of(OPC)


def read(data: bytes, **given: object) -> Run:
    return Run(SOURCE, "notice.docx", data, **given)


def with_parts(**parts: bytes) -> bytes:
    return zip_of(OPC | {name.replace("__", "/").replace("_", "."): data for name, data in parts.items()})


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_parts_beside_the_text_are_items_and_the_markup_is_the_parsers(method: int) -> None:
    run = read(zip_of(OPC | STASH, method))
    assert run.contents == STASH
    assert (run.end, run.notes) == ("", [])


def test_a_package_of_nothing_but_text_holds_no_item() -> None:
    assert read(PLAIN).items == ()


@pytest.mark.parametrize(
    "content", [TEXT, zip_of({"a": TEXT}), b"\x89PNG\r\n\x1a\n" + bytes(20)], ids=["text", "zip", "picture"]
)
def test_what_is_called_markup_and_is_none_is_an_item(content: bytes) -> None:
    assert read(with_parts(word__settings_xml=content)).contents == {"word/settings.xml": content}


@pytest.mark.parametrize(
    "markup", [b"\xef\xbb\xbf <a/>", "\ufeff<a/>".encode("utf-16-le"), b"\r\n<?xml?>", b""]
)
def test_markup_with_marks_and_white_space_is_the_parsers(markup: bytes) -> None:
    assert read(with_parts(word__settings_xml=markup)).items == ()


def test_of_a_part_listed_twice_both_are_items() -> None:
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w") as archive:
        warnings.simplefilter("ignore")
        for name, data in [*OPC.items(), ("word/document.xml", b"<other/>")]:
            archive.writestr(name, data)
    run = read(made.getvalue())
    assert [found.name for found in run.items] == ["word/document.xml"] * 2


def test_a_part_that_the_directory_leaves_out_is_an_item_even_if_markup() -> None:
    made = bytearray(zip_of({"word/hidden.xml": b"<hidden/>"}))
    hidden = bytes(made[: made.index(b"PK\x01\x02")])
    base = zip_of(OPC)
    start = base.index(b"PK\x01\x02")
    end = bytearray(base[start:])
    at = end.rindex(b"PK\x05\x06") + 16
    end[at : at + 4] = (start + len(hidden)).to_bytes(4, "little")
    run = read(base[:start] + hidden + bytes(end))
    assert run.contents == {"word/hidden.xml": b"<hidden/>"}
    assert [note.code for note in run.items[0].notes] == ["hidden_member"]


@pytest.mark.parametrize("source", [SOURCE, ZIP], ids=["package", "zip"])
def test_bytes_behind_the_end_are_an_item_and_a_note(source: object) -> None:
    run = Run(source, "notice.docx", PLAIN + TEXT)
    assert run.contents["behind the end"] == TEXT
    assert [note.code for note in run.notes] == ["trailing"]
    assert run.items[-1].runs == ((len(PLAIN), len(TEXT)),)


@pytest.mark.parametrize("padding", [bytes(4096), b"\r\n", b"\xff" * 512, b"", b"\x1a\0\0"])
def test_padding_behind_the_end_is_nothing(padding: bytes) -> None:
    run = read(PLAIN + padding)
    assert (run.items, run.notes) == ((), [])


MANIFEST = b"""<m:manifest xmlns:m='m'><m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>
<m:file-entry m:full-path="Pictures/a.png"><m:encryption-data/></m:file-entry><m:file-entry m:full-path="x.txt"/></m:manifest>"""


RANDOM = random.Random(7).randbytes(600)


def sealed(**parts: bytes) -> bytes:
    """Pack an OpenDocument whose manifest is ``MANIFEST`` unless given; underscores stand for dots."""
    whole = {
        "mimetype": b"application/vnd.oasis.opendocument.text",
        "META-INF/manifest.xml": MANIFEST,
    } | parts
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in whole.items():
            archive.writestr(name, data)
    return made.getvalue()


def test_sealed_markup_is_the_documents_and_every_other_sealed_part_is_named() -> None:
    run = read(sealed(**{"content.xml": RANDOM, "Pictures/a.png": RANDOM, "x.txt": TEXT}))
    closed = {"Pictures/a.png": b""}  # no bytes of a part that is
    assert run.contents == closed | {"META-INF/manifest.xml": MANIFEST, "x.txt": TEXT}
    assert [(each.name, each.status) for each in run.items] == [
        ("META-INF/manifest.xml", None),  # the parser reads nothing of a document with a password
        ("Pictures/a.png", Status.ENCRYPTED),
        ("x.txt", None),
    ]


@pytest.mark.parametrize("clear", [b"\x89PNG\r\n\x1a\n" + RANDOM, TEXT * 9], ids=["picture", "text"])
def test_a_part_that_is_only_said_to_be_sealed_is_an_item(clear: bytes) -> None:
    run = read(sealed(**{"content.xml": b"<a>seen</a>", "Pictures/a.png": clear}))
    assert run.contents == {"Pictures/a.png": clear}
    assert [note.code for note in run.items[0].notes] == ["local_differs"]


def test_a_manifest_seals_what_its_elements_say_and_not_what_its_comments_say() -> None:
    said = b'<m><file-entry full-path="a.bin"/><!-- file-entry full-path="a.bin" encryption-data --></m>'
    assert read(sealed(**{"META-INF/manifest.xml": said, "a.bin": RANDOM})).contents == {"a.bin": RANDOM}


def broken(data: bytes, name: str, part: float) -> bytes:
    """Break the packed bytes of a member, from ``part`` of their length on."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        where = archive.getinfo(name)
    start = where.header_offset + 30 + len(where.filename.encode()) + int(where.compress_size * part)
    return data[:start] + b"\xff" * 9 + data[start + 9 :]


@pytest.mark.parametrize("part", [0, 0.5])
def test_a_damaged_manifest_hides_no_part_that_is_listed_twice(part: float) -> None:
    made = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", MANIFEST + b"<!-- " + RANDOM.hex().encode() + b" -->")
        archive.writestr("content.xml", b"<one/>")
        archive.writestr("content.xml", b"<other/>")
    run = read(broken(made.getvalue(), "META-INF/manifest.xml", part))
    assert [found.name for found in run.items if found.name == "content.xml"] == ["content.xml"] * 2


@pytest.mark.parametrize("cut", [22, 60])
def test_a_directory_that_cannot_be_read_is_said_by_the_pass_over_the_items(cut: int) -> None:
    assert read(PLAIN[:-cut]).end
    made = bytearray(PLAIN)
    made[-12:-10] = (len(OPC) + 3).to_bytes(2, "little")  # the end counts more entries than there are
    assert "entries" in read(bytes(made)).end


def test_a_member_that_is_only_measured_was_said_to_be_damaged_when_it_was_read() -> None:
    noise = random.Random(8).randbytes(9000).hex().encode()
    data = broken(zip_of({"noise.txt": noise, "b.txt": TEXT}), "noise.txt", 0.5)
    whole, rest = Run(ZIP, "x.zip", data), Run(ZIP, "x.zip", data, after="0")
    assert "Damaged" in str(whole.contents["noise.txt"])
    assert rest.items == whole.items[1:]


def test_it_goes_on_behind_the_last_stored_place() -> None:
    data = zip_of(OPC | STASH) + TEXT
    whole = read(data).items
    for at, found in enumerate(whole):
        assert [each.place for each in read(data, after=found.place).items] == [
            each.place for each in whole[at + 1 :]
        ]


@pytest.mark.parametrize(
    ("data", "package", "archive"),
    [
        (PLAIN, Claim.STRUCTURE, Claim.NO),
        (PLAIN[:-22], Claim.MAGIC, Claim.NO),
        (zip_of({"a.txt": TEXT}), Claim.NO, Claim.STRUCTURE),
        (b"#!/bin/sh\n" + zip_of({"a.txt": TEXT}), Claim.NO, Claim.STRUCTURE),
        (TEXT, Claim.NO, Claim.NO),
    ],
    ids=["document", "document cut", "archive", "archive behind a script", "text"],
)
def test_documents_are_claimed_here_and_archives_there(data: bytes, package: Claim, archive: Claim) -> None:
    peek = Glance("x", data, Kind.FILE)
    assert (SOURCE.claims(peek), ZIP.claims(peek)) == (package, archive)


class Small(Alone):
    """Around a document that is larger than what a parser is given."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.limits = Limits(held=len(PLAIN) // 12)


def test_of_a_document_that_is_too_large_for_its_parser_every_part_is_an_item() -> None:
    found = listing(SOURCE, "notice.docx", PLAIN, Small)
    assert {item.name for item in found.items} == set(OPC)
    assert read(PLAIN).items == ()
