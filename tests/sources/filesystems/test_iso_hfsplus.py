"""ISO 9660 against genisoimage, HFS+ against volumes written by hand (Debian has nothing that fills one)."""

import struct
import tracemalloc
from pathlib import Path

import pytest
from damaged import Held
from disk_makers import HASHES, iso, tree
from disk_tools import Descriptor, listing, needs, sha256
from hfs_writer import volume

from actionday.model import Claim, Found, Status
from actionday.sources.filesystems._tsk_hfs import CATALOGUE, HEADER, unlooped
from actionday.sources.filesystems.hfsplus import SOURCE as HFSPLUS
from actionday.sources.filesystems.iso9660 import SOURCE as ISO
from actionday.testing.context import Bytes, Glance


def by_name(found: list[Found]) -> dict[str, Found]:
    return {each.name: each for each in found}


@pytest.mark.tools
@needs("genisoimage")
@pytest.mark.parametrize("options", ["-R", "-R -J", "-J -joliet-long"])
def test_every_file_with_its_long_name_and_hash(options: str, tmp_path: Path) -> None:
    disk = iso(tmp_path / "d", tree(tmp_path / "t"), *options.split(), "-input-charset", "utf-8")
    assert ISO.claims(Glance("d", disk.read_bytes()[:131072])) is Claim.STRUCTURE
    found, context, bodies = listing(ISO, Descriptor(disk))
    assert {name: sha256(data) for name, data in bodies.items()} == HASHES
    assert not context.notes
    assert len({each.place for each in found}) == len(found)


@pytest.mark.tools
@needs("genisoimage")
def test_plain_names_are_upper_case(tmp_path: Path) -> None:
    disk = iso(tmp_path / "d", tree(tmp_path / "t", {"readme.txt": b"r\n", "sub/file.dat": b"f\n"}))
    _, _, bodies = listing(ISO, Descriptor(disk))
    assert {name.removesuffix(";1"): data for name, data in bodies.items()} == {
        "README.TXT": b"r\n",
        "SUB/FILE.DAT": b"f\n",
    }


@pytest.mark.tools
@needs("genisoimage")
def test_symbolic_links_of_rock_ridge(tmp_path: Path) -> None:
    source = tree(tmp_path / "t", {"file": b"f"})
    (source / "link").symlink_to("../elsewhere")
    named = by_name(listing(ISO, Descriptor(iso(tmp_path / "d", source, "-R")))[0])
    assert (named["link"].kind, named["link"].status) == ("symlink", Status.UNSUPPORTED)
    assert named["link"].meta["target"] == "../elsewhere"


@pytest.mark.tools
@needs("genisoimage")
def test_s10_a_directory_record_that_points_to_its_parent_ends(tmp_path: Path) -> None:
    disk = iso(tmp_path / "d", tree(tmp_path / "t", {"top.txt": b"t\n", "SUB/inner.txt": b"i\n"}))
    raw = bytearray(disk.read_bytes())
    root = 32768 + 156
    start, size = struct.unpack_from("<I", raw, root + 2)[0], struct.unpack_from("<I", raw, root + 10)[0]
    at = raw.index(b"\x03SUB", start * 2048) - 32
    struct.pack_into("<I", raw, at + 2, start)
    struct.pack_into("<I", raw, at + 10, size)
    found, _, bodies = listing(ISO, Bytes(bytes(raw)))
    assert any(name.startswith("TOP.TXT") for name in bodies)
    assert len(found) < 50


HFS = {
    "readme.txt": b"The club meets on Thursdays.\n",
    "\u0646\u0627\u062f\u064a.txt": b"name\n",
    "big.bin": b"h" * 20_000,
}


def test_hfsplus_files_with_their_hashes() -> None:
    raw = volume(HFS)
    assert HFSPLUS.claims(Glance("d", raw)) is Claim.STRUCTURE
    found, _, bodies = listing(HFSPLUS, Bytes(raw))
    assert {name: data for name, data in bodies.items() if not name.startswith("$")} == HFS
    assert {each.kind for each in found if each.name.startswith("$")} == {"system"}
    assert by_name(found)["readme.txt"].mtime == "2024-06-15T12:00:00Z"


def test_s10_a_catalogue_node_that_follows_itself_is_noted_and_ends() -> None:
    raw = bytearray(volume(HFS))
    leaf = 3 * 4096  # node 1 of the catalogue, which begins at block 2
    assert raw[leaf + 8] == 0xFF
    struct.pack_into(">I", raw, leaf, 1)
    _, context, bodies = listing(HFSPLUS, Bytes(bytes(raw)))
    assert {name: data for name, data in bodies.items() if not name.startswith("$")} == HFS
    assert [note.code for note in context.notes] == ["loop"]


def test_a_catalogue_that_claims_more_blocks_than_the_disk_has_costs_no_memory() -> None:
    """Eight extents of 2^32 blocks are four gigabytes of marks, more than the reader may hold."""
    raw = bytearray(volume({"a.txt": b"the Kestrel club\n"}))
    for extent in range(1, 8):
        at = HEADER + CATALOGUE + 16 + 8 * extent
        raw[at : at + 8] = (0xFFFFFFFF).to_bytes(4, "big") * 2
    tracemalloc.start()
    assert unlooped(Held(bytes(raw))) == ({}, "")
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert held < 1 << 20
