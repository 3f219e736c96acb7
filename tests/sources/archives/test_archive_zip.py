"""Zip: the directory and the local headers held against each other, nothing hidden, nothing followed."""

import io
import struct
import zipfile
import zlib

import pytest
from archive_samples import MEMBERS, zip_of
from archive_tools import ARABIC, TEXT, Run, tool
from hypothesis import given, settings
from hypothesis.strategies import binary, dictionaries, integers, sampled_from, text

from actionday.model import Claim, Kind, Status
from actionday.sources.archives.zip import SOURCE
from actionday.testing.context import Glance

METHODS = {"stored": zipfile.ZIP_STORED, "deflated": zipfile.ZIP_DEFLATED, "bzip2": zipfile.ZIP_BZIP2,
           "lzma": zipfile.ZIP_LZMA}  # fmt: skip


def read(data: bytes, **given: object) -> Run:
    return Run(SOURCE, "kestrel.zip", data, **given)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_members_of_each_method(method: int) -> None:
    run = read(zip_of(MEMBERS, method))
    assert run.contents == MEMBERS
    assert (run.end, run.notes) == ("", [])
    assert run.items[0].mtime == "2026-03-04T21:14:08Z"
    assert run.items[0].meta == {"mode": "0644", "zone": "assumed UTC"}
    assert all((found.runs is not None) == (method == zipfile.ZIP_STORED) for found in run.items)


def test_streamed_members_whose_sizes_come_behind_them() -> None:
    made = io.BytesIO()

    class Unseekable(io.RawIOBase):
        def writable(self) -> bool:
            return True

        def write(self, data: bytes) -> int:  # type: ignore[override]
            return made.write(data)

    with zipfile.ZipFile(Unseekable(), "w", zipfile.ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for name, data in MEMBERS.items():
            archive.writestr(name, data)
    run = read(made.getvalue())
    assert (run.contents, run.notes, run.end) == (MEMBERS, [], "")
    cut = made.getvalue().index(b"PK\x01\x02")
    lost = read(made.getvalue()[:cut])
    assert lost.contents == MEMBERS
    assert lost.end == f"damaged: zip: ends at byte {cut} without the end of its directory"


def test_zip64_sizes_and_offsets() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive, archive.open("a.txt", "w", force_zip64=True) as member:
        member.write(TEXT)
    assert read(made.getvalue()).contents == {"a.txt": TEXT}
    data = made.getvalue()
    end = data.rindex(b"PK\x05\x06")
    count, size, offset = struct.unpack_from("<HII", data, end + 10)
    record = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, count, count, size, offset)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    last = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    run = read(data[:end] + record + locator + last)
    assert (run.contents, run.notes, run.end) == ({"a.txt": TEXT}, [], "")


def test_names_that_leave_the_archive_stay_literal() -> None:
    names = ["../../up", "/absolute", "C:/drive", "a\u202egpj.exe", "a/./b", "con", "x" * 3000]
    run = read(zip_of(dict.fromkeys(names, b"12345")))
    assert run.names == names
    assert set(run.contents.values()) == {b"12345"}


@pytest.mark.parametrize("codec", ["cp866", "cp1251", "cp932"])
def test_names_of_old_code_pages_keep_their_bytes(codec: str) -> None:
    """A03: the bytes are kept, and stand beside the name that is guessed (``test_archive_names``), or are it."""
    raw = {"cp932": "放送予定.txt"}.get(codec, "Расписание.txt").encode(codec)
    plain = zip_of({"N" * len(raw): TEXT})
    run = read(plain.replace(b"N" * len(raw), raw))
    assert run.items[0].raw == raw
    told = raw.decode("utf-8", "backslashreplace")
    assert run.items[0].meta.get("name_bytes", run.items[0].name) == told
    assert run.items[0].name in (told, raw.decode(codec))
    assert run.listing.contents == (TEXT,)


def test_a_unicode_path_is_the_name() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("old.txt")
        path = "جدول.txt".encode()
        info.extra = struct.pack("<HHBI", 0x7075, 5 + len(path), 1, zlib.crc32(b"old.txt")) + path
        archive.writestr(info, TEXT)
    assert read(made.getvalue()).contents == {"جدول.txt": TEXT}


def test_times_with_a_zone_win_over_dos_times() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        info = zipfile.ZipInfo("unix")
        info.extra = struct.pack("<HHBi", 0x5455, 5, 1, -86400)
        archive.writestr(info, b"")
        info = zipfile.ZipInfo("ntfs")
        ticks = (1_772_658_849 + 11_644_473_600) * 10_000_000 + 5
        info.extra = struct.pack("<HHIHHQQQ", 0x000A, 32, 0, 1, 24, ticks, ticks, ticks)
        archive.writestr(info, b"")
    run = read(made.getvalue())
    assert [found.mtime for found in run.items] == ["1969-12-31T00:00:00Z", "2026-03-04T21:14:09Z"]
    bad = bytearray(zip_of({"a": b""}))
    at = bad.index(b"PK\x01\x02")
    bad[at + 12 : at + 16] = b"\xff\xff\xff\xff"
    assert read(bytes(bad)).items[0].mtime is None
    assert read(bytes(bad)).items[0].meta["mtime_raw"] == 0xFFFFFFFF


def test_symbolic_links_and_directories() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "../../etc/passwd")
        archive.mkdir("folder")
        archive.writestr("folder/", b"a directory with content") if False else archive.writestr(
            "folder/a", b"1"
        )
    run = read(made.getvalue())
    assert (run.items[0].kind, run.items[0].meta["target"]) == (Kind.SYMLINK, "../../etc/passwd")
    assert (run.items[0].status, run.items[0].read) == (Status.UNSUPPORTED, None)
    assert (run.items[1].kind, run.items[1].name) == (Kind.DIRECTORY, "folder")


@pytest.mark.tools
@pytest.mark.parametrize("method", ["ZipCrypto", "AES256"])
def test_one_encrypted_member_of_three(tmp_path, method: str) -> None:  # type: ignore[no-untyped-def]
    """A06: it is said to be encrypted, the two open ones are read."""
    for name in ("a", "b", "c"):
        (tmp_path / name).write_bytes(name.encode() + TEXT)
    tool("7zz", "a", "-tzip", "x.zip", "a", "c", where=tmp_path)
    tool("7zz", "a", "-tzip", f"-mem={method}", "-pKestrel", "x.zip", "b", where=tmp_path)
    run = read((tmp_path / "x.zip").read_bytes())
    assert {run.contents["a"][:1], run.contents["c"][:1]} == {b"a", b"c"}
    closed = run.item("b")
    assert closed.status is Status.ENCRYPTED
    assert closed.reason == (
        "zip: encrypted (ZipCrypto)" if method == "ZipCrypto" else "zip: encrypted with AES-256"
    )
    assert run.end == ""
    opened = read((tmp_path / "x.zip").read_bytes(), secrets=("wrong", "Kestrel"))
    assert opened.contents == {name: name.encode() + TEXT for name in "abc"}
    assert opened.item("b").meta["encryption"] == closed.reason
    refused = read((tmp_path / "x.zip").read_bytes(), secrets=("wrong",))
    assert refused.item("b").reason == f"{closed.reason}; none of the case's passwords opens it"
    damaged = bytearray((tmp_path / "x.zip").read_bytes())
    damaged[damaged.rindex(b"PK\x03\x04") + 70] ^= 1
    assert read(bytes(damaged), secrets=("Kestrel",)).noticed()


@pytest.mark.tools
def test_ppmd_is_read_by_libarchive(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a").write_bytes(TEXT)
    tool("7zz", "a", "-tzip", "-mm=PPMd", "x.zip", "a", where=tmp_path)
    assert read((tmp_path / "x.zip").read_bytes()).contents == {"a": TEXT}


@pytest.mark.tools
def test_a_damaged_member_of_ppmd_is_damaged_and_no_method_that_nobody_reads(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a").write_bytes(TEXT)
    (tmp_path / "b").write_bytes(TEXT)
    tool("7zz", "a", "-tzip", "-mm=PPMd", "x.zip", "a", "b", where=tmp_path)
    sound = (tmp_path / "x.zip").read_bytes()
    begin, end = 31, sound.index(b"PK\x03\x04", 4)
    for at in range(begin, end):
        damaged = bytearray(sound)
        damaged[at] ^= 0x55
        run = read(bytes(damaged))
        assert run.contents["b"] == TEXT
        assert isinstance(run.contents["a"], str) or (at > end - 6 and run.contents["a"] == TEXT), at
        assert run.item("a").status is None, "its bytes are tried: what comes before the damage is kept"


def test_a_count_that_ran_over_is_no_damage() -> None:
    """Java before 7 and others wrote 70,000 members and counted 4,464."""
    members = {str(number): b"" for number in range(65_540)}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name in members:
            archive.writestr(zipfile.ZipInfo(name), b"")
    data = made.getvalue()
    at = data.rindex(b"PK\x06\x06")
    size, offset = struct.unpack_from("<QQ", data, at + 40)
    run = read(data[:at] + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 4, 4, size, offset, 0))
    assert (len(run.items), run.end, run.notes) == (65_540, "", [])


def test_a_count_that_is_wrong_is_a_damage_and_hides_nothing() -> None:
    data = bytearray(zip_of(MEMBERS))
    data[data.rindex(b"PK\x05\x06") + 10] -= 1
    run = read(bytes(data))
    assert run.contents == MEMBERS
    assert f"after {len(MEMBERS)} of {len(MEMBERS) - 1} entries" in run.end


@pytest.mark.tools
def test_methods_nobody_reads_are_named(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a").write_bytes(TEXT)
    tool("7zz", "a", "-tzip", "-mm=Deflate64", "x.zip", "a", where=tmp_path)
    found = read((tmp_path / "x.zip").read_bytes()).items[0]
    assert (found.status, found.reason) == (Status.UNSUPPORTED, "zip: method 9 (Deflate64) is not read")


def entries(data: bytes) -> list[int]:
    found, at = [], data.find(b"PK\x01\x02")
    while at >= 0:
        found.append(at)
        at = data.find(b"PK\x01\x02", at + 4)
    return found


def test_members_that_overlap_by_two_bytes_are_read_with_a_note() -> None:
    """A01: an honest writer's mistake."""
    data = bytearray(zip_of({"a": b"x" * 100, "b": TEXT}, zipfile.ZIP_STORED))
    at = entries(bytes(data))[0]
    struct.pack_into("<II", data, at + 20, 102, 102)
    struct.pack_into("<I", data, at + 16, zlib.crc32(b"x" * 100 + b"PK"))
    run = read(bytes(data))
    assert run.contents == {"a": b"x" * 100 + b"PK", "b": TEXT}
    assert run.codes == ["overlap"]


def test_a_bomb_of_members_in_one_another_lists_all_and_gives_them_in_pieces() -> None:
    """A01: whoever reads it counts; no call gives more than a block."""
    kernel = zip_of({"0": bytes(5_000_000)})
    directory = entries(kernel)[0]
    end = kernel.rindex(b"PK\x05\x06")
    names = [str(index) for index in range(10)]
    records = b"".join(kernel[directory : end - 1] + name.encode() for name in names)
    last = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 10, 10, len(records), directory, 0)
    from actionday.testing.context import Alone, Bytes

    stream, around = Bytes(kernel[:directory] + records + last), Alone("bomb.zip")
    seen = 0
    for found in SOURCE.items(stream, around):
        assert found.read is not None
        with found.read() as reader:
            while piece := reader.read(1 << 16):
                assert len(piece) <= 1 << 16
                seen += len(piece)
    assert seen == 50_000_000
    assert [note.code for note in around.notes] == ["overlap"]


def test_a_member_left_out_of_the_directory_is_found() -> None:
    data = zip_of({"a": TEXT, "secret": ARABIC, "c": TEXT})
    first, second, third = entries(data)
    end = data.rindex(b"PK\x05\x06")
    records = data[first:second] + data[third:end]
    last = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 2, 2, len(records), first, 0)
    run = read(data[:first] + records + last)
    assert run.contents == {"a": TEXT, "c": TEXT, "secret": ARABIC}
    assert run.item("secret").notes[0].code == "hidden_member"
    assert run.item("secret").notes[0].reason.endswith(" of the archive")
    assert run.item("secret").place.startswith("@")


def test_a_local_header_that_says_otherwise_is_noted() -> None:
    data = bytearray(zip_of({"a.txt": TEXT}))
    data[30:35] = b"b.exe"
    found = read(bytes(data)).items[0]
    assert found.name == "a.txt"
    assert found.notes[0].reason == "zip: the local header has another name (it says 'b.exe')"


def test_a_corrupt_member_is_unreadable_and_its_neighbours_are_read() -> None:
    data = bytearray(zip_of({"a": TEXT, "b": ARABIC * 50, "c": TEXT}))
    at = bytes(data).index(b"PK\x03\x04", 10)
    data[at + 40] ^= 0xFF
    run = read(bytes(data))
    assert (run.contents["a"], run.contents["c"]) == (TEXT, TEXT)
    assert str(run.contents["b"]).startswith("Damaged: zip: ")


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_wrong_crc_makes_the_member_unreadable(method: int) -> None:
    data = bytearray(zip_of({"a": TEXT, "b": TEXT}, method))
    data[entries(bytes(data))[0] + 16] ^= 1
    run = read(bytes(data))
    assert "CRC" in str(run.contents["a"])
    assert run.contents["b"] == TEXT


def test_a_part_of_several_names_the_missing_ones() -> None:
    data = bytearray(zip_of({"a": TEXT}))
    end = data.rindex(b"PK\x05\x06")
    data[end + 4 : end + 8] = struct.pack("<HH", 2, 2)
    run = read(bytes(data))
    assert "part 3 of 3; the parts before it (.z01 …) are missing" in run.end
    assert run.contents == {"a": TEXT}


def test_a_zip_behind_a_program_is_opened() -> None:
    data = b"MZ" + bytes(3000) + zip_of({"a": TEXT, "b": ARABIC})
    run = read(data)
    assert (run.contents, run.end) == ({"a": TEXT, "b": ARABIC}, "")
    assert SOURCE.claims(Glance("setup.exe", data)) is Claim.STRUCTURE


def test_a_resume_goes_on_behind_its_place() -> None:
    data = zip_of(MEMBERS)
    whole = read(data)
    for index, found in enumerate(whole.items):
        assert read(data, after=found.place).names == whole.names[index + 1 :]


@settings(max_examples=60, deadline=None)
@given(dictionaries(text(min_size=1, max_size=30).filter(lambda name: not set(name) & set("/\0\\:")),
                    binary(max_size=1200), max_size=6), sampled_from(list(METHODS.values())))  # fmt: skip
def test_what_zipfile_writes_is_read_back(members: dict[str, bytes], method: int) -> None:
    try:
        data = zip_of(members, method)
    except UnicodeEncodeError:
        return
    if data.startswith(b"PK"):
        run = read(data)
        assert (run.contents, run.end, run.notes) == (members, "", [])


WHOLE = zip_of(MEMBERS)


@settings(max_examples=250, deadline=None)
@given(integers(1, len(WHOLE) - 1))
def test_every_cut_is_noticed(cut: int) -> None:
    assert read(WHOLE[:cut]).noticed()


@settings(max_examples=250, deadline=None)
@given(integers(0, len(WHOLE) - 1), integers(1, 255))
def test_a_flipped_byte_changes_no_content_unseen(at: int, flip: int) -> None:
    data = bytearray(WHOLE)
    data[at] ^= flip
    run = read(bytes(data))
    assert run.noticed() or sorted(map(str, run.contents.values())) == sorted(map(str, MEMBERS.values()))


def office(*names: str, first: tuple[str, bytes] | None = None) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        if first:
            archive.writestr(*first)
        for name in names:
            archive.writestr(name, TEXT)
    return made.getvalue()


@pytest.mark.parametrize(("data", "claim"), [
    (WHOLE, Claim.STRUCTURE),
    (WHOLE[:-30], Claim.MAGIC),
    (zip_of({}), Claim.STRUCTURE),
    (office("META-INF/MANIFEST.MF", "A.class"), Claim.STRUCTURE),
    (office("[Content_Types].xml", "x.nuspec"), Claim.STRUCTURE),
    (office("[Content_Types].xml", "word/document.xml"), Claim.NO),
    (office("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), Claim.NO),
    (office("content.xml", first=("mimetype", b"application/vnd.oasis.opendocument.text")), Claim.NO),
    (office("a.xhtml", first=("mimetype", b"application/epub+zip")), Claim.NO),
    (office("a", first=("mimetype", b"application/x-other")), Claim.STRUCTURE),
    (b"%PDF-1.7" + WHOLE, Claim.NO),
], ids=["zip", "cut", "empty", "jar", "nupkg", "docx", "xlsx", "odt", "epub", "other", "pdf"])  # fmt: skip
def test_claims(data: bytes, claim: Claim) -> None:
    assert SOURCE.claims(Glance("x", data)) is claim


def flagged(
    data: bytes, *, central: int | None = None, local: int | None = None, at: tuple[int, int] = (8, 6)
) -> bytes:
    """Return a zip with a field of its first member changed, in the directory or in the local header."""
    made = bytearray(data)
    for mark, offset, value in ((b"PK\x01\x02", at[0], central), (b"PK\x03\x04", at[1], local)):
        if value is not None:
            made[made.index(mark) + offset] = value
    return bytes(made)


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_member_that_only_the_directory_calls_encrypted_is_read(method: int) -> None:
    run = read(flagged(zip_of({"a.txt": TEXT}, method), central=1))
    assert run.contents == {"a.txt": TEXT}
    assert [note.code for note in run.items[0].notes] == ["local_differs"]


def test_a_member_that_only_its_header_calls_encrypted_is_read_where_it_is_not() -> None:
    assert read(flagged(zip_of({"a.txt": TEXT}), local=1)).contents == {"a.txt": TEXT}


@pytest.mark.parametrize(("central", "local"), [(0, None), (None, 0)])
def test_a_member_whose_method_one_of_the_two_tells_wrongly_is_read(
    central: int | None, local: int | None
) -> None:
    run = read(flagged(zip_of({"a.txt": TEXT}), central=central, local=local, at=(10, 8)))
    assert run.contents == {"a.txt": TEXT}


@pytest.mark.tools
def test_a_member_that_is_encrypted_stays_so_whichever_of_the_two_denies_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "a.txt").write_bytes(TEXT)
    tool("7zz", "a", "-tzip", "-bd", "-pkestrel", "a.zip", "a.txt", where=tmp_path)
    data = (tmp_path / "a.zip").read_bytes()
    for denied in (flagged(data, central=0), flagged(data, local=0)):
        assert [found.status for found in read(denied).items] == [Status.ENCRYPTED]


@pytest.mark.parametrize("method", METHODS.values(), ids=METHODS)
def test_a_member_that_both_headers_call_encrypted_is_read_where_it_is_not(method: int) -> None:
    """Its bytes as they are have its size and CRC: nobody encrypted them."""
    run = read(flagged(zip_of({"a.txt": TEXT}, method), central=1, local=1))
    assert run.contents == {"a.txt": TEXT}
    assert [note.code for note in run.items[0].notes] == ["local_differs"]


def test_a_dictionary_of_which_not_all_is_held_is_a_limit_and_no_damage() -> None:
    whole = zip_of({"a": TEXT * 99}, zipfile.ZIP_LZMA)
    at = whole.index(b"\x09\x04\x05\x00\x5d") + 5  # the properties: one byte, and the size of the dictionary
    torn = bytearray(whole)
    torn[at + 40 : at + 80] = bytes(40)
    (said,) = read(bytes(torn)).contents.values()
    assert "packed by LZMA with" not in str(said)
    torn[at : at + 4] = struct.pack("<I", 1 << 30)
    (said,) = read(bytes(torn)).contents.values()
    assert "with a dictionary of 1073741824 bytes, of which 268435456 are held" in str(said)
