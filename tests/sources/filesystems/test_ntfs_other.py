"""What NTFS keeps beside content and streams: extended attributes, reparse data, unknown types, reserved records."""

import struct
from pathlib import Path

import pytest
from disk_makers import ntfs, tree
from disk_tools import Descriptor, listing, needs, run

from actionday.model import Found, Loss
from actionday.sources.filesystems.ntfs import SOURCE

pytestmark = [pytest.mark.tools, needs("mkntfs", "ntfscp")]

WORDS = b"the kestrel boat leaves at three"
LONG = WORDS.ljust(5000, b".")
EXTENDED, REPARSE, SECURITY, LOGGED = "224", "192", "80", "256"
LX_SYMLINK, SYMLINK, CLOUD = 0xA000001D, 0xA000000C, 0x9000301A


def extended(**values: bytes) -> bytes:
    """Return a list of extended attributes."""
    entries = []
    for name, value in values.items():
        entry = struct.pack("<BBH", 0, len(name), len(value)) + name.encode() + b"\0" + value
        entries.append(entry.ljust(-(-len(entry) // 4) * 4, b"\0"))
    steps = [len(entry) + 4 for entry in entries[:-1]] + [0]
    return b"".join(struct.pack("<I", step) + entry for step, entry in zip(steps, entries, strict=True))


def point(tag: int, data: bytes) -> bytes:
    return struct.pack("<IHH", tag, len(data), 0) + data


def with_attributes(tmp_path: Path, *wanted: tuple[str, str, bytes]) -> Path:
    """Return a disk whose ``a.txt`` has attributes: (type, name, value)."""
    disk = ntfs(tmp_path / "d", tree(tmp_path / "t", {"a.txt": b"a\n", "b.txt": LONG}))
    for number, (kind, name, value) in enumerate(wanted):
        (tmp_path / f"{number}").write_bytes(value)
        run(
            "ntfscp", "-q", "-a", kind, *(("-N", name) if name else ()), disk, tmp_path / f"{number}", "a.txt"
        )
    return disk


def beside(disk: Path) -> dict[str, bytes]:
    found, context, bodies = listing(SOURCE, Descriptor(disk))
    assert len({each.place for each in found}) == len(found)
    assert not context.notes
    return {name: data for name, data in bodies.items() if name.startswith("a.txt") and name != "a.txt"}


@pytest.mark.parametrize("value", [WORDS, LONG[:3000]], ids=["resident", "in clusters"])
def test_extended_attributes_are_a_stream_unless_all_are_a_systems(value: bytes, tmp_path: Path) -> None:
    own = {"$LXUID": bytes(4), "$KERNEL.PURGE.ESBCACHE": b"12345678"}
    note = extended(**own, NOTE=value)
    assert beside(with_attributes(tmp_path, (EXTENDED, "", note))) == {"a.txt:$EA": note}
    assert beside(with_attributes(tmp_path, (EXTENDED, "", extended(**own)))) == {}


def test_reparse_data_that_nothing_else_tells_of_is_a_stream(tmp_path: Path) -> None:
    data = point(LX_SYMLINK, b"\2\0\0\0" + WORDS)
    assert beside(with_attributes(tmp_path, (REPARSE, "", data))) == {"a.txt:$REPARSE_POINT": data}
    assert beside(with_attributes(tmp_path, (REPARSE, "", point(CLOUD, WORDS)))) == {}


def test_attributes_of_odd_types_and_names_are_streams(tmp_path: Path) -> None:
    disk = with_attributes(
        tmp_path, (LOGGED, "notes", LONG), (SECURITY, "hidden", WORDS), (LOGGED, "zTXF_DATA", bytes(56))
    )
    own = [name.encode("utf-16-le") for name in ("zTXF_DATA", "$TXF_DATA")]  # ntfscp writes none
    disk.write_bytes(disk.read_bytes().replace(*own))
    assert beside(disk) == {"a.txt:notes": LONG, "a.txt:$0x50:hidden": WORDS}


def test_the_content_of_a_symbolic_link_is_an_item(tmp_path: Path) -> None:
    target = "C:\\nowhere".encode("utf-16-le")
    names = struct.pack("<HHHHI", 0, len(target), len(target), len(target), 0)
    disk = with_attributes(tmp_path, (REPARSE, "", point(SYMLINK, names + target * 2)))
    found, _, bodies = listing(SOURCE, Descriptor(disk))
    named: dict[str, Found] = {each.name: each for each in found}
    assert named["a.txt"].kind == "symlink"
    assert bodies["a.txt content"] == b"a\n"
    assert [note.code for note in named["a.txt content"].notes] == ["unclaimed"]


def test_content_of_records_that_are_reserved_is_an_item(tmp_path: Path) -> None:
    disk = with_attributes(tmp_path)
    (tmp_path / "long").write_bytes(LONG + b"!")
    run("ntfscp", "-q", "-i", disk, tmp_path / "long", "12")
    found, context, bodies = listing(SOURCE, Descriptor(disk))
    assert bodies["$Unnamed/record-12"] == LONG + b"!"
    assert {each.name: each.kind for each in found}["$Unnamed/record-12"] == "system"
    assert [note.code for note in context.notes] == [Loss.UNNAMED]
