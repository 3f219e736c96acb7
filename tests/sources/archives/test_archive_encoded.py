"""Files that were written as text and stand alone: each is an item with its bytes."""

import base64

import pytest
from archive_samples import MEMBERS, uuencoded, zip_of
from archive_tools import Run

from actionday.model import Claim, Loss, Status
from actionday.sources.archives.encoded import SOURCE
from actionday.testing.context import Glance
from actionday.testing.sources import listing

ZIP = zip_of(MEMBERS)


def based(content: bytes, name: str = "club.zip") -> bytes:
    return f"begin-base64 644 {name}\n".encode() + base64.encodebytes(content) + b"====\n"


@pytest.mark.parametrize(
    ("name", "data", "names"),
    [
        ("a.uue", uuencoded("club.zip", ZIP), ["club.zip"]),
        ("a.txt", b"Hello,\nhere it is:\n" + uuencoded("club.zip", ZIP) + b"bye\n" + based(ZIP, "x.zip"), ["club.zip", "x.zip"]),
        ("club.zip.b64", base64.encodebytes(ZIP), ["club.zip"]),
        ("blob", base64.b64encode(ZIP), ["blob.decoded"]),
        ("club.zip.txt", base64.b64encode(ZIP) + b"\r\n", ["club.zip"]),
        ("club.zip.txt", base64.urlsafe_b64encode(ZIP), ["club.zip"]),
        ("club.zip.txt", base64.urlsafe_b64encode(ZIP).rstrip(b"="), ["club.zip"]),
        ("club.zip.txt", base64.encodebytes(ZIP).translate(bytes.maketrans(b"/+", b"_-")), ["club.zip"]),
    ],
    ids=["uuencode", "in a text, of both kinds", "lines", "one line", "a line end", "of addresses", "without padding",
         "of addresses, in lines"],
)  # fmt: skip
def test_each_file_comes_out_as_it_was(name: str, data: bytes, names: list[str]) -> None:
    assert SOURCE.claims(Glance(name, data)) is Claim.NAME
    found = listing(SOURCE, name, data)
    assert [each.name for each in found.items] == names
    assert set(found.contents) == {ZIP}


def test_what_is_cut_says_so() -> None:
    for data in (uuencoded("club.zip", ZIP)[:-20], based(ZIP)[:-20]):
        (item,) = listing(SOURCE, "a", data).items
        assert item.status is Status.UNREADABLE


@pytest.mark.parametrize(
    "data",
    [
        b"begin 644 of a story\nand so on\n",
        b"".join(bytes(f"{number:064x}\n", "ascii") for number in range(1 << 200, (1 << 200) + 50)),
        b"\n".join([b"correct", b"horse", b"battery"] * 50),
        b"A" * 4000,
        b"-----BEGIN CERTIFICATE-----\n" + base64.encodebytes(ZIP) + b"-----END CERTIFICATE-----\n",
        b"a" * 64 + b"\nthe rest is prose\n",
        b"eyJhbGciOiJIUzI1NiJ9-_Session_Key_Of_Somebody_0123456789",
        b"The-annual_report-of_the-Weir-association_2024-with-the_minutes_of-all-meetings-" * 3 + b"\n",
    ],
    ids=["prose", "sums", "words", "one letter", "certificate", "a long word", "a key", "a name"],
)
def test_what_only_looks_alike_is_no_container(data: bytes) -> None:
    assert SOURCE.claims(Glance("a.txt", data)) is Claim.NO


def test_more_than_are_items_is_a_limit_and_no_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("actionday.sources.archives.encoded.MOST", 1)
    assert Run(SOURCE, "a", based(ZIP) + based(ZIP)).codes == [Loss.PARTS_LIMIT]
