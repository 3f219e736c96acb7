"""Cpio, ar (deb) and rpm: read by our own walkers, every cut seen."""

import tarfile
from pathlib import Path

import pytest
from archive_samples import MEMBERS, OUT, PLAIN, SAMPLES, made, rpm
from archive_tools import ARABIC, TEXT, Run, tool
from hypothesis import given, settings
from hypothesis.strategies import binary, integers

from actionday.model import Claim, Kind, Loss, Status
from actionday.sources.archives import ar, cpio
from actionday.sources.archives import rpm as rpm_source
from actionday.testing.context import Glance

pytestmark = pytest.mark.tools
FORMS = ("newc", "crc", "odc", "bin", "hpbin")


def newc(
    name: bytes,
    data: bytes = b"",
    mode: int = 0o100644,
    links: int = 1,
    magic: bytes = b"070701",
    check: int = 0,
) -> bytes:
    fields = (7, mode, 1000, 1000, links, 1_772_658_849, len(data), 0, 0, 0, 0, len(name) + 1, check)
    head = magic + b"".join(b"%08x" % field for field in fields) + name + b"\0"
    return head + bytes(-len(head) % 4) + data + bytes(-len(data) % 4)


TRAILER = newc(b"TRAILER!!!")
WHOLE = newc(b"a.txt", TEXT) + newc(b"b", b"") + newc("أخبار".encode(), ARABIC) + TRAILER


def read(data: bytes, **given: object) -> Run:
    return Run(cpio.SOURCE, "kestrel.cpio", data, **given)


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_cpio(form: str) -> None:
    run = read(made("cpio", "-o", "-H", form, "--quiet", names=True))
    assert (run.contents, run.end, run.notes) == (MEMBERS, "", [])
    assert all((found.runs is None) == (form == "crc") for found in run.items)


def test_a_wrong_sum_of_the_crc_form_is_told() -> None:
    right = newc(b"a", TEXT, magic=b"070702", check=sum(TEXT)) + TRAILER
    assert read(right).contents == {"a": TEXT}
    wrong = newc(b"a", TEXT, magic=b"070702", check=sum(TEXT) + 1) + TRAILER
    assert "sum" in str(read(wrong).contents["a"])


def test_links_devices_and_names_stay_what_they_are() -> None:
    data = (
        newc(b"link", b"../../etc/passwd", 0o120777)
        + newc(b"null", b"", 0o020666)
        + newc(b"d", b"", 0o040755)
    )
    data += newc(b"../up", TEXT) + newc(b"n\xe9", TEXT) + newc(b"hard", b"", links=2) + TRAILER
    run = read(data)
    assert [found.kind for found in run.items] == [
        Kind.SYMLINK, Kind.SPECIAL, Kind.DIRECTORY, Kind.MEMBER, Kind.MEMBER, Kind.MEMBER,
    ]  # fmt: skip
    assert run.items[0].meta["target"] == "../../etc/passwd"
    assert (run.items[4].name, run.items[4].raw) == ("n\\xe9", b"n\xe9")
    assert (run.items[5].status, run.items[5].reason[:18]) == (Status.UNSUPPORTED, "hard link of inode")


def test_archives_one_after_the_other_and_what_follows_them() -> None:
    """An initrd: microcode first, the compressed rest behind it."""
    rest = b"\x28\xb5\x2f\xfd compressed rest"
    run = read(newc(b"microcode", TEXT) + TRAILER + bytes(512) + WHOLE + bytes(100) + rest)
    assert run.names == ["microcode", "a.txt", "b", "أخبار", f"behind-trailer-{run.items[4].place}"]
    assert run.listing.contents[-1] == rest


def test_a_broken_header_is_named_and_what_follows_is_read() -> None:
    first = newc(b"a.txt", TEXT)
    run = read(first + b"X" + newc(b"b", ARABIC)[1:] + newc(b"c", ARABIC) + TRAILER)
    between = f"between members @{len(first)}"
    assert run.names == ["a.txt", between, "c"]
    assert ARABIC.strip() in run.contents[between]
    assert run.codes == ["unclaimed"]
    assert run.end == f"damaged: cpio: no header at byte {len(first)}"


def test_many_false_headers_are_passed_in_time_that_grows_with_them() -> None:
    run = read(newc(b"a", TEXT) + b"07070" * 40_000 + newc(b"b", ARABIC) + TRAILER)
    assert len(run.contents.pop(run.names[1])) == 5 * 40_000
    assert run.contents == {"a": TEXT, "b": ARABIC}


@settings(max_examples=200, deadline=None)
@given(integers(1, len(WHOLE) - 1))
def test_every_cut_of_cpio_is_noticed(cut: int) -> None:
    assert read(WHOLE[:cut]).noticed() or cut > len(WHOLE) - 4


@settings(max_examples=100, deadline=None)
@given(binary(max_size=300))
def test_noise_is_no_cpio_and_harms_nobody(noise: bytes) -> None:
    for magic in (b"070701", b"070707", b"\xc7\x71", b"\x71\xc7"):
        assert read(magic + noise).noticed()


def test_a_resume_goes_on_behind_its_place() -> None:
    whole = read(WHOLE)
    for index, found in enumerate(whole.items):
        assert read(WHOLE, after=found.place).items == whole.items[index + 1 :]


# --- ar -----------------------------------------------------------------------------------------------------

LONG = "a-name-that-is-longer-than-sixteen-bytes.txt"


def test_ar_with_long_names_and_its_tables() -> None:
    run = Run(ar.SOURCE, "lib.a", made("ar", "rcS", OUT, LONG, "b", members={LONG: TEXT, "b": b"odd"}))
    assert run.names == ["//", LONG, "b"]
    assert run.items[0].kind is Kind.SYSTEM
    assert (run.contents[LONG], run.contents["b"], run.end, run.notes) == (TEXT, b"odd", "", [])
    bsd = (
        b"!<arch>\n"
        + b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (b"#1/8", 0, 0, 0, 0o100644, 8 + 3)
        + b"name.txtabc\n"
    )
    assert Run(ar.SOURCE, "lib.a", bsd).contents == {"name.txt": b"abc"}


def test_a_debian_package(tmp_path: Path) -> None:
    (tmp_path / "k" / "DEBIAN").mkdir(parents=True)
    (tmp_path / "k" / "DEBIAN" / "control").write_text(
        "Package: kestrel\nVersion: 1\nArchitecture: all\nMaintainer: K <k@kestrel.example>\nDescription: radio\n"
    )
    (tmp_path / "k" / "schedule.txt").write_bytes(TEXT)
    tool("dpkg-deb", "--root-owner-group", "-b", tmp_path / "k", tmp_path / "k.deb")
    run = Run(ar.SOURCE, "k.deb", (tmp_path / "k.deb").read_bytes())
    assert [name.split(".")[0] for name in run.names] == ["debian-binary", "control", "data"]
    assert run.contents["debian-binary"] == b"2.0\n"
    assert all(found.runs for found in run.items)


def test_every_cut_of_ar_is_noticed() -> None:
    whole = SAMPLES["kestrel.deb"]()
    run = Run(ar.SOURCE, "k.deb", whole)
    borders = {int(found.place) for found in run.items} | {len(whole)}
    for cut in range(9, len(whole)):
        noticed = Run(ar.SOURCE, "k.deb", whole[:cut]).noticed()
        assert noticed == (cut not in borders), cut  # a cut between two members leaves a whole archive


def test_a_thin_archive_is_unsupported_by_name() -> None:
    assert "thin archive" in Run(ar.SOURCE, "x.a", b"!<thin>\n" + bytes(60)).end


# --- rpm ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("payload", ["w6.gzdio", "w6.bzdio", "w6.xzdio", "w3.zstdio", "w.ufdio"])
def test_the_files_of_an_rpm_whatever_compresses_them(payload: str) -> None:
    run = Run(rpm_source.SOURCE, "kestrel.rpm", rpm(payload))
    contents = {name.rpartition("/")[2]: read for name, read in run.contents.items()}
    assert {name: contents[name] for name in PLAIN} == {name: MEMBERS[name] for name in PLAIN}
    link = next(found for found in run.items if found.name.endswith("/link"))
    assert (link.kind, link.meta["target"]) == (Kind.SYMLINK, "../../etc/passwd")
    assert (run.end, run.notes) == ("", [])


def test_an_rpm_of_which_a_byte_is_not_what_was_signed_says_so() -> None:
    whole = rpm("w.ufdio")
    at = whole.rindex(MEMBERS[PLAIN[0]][:20])
    run = Run(rpm_source.SOURCE, "kestrel.rpm", whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
    assert run.contents
    assert {note.code for note in run.notes} == {Loss.DIGEST}
    assert any(note.reason.startswith("rpm: the SHA256 of its payload is ") for note in run.notes)
    noted = Run(rpm_source.SOURCE, "kestrel.rpm", whole.replace(b"/opt/kestrel", b"/opt/kestrem", 1)).notes
    assert any("of its header is" in note.reason for note in noted)


def test_every_cut_of_an_rpm_is_noticed() -> None:
    whole = rpm("w6.gzdio")
    for cut in range(100, len(whole), 37):
        assert Run(rpm_source.SOURCE, "kestrel.rpm", whole[:cut]).noticed(), cut


@pytest.mark.parametrize(("source", "data", "claim"), [
    (cpio.SOURCE, WHOLE, Claim.STRUCTURE),
    (cpio.SOURCE, b"070701 is the magic number of cpio archives" * 9, Claim.NO),
    (ar.SOURCE, b"!<arch>\n", Claim.STRUCTURE),
    (ar.SOURCE, b"!<arch>\nnonsense" + bytes(100), Claim.MAGIC),
    (rpm_source.SOURCE, b"\xed\xab\xee\xdb" + bytes(200), Claim.MAGIC),
], ids=["cpio", "text", "empty ar", "ar", "rpm"])  # fmt: skip
def test_claims(source: cpio.Cpio, data: bytes, claim: Claim) -> None:
    assert source.claims(Glance("x", data)) is claim


def test_tar_inside_is_left_to_its_own_source() -> None:
    """A deb's data is a member as it is stored; the pipeline opens it in turn."""
    assert tarfile.TarInfo("x").tobuf()[257:262] == b"ustar"
