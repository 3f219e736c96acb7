"""Tar: every writer's form, every cut, nothing followed."""

import io
import tarfile
from pathlib import Path

import pytest
from archive_tools import ARABIC, TEXT, Run, tar_of, tool
from hypothesis import given, settings
from hypothesis.strategies import binary, dictionaries, integers, text

from actionday.model import Claim, Kind, Status
from actionday.sources.archives.tar import SOURCE
from actionday.testing.context import Glance

LONG = "a" * 90 + "/" + "b" * 120 + "/أخبار.txt"
FORMS = {"ustar": tarfile.USTAR_FORMAT, "gnu": tarfile.GNU_FORMAT, "pax": tarfile.PAX_FORMAT}


def read(data: bytes, **given: object) -> Run:
    return Run(SOURCE, "kestrel.tar", data, **given)


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_members_lie_where_their_runs_say(form: int) -> None:
    run = read(tar_of({"a.txt": TEXT, "b/c.bin": ARABIC, "empty": b""}, form, uid=1000, uname="kestrel"))
    assert run.contents == {"a.txt": TEXT, "b/c.bin": ARABIC, "empty": b""}
    assert (run.end, run.notes) == ("", [])
    assert run.items[0].runs == ((512, len(TEXT)),)
    assert run.items[0].mtime == "2026-03-04T21:14:09Z"
    assert run.items[0].meta == {"mode": "0644", "uid": 1000, "gid": 0, "user": "kestrel"}


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT], ids=["gnu", "pax"])
def test_long_names_and_targets_are_whole(form: int) -> None:
    data = tar_of({LONG: TEXT}, form)
    assert read(data).contents == {LONG: TEXT}
    linked = read(tar_of({LONG: b""}, form, type=tarfile.SYMTYPE, linkname="../" + LONG))
    assert linked.items[0].meta["target"] == "../" + LONG


@pytest.mark.tools
def test_the_forms_of_gnu_tar(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "أخبار.txt").write_bytes(ARABIC)
    with (tmp_path / "in" / "sparse").open("wb") as file:
        for number in range(30):  # more than one block of the map holds
            file.seek(number << 17)
            file.write(TEXT + b"%d" % number)
        file.truncate(4 << 20)
    sparse = (tmp_path / "in" / "sparse").read_bytes()
    for form in (
        "v7",
        "oldgnu",
        "gnu",
        "ustar",
        "posix",
        "posix --sparse-version=0.0",
        "posix --sparse-version=0.1",
    ):
        name = tmp_path / "x.tar"
        whole = () if form in ("v7", "ustar") else ("-S",)
        tool(
            "tar", f"--format={form}".split()[0], *form.split()[1:], *whole, "-cf", name, "-C", tmp_path, "in"
        )
        run = read(name.read_bytes())
        assert run.end == "", form
        assert run.contents["in/أخبار.txt"] == ARABIC, form
        assert run.contents["in/sparse"] == sparse, form
        assert not whole or name.stat().st_size < 400_000


def test_links_and_devices_are_items_and_never_followed() -> None:
    """A05: names and targets that lead out of the archive stay what they are."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind, target in (
            ("d", tarfile.SYMTYPE, "/etc"),
            ("d/passwd", tarfile.REGTYPE, ""),
            ("hard", tarfile.LNKTYPE, "../../x"),
            ("/absolute", tarfile.REGTYPE, ""),
            ("../../up", tarfile.REGTYPE, ""),
            ("fifo", tarfile.FIFOTYPE, ""),
            ("null", tarfile.CHRTYPE, ""),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.size = kind, target, 5 if kind == tarfile.REGTYPE else 0
            archive.addfile(info, io.BytesIO(b"12345"))
    run = read(made.getvalue())
    assert run.names == ["d", "d/passwd", "hard", "/absolute", "../../up", "fifo", "null"]
    assert [found.kind for found in run.items] == [
        Kind.SYMLINK, Kind.MEMBER, Kind.MEMBER, Kind.MEMBER, Kind.MEMBER, Kind.SPECIAL, Kind.SPECIAL,
    ]  # fmt: skip
    assert run.items[0].reason == "symbolic link to '/etc': not followed"
    assert run.items[2].reason == "hard link to '../../x': not followed"
    assert run.items[2].status is Status.UNSUPPORTED
    assert run.items[6].reason == "character device: not opened"
    assert run.contents["d/passwd"] == b"12345"


def header(name: bytes, size: int, kind: bytes, link: bytes = b"", sparse: bytes = b"") -> bytes:
    block = bytearray(512)
    block[: len(name)] = name
    block[100:108], block[108:116], block[116:124] = b"0000644\0", b"0001750\0", b"0001750\0"
    block[124:136], block[136:148] = b"%011o\0" % size, b"%011o\0" % 1_772_658_849
    block[156:157], block[157 : 157 + len(link)], block[257:265] = kind, link, b"ustar  \0"
    block[386 : 386 + len(sparse)] = sparse
    block[148:156] = b"%06o\0 " % (sum(block) + 8 * 32)
    return bytes(block)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


END = bytes(1024)


def test_a_hard_link_may_carry_the_content() -> None:
    run = read(
        header(b"hard", len(TEXT), b"1", b"a") + padded(TEXT) + header(b"b", 5, b"0") + padded(b"12345") + END
    )
    assert run.contents == {"hard": TEXT, "b": b"12345"}
    only_size = read(header(b"hard", len(TEXT), b"1", b"a") + header(b"b", 5, b"0") + padded(b"12345") + END)
    assert only_size.names == ["hard", "b"]
    assert only_size.item("hard").meta["target"] == "a"


def test_the_rarer_kinds_of_gnu_tar() -> None:
    listing = b"Yfile\0\0"
    data = header(b"tape 7", 0, b"V") + header(b"folder", len(listing), b"D") + padded(listing)
    data += header(b"rest", 5, b"M") + padded(b"12345") + header(b"unknown", 5, b"Q") + padded(b"abcde") + END
    run = read(data)
    kinds = [Kind.SPECIAL, Kind.DIRECTORY, Kind.SYSTEM, Kind.MEMBER, Kind.MEMBER]
    assert [found.kind for found in run.items] == kinds
    assert run.contents["folder content"] == listing
    assert run.items[3].notes[0].code == "missing_part"
    assert (run.contents["rest"], run.contents["unknown"], run.end) == (b"12345", b"abcde", "")


SPARSE = {
    "overlapping": b"00000000000\00000000001000000000000\000000000010",
    "no number": b"xxxxxxxxxxxxxxxxxxxxxxxx",
    "longer than stored": b"00000000000\000000001000\0",
}


@pytest.mark.parametrize("segments", SPARSE.values(), ids=SPARSE)
def test_a_map_that_contradicts_itself_makes_one_member_unreadable(segments: bytes) -> None:
    sparse = segments.ljust(96, b"\0") + b"\0" + b"00000000100\0"
    run = read(
        header(b"sparse", 16, b"S", sparse=sparse)
        + padded(b"x" * 16)
        + header(b"b", 5, b"0")
        + padded(b"12345")
        + END
    )
    assert run.item("sparse").status is Status.UNREADABLE
    assert run.contents["b"] == b"12345"
    assert "map of a sparse member" in run.end


PAX_SPARSE = {
    "1.0 cut": ({"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}, b"2\n0\n5\n"),
    "1.0 no number": ({"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}, b"one\n"),
    "1.0 endless": ({"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}, b"9" * 2000),
    "1.0 huge": ({"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}, b"99999999\n" + b"0\n" * 2000),
    "0.1 no number": ({"GNU.sparse.map": "0,x"}, b"12345"),
    "0.1 outside": ({"GNU.sparse.map": "990,50"}, b"12345"),
}


@pytest.mark.parametrize(("facts", "stored"), PAX_SPARSE.values(), ids=PAX_SPARSE)
def test_a_broken_map_of_pax(facts: dict[str, str], stored: bytes) -> None:
    info = tarfile.TarInfo("x")
    info.size, info.pax_headers = (
        len(stored),
        {**facts, "GNU.sparse.realsize": "1000", "GNU.sparse.name": "sparse"},
    )
    run = read(info.tobuf(tarfile.PAX_FORMAT) + padded(stored) + END)
    assert run.items[0].status is Status.UNREADABLE
    assert run.end


def test_numbers_beyond_octal() -> None:
    run = read(tar_of({"a": b"12345"}, tarfile.GNU_FORMAT, uid=1 << 40, gid=7))
    assert (run.items[0].meta["uid"], run.contents["a"]) == (1 << 40, b"12345")
    long = read(tar_of({"a": b"12345"}, tarfile.PAX_FORMAT, uid=1 << 40, uname="مذيع"))
    assert (long.items[0].meta["uid"], long.items[0].meta["user"]) == (1 << 40, "مذيع")


def test_a_tar_whose_first_member_is_damaged_is_read_from_the_second() -> None:
    whole = tar_of({"a": TEXT, "b": ARABIC})
    run = read(b"\xff" * 512 + whole[512:])
    assert run.contents.pop("between members @0").startswith(b"\xff" * 512 + TEXT.strip())
    assert run.contents == {"b": ARABIC}


def test_names_that_are_no_utf8_keep_their_bytes() -> None:
    data = bytearray(tar_of({"nXme": TEXT}, tarfile.USTAR_FORMAT))
    data[1:2] = b"\xe9"
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + sum(data[156:512]) + 256)
    found = read(bytes(data)).items[0]
    assert (found.name, found.raw) == ("n\\xe9me", b"n\xe9me")


def test_a_duplicate_name_is_two_items_with_places_of_their_own() -> None:
    one = tar_of({"a": b"first"})[:1024]
    run = read(one + tar_of({"a": b"second"}))
    assert run.names == ["a", "a"]
    assert list(run.listing.contents) == [b"first", b"second"]


def test_a_broken_header_is_named_and_what_follows_is_read() -> None:
    data = bytearray(tar_of({"a": TEXT, "b": ARABIC, "c": TEXT}))
    second = 512 + -(-len(TEXT) // 512) * 512
    data[second + 3] ^= 0xFF
    run = read(bytes(data))
    assert run.names == ["a", f"between members @{second}", "c"]
    assert ARABIC.strip() in run.contents[run.names[1]]
    assert run.contents["c"] == TEXT
    assert run.end == f"damaged: tar: no header at byte {second}"


def test_what_stands_behind_the_end_mark_is_found() -> None:
    one = tar_of({"a": TEXT})
    run = read(one + tar_of({"hidden": ARABIC}))
    assert run.contents == {"a": TEXT, "hidden": ARABIC}
    assert run.notes[0].reason == f"tar: members behind the end mark, from byte {len(one)}"
    assert read(one + b"no tar" * 100).codes == ["trailing"]


def test_a_tar_without_end_mark_is_noted() -> None:
    data = tar_of({"a": b"x" * 512})[:1024]
    run = read(data)
    assert (run.contents, run.codes, run.end) == ({"a": b"x" * 512}, ["no_end_mark"], "")


def test_a_member_cut_short_gives_what_there_is() -> None:
    run = read(tar_of({"a": TEXT, "b": TEXT})[:1000])
    assert run.contents == {"a": TEXT[:488]}
    assert run.items[0].size == len(TEXT)
    assert run.end == "damaged: tar: ends at byte 1000 inside 'a'"


def test_the_beginning_of_a_header_that_lies_about_its_size_is_no_end() -> None:
    data = bytearray(tar_of({"a": b"12345"}))
    data[124:136] = b"\x80" + bytes(3) + b"\x7f" * 8
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + sum(data[156:512]) + 256)
    run = read(bytes(data))
    assert run.names == ["a"]
    assert run.items[0].size == 0x7F7F7F7F7F7F7F7F
    assert "ends at byte" in run.end


def test_an_extended_header_that_claims_gigabytes_takes_no_memory() -> None:
    data = bytearray(tar_of({LONG: b"12345"}))
    data[124:136] = b"77777777777\0"
    data[148:156] = b"%06o\0 " % (sum(data[:148]) + sum(data[156:512]) + 256)
    assert "claims 8589934591 bytes" in read(bytes(data)).end


def test_global_headers_hold_for_all_that_follows() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", pax_headers={"uname": "radio", "comment": "x"}) as archive:
        for name in ("a", "b"):
            archive.addfile(tarfile.TarInfo(name))
    run = read(made.getvalue())
    assert [found.meta["user"] for found in run.items] == ["radio", "radio"]
    assert run.items[0].place.endswith("+")
    again = read(made.getvalue(), after=run.items[0].place)
    assert [found.place for found in again.items] == [found.place for found in run.items]


def test_times_before_1970_and_beyond_any_calendar() -> None:
    early = read(tar_of({"a": b""}, tarfile.GNU_FORMAT, mtime=-86400)).items[0]
    assert early.mtime == "1969-12-31T00:00:00Z"
    half = read(tar_of({"a": b""}, tarfile.PAX_FORMAT, mtime=-1.5)).items[0]
    assert half.mtime == "1969-12-31T23:59:58.500000Z"
    late = read(tar_of({"a": b""}, tarfile.GNU_FORMAT, mtime=1814002158339000064)).items[0]
    assert (late.mtime, late.meta["mtime_raw"]) == (None, "1814002158339000064")


def test_a_resume_goes_on_behind_its_place() -> None:
    data = tar_of({"a": TEXT, LONG: ARABIC, "c": TEXT})
    whole = read(data)
    for index, found in enumerate(whole.items):
        assert read(data, after=found.place).items == whole.items[index + 1 :]


@settings(max_examples=60, deadline=None)
@given(dictionaries(text(min_size=1, max_size=40).filter(lambda name: not set(name) & set("/\0")),
                    binary(max_size=1500), max_size=6))  # fmt: skip
def test_what_tarfile_writes_is_read_back(members: dict[str, bytes]) -> None:
    try:
        data = tar_of(members)
    except UnicodeEncodeError:
        return
    run = read(data)
    assert {name: run.contents[name] for name in members} == members
    assert (run.end, run.notes) == ("", [])


WHOLE = tar_of({"a.txt": TEXT, LONG: ARABIC, "empty": b"", "b": b"x" * 512}) + bytes(2048)
END_MARK = len(WHOLE.rstrip(b"\0")) + -len(WHOLE.rstrip(b"\0")) % 512 + 1024


@settings(max_examples=300, deadline=None)
@given(integers(1, len(WHOLE)))
def test_every_cut_is_noticed_up_to_the_end_mark(cut: int) -> None:
    assert read(WHOLE[:cut]).noticed() == (cut < END_MARK)


@settings(max_examples=150, deadline=None)
@given(integers(0, END_MARK - 1025), integers(1, 255))
def test_a_flipped_header_never_ends_the_walk_unseen(at: int, flip: int) -> None:
    data = bytearray(WHOLE)
    data[at] ^= flip
    run, whole = read(bytes(data)), read(WHOLE)
    same = [found.name for found in run.items] == whole.names and run.end == ""
    assert same or run.noticed() or run.items != whole.items


def test_a_changed_content_of_a_tar_cannot_be_seen() -> None:
    data = bytearray(WHOLE)
    data[600] ^= 1
    assert not read(bytes(data)).noticed()


@pytest.mark.parametrize(("data", "claim"), [
    (tar_of({"a": TEXT}), Claim.STRUCTURE),
    (b"?" + tar_of({"a": TEXT})[1:], Claim.MAGIC),
    (bytes(10240), Claim.NAME),
    (b"x" * 512, Claim.NO),
    (b"", Claim.NO),
], ids=["ustar", "broken checksum", "empty", "text", "nothing"])  # fmt: skip
def test_claims(data: bytes, claim: Claim) -> None:
    assert SOURCE.claims(Glance("x.tar", data)) is claim


NOTE = b"meet at the north gate, says the Kestrel club\n"


def test_extended_attributes_are_streams_of_their_member() -> None:
    headers = {"SCHILY.xattr.user.note": NOTE.decode(), "SCHILY.xattr.security.selinux": "label",
               "LIBARCHIVE.xattr.user.only%3Ahere": "bWVldA", "LIBARCHIVE.xattr.user.note": "bWVldA=="}  # fmt: skip
    run = read(tar_of({"a.txt": TEXT, "b.txt": b"b"}, pax_headers=headers))
    streams = {found.name for found in run.items if found.kind is Kind.STREAM}
    each = {"a.txt:user.note", "a.txt:user.only:here"}
    assert streams == each | {name.replace("a.txt", "b.txt") for name in each}
    assert (run.contents["a.txt:user.note"], run.contents["a.txt:user.only:here"]) == (NOTE, b"meet")
    assert (run.contents["a.txt"], run.notes) == (TEXT, [])


def test_comments_of_extended_headers_are_items() -> None:
    made = io.BytesIO()
    with tarfile.open(
        fileobj=made, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"comment": "of all of it"}
    ) as archive:
        for name, headers in (("a.txt", {"comment": NOTE.decode()}), ("b.txt", {})):
            info = tarfile.TarInfo(name)
            info.size, info.pax_headers = len(TEXT), headers
            archive.addfile(info, io.BytesIO(TEXT))
    run = read(made.getvalue())
    assert run.names == ["comment", "a.txt", "a.txt comment", "b.txt"]
    assert (run.contents["comment"], run.contents["a.txt comment"]) == (b"of all of it", NOTE)
    assert len({found.place for found in run.items}) == 4
