"""The truth holds: each exhibit against readers that had no part in making it."""

import hashlib
import subprocess
import tarfile
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sample_forms import Form, need
from sample_readers import attachments, flat, inside, listed, modified, partitions, sleuthkit, tarred, tool
from samples.machine import packed_disks
from warcio.archiveiterator import ArchiveIterator

Items = list[dict[str, Any]]


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def top(items: Items) -> Items:
    """The items that lie in the exhibit itself, not in another item."""
    containers = {f"{item['path']}/" for item in items}
    return [item for item in items if not any(item["path"].startswith(path) for path in containers)]


def must(items: Items, *kinds: str) -> dict[str, str]:
    return {
        item["path"]: item["sha256"] for item in items if item["need"] == "must" and item["kind"] in kinds
    }


def check_entries(items: Items, found: list[tuple[str, str, bytes | None]]) -> None:
    """Every file and link of the truth was found with its content, and no other file."""
    files = {path: data for state, path, data in found if state == "file" and data is not None}
    assert {path: sha(data) for path, data in files.items()} == must(top(items), "file", "member")
    sizes = {item["path"]: item["size"] for item in top(items) if item["kind"] in ("file", "member")}
    assert {path: len(data) for path, data in files.items()} == sizes
    links = {path for state, path, _ in found if state == "link"}
    assert links == {item["path"] for item in items if item["kind"] == "symlink"}
    for path, data in files.items():
        check_inside(items, path, data)


def check_inside(items: Items, path: str, data: bytes) -> None:
    """What lies in a container is what the truth says, all the way down."""
    whole = next(item for item in items if item["path"] == path)
    below = {item["path"]: item for item in items if item["path"].startswith(f"{path}/")}
    if not below or whole.get("issue"):
        return
    if whole["mime"] == "message/rfc822":
        check_letter(items, below, path, data)
        return
    seen = list(inside(path, data))
    assert {f"{path}/{name}" for name, _ in seen} == {
        name for name in below if "/" not in inner(name, path, below)
    }
    for name, content in seen:
        item = below[f"{path}/{name}"]
        if content is None:
            assert item["statuses"] == ["encrypted"]
            continue
        assert sha(content) == item["sha256"], item["path"]
        check_inside(items, item["path"], content)


def inner(name: str, path: str, below: dict[str, Any]) -> str:
    """The rest of a path within its nearest container, empty slashes only where that is deeper."""
    nearest = max((other for other in below if name.startswith(f"{other}/")), key=len, default=path)
    return "deeper/" if nearest != path else name.removeprefix(f"{path}/").replace("/", "_")


def check_letter(items: Items, below: dict[str, Any], path: str, data: bytes) -> None:
    """A letter that is a file holds itself; a message holds its attachments, which may hold more."""
    here = f"{path}/0" if below.get(f"{path}/0", {}).get("kind") == "message" else path
    attached = {f"{here}/{name}": content for name, content in attachments(data).items()}
    expected = {name: item["sha256"] for name, item in below.items() if item["kind"] == "attachment"}
    assert {name: sha(content) for name, content in attached.items()} == expected
    assert all(item["sha256"] == sha(data) for item in below.values() if item["kind"] == "message")
    for name, content in attached.items():
        check_inside(items, name, content)


def deleted(found: list[tuple[str, str, bytes | None]]) -> list[str]:
    return [path for state, path, _ in found if state == "deleted"]


def under(items: Items, part: str) -> Items:
    return [
        item | {"path": item["path"].removeprefix(part)} for item in items if item["path"].startswith(part)
    ]


@pytest.mark.tools
def test_the_web_servers_disk_has_two_partitions_as_sleuthkit_reads_them(form: Form) -> None:
    need("mmls", "fls", "icat")
    (disk,) = form.sources("S-01")
    boot, root = partitions(disk)
    items = form.items("S-01")
    check_entries(under(items, "p1/"), list(sleuthkit(disk, boot)))
    found = list(sleuthkit(disk, root))
    check_entries(under(items, "p2/"), found)
    assert "var/www/draft-notice.txt" in deleted(found)


@pytest.mark.tools
def test_a_name_in_an_old_encoding_is_kept_as_bytes(form: Form) -> None:
    need("mmls", "fls", "icat")
    (disk,) = form.sources("S-01")
    named = next(item for item in form.items("S-01") if "raw" in item)
    assert bytes.fromhex(named["raw"]) in tool("fls", "-r", "-p", "-o", str(partitions(disk)[1]), disk)
    assert named["path"].endswith(r"\xef\xe8\xf1\xfc\xec\xee.txt")


@pytest.mark.tools
def test_the_file_with_holes_takes_less_room_than_its_size(form: Form, tmp_path: Path) -> None:
    need("mmls", "debugfs")
    (disk,) = form.sources("S-01")
    image = tmp_path / "p2"
    image.write_bytes(disk.read_bytes()[partitions(disk)[1] * 512 :])
    stat = tool("debugfs", "-R", "stat var/spool/buffer.bin", image).decode()
    blocks = int(stat.split("Blockcount:")[1].split()[0])
    assert blocks * 512 < next(i["size"] for i in form.items("S-01") if i["path"].endswith("buffer.bin")) // 2


@pytest.mark.tools
def test_the_radio_servers_segments_give_one_file_system(form: Form, tmp_path: Path) -> None:
    need("ewfexport", "ewfverify", "fls")
    sources = form.sources("S-02")
    assert [path.suffix for path in sources] == [f".E{number:02d}" for number in range(1, len(sources) + 1)]
    assert len(sources) >= 3
    assert b"SUCCESS" in tool("ewfverify", "-q", "-d", "sha1", sources[0])
    check_entries(form.items("S-02"), list(sleuthkit(flat(sources[0], tmp_path))))


@pytest.mark.tools
def test_the_mail_servers_xfs_is_read_by_a_second_implementation(form: Form, tmp_path: Path) -> None:
    need("qemu-img")
    xfs = pytest.importorskip("dissect.xfs.xfs")
    (source,) = form.sources("S-03")
    found: list[tuple[str, str, bytes | None]] = []
    with flat(source, tmp_path).open("rb") as stream:
        walk(xfs.XFS(stream).root, "", found)
        check_entries(form.items("S-03"), found)


def walk(folder: Any, path: str, found: list[tuple[str, str, bytes | None]]) -> None:
    for name, node in folder.listdir().items():
        if name in (".", ".."):
            continue
        if node.filetype == 0o040000:
            walk(node, f"{path}{name}/", found)
        else:
            found.append(("file", f"{path}{name}", node.open().read()))


@pytest.mark.tools
def test_the_news_desks_ntfs_holds_its_documents_and_one_stream(form: Form, tmp_path: Path) -> None:
    need("qemu-img", "fls")
    (source,) = form.sources("S-04")
    found = list(sleuthkit(flat(source, tmp_path)))
    streams = {item["path"]: item["sha256"] for item in form.items("S-04") if item["kind"] == "stream"}
    assert {path: sha(data or b"") for _, path, data in found if ":" in path} == streams != {}
    check_entries(form.items("S-04"), [row for row in found if ":" not in row[1]])


@pytest.mark.tools
def test_the_stick_holds_its_files_and_names_the_deleted_one(form: Form) -> None:
    need("fls", "icat")
    found = list(sleuthkit(form.sources("S-05")[0]))
    check_entries(form.items("S-05"), found)
    assert "old notice.txt" in deleted(found)


@pytest.mark.tools
def test_the_disc_holds_its_files_under_their_long_names(form: Form) -> None:
    need("7zz")
    (source,) = form.sources("S-06")
    names = tool("7zz", "l", "-ba", "-slt", source).decode().split("Path = ")[1:]
    files = [name.split("\n")[0] for name in names if "Folder = -" in name]
    check_entries(
        form.items("S-06"), [("file", name, tool("7zz", "x", "-so", source, name)) for name in files]
    )


def written(items: Items) -> dict[str, int]:
    """When the items were last written, in seconds of the epoch."""
    return {
        item["path"]: int(datetime.fromisoformat(item["mtime"]).timestamp())
        for item in items
        if "mtime" in item and item["kind"] in ("file", "member")
    }


@pytest.mark.parametrize("name", ["S-07", "S-12"])
def test_members_of_a_tar_keep_the_time_they_were_written(form: Form, name: str) -> None:
    with tarfile.open(form.sources(name)[0]) as archive:
        times = {info.name: int(info.mtime) for info in archive if info.isfile()}
    assert times == written(form.items(name))
    assert len({moment // 31_556_952 for moment in times.values()}) >= 3, "over several years"


@pytest.mark.tools
@pytest.mark.parametrize(("name", "part"), [("S-01", 1), ("S-02", None), ("S-05", None), ("S-08", 0)])
def test_files_in_images_keep_the_time_they_were_written(
    form: Form, name: str, part: int | None, tmp_path: Path
) -> None:
    need("fls", "ewfexport", "qemu-img")
    raw = flat(form.sources(name)[0], tmp_path)
    prefix = "" if part is None else f"p{part + 1}/"
    told = modified(raw, 0 if part is None else partitions(raw)[part])
    expected = written(under(form.items(name), prefix))
    assert {path: told.get(path) for path in expected} == expected


@pytest.mark.tools
@pytest.mark.parametrize("name", ["S-06", "S-09"])
def test_7zip_tells_the_time_of_files_on_the_disc_and_in_its_archive(form: Form, name: str) -> None:
    need("7zz")
    told = listed(form.sources(name)[0])
    assert {path: told[path] for path in written(form.items(name))} == written(form.items(name))


def test_the_backup_is_read_by_python_down_to_the_messages_in_the_zip(form: Form) -> None:
    (source,) = form.sources("S-07")
    check_entries(form.items("S-07"), list(tarred(source)))
    kinds = Counter(
        item["kind"] for item in form.items("S-07") if item["path"].startswith("mail/archive.zip/")
    )
    assert kinds == {"member": 2, "message": 5, "attachment": 1}


def test_the_backup_holds_an_encrypted_member_a_cut_file_and_names_that_mean_harm(form: Form) -> None:
    items = {item["path"]: item for item in form.items("S-07")}
    assert items["private.zip/locked.txt"]["statuses"] == ["encrypted"]
    assert items["latest"]["target"].startswith("site/")
    names = {name: content for _, name, content in tarred(form.sources("S-07")[0])}
    assert {"../outside.txt", "/srv/absolute.txt", "notes/walk\u202egnp.txt"} <= names.keys()
    cut = next(item for item in items.values() if item.get("issue"))
    with pytest.raises(EOFError):
        list(inside(cut["path"], names[cut["path"]] or b""))


@pytest.mark.tools
def test_the_encrypted_member_opens_with_its_password_and_no_other(form: Form, tmp_path: Path) -> None:
    need("7zz")
    archive = tmp_path / "private.zip"
    archive.write_bytes(
        next(data for _, name, data in tarred(form.sources("S-07")[0]) if name == "private.zip") or b""
    )
    item = next(item for item in form.items("S-07") if item["path"] == "private.zip/locked.txt")
    assert sha(tool("7zz", "x", "-so", "-pwindhover", archive, "locked.txt")) == item["sha256"]
    with pytest.raises(subprocess.CalledProcessError):
        tool("7zz", "x", "-so", "-pmerlin", archive, "locked.txt")


@pytest.mark.tools
def test_the_database_servers_disk_has_one_file_system_and_one_partition_without(
    form: Form, tmp_path: Path
) -> None:
    need("qemu-img", "mmls", "fls")
    raw = flat(form.sources("S-08")[0], tmp_path)
    root, swap = partitions(raw)
    check_entries(under(form.items("S-08"), "p1/"), list(sleuthkit(raw, root)))
    assert not any(raw.read_bytes()[swap * 512 :])


@pytest.mark.tools
def test_the_chat_archive_is_read_by_its_own_program(form: Form, tmp_path: Path) -> None:
    need("7zz")
    tool("7zz", "x", f"-o{tmp_path}", form.sources("S-09")[0])
    paths = [path for path in tmp_path.rglob("*") if path.is_file()]
    found = [("file", path.relative_to(tmp_path).as_posix(), path.read_bytes()) for path in paths]
    check_entries(form.items("S-09"), found)


def test_the_web_archive_is_read_by_warcio_with_every_digest_right(form: Form) -> None:
    (source,) = form.sources("S-10")
    rows = Counter[tuple[str, str, str]]()
    with source.open("rb") as stream:
        for record in ArchiveIterator(stream, check_digests="raise"):
            uri, body = record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read()
            if record.rec_type in ("response", "revisit"):
                rows[record.rec_type, uri, sha(body)] += 1
    names = {"record": "response", "revisit": "revisit"}
    asked = [item for item in form.items("S-10") if item["need"] != "may"]
    assert rows == Counter((names[item["kind"]], item["path"], item["sha256"]) for item in asked)
    assert sum(kind == "revisit" for kind, _, _ in rows) == 1


def test_the_web_archive_holds_chunked_and_compressed_bodies(form: Form) -> None:
    with form.sources("S-10")[0].open("rb") as stream:
        raw = [
            r.raw_stream.read()
            for r in ArchiveIterator(stream, no_record_parse=True)
            if r.rec_type == "response"
        ]
    heads = Counter(
        (b"Transfer-Encoding: chunked" in block, b"Content-Encoding: gzip" in block) for block in raw
    )
    assert len(heads) == 4, "plain, chunked, compressed and both"


def test_the_log_servers_folder_holds_plain_and_compressed_logs(form: Form) -> None:
    (folder,) = form.sources("S-11")
    paths = [path for path in folder.rglob("*") if path.is_file()]
    check_entries(
        form.items("S-11"),
        [("file", path.relative_to(folder).as_posix(), path.read_bytes()) for path in paths],
    )
    assert {path.suffix for path in paths} >= {".log", ".gz", ".bz2", ".xz"}


def test_the_administrators_archive_is_read_by_python(form: Form) -> None:
    check_entries(form.items("S-12"), list(tarred(form.sources("S-12")[0])))


def test_the_sums_are_those_of_the_files(form: Form) -> None:
    lines = (form.folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    files = {p.relative_to(form.folder).as_posix(): p for p in form.folder.rglob("*") if p.is_file()}
    assert listed == {name: sha(path.read_bytes()) for name, path in files.items() if name != "SHA256SUMS"}


def test_the_committed_form_is_small(small: Form) -> None:
    assert sum(path.stat().st_size for path in small.folder.rglob("*")) <= 8 << 20


def test_a_flipped_byte_is_noticed(small: Form, tmp_path: Path) -> None:
    """The checks above can fail: a changed log line is a difference."""
    (source,) = small.sources("S-12")
    found = [
        (state, name, (data or b"") + b"!" if name.endswith("hosts.ini") else data)
        for state, name, data in tarred(source)
    ]
    with pytest.raises(AssertionError):
        check_entries(small.items("S-12"), found)


@pytest.mark.tools
def test_the_file_servers_folder_holds_the_disks_of_an_array_but_one(form: Form, tmp_path: Path) -> None:
    need("qemu-img")
    (folder,) = form.sources("S-13")
    told = packed_disks.truth("md_raid5")
    sums = {sha(flat(path, tmp_path).read_bytes()) for path in folder.iterdir()}
    disks = {name: disk["sha256"] for name, disk in told["disks"].items()}
    assert sums == {disks["disk0.raw"], disks["disk2.raw"]}
    (tree,) = told["trees"].values()
    kernel = {row["path"]: row["sha256"] for row in tree if row["kind"] == "file"}
    assert {item["path"].removeprefix("array/"): item["sha256"] for item in form.items("S-13")} == kernel


@pytest.mark.tools
def test_the_vault_opens_with_its_passphrases_and_no_other(form: Form, tmp_path: Path) -> None:
    need("qemu-img", "cryptsetup")
    (source,) = form.sources("S-14")
    raw = flat(source, tmp_path)
    for words in ("kestrel at noon", "falcon at dusk"):
        key = tmp_path / "key"
        key.write_text(words)
        tool("cryptsetup", "luksOpen", "--test-passphrase", "--key-file", key, raw)
    key.write_text("kestrel at dusk")
    with pytest.raises(subprocess.CalledProcessError):
        tool("cryptsetup", "luksOpen", "--test-passphrase", "--key-file", key, raw)
    (tree,) = packed_disks.truth("luks2")["trees"].values()
    kernel = {row["path"]: row["sha256"] for row in tree if row["kind"] == "file"}
    assert {item["path"].removeprefix("volume/"): item["sha256"] for item in form.items("S-14")} == kernel
