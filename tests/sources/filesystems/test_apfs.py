"""APFS: containers that a kernel wrote, with its truth, and small ones written by hand: compressed, encrypted, damaged."""

import hashlib
import random
import struct
import sys
import time
import zlib
from pathlib import Path
from uuid import UUID

import pytest
from apfs_writer import BLOCK, PERSONAL, Link, Packed, Volume, fletcher, summed, written
from disk_tools import Descriptor, listing
from test_apple_compression import LONG, LZFSE, LZVN, SHORT, text

from actionday.model import Claim, Damaged, Found, ItemError, Kind, Loss, Status, Unsupported
from actionday.sources.filesystems._apfs_object import fletcher as quick
from actionday.sources.filesystems.apfs import SOURCE
from actionday.testing.context import Alone, Bytes, Glance

sys.path.insert(0, str(Path(__file__).parents[1] / "machine"))

from machine_samples import truth, unpack

WORDS = b"The Kestrel club meets on Thursdays.\n"
OWNER = UUID("c1ab0000-0000-4000-8000-000000000001").bytes
WORD, RECOVERY = "swordfish", "A1B2-C3D4-E5F6-G7H8-I9J0-K1L2"
BIG = random.Random(23).randbytes(3 * BLOCK + 100)
FILES: dict[str, bytes | Packed | Link] = {
    "readme.txt": WORDS,
    "empty": b"",
    "docs/deep/big.bin": BIG,
    "link": Link("docs/deep/big.bin"),
    "новости.txt": "клуб\n".encode(),
    **{f"many/note {number}": b"" for number in range(60)},
}


def header(kind: int, size: int, data: bytes = b"") -> bytes:
    """Return the attribute of a compressed file."""
    return struct.pack("<4sIQ", b"fpmc", kind, size) + data


def table(*pieces: bytes) -> bytes:
    """Return a resource fork with pieces behind a list of where they begin and end."""
    ends = [4 * len(pieces) + 4]
    for each in pieces:
        ends.append(ends[-1] + len(each))
    return struct.pack(f"<{len(ends)}I", *ends) + b"".join(pieces)


def fork(*pieces: bytes) -> bytes:
    """Return a resource fork with pieces as zlib has them: a header, a list of places and lengths."""
    at, told = 4 + 8 * len(pieces), []
    for each in pieces:
        told += [at, len(each)]
        at += len(each)
    body = struct.pack(f"<I{len(told)}I", len(pieces), *told) + b"".join(pieces)
    head = struct.pack(">IIII", 256, 260 + len(body), 4 + len(body), 50)
    return head.ljust(256, b"\0") + struct.pack(">I", len(body)) + body + bytes(50)


def read(raw: bytes, *secrets: str) -> tuple[dict[str, Found], Alone, dict[str, bytes]]:
    around, stream, found, bodies = Alone("disk", secrets=secrets), Bytes(raw), {}, {}
    for each in SOURCE.items(stream, around):
        found[each.name] = each
        if each.read is not None:
            bodies[each.name] = each.read().read()
        elif each.runs is not None:
            bodies[each.name] = b"".join(bytes(n) if at < 0 else raw[at : at + n] for at, n in each.runs)
    return found, around, bodies


@pytest.fixture(scope="module")
def plain() -> bytes:
    return written(
        Volume("Wren", FILES, attributes={"readme.txt": {"user.note": b"seen"}}),
        Volume("Kestrel", {"A": b"capital\n", "a": b"small\n"}, incompat=0),
    )


@pytest.fixture(scope="module")
def locked() -> bytes:
    return written(
        Volume("Open", {"a": b"open\n"}),
        Volume(
            "Locked",
            FILES,
            [(OWNER, WORD.encode()), (PERSONAL, RECOVERY.encode())],
            hint="a fish",
            attributes={"readme.txt": {"user.note": b"seen"}},
        ),
        Volume("Half", {"b": b"half\n"}, [(OWNER, WORD.encode())], half=True),
    )


@pytest.mark.parametrize("name", ["apfs_sensitive", "apfs_snapshot"])
def test_every_file_is_what_the_kernel_showed(name: str, tmp_path: Path) -> None:
    (disk,) = unpack(name, tmp_path)
    found, around, bodies = listing(SOURCE, Descriptor(disk))
    names, told = {each.name: each for each in found}, truth(name)["trees"]
    volume = next(each.name for each in found if each.place == "v0")
    for tree, rows in told.items():
        begin = f"{volume}/" if tree == "volume" else f"{volume}/$Snapshots/{tree}/"
        for row in rows:
            each = names[begin + row["path"]]
            assert each.mtime is not None
            assert each.mtime.startswith(time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(row["mtime"])))
            if row["kind"] == "file":
                body = bodies[each.name]
                assert (len(body), hashlib.sha256(body).hexdigest()) == (row["size"], row["sha256"])
            elif row["kind"] == "link":
                assert each.meta["target"] == row["target"]
        inside = {each for each in names if each.startswith(begin) and names[each].kind is not Kind.STREAM}
        ours = ("Private", "Deleted", *(["Snapshots"] if tree == "volume" else []))
        others = tuple(f"{volume}/${each}" for each in ours)
        inside = {each for each in inside if not each.startswith(others)}
        assert len(inside) == len(rows)
    assert not around.notes


def test_a_snapshot_is_an_older_state_and_says_so(tmp_path: Path) -> None:
    (disk,) = unpack("apfs_snapshot", tmp_path)
    names = {each.name: each for each in listing(SOURCE, Descriptor(disk))[0]}
    then = names["club/$Snapshots/before"]
    assert (then.meta["snapshot"], then.meta["snapshot_of"]) == (True, 0)
    assert str(then.meta["taken"]).startswith("2026-03-02T09:")
    assert names["club/$Snapshots/before/readme.txt"].runs == names["club/welcome.txt"].runs
    assert "club/readme.txt" not in names
    assert names["club/log/again.txt"].meta["links"] == 2
    assert names["club/log/again.txt"].runs == names["club/welcome.txt"].runs
    assert names["club/welcome.txt:user.note"].size == 16
    holes = names["club/hollow.bin"].runs
    assert holes is not None
    assert any(at < 0 for at, _ in holes)


def test_a_file_that_was_open_while_it_was_removed_is_there(tmp_path: Path) -> None:
    (disk,) = unpack("apfs_sensitive", tmp_path)
    names = {each.name: each for each in listing(SOURCE, Descriptor(disk))[0]}
    (gone,) = [each for each in names.values() if each.name.startswith("Club/$Private/")]
    assert (gone.kind, gone.size, gone.meta["links"]) == (Kind.DELETED, 20_000, 0)
    assert {"Club/README.TXT", "Club/readme.txt"} <= names.keys()
    assert (names["Club/pipe"].kind, names["Club/pipe"].meta["type"]) == (Kind.SPECIAL, "fifo")


def test_a_removed_file_is_found_in_an_older_checkpoint_under_the_path_it_had(tmp_path: Path) -> None:
    (disk,) = unpack("apfs_sensitive", tmp_path)
    gone = {each.name: each for each in listing(SOURCE, Descriptor(disk))[0]}["Club/$Deleted/log/gone.txt"]
    assert (gone.kind, gone.size, gone.meta["deleted"]) == (Kind.DELETED, 19, True)
    assert gone.reason == (
        f"deleted; as the checkpoint of transaction {gone.meta['transaction']} has it: where it lay may have been "
        "used again since"
    )
    assert gone.runs is not None
    with disk.open("rb") as file:
        file.seek(gone.runs[0][0])
        assert file.read(19) == b"removed in the end\n"


@pytest.mark.parametrize("key", ["", WORD], ids=["open", "encrypted"])
def test_what_an_older_checkpoint_has_beside_what_is_there_is_removed(key: str) -> None:
    secrets = [(OWNER, key.encode())] if key else ()
    files: dict[str, bytes | Packed | Link] = {"a.txt": b"stays\n"}
    more = files | {"docs/gone.txt": b"was there\n", "docs/packed": WAYS["lzvn 7"][0]}
    raw = written(Volume("Wren", files, secrets), older=Volume("Wren", more, secrets))
    names, around, bodies = read(raw, *([key] if key else []))
    assert not around.notes
    assert bodies["Wren/a.txt"] == b"stays\n"
    assert bodies["Wren/$Deleted/docs/gone.txt"] == b"was there\n"
    assert bodies["Wren/$Deleted/docs/packed"] == WAYS["lzvn 7"][1]
    assert "as the checkpoint of transaction 6 has it" in names["Wren/$Deleted/docs/gone.txt"].reason
    assert names["Wren/$Deleted/docs"].kind is Kind.DIRECTORY
    assert len(names) == 5
    assert not any("$Deleted" in name for name in read(raw, "wrong")[0]) or not key


def test_every_file_of_every_volume_is_there(plain: bytes) -> None:
    names, around, bodies = read(plain)
    contents = {f"Wren/{path}": each for path, each in FILES.items() if isinstance(each, bytes)}
    assert {path: bodies[path] for path in contents} == contents
    assert bodies["Kestrel/A"] + bodies["Kestrel/a"] == b"capital\nsmall\n"
    assert names["Wren/link"].meta["target"] == "docs/deep/big.bin"
    assert bodies["Wren/readme.txt:user.note"] == b"seen"
    assert (names["Wren"].meta["case_sensitive"], names["Kestrel"].meta["case_sensitive"]) == (False, True)
    assert names["Wren/readme.txt"].mtime == "2026-03-01T10:00:00Z"
    assert not around.notes
    assert len({each.place for each in names.values()}) == len(names)


def test_the_checksum_is_the_slow_ones() -> None:
    chance = random.Random(2)
    for size in (8, 4088, 65528):
        for data in (bytes(size), b"\xff" * size, chance.randbytes(size)):
            assert quick(data) == int.from_bytes(fletcher(data), "little")


LONGER = text(2000)
PIECES = [LONGER[at : at + 65536] for at in range(0, len(LONGER), 65536)]
WAYS: dict[str, tuple[Packed, bytes, str]] = {
    "plain 1": (Packed(header(1, len(WORDS), WORDS)), WORDS, "not compressed"),
    "zlib 3": (Packed(header(3, len(LONGER) // 99, zlib.compress(LONGER[: len(LONGER) // 99]))),
               LONGER[: len(LONGER) // 99], "zlib"),
    "zlib 3, as it is": (Packed(header(3, len(WORDS), b"\xff" + WORDS)), WORDS, "zlib"),
    "zlib 4": (Packed(header(4, len(LONGER)), fork(zlib.compress(PIECES[0]), b"\xff" + PIECES[1])), LONGER, "zlib"),
    "lzvn 7": (Packed(header(7, len(text(SHORT)), LZVN)), text(SHORT), "LZVN"),
    "lzvn 7, as it is": (Packed(header(7, len(WORDS), b"\x06" + WORDS)), WORDS, "LZVN"),
    "lzvn 8": (Packed(header(8, len(text(SHORT))), table(LZVN)), text(SHORT), "LZVN"),
    "lzvn 8, as it is": (Packed(header(8, len(LONGER)), table(*(b"\x06" + each for each in PIECES))), LONGER, "LZVN"),
    "plain 9": (Packed(header(9, len(WORDS), b"\xcc" + WORDS)), WORDS, "not compressed"),
    "plain 10": (Packed(header(10, len(WORDS)), fork(b"\xcc" + WORDS)), WORDS, "not compressed"),
    "plain 10, listed": (Packed(header(10, len(WORDS)), table(b"\xcc" + WORDS)), WORDS, "not compressed"),
    "lzfse 11": (Packed(header(11, len(text(LONG)), LZFSE)), text(LONG), "LZFSE"),
    "lzfse 12": (Packed(header(12, len(text(LONG))), table(LZFSE)), text(LONG), "LZFSE"),
}  # fmt: skip


@pytest.mark.parametrize("key", ["", WORD], ids=["open", "encrypted"])
@pytest.mark.parametrize("way", WAYS)
def test_a_compressed_file_is_unpacked(way: str, key: str) -> None:
    packed, content, called = WAYS[way]
    raw = written(Volume("Wren", {"file": packed}, [(OWNER, key.encode())] if key else ()))
    names, _, bodies = read(raw, *([key] if key else []))
    assert bodies["Wren/file"] == content
    assert (names["Wren/file"].size, names["Wren/file"].meta["compression"]) == (len(content), called)
    assert len(names) == 2  # neither its attribute nor its fork is an item


def test_what_cannot_be_unpacked_says_so() -> None:
    files: dict[str, bytes | Packed | Link] = {
        "bitmap": Packed(header(14, 100), b"ZBM"),
        "no fork": Packed(header(8, 100)),
        "no header": Packed(b"nothing"),
        "cut": Packed(header(7, 100, b"\xe2a")),
        "short": Packed(header(4, 70_000), fork(zlib.compress(b"x" * 10))),
        "dataless": Packed(b"x", flags=0x40000000),
    }
    raw = written(Volume("Wren", files))
    names = {each.name: each for each in SOURCE.items(Bytes(raw), Alone("disk"))}
    bitmap = names["Wren/bitmap"]
    assert (bitmap.status, "LZBITMAP, type 14" in bitmap.reason) == (Status.UNSUPPORTED, True)
    assert names["Wren/no fork"].status is names["Wren/no header"].status is Status.UNREADABLE
    for name in ("cut", "short"):
        body = names[f"Wren/{name}"].read
        assert body is not None
        with pytest.raises(Damaged, match=r"ends after|1 of 2 pieces"):
            body().read()
    assert names["Wren/dataless"].status is Status.UNSUPPORTED


def test_without_a_secret_a_volume_says_so_and_the_others_are_read(locked: bytes) -> None:
    names, around, bodies = read(locked)
    each = names["Locked"]
    assert (each.kind, each.status) == (Kind.VOLUME, Status.ENCRYPTED)
    assert each.reason == (
        "apfs: encrypted volume Locked (password of c1ab0000-0000-4000-8000-000000000001, recovery key; "
        "hint: a fish): the case has no secret to try"
    )
    assert bodies["Open/a"] == b"open\n"
    assert not any(name.startswith(("Locked/", "Half/")) for name in names)
    assert not around.notes
    assert "no secret of the case opens it (2 secrets tried)" in read(locked, "a", "b")[0]["Half"].reason


@pytest.mark.parametrize("secret", [WORD, RECOVERY, RECOVERY.lower(), RECOVERY.replace("-", "")])
def test_a_secret_opens_a_volume(locked: bytes, secret: str) -> None:
    names, around, bodies = read(locked, "wrong", secret)
    contents = {f"Locked/{path}": each for path, each in FILES.items() if isinstance(each, bytes)}
    assert {path: bodies[path] for path in contents} == contents
    assert bodies["Locked/readme.txt:user.note"] == b"seen"
    assert names["Locked/link"].meta["target"] == "docs/deep/big.bin"
    told = around.facts["apfs"]["volumes"][1]  # type: ignore[index]
    by = "password of c1ab0000-0000-4000-8000-000000000001" if secret == WORD else "recovery key"
    assert (told["secret"], told["opened_by"], told["hint"]) == (2, by, "a fish")
    assert secret not in repr((around.facts, around.notes, names))
    assert not around.notes
    assert ("Half/b" in bodies) == (secret == WORD)


def test_any_part_of_an_encrypted_file_can_be_read(locked: bytes) -> None:
    found = {each.name: each for each in SOURCE.items(Bytes(locked), Alone("disk", secrets=[WORD]))}
    body = found["Locked/docs/deep/big.bin"].read
    assert body is not None
    stream, chance = body(), random.Random(1)
    for _ in range(60):
        at, length = chance.randrange(len(BIG)), chance.randrange(1, 5000)
        stream.seek(at)
        assert stream.read(length) == BIG[at : at + length]


def test_a_bag_of_keys_that_was_altered_is_named(locked: bytes) -> None:
    place, _ = struct.unpack_from("<QQ", locked, 1296)
    raw = bytearray(locked)
    raw[place * BLOCK + 100] ^= 1
    each = read(bytes(raw), WORD)[0]["Locked"]
    assert each.status is Status.ENCRYPTED
    assert f"its keys cannot be read: block {place} holds no bag of keys, or it was altered" in each.reason


def places(raw: bytes, kind: int, subtype: int = 0) -> list[int]:
    """Return where objects of a type lie."""
    found = []
    for at in range(0, len(raw), BLOCK):
        types = struct.unpack_from("<II", raw, at + 24)
        if types[0] & 0xFFFF == kind and (not subtype or types[1] == subtype):
            found.append(at)
    return found


def test_a_node_whose_checksum_differs_is_told_and_its_files_are_in_doubt(plain: bytes) -> None:
    at = plain.index("новости".encode())
    raw = bytearray(plain)
    raw[at : at + 2] = "Н".encode()
    names, around, _ = read(bytes(raw))
    assert "Wren/Новости.txt" in names
    assert any(note.code == Loss.CHECKSUM and "files of volume Wren" in note.reason for note in around.notes)
    block = at // BLOCK * BLOCK
    raw[block : block + BLOCK] = summed(bytes(raw[block : block + BLOCK]))
    assert not read(bytes(raw))[1].notes


def test_a_leaf_that_is_lost_costs_its_files_alone_and_is_told(plain: bytes) -> None:
    leaves = places(plain, 3, 14)
    assert len(leaves) > 2
    raw = bytearray(plain)
    raw[leaves[1] : leaves[1] + BLOCK] = bytes(BLOCK)
    names, around, bodies = read(bytes(raw))
    assert any(note.code == Loss.DIRECTORY for note in around.notes)
    assert bodies["Kestrel/A"] == b"capital\n"
    assert any(each.status is Status.UNREADABLE for each in names.values())


def test_a_block_that_holds_another_object_than_the_map_says_is_not_taken_for_it(plain: bytes) -> None:
    one, other = places(plain, 3, 14)[:2]
    raw = bytearray(plain)
    raw[one : one + BLOCK] = plain[other : other + BLOCK]
    _, around, bodies = read(bytes(raw))
    assert any("holds object 1102, not 1101" in note.reason for note in around.notes)
    assert bodies["Kestrel/A"] == b"capital\n"


def test_of_two_checkpoints_the_newest_that_leads_anywhere_is_read(plain: bytes) -> None:
    raw, newer = bytearray(plain), bytearray(plain[2 * BLOCK : 3 * BLOCK])
    struct.pack_into("<Q", newer, 16, 99)
    raw[4 * BLOCK : 5 * BLOCK] = summed(bytes(newer))
    assert read(bytes(raw))[1].facts["apfs"]["transaction"] == 99  # type: ignore[index]
    struct.pack_into("<Q", newer, 160, 90)
    raw[4 * BLOCK : 5 * BLOCK] = summed(bytes(newer))
    names, around, _ = read(bytes(raw))
    (note,) = around.notes
    assert (note.code, "the state of transaction 7 is read" in note.reason) == ("backup", True)
    assert "Wren/readme.txt" in names


def test_a_damaged_block_0_is_told(plain: bytes) -> None:
    raw = bytearray(plain)
    raw[2000] ^= 1
    names, around, _ = read(bytes(raw))
    assert [note.code for note in around.notes] == ["backup"]
    assert "Wren/readme.txt" in names


def test_a_fusion_drive_is_named(plain: bytes) -> None:
    raw = bytearray(plain)
    for at in (0, 2 * BLOCK):
        struct.pack_into("<Q", raw, at + 64, 0x102)
        raw[at : at + BLOCK] = summed(bytes(raw[at : at + BLOCK]))
    with pytest.raises(Unsupported, match="fusion drive"):
        list(SOURCE.items(Bytes(bytes(raw)), Alone("disk")))


def test_a_container_that_is_cut_is_short_and_read_as_far_as_it_goes(plain: bytes) -> None:
    around = Alone("disk")
    list(SOURCE.items(Bytes(plain[: 90 * BLOCK]), around))
    assert [note.code for note in around.notes] == [Loss.SHORT]
    assert SOURCE.claims(Glance("disk.raw", plain)) is Claim.STRUCTURE


def test_damage_anywhere_gives_items_or_an_error_that_says_so(plain: bytes, locked: bytes) -> None:
    chance, used = random.Random(7), {}
    for raw in (plain, locked):
        used[raw] = [at for at in range(0, len(raw), 256) if any(raw[at : at + 256])]
    for _ in range(150):
        raw = chance.choice((plain, locked))
        changed = bytearray(raw)
        block = -1
        for _ in range(chance.randrange(1, 4)):
            at = chance.choice(used[raw]) + chance.randrange(256)
            changed[at], block = chance.randrange(256), at // BLOCK * BLOCK
        if chance.random() < 0.7:  # what a forger would do: the checksum fits
            changed[block : block + BLOCK] = summed(bytes(changed[block : block + BLOCK]))
        begun, stream = time.process_time(), Bytes(bytes(changed))
        try:
            for each in SOURCE.items(stream, Alone("disk", secrets=[WORD])):
                if each.read is not None and (each.size or 0) < 1 << 20:
                    each.read().read()
        except ItemError as error:
            assert str(error)
        assert time.process_time() - begun < 5
