"""What an ext file system holds where nobody looks: behind a size, in inodes it reserves, in bytes that should be zeros."""

from pathlib import Path

import pytest
from disk_makers import ext, tree
from disk_tools import Descriptor, listing, needs, run

from actionday.model import Found, Loss, Note, Status
from actionday.sources.filesystems import _tsk_behind
from actionday.sources.filesystems.ext import SOURCE
from actionday.testing.context import Bytes

pytestmark = [pytest.mark.tools, needs("mkfs.ext4", "debugfs")]

WORDS = b"the kestrel boat leaves at three"
BODY = b"harmless".ljust(3000, b".") + WORDS + b"\n" * 3000
FILES = {"big.txt": BODY, "small.txt": b"small\n", "dir/a.txt": b"a\n", "other.txt": WORDS}
ZEROS = b"z" * 9216
"""Stands for zeros, which would be stored as a hole."""
PLAIN = ("-b", "1024", "-O", "^metadata_csum")
KINDS = {
    "ext2": ("ext2", ("-b", "1024")),
    "ext4": ("ext4", ("-b", "1024")),
    "ext4 of large blocks": ("ext4", ("-b", "4096")),
}


def debugfs(image: Path, *commands: str) -> str:
    return run("debugfs", "-w", "-f", "-", image, feed="\n".join(commands).encode()).decode()


def told(raw: bytes) -> tuple[dict[str, Found], list[Note], dict[str, bytes]]:
    found, context, bodies = listing(SOURCE, Bytes(raw))
    assert len({each.place for each in found}) == len(found)
    return {each.name: each for each in found}, context.notes, bodies


@pytest.mark.parametrize("kind", KINDS)
def test_blocks_behind_the_size_of_a_file_are_an_item(kind: str, tmp_path: Path) -> None:
    named, options = KINDS[kind]
    image = ext(tmp_path / "d", tree(tmp_path / "t", FILES), *options, kind=named)
    debugfs(image, "sif /big.txt size 100")
    found, context, bodies = listing(SOURCE, Descriptor(image))
    assert bodies["big.txt"] == BODY[:100]
    assert bodies["big.txt behind the end"].rstrip(b"\0") == BODY[100:]
    item = next(each for each in found if each.name == "big.txt behind the end")
    assert item.meta == {"offset": 100}
    assert item.status is None
    assert [note.code for note in item.notes] == ["unclaimed"]
    assert not context.notes


def test_blocks_behind_a_size_that_are_zeros_or_were_never_written_are_none(tmp_path: Path) -> None:
    image = ext(tmp_path / "d", tree(tmp_path / "t", {"zeros.bin": ZEROS, "small.txt": WORDS}), *PLAIN)
    debugfs(image, "sif /zeros.bin size 10", "fallocate /small.txt 1 40", "sif /small.txt size 9")
    raw = image.read_bytes()
    assert [name for name in told(raw)[0] if "behind" in name] == ["zeros.bin behind the end"]
    assert [name for name in told(raw.replace(ZEROS[:1024], bytes(1024)))[0] if "behind" in name] == []


def test_what_is_too_much_to_be_looked_through_is_an_item(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = ext(tmp_path / "d", tree(tmp_path / "t", {"zeros.bin": ZEROS}), *PLAIN)
    debugfs(image, "sif /zeros.bin size 1")
    monkeypatch.setattr(_tsk_behind, "MOST_LOOKED", 5000)
    assert "zeros.bin behind the end" in told(image.read_bytes().replace(ZEROS[:1024], bytes(1024)))[0]


def test_names_behind_the_size_of_a_directory_are_an_item(tmp_path: Path) -> None:
    image = ext(tmp_path / "d", tree(tmp_path / "t", FILES), *PLAIN)
    debugfs(image, "sif /dir size 0")
    found, _, bodies = told(image.read_bytes())
    assert b"a.txt" in bodies["dir behind the end"]
    assert "$Unnamed/inode-" in " ".join(found)


@pytest.mark.parametrize("number", [1, 5, 10])
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_in_an_inode_that_is_reserved_is_an_item(kind: str, number: int, tmp_path: Path) -> None:
    named, options = KINDS[kind]
    image = ext(tmp_path / "d", tree(tmp_path / "t", FILES), *options, kind=named)
    copied = debugfs(image, "stat /other.txt")
    block = debugfs(image, "bmap /other.txt 0").split()[-1]
    assert "Size: 32" in copied
    fields = {"mode": "0100644", "size": "32", "links_count": "1", "blocks": "2", "bmap[0]": block}
    debugfs(image, *(f"sif <{number}> {field} {value}" for field, value in fields.items()))
    found, notes, bodies = told(image.read_bytes())
    assert bodies[f"$Unnamed/inode-{number}"] == WORDS
    assert found[f"$Unnamed/inode-{number}"].meta["unnamed"] is True
    assert Loss.UNNAMED in {note.code for note in notes}


@pytest.mark.parametrize("named", [True, False])
def test_an_inode_in_use_of_no_type_gives_its_bytes(named: bool, tmp_path: Path) -> None:
    image = ext(tmp_path / "d", tree(tmp_path / "t", FILES), *PLAIN)
    number = next(n for n in range(11, 20) if "Size: 32" in debugfs(image, f"stat <{n}>"))
    debugfs(image, f"sif <{number}> mode 0")
    raw = bytearray(image.read_bytes())
    name = "other.txt" if named else f"$Unnamed/inode-{number}"
    if not named:
        at = raw.index(b"other.txt") - 8
        raw[at : at + 4] = bytes(4)
    found, _, bodies = told(bytes(raw))
    assert bodies[name] == WORDS
    assert found[name].status is Status.UNREADABLE
    assert "of no type there is" in found[name].reason


def test_blocks_marked_as_bad_that_hold_data_are_said_to(tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.write_text("9000\n9001\n")
    image = ext(tmp_path / "d", tree(tmp_path / "t", FILES), "-l", bad, *PLAIN)
    raw = bytearray(image.read_bytes())
    assert told(bytes(raw))[1] == []
    raw[9001 * 1024 : 9001 * 1024 + len(WORDS)] = WORDS
    (note,) = told(bytes(raw))[1]
    assert (note.code, "marked as bad" in note.reason) == ("unclaimed", True)
    assert str(9000 * 1024) in note.reason


def test_unused_bytes_of_an_inode_are_an_item(tmp_path: Path) -> None:
    source = tree(tmp_path / "t", FILES)
    (source / "link").symlink_to("a")
    image = ext(tmp_path / "d", source, *PLAIN)
    (tmp_path / "value").write_bytes(b"a value")
    debugfs(image, f"ea_set -f {tmp_path / 'value'} /big.txt user.note")
    raw = bytearray(image.read_bytes())
    places = {}
    for path, within in (("link", 60), ("small.txt", 200), ("big.txt", 190)):
        where = debugfs(image, f"imap /{path}").split("located at block ")[1].replace(",", "").split()
        places[path] = int(where[0]) * 1024 + int(where[2], 16) + within
        raw[places[path] : places[path] + 20] = WORDS[:20]
    assert [name for name in told(image.read_bytes())[0] if "inode @" in name] == []
    _, _, bodies = told(bytes(raw))
    said = {name: data for name, data in bodies.items() if "inode @" in name}
    assert said == {f"{path} inode @{at}": WORDS[:20] for path, at in places.items()}
    assert bodies["big.txt:user.note"] == b"a value"


def test_where_a_file_system_was_mounted_and_how_is_told(tmp_path: Path) -> None:
    image = ext(tmp_path / "d", tree(tmp_path / "t", FILES), "-M", "/srv/kestrel", *PLAIN)
    debugfs(image, "ssv mount_opts discard")
    facts = listing(SOURCE, Descriptor(image))[1].facts["ext"]
    assert isinstance(facts, dict)
    assert (facts["mounted"], facts["options"]) == ("/srv/kestrel", "discard")
