"""Cpio and ar: names that go on behind their NUL, numbers that only Python takes for one, bytes of no member."""

from time import perf_counter

import pytest
from archive_tools import TEXT, Run
from test_archive_records import TRAILER, newc, read

from actionday.model import Claim
from actionday.sources.archives import ar, cpio
from actionday.testing.context import Glance

HIDDEN = b"the Kestrel club meets behind the mill"


def member(name: bytes, data: bytes) -> bytes:
    fields = name.ljust(16) + b"0".ljust(12) + b"0     0     100644  " + str(len(data)).encode().ljust(10)
    return fields + b"`\n" + data + b"\n" * (len(data) & 1)


def library(*parts: bytes) -> Run:
    return Run(ar.SOURCE, "a.a", b"!<arch>\n" + b"".join(parts))


@pytest.mark.parametrize(
    "first", [newc(b"a.txt\0" + HIDDEN, TEXT), newc(b"d\0" + HIDDEN, b"", mode=0o040755)]
)
def test_a_name_ends_at_its_nul_and_what_follows_is_an_item(first: bytes) -> None:
    """GNU cpio, bsdtar and the kernel unpack it; we did not open an archive that began with such a name."""
    whole = first + newc(b"b", TEXT) + TRAILER
    assert cpio.SOURCE.claims(Glance("x.cpio", whole)) is Claim.STRUCTURE
    run = read(whole)
    assert run.names[0].endswith(" behind the name")
    assert run.names[1] in ("a.txt", "d")
    assert HIDDEN in run.contents.values()
    assert run.contents["b"] == TEXT
    assert run.codes == ["unclaimed"]
    assert not run.end


def test_a_trailer_whose_name_goes_on_is_one() -> None:
    run = read(newc(b"a.txt", TEXT) + newc(b"TRAILER!!!\0" + HIDDEN))
    assert not run.end
    assert HIDDEN in run.contents.values()


def test_a_number_of_python_alone_is_none() -> None:
    odd = newc(b"b", HIDDEN)
    odd = odd[:54] + b"0x000026" + odd[62:]
    run = read(newc(b"a.txt", TEXT) + odd + TRAILER)
    assert run.end
    assert any(HIDDEN in body for body in run.contents.values() if isinstance(body, bytes))


def test_bytes_between_members_of_a_cpio_are_one_item_however_many_headers_they_seem_to_hold() -> None:
    junk = b"07070 " * 50_000 + HIDDEN
    start = perf_counter()
    run = read(newc(b"a.txt", TEXT) + junk + newc(b"b", TEXT) + TRAILER)
    assert perf_counter() - start < 5
    assert len(run.items) == 3
    assert run.items[1].size == len(junk)
    assert run.contents["b"] == TEXT
    assert run.end


def test_members_of_an_ar_behind_bytes_of_none_are_read_and_the_bytes_given() -> None:
    first, last = member(b"a.txt/", TEXT), member(b"b.txt/", TEXT)
    run = library(first, HIDDEN, last)
    assert run.contents == {"a.txt": TEXT, f"between members @{8 + len(first)}": HIDDEN, "b.txt": TEXT}
    assert run.codes == ["unclaimed"]
    assert f"no header at byte {8 + len(first)}" in run.end
    assert library(first, b"\n\n", last).names == ["a.txt", "b.txt"]


def test_what_ends_an_ar_and_is_no_header_is_an_item() -> None:
    run = library(member(b"a.txt/", TEXT), HIDDEN)
    assert HIDDEN in run.contents.values()
    assert "ends inside a header" in run.end


def test_the_next_header_of_an_ar_is_looked_for_once() -> None:
    junk = b"0123456789`\nx" * 100_000
    start = perf_counter()
    run = library(member(b"a.txt/", TEXT), junk.replace(b"`\nx", b"`\n "), member(b"b.txt/", TEXT))
    assert perf_counter() - start < 10
    assert "a.txt" in run.names
    assert run.end
