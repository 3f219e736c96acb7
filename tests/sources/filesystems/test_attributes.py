"""Extended attributes of ext, XFS and HFS+ are streams of their file, against what debugfs and xfs_db wrote."""

import os
from pathlib import Path

import pytest
from disk_makers import SMALL_XFS, ext, tree, xfs
from disk_tools import Descriptor, listing, needs, run
from hfs_writer import volume

from actionday.model import Found, Loss
from actionday.sources.filesystems.ext import SOURCE as EXT
from actionday.sources.filesystems.hfsplus import SOURCE as HFSPLUS
from actionday.sources.filesystems.xfs import SOURCE as XFS
from actionday.testing.context import Bytes

pytestmark = pytest.mark.tools
NOTE = b"meet at the north gate, says the Kestrel club"
LONG = NOTE * 40


def streams(found: list[Found]) -> list[str]:
    return [each.name for each in found if each.kind == "stream"]


def ext_with(tmp_path: Path, *options: str) -> Path:
    (tmp_path / "note").write_bytes(NOTE)
    (tmp_path / "long").write_bytes(LONG)
    disk = ext(tmp_path / "d", tree(tmp_path / "t", {"a.txt": b"a\n", "sub/b.txt": b"b\n"}), *options)
    for file, path, name in (("note", "/a.txt", "user.note"), ("long", "/a.txt", "user.long"),
                             ("note", "/sub", "user.folder"), ("note", "/a.txt", "security.mark"),
                             ("note", "/a.txt", "trusted.mark"), ("note", "/a.txt", "security.selinux"),
                             ("note", "/a.txt", "trusted.overlay.origin")):  # fmt: skip
        run("debugfs", "-w", "-R", f"ea_set -f {tmp_path / file} {path} {name}", disk)
    return disk


@needs("mkfs.ext4", "debugfs")
@pytest.mark.parametrize(
    "options",
    [("-b", "4096"), ("-b", "4096", "-I", "128", "-O", "^metadata_csum"), ("-b", "1024", "-O", "ea_inode")],
    ids=["checksums", "small inodes", "inodes of values"],
)
def test_attributes_of_ext_are_streams(options: tuple[str, ...], tmp_path: Path) -> None:
    disk = ext_with(tmp_path, *options)
    found, context, bodies = listing(EXT, Descriptor(disk))
    said = {name: data for name, data in bodies.items() if ":" in name}
    long = LONG[:1024] if "1024" in options else LONG  # debugfs writes no more than a block
    others = {"a.txt:security.mark": NOTE, "a.txt:trusted.mark": NOTE}
    assert said == {"a.txt:user.note": NOTE, "a.txt:user.long": long, "sub:user.folder": NOTE, **others}
    assert bodies["a.txt"] == b"a\n"
    assert len({each.place for each in found}) == len(found)
    assert not context.notes


@needs("mkfs.ext4", "debugfs")
def test_a_changed_block_of_attributes_is_doubted_and_a_lost_one_noted(tmp_path: Path) -> None:
    raw = bytearray(ext_with(tmp_path, "-b", "4096").read_bytes())
    at = raw.index(LONG)
    raw[at] ^= 1
    found, _, bodies = listing(EXT, Bytes(bytes(raw)))
    assert bodies["a.txt:user.long"][1:] == LONG[1:]
    doubted = next(each for each in found if each.name == "a.txt:user.long")
    assert [note.code for note in doubted.notes] == [Loss.CHECKSUM]
    block = at // 4096 * 4096
    raw[block : block + 4] = bytes(4)
    found, context, bodies = listing(EXT, Bytes(bytes(raw)))
    assert bodies["a.txt"] == b"a\n"
    assert [(note.code, note.path) for note in context.notes] == [(Loss.DAMAGED, "a.txt")]


def xfs_with(tmp_path: Path, *attributes: str, options: tuple[str, ...] = ()) -> Path:
    disk = xfs(tmp_path / "d", tree(tmp_path / "t", {"a.txt": b"a\n"}), *options)
    words = [word for each in attributes for word in ("-c", f"attr_set {each}")]
    run("xfs_db", "-x", "-c", "path /a.txt", *words, disk, env={**os.environ, **SMALL_XFS})
    return disk


@needs("mkfs.xfs", "xfs_db")
@pytest.mark.parametrize(
    ("lengths", "options"),
    [
        ((20,), ()),
        ((20, 1500), ("-m", "crc=0")),
        ((20, 6000), ()),
        ((20, 6000), ("-m", "crc=0")),
        (tuple(range(100, 180)), ()),
    ],
    ids=["inode", "leaf of v4", "blocks", "blocks of v4", "tree"],
)
def test_attributes_of_xfs_are_streams(
    lengths: tuple[int, ...], options: tuple[str, ...], tmp_path: Path
) -> None:
    disk = xfs_with(
        tmp_path,
        *(f"-u -v {length} note{length}" for length in lengths),
        "-r -v 9 root",
        "-s -v 9 note",
        "-r -v 12 SGI_ACL_FILE",
        "-s -v 9 selinux",
        options=options,
    )
    found, context, bodies = listing(XFS, Descriptor(disk))
    assert {name: len(body) for name, body in bodies.items() if ":" in name} == {
        **{f"a.txt:user.note{length}": length for length in lengths},
        **{"a.txt:trusted.root": 9, "a.txt:security.note": 9},
    }
    assert all(set(bodies[name]) == set(b"v") for name in streams(found))
    assert bodies["a.txt"] == b"a\n"
    assert len({each.place for each in found}) == len(found)
    assert not context.notes


@needs("mkfs.xfs", "xfs_db")
def test_a_damaged_leaf_of_attributes_is_noticed(tmp_path: Path) -> None:
    raw = bytearray(xfs_with(tmp_path, "-u -v 1500 note").read_bytes())
    raw[raw.index(b"v" * 1500)] ^= 1
    found, _, _ = listing(XFS, Bytes(bytes(raw)))
    (stream,) = (each for each in found if each.kind == "stream")
    assert [note.code for note in stream.notes] == [Loss.CHECKSUM]


def test_attributes_and_resource_forks_of_hfsplus_are_streams() -> None:
    values = {
        "com.apple.metadata:kMDItemComment": NOTE,
        "note": LONG[:3000],
        "com.apple.system.Security": b"s" * 40,
    }
    fork = LONG * 3
    raw = volume(
        {"a.txt": b"a\n", "b.txt": b"b\n" * 3000}, attributes={"b.txt": values}, forks={"a.txt": fork}
    )
    found, context, bodies = listing(HFSPLUS, Bytes(raw))
    assert {name: data for name, data in bodies.items() if name[0] in "ab"} == {
        "a.txt": b"a\n",
        "a.txt:rsrc": fork,
        "b.txt": b"b\n" * 3000,
        "b.txt:com.apple.metadata:kMDItemComment": NOTE,
        "b.txt:note": LONG[:3000],
    }
    assert len({each.place for each in found}) == len(found)
    assert not context.notes
