"""7z, cab and rar by libarchive: names, passwords, damage, and no zone of the machine in the times."""

import locale
import os
import struct
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from archive_samples import MEMBERS, OUT, PLAIN, made, rar
from archive_tools import TEXT, Run, tool
from hypothesis import given, settings
from hypothesis.strategies import integers

from actionday.model import Claim, Source, Status
from actionday.sources.archives import cab, sevenzip
from actionday.sources.archives import rar as rar_source
from actionday.testing.context import Alone, Bytes, Glance

pytestmark = pytest.mark.tools


@pytest.fixture(scope="module")
def seven() -> bytes:
    return made("7zz", "a", "-bd", OUT, *MEMBERS)


@pytest.fixture(scope="module")
def cabinet() -> bytes:
    return made("gcab", "-c", "-z", OUT, *PLAIN)


def read(source: Source, data: bytes, name: str = "") -> Run:
    return Run(source, name or source.sample, data)


@pytest.mark.parametrize("name", ["C", "C.UTF-8"])
def test_names_of_7z_in_any_locale(seven: bytes, name: str) -> None:
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, name)
    try:
        run = read(sevenzip.SOURCE, seven)
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    assert run.contents == MEMBERS
    assert (run.end, run.notes) == ("", [])


@pytest.mark.parametrize("method", ["LZMA2", "LZMA", "PPMd", "BZip2", "Deflate", "Copy"])
def test_methods_of_7z(method: str) -> None:
    run = read(sevenzip.SOURCE, made("7zz", "a", "-bd", f"-m0={method}", OUT, *PLAIN))
    assert run.contents == {name: MEMBERS[name] for name in PLAIN}


def test_a_7z_with_encrypted_contents_names_its_members() -> None:
    """A06: the list is open, what is in the members is not."""
    run = read(sevenzip.SOURCE, made("7zz", "a", "-bd", "-pKestrel", OUT, *PLAIN))
    assert sorted(run.names) == sorted(PLAIN)
    assert run.item("schedule.txt").status is Status.ENCRYPTED
    assert run.end == ""


def test_a_7z_with_an_encrypted_list_is_encrypted() -> None:
    """A06: not an internal error."""
    run = read(sevenzip.SOURCE, made("7zz", "a", "-bd", "-pKestrel", "-mhe=on", OUT, *PLAIN))
    assert run.items == ()
    assert run.end.startswith("encrypted: 7z")


def test_the_first_part_of_a_7z_names_what_is_missing(seven: bytes) -> None:
    run = read(sevenzip.SOURCE, seven[:300], "kestrel.7z.001")
    assert "the parts behind it (.002 …) are missing" in run.end


def test_the_first_part_of_a_7z_leaves_its_right_to_whoever_joins_the_parts(seven: bytes) -> None:
    assert sevenzip.SOURCE.claims(Glance("kestrel.7z", seven)) is Claim.STRUCTURE
    assert sevenzip.SOURCE.claims(Glance("kestrel.7z.001", seven[:512])) is Claim.MAGIC


def test_every_cut_of_a_7z_is_noticed(seven: bytes) -> None:
    for cut in range(6, len(seven), 7):
        assert read(sevenzip.SOURCE, seven[:cut]).noticed(), cut


@settings(max_examples=150, deadline=None)
@given(integers(0, 10_000), integers(1, 255))
def test_a_flipped_byte_of_a_7z_gives_no_other_content_unseen(seven: bytes, at: int, flip: int) -> None:
    data = bytearray(seven)
    at = 6 + at % (len(data) - 6)
    data[at] ^= flip
    run = read(sevenzip.SOURCE, bytes(data))
    assert run.noticed() or run.contents == read(sevenzip.SOURCE, seven).contents


def test_a_cabinet_and_its_cuts(cabinet: bytes) -> None:
    run = read(cab.SOURCE, cabinet)
    assert (run.contents, run.end) == ({name: MEMBERS[name] for name in PLAIN}, "")
    assert run.items[0].meta["zone"] == "assumed UTC"
    for cut in range(40, len(cabinet), 5):
        assert read(cab.SOURCE, cabinet[:cut]).noticed(), cut


@settings(max_examples=80, deadline=None)
@given(integers(0, 10_000), integers(1, 255))
def test_a_flipped_byte_of_a_cabinet_gives_no_other_content_unseen(
    cabinet: bytes, at: int, flip: int
) -> None:
    data, start = bytearray(cabinet), int.from_bytes(cabinet[36:40], "little")  # of the first folder's data
    at = start + at % (len(data) - start)
    data[at] ^= flip
    run = read(cab.SOURCE, bytes(data))
    assert run.noticed() or run.contents == read(cab.SOURCE, cabinet).contents


def test_one_of_several_cabinets_says_so(cabinet: bytes) -> None:
    data = bytearray(cabinet)
    data[30] |= 2
    assert "missing_part" in read(cab.SOURCE, bytes(data)).codes


@pytest.fixture
def far_away(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    os.environ["TZ"] = "UTC"
    time.tzset()


def test_times_without_zone_are_the_same_anywhere(cabinet: bytes, far_away: None) -> None:
    there = [found.mtime for found in read(cab.SOURCE, cabinet).items]
    os.environ["TZ"] = "Asia/Tokyo"
    time.tzset()
    assert [found.mtime for found in read(cab.SOURCE, cabinet).items] == there
    assert next(found.mtime for found in read(rar_source.SOURCE, rar()).items) == "2007-10-01T15:02:26Z"


def test_every_cut_of_a_rar_is_noticed() -> None:
    whole = rar()
    borders = [65658, 67938]  # behind the last but one member, behind the last: libarchive says nothing
    for cut in [*range(20, len(whole) - 8, 997), *borders, *range(len(whole) - 7, len(whole))]:
        assert read(rar_source.SOURCE, whole[:cut]).noticed(), cut
    assert not read(rar_source.SOURCE, whole).noticed()


@settings(max_examples=60, deadline=None)
@given(integers(0, 100_000), integers(1, 255))
def test_a_flipped_byte_of_a_rar_gives_no_other_content_unseen(at: int, flip: int) -> None:
    data = bytearray(rar())
    data[7 + at % (len(data) - 7)] ^= flip
    run = read(rar_source.SOURCE, bytes(data))
    whole = read(rar_source.SOURCE, rar())
    assert run.noticed() or run.listing.contents == whole.listing.contents


def test_a_rar_of_a_set_or_with_an_encrypted_list_says_so() -> None:
    data = bytearray(rar())
    data[10] |= 1
    assert "missing_part" in read(rar_source.SOURCE, bytes(data)).codes
    data[10] |= 0x80
    assert read(rar_source.SOURCE, bytes(data)).end == "encrypted: rar: the list of members is encrypted"
    locked5 = b"Rar!\x1a\x07\x01\0" + bytes(4) + bytes([33, 4, 0, 0, 0, 15]) + bytes(40)
    assert read(rar_source.SOURCE, locked5).end == "encrypted: rar: the list of members is encrypted"
    volume5 = b"Rar!\x1a\x07\x01\0" + bytes(4) + bytes([5, 1, 0, 1, 0, 0]) + bytes(40)
    assert "missing_part" in read(rar_source.SOURCE, volume5).codes


def test_a_stream_that_fails_is_not_taken_for_an_end(seven: bytes) -> None:
    class Failing(Bytes):
        def read(self, length: int | None = -1, /) -> bytes:
            if self.tell() > 40:
                raise OSError("bad sector")
            return super().read(length)

    with pytest.raises(OSError, match="bad sector"):
        list(sevenzip.SOURCE.items(Failing(seven), Alone("x.7z")))


def test_the_current_member_is_read_in_pieces(tmp_path: Path) -> None:
    (tmp_path / "zeros").write_bytes(bytes(30 << 20))
    tool("7zz", "a", "-bd", "x.7z", "zeros", where=tmp_path)
    stream = Bytes((tmp_path / "x.7z").read_bytes())
    for found in sevenzip.SOURCE.items(stream, Alone("x.7z")):
        assert found.read is not None
        with found.read() as reader:
            assert sum(map(len, iter(lambda: reader.read(1 << 20), b""))) == 30 << 20
    assert TEXT


@pytest.mark.parametrize("kind", ["7z", "cab"])
def test_bytes_behind_the_end_are_an_item(kind: str, request: pytest.FixtureRequest) -> None:
    whole = request.getfixturevalue({"7z": "seven", "cab": "cabinet"}[kind])
    source = {"7z": sevenzip.SOURCE, "cab": cab.SOURCE}[kind]
    run = read(source, whole + TEXT)
    assert run.contents["behind the end"] == TEXT
    assert run.codes == ["trailing"]
    assert "behind the end" not in read(source, whole + bytes(512)).contents


@pytest.mark.parametrize("packed", ["on", "off"])
@pytest.mark.parametrize("count", [1, 40])
def test_times_before_1970_of_a_7z(packed: str, count: int, tmp_path: Path) -> None:
    early = {1 if count == 1 else 2: -152_650_433.5, 7: -300_000_000, 9: 0}
    for number in range(count + 1):
        path = tmp_path / f"f{number:02}"
        path.write_bytes(b"x")
        os.utime(path, (0, early.get(number, 1_772_658_849)))
    tool(
        "7zz",
        "a",
        "-bd",
        f"-mhc={packed}",
        "x.7z",
        *sorted(path.name for path in tmp_path.iterdir()),
        where=tmp_path,
    )
    run = read(sevenzip.SOURCE, (tmp_path / "x.7z").read_bytes())
    said = {found.name: found.mtime for found in run.items}
    if count == 1:
        assert said == {"f00": "2026-03-04T21:14:09Z", "f01": "1965-03-01T05:06:06.500000Z"}
        return
    assert {name: time for name, time in said.items() if time != "2026-03-04T21:14:09Z"} == {
        "f02": "1965-03-01T05:06:06.500000Z",
        "f07": "1960-06-29T18:40:00Z",
        "f09": "1970-01-01T00:00:00Z",
    }


@pytest.mark.parametrize(("steps", "time"), [(0, None), (10_000_000, "1601-01-01T00:00:01Z")])
def test_the_zero_of_the_clock_is_no_time_and_the_first_second_is(
    tmp_path: Path, steps: int, time: str | None
) -> None:
    """A FILETIME of 0 says "not set" (MS-DTYP, 2.3.3)."""
    (tmp_path / "a").write_bytes(b"x")
    os.utime(tmp_path / "a", (0, -300_000_000))
    tool("7zz", "a", "-bd", "-mhc=off", "x.7z", "a", where=tmp_path)
    data = bytearray((tmp_path / "x.7z").read_bytes())
    at = data.index(b"\x14\x0a\x01\x00")
    data[at + 4 : at + 12] = steps.to_bytes(8, "little")
    offset, size = struct.unpack_from("<QQ", data, 12)
    struct.pack_into("<I", data, 28, zlib.crc32(data[32 + offset : 32 + offset + size]))
    struct.pack_into("<I", data, 8, zlib.crc32(data[12:32]))
    assert read(sevenzip.SOURCE, bytes(data)).item("a").mtime == time


def test_a_content_that_is_read_behind_the_end_of_its_archive_is_refused(cabinet: bytes) -> None:
    """The library would read memory that was given back: the process ended, with all that it was about."""
    items = list(cab.SOURCE.items(Bytes(cabinet), Alone("kestrel.cab")))
    for found in items:
        if found.read is not None:
            with pytest.raises(RuntimeError, match="behind the end of its archive"):
                found.read().read()
