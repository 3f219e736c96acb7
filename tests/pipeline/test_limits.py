"""Bombs, depth, ratio, totals, and contents too large to be held: each stops, or not, with its reason."""

import gzip
import hashlib
import io
import json
import random
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from kill_exhibits import tarred, zipped

from case_tools import Bench, balanced, sha256

MIB = 1 << 20


def put(tmp_path: Path, files: dict[str, bytes]) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return folder


def rows(bench: Bench) -> dict[str, dict]:
    return {row["path"]: row for row in bench.items()}


def bomb(size: int) -> bytes:
    """Return a gzip file of ``size`` zeros, made without holding them."""
    made, packer = io.BytesIO(), zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(size // MIB):
        made.write(packer.compress(bytes(MIB)))
    return made.getvalue() + packer.flush()


def test_a_bomb_stops_at_its_ratio_and_its_neighbours_are_read(bench: Bench, tmp_path: Path) -> None:
    bench.ingest(put(tmp_path, {"a.gz": bomb(400 * MIB), "b.txt": b"well\n"}), code=1)
    found = rows(bench)
    member = found["a.gz/a"]
    assert member["status"] == "quarantined"
    assert "more than 200 bytes come out for one that went in" in member["reason"]
    assert 256 * MIB <= member["size"] <= 258 * MIB
    assert found["a.gz"]["status"] == "quarantined"
    assert found["b.txt"]["status"] == "parsed"
    assert {row["code"] for row in bench.export("issues")} >= {"over_limit"}
    assert sum(file.stat().st_size for file in bench.folder.rglob("*") if file.is_file()) < 16 * MIB
    balanced(bench.items(), bench.status())


def test_a_bomb_of_many_members_stops_too(bench: Bench, tmp_path: Path) -> None:
    bench.limit(ratio_after=4 * MIB)
    members = {f"{n:03}.bin": bytes(MIB) for n in range(40)}
    bench.ingest(put(tmp_path, {"a.zip": zipped(members), "b.txt": b"well\n"}), code=1)
    found = rows(bench)
    assert found["a.zip"]["status"] == "quarantined"
    assert "out" in found["a.zip"]["reason"]
    assert found["a.zip/000.bin"]["status"] == "empty"
    assert 1 <= sum(path.startswith("a.zip/") for path in found) < 10
    assert found["b.txt"]["status"] == "parsed"


@pytest.mark.parametrize("workers", [1, 3])
def test_many_small_bombs_of_one_tar_are_stopped_and_sound_members_are_read(
    bench: Bench, tmp_path: Path, workers: int
) -> None:
    bench.limit(ratio_after=4 * MIB)
    lines = [f"2026-06-02 10:00:{n % 60:02} the rota of pier {n * n}\n" for n in range(40_000)]
    sound = {f"{at}.log.gz": gzip.compress("".join(lines[at::20]).encode()) for at in range(20)}
    deep = {"deep.tar.gz": gzip.compress(tarred(sound))}
    bombs = {f"b{n:02}.gz.gz": gzip.compress(bomb(2 * MIB), mtime=0) for n in range(12)}
    tar = tmp_path / "all.tar"
    tar.write_bytes(tarred({**bombs, **sound, **deep}))
    bench.ingest(tar, "--workers", workers, code=1)
    found = rows(bench)
    inner = [found.get(f"b{n:02}.gz.gz/b{n:02}.gz/b{n:02}") for n in range(12)]
    assert [row["size"] == 2 * MIB if row else None for row in inner][:2] == [True, True]
    assert sum((row["size"] or 0) for row in inner if row) <= 6 * MIB + 12 * 20_000
    assert "more than 200 bytes come out for one that went in" in found["b11.gz.gz/b11.gz"]["reason"]
    for name in sound:
        assert found[f"{name}/{name[:-3]}"]["status"] == "parsed"
        assert found[f"deep.tar.gz/{name}/{name[:-3]}"]["status"] == "parsed"
    balanced(bench.items(), bench.status())


def test_a_bomb_uses_up_its_own_allowance_alone(bench: Bench, tmp_path: Path) -> None:
    bench.limit(ratio_after=4 * MIB, total=1)
    letters = {f"z{n}.zip": zipped({"letter.txt": b"an important letter\n" * 20}) for n in range(3)}
    bench.ingest(put(tmp_path, {"0.gz": bomb(8 * MIB), **letters}), code=1)
    found = rows(bench)
    assert found["0.gz"]["status"] == "quarantined"
    for name in letters:
        assert found[f"{name}/letter.txt"]["status"] == "parsed"


def test_what_an_archive_of_a_folder_may_give_does_not_depend_on_what_was_read_before(
    bench: Bench, tmp_path: Path
) -> None:
    bench.limit(ratio_after=MIB, total=2)
    inner = {f"{n}.bin": random.Random(n).randbytes(MIB // 2) for n in range(6)}
    files = {
        "a.zip": zipped({"b.zip": zipped(inner)}),
        "z.bin": b"".join(n.to_bytes(4, "big") for n in range(MIB)),
    }
    bench.ingest(put(tmp_path, files), "--workers", 1)
    assert {row["status"] for path, row in rows(bench).items() if path.startswith("a.zip/b.zip/")} == {
        "unsupported"
    }


def test_bombs_within_one_another_stop_at_the_total(bench: Bench, tmp_path: Path) -> None:
    """As in 42.zip: each layer is harmless by its own ratio, all together are not."""
    bench.limit(ratio_after=2 * MIB)
    data = zipped({f"{n}.bin": bytes(60_000) for n in range(8)})
    for _ in range(4):
        data = zipped({f"{n}.zip": data for n in range(8)})
    bench.ingest(put(tmp_path, {"a.zip": data, "b.txt": b"well\n"}), code=1)
    found = rows(bench)
    reasons = {row["reason"] for row in found.values() if row["status"] == "quarantined"}
    assert reasons
    assert all("come out" in reason or "comes out" in reason for reason in reasons)
    read = sum(row["size"] or 0 for path, row in found.items() if path.startswith("a.zip/"))
    assert read < 50 * MIB
    assert found["b.txt"]["status"] == "parsed"


def test_nested_deeper_than_the_limit_is_said_where_it_stops(bench: Bench, tmp_path: Path) -> None:
    data = b"the core\n"
    for n in range(40):
        data = zipped({f"{n}.zip" if n else "core.txt": data})
    bench.ingest(put(tmp_path, {"a.zip": data, "b.txt": b"well\n"}), code=1)
    found = rows(bench)
    stopped = [row for row in found.values() if row["reason"] == "nested more than 32 deep"]
    assert len(stopped) == 1
    assert stopped[0]["status"] == "quarantined"
    assert stopped[0]["path"].count("/") == 31
    assert found["b.txt"]["status"] == "parsed"


def test_forty_deep_is_read_with_another_limit(bench: Bench, tmp_path: Path) -> None:
    bench.limit(depth=64)
    data = b"the core\n"
    for n in range(40):
        data = zipped({f"{n}.zip" if n else "core.txt": data})
    bench.ingest(put(tmp_path, {"a.zip": data}))
    core = next(row for path, row in rows(bench).items() if path.endswith("core.txt"))
    assert core["sha256"] == sha256(b"the core\n")


def test_a_disk_that_holds_itself_ends(bench: Bench, tmp_path: Path) -> None:
    """A QCOW2 image whose guest clusters are those of its own file: its disk begins with the very image."""
    image = tmp_path / "self.qcow2"
    image.write_bytes(itself())
    bench.ingest(image, code=1)
    (row,) = bench.items()
    assert (row["status"], row["mime"]) == ("unsupported", "application/x-qemu-disk")
    assert row["reason"]


def itself() -> bytes:
    """Return a QCOW2 image (version 2) of four clusters that maps each guest cluster to the same place in the file.

    Source: QEMU, docs/interop/qcow2.txt, sections "Header" and "Cluster mapping".
    """
    cluster = 1 << 16
    header = struct.pack(
        ">4sIQIIQIIQQIIQ", b"QFI\xfb", 2, 0, 0, 16, 4 * cluster, 0, 1, cluster, 2 * cluster, 1, 0, 0
    )
    level1 = struct.pack(">Q", (3 * cluster) | 1 << 63)
    level2 = b"".join(struct.pack(">Q", (n * cluster) | 1 << 63) for n in range(4))
    parts = (header, level1, bytes(8), level2)
    return b"".join(part.ljust(cluster, b"\0") for part in parts)


def hollow_tar(size: int) -> bytes:
    """Return a tar of one member that is ``size`` bytes of hole but for 16 behind them (pax, sparse 1.0), and a text."""
    sparse = {"major": "1", "minor": "0", "name": "hollow.bin", "realsize": str(size + 16)}
    member = tarfile.TarInfo("hollow")
    member.pax_headers = {f"GNU.sparse.{key}": value for key, value in sparse.items()}
    stored = f"1\n{size}\n16\n".encode().ljust(512, b"\0") + b"words in the hole"[:16]
    member.size, after = len(stored), tarfile.TarInfo("after.txt")
    after.size = 8
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(member, io.BytesIO(stored))
        tar.addfile(after, io.BytesIO(b"schedule"))
    return made.getvalue()


def test_holes_within_a_small_container_end_and_what_lies_beside_is_read(
    bench: Bench, tmp_path: Path
) -> None:
    tar = hollow_tar(1 << 62)
    files = {"a.tar": tar, "b.zip": zipped({"c.tar": tar}), "d.txt": b"schedule", "e.tar": hollow_tar(MIB)}
    bench.ingest(put(tmp_path, files), code=1)
    found = rows(bench)
    for path in ("a.tar/hollow.bin", "b.zip/c.tar/hollow.bin"):
        assert found[path]["status"] == "quarantined"
        assert f"{(1 << 62) + 16} bytes" in found[path]["reason"]
    assert all(found[f"{path}/after.txt"]["status"] == "parsed" for path in ("a.tar", "b.zip/c.tar"))
    assert found["d.txt"]["status"] == "parsed"
    assert found["e.tar/hollow.bin"]["size"] == MIB + 16
    assert found["e.tar/hollow.bin"]["sha256"] == sha256(bytes(MIB) + b"words in the hol")


def encrypted_zip() -> bytes:
    """Return a zip whose member is said to be encrypted (APPNOTE 4.4.4, bit 0)."""
    data = bytearray(zipped({"secret.txt": b"not to be read without its key\n"}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        central = data.index(b"PK\x01\x02")
        local = archive.infolist()[0].header_offset
    data[local + 6] |= 1
    data[central + 8] |= 1
    begin = local + 30 + len("secret.txt")
    data[begin : begin + 12] = bytes(each ^ 0x5A for each in data[begin : begin + 12])  # no plain bytes
    return bytes(data)


def test_encrypted_members_are_said_to_be_and_the_run_is_complete(bench: Bench, tmp_path: Path) -> None:
    bench.ingest(put(tmp_path, {"a.zip": encrypted_zip(), "b.txt": b"well\n"}))
    found = rows(bench)
    assert (found["a.zip/secret.txt"]["status"], found["a.zip/secret.txt"]["sha256"]) == ("encrypted", None)
    assert found["a.zip/secret.txt"]["reason"]
    assert bench.status()["failed"] == 1


def test_a_member_larger_than_is_held_gets_a_pack_of_its_own_and_is_read(
    bench: Bench, tmp_path: Path
) -> None:
    bench.limit(held=8 * MIB, text=16 * MIB)
    large_member(bench, tmp_path, 40_000_000)


@pytest.mark.soak
def test_a_member_of_300_mb_gets_a_pack_of_its_own_and_is_read(bench: Bench, tmp_path: Path) -> None:
    large_member(bench, tmp_path, 300_000_000)


def large_member(bench: Bench, tmp_path: Path, least: int) -> None:
    block = b"".join(sha256(bytes([n % 256, n // 256])).encode() for n in range(500))
    total, huge = hashlib.sha256(), tmp_path / "huge.txt"
    with huge.open("wb") as file:
        for _ in range(least // len(block)):
            file.write(block)
            total.update(block)
    archive = tmp_path / "big.tar.gz"
    with tarfile.open(archive, "w:gz", compresslevel=1) as made:
        for name in ("before.txt", "huge.txt", "after.txt"):
            (tmp_path / name).touch()
            made.add(tmp_path / name, name)
    size = huge.stat().st_size
    huge.unlink()
    bench.ingest(archive, code=1)  # not all of the text was read, which is a loss
    found = {row["path"].rpartition("/")[2]: row for row in bench.items()}
    assert (found["huge.txt"]["size"], found["huge.txt"]["sha256"]) == (size, total.hexdigest())
    assert found["huge.txt"]["status"] == "parsed"
    assert f"of {size} the first" in found["huge.txt"]["reason"]
    assert {"before.txt", "after.txt"} <= set(found)
    assert len(list((bench.folder / "objects").glob("*.pack"))) >= 2
    assert bench.verify()["ok"]
    assert bench.run("ingest", bench.folder, archive).returncode == 1


def test_a_small_zip_that_holds_much_text_is_read_whole(bench: Bench, tmp_path: Path) -> None:
    """What a worker gathers of one small container is sent in pieces, not held to its end."""
    line = b"".join(sha256(bytes([n])).encode()[:9] + b" " for n in range(40)) + b"\n"
    members = {f"{n}.txt": line * (30 * MIB // len(line)) + b"%d\n" % n for n in range(6)}
    bench.ingest(put(tmp_path, {"a.zip": zipped(members)}))
    found = rows(bench)
    assert sum(row["status"] == "parsed" for path, row in found.items() if path.startswith("a.zip/")) == 6


def test_a_content_of_the_exhibit_above_what_is_held_is_hashed_and_read_whole(
    bench: Bench, tmp_path: Path
) -> None:
    bench.limit(held=8 * MIB)
    data = (b"0123456789abcdef" * 64 + b"\n") * (10 * 1024) + b"meet at the last light\n"
    assert len(data) > 8 * MIB
    bench.ingest(put(tmp_path, {"a.log": data, "a.tar": tarred({"in.log": data})}))
    found = rows(bench)
    for path in ("a.log", "a.tar/in.log"):
        assert (found[path]["sha256"], found[path]["size"]) == (sha256(data), len(data))
        assert found[path]["status"] == "parsed"
        assert not found[path]["reason"]
    assert bench.verify()["ok"]
    assert "text_cut" not in json.dumps(bench.export("issues"))
    assert bench.search('"meet at the last light"')["total"]


def test_several_gzip_members_are_one_content(bench: Bench, tmp_path: Path) -> None:
    bench.ingest(put(tmp_path, {"a.gz": gzip.compress(b"one\n") + gzip.compress(b"two\n")}))
    assert rows(bench)["a.gz/a"]["sha256"] == sha256(b"one\ntwo\n")


@pytest.fixture(scope="module")
def box() -> bytes:
    """A mailbox of 20 MB: 20 messages with an attachment of a megabyte each."""
    line = b"Y29tbW9uIHdvcmRzIG9mIGEgbGV0dGVyIHRoYXQgcmVwZWF0cyBpdHNlbGYgYWdhaW4gYW5kIGFn\r\n"
    made = []
    for n in range(20):
        head = (
            b"From a@kestrel.example Tue Mar  3 10:00:00 2026\nFrom: a@kestrel.example\nSubject: number %d\n"
            % n
        )
        head += b"Date: Tue, 03 Mar 2026 10:00:00 +0000\nMIME-Version: 1.0\n"
        head += (
            b"Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nhello %d\n" % n
        )
        head += (
            b"--x\nContent-Type: application/octet-stream; name=a.bin\nContent-Transfer-Encoding: base64\n"
        )
        head += b"Content-Disposition: attachment; filename=a.bin\n\n"
        made.append(head + line.replace(b"\r\n", b"\n") * (MIB // 77) + b"--x--\n\n")
    return b"".join(made)


def test_containers_larger_than_a_worker_holds_are_opened_wherever_they_lie(
    bench: Bench, tmp_path: Path, box: bytes
) -> None:
    """On the disk of a server the mailbox and the backup are the large files."""
    bench.limit(held=16 * MIB)
    part = box[: box.rindex(b"From a@kestrel.example", 0, 18 * MIB)]
    assert len(part) > 16 * MIB
    source = put(tmp_path, {"box.mbox": box, "a.tar": tarred({"in/box.mbox": part, "z.txt": b"last\n"})})
    bench.ingest(source, "--workers", 2)
    found = rows(bench)
    assert sum(row["kind"] == "message" and path.startswith("box.mbox/") for path, row in found.items()) == 20
    assert found["a.tar/z.txt"]["status"] == "parsed"
    nested = [
        path
        for path, row in found.items()
        if path.startswith("a.tar/in/box.mbox/") and row["kind"] == "message"
    ]
    assert len(nested) == part.count(b"From a@kestrel.example ")
    assert bench.search("subject OR hello")["total"] >= 20
    balanced(bench.items(), bench.status())
    assert bench.verify()["ok"]


def test_a_large_container_that_was_unpacked_is_opened_as_well(
    bench: Bench, tmp_path: Path, box: bytes
) -> None:
    bench.limit(held=16 * MIB)
    bench.ingest(put(tmp_path, {"box.mbox.gz": gzip.compress(box, 1)}))
    found = rows(bench)
    assert sum(row["kind"] == "message" for row in found.values()) == 20
