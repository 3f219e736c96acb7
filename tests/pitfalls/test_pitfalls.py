"""Pitfalls that go through several rooms, each by its id; the input is made here."""

import gzip
import io
import os
import signal
import subprocess
import tarfile
from pathlib import Path

import pytest
from kill_exhibits import disk, packed, zipped

from case_tools import Bench, needs, sentences, sha256, tool, until

DATA = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[3] / "shared" / "data"))


def rows(bench: Bench) -> dict[str, dict]:
    return {row["path"]: row for row in bench.items()}


@pytest.fixture
def server(tmp_path: Path) -> Path:
    inside = tmp_path / "inside"
    (inside / "etc").mkdir(parents=True)
    for n in range(25):
        (inside / "etc" / f"{n}.conf").write_text(sentences(5, n))
    return disk(inside, tmp_path / "server.img")


@pytest.mark.tools
@needs("mkfs.ext4", "qemu-img")
def test_s08_an_overlay_without_its_base_names_it_and_with_it_gives_the_merged_view(
    bench: Bench, tmp_path: Path, server: Path
) -> None:
    base, top = tmp_path / "base.qcow2", tmp_path / "alone" / "top.qcow2"
    top.parent.mkdir()
    tool("qemu-img", "convert", "-O", "qcow2", server, base)
    tool("qemu-img", "create", "-q", "-u", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", top, "48M")
    bench.ingest(top, "--exhibit", "alone", code=1)
    (alone,) = bench.items()
    assert alone["status"] == "unreadable"
    assert "base.qcow2" in alone["reason"]
    assert any("base.qcow2" in row["reason"] for row in bench.export("issues"))
    beside = top.rename(tmp_path / "top.qcow2")
    bench.ingest(beside, "--exhibit", "beside")
    bench.ingest(base, "--exhibit", "base")
    exhibits = {
        name: {r["path"]: r["sha256"] for r in bench.items() if r["exhibit"] == name and r["path"]}
        for name in ("beside", "base")
    }
    assert exhibits["beside"] == exhibits["base"]
    assert exhibits["base"]["etc/7.conf"] == sha256(sentences(5, 7).encode())
    closed = next(
        r for r in bench.export("ledger") if r["action"] == "exhibit.closed" and r["subject"] == "beside"
    )
    assert [source["path"] for source in closed["details"]["acquisition"]["sources"]] == [
        str(beside),
        str(base),
    ]
    assert all(source["sha256"] for source in closed["details"]["acquisition"]["sources"])


@pytest.mark.tools
@needs("mkfs.ext4", "qemu-img")
def test_s08_overlay_and_base_as_members_of_one_archive_find_one_another(
    bench: Bench, tmp_path: Path, server: Path
) -> None:
    base, top = tmp_path / "base.qcow2", tmp_path / "a-top.qcow2"
    tool("qemu-img", "convert", "-c", "-O", "qcow2", server, base)
    tool("qemu-img", "create", "-q", "-f", "qcow2", "-b", "base.qcow2", "-F", "qcow2", top, "48M")
    archive = tmp_path / "both.tar"
    with tarfile.open(archive, "w") as made:
        for path in (top, base):
            made.add(path, path.name)
    bench.ingest(archive)
    found = rows(bench)
    assert found["a-top.qcow2/etc/7.conf"]["sha256"] == found["base.qcow2/etc/7.conf"]["sha256"]


@pytest.mark.skipif(not (DATA / "archives" / "quine.gz").is_file(), reason=f"no test data at {DATA}")
def test_a02_a_gzip_that_unpacks_to_itself_is_one_item(bench: Bench, tmp_path: Path) -> None:
    quine = (DATA / "archives" / "quine.gz").read_bytes()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "in.gz").write_bytes(quine)
    (tmp_path / "alone.gz").write_bytes(quine)
    bench.ingest(tmp_path / "site", tmp_path / "alone.gz", code=1)
    told = [
        (row["exhibit"], row["path"], row["status"], row["reason"]) for row in bench.items() if row["path"]
    ]
    inner = [row for row in told if row[3] == "contains itself"]
    assert [row[2] for row in inner] == ["quarantined", "quarantined"]
    assert len(told) == 3
    assert inner[1][1].startswith("in.gz/")


def test_a05_links_and_absolute_names_in_an_archive_lead_nowhere(bench: Bench, tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind, target in (
            ("d", tarfile.SYMTYPE, "/etc"),
            ("d/passwd", tarfile.REGTYPE, ""),
            ("hard", tarfile.LNKTYPE, "../../x"),
            ("/absolute/name", tarfile.REGTYPE, ""),
            ("../../up", tarfile.REGTYPE, ""),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, target
            body = b"ours: " + name.encode() if kind == tarfile.REGTYPE else b""
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    path = tmp_path / "a.tar"
    path.write_bytes(made.getvalue())
    before = sorted(os.listdir(tmp_path))
    bench.ingest(path)
    found = rows(bench)
    assert found["d/passwd"]["sha256"] == sha256(b"ours: d/passwd")
    assert found["/absolute/name"]["sha256"] == sha256(b"ours: /absolute/name")
    assert found["../../up"]["sha256"] == sha256(b"ours: ../../up")
    assert (found["d"]["kind"], found["d"]["sha256"]) == ("symlink", None)
    assert "/etc" in str(found["d"]["meta"])
    assert "../../x" in str(found["hard"]["meta"])
    assert sorted(os.listdir(tmp_path)) == before


@pytest.mark.parametrize("seconds", [2**63 - 1, -(2**62), 1_814_002_158_339_000_064])
def test_t08_times_out_of_range_are_null_and_the_item_is_kept(
    bench: Bench, tmp_path: Path, seconds: int
) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("odd.txt")
        info.size, info.mtime = 5, seconds
        archive.addfile(info, io.BytesIO(b"word\n"))
    path = tmp_path / "a.tar"
    path.write_bytes(made.getvalue())
    bench.ingest(path)
    row = rows(bench)["odd.txt"]
    assert (row["mtime"], row["status"], row["sha256"]) == (None, "parsed", sha256(b"word\n"))
    assert str(seconds) in str(row["meta"])


def test_a_path_through_many_kinds_of_container_names_each(bench: Bench, tmp_path: Path) -> None:
    deep = packed({"sys/syslog.gz": gzip.compress(b"a line of the log\n")})
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "logs.zip").write_bytes(zipped({"logs/sys.tgz": deep}))
    bench.ingest(tmp_path / "site")
    found = [path for path, row in rows(bench).items() if row["sha256"] == sha256(b"a line of the log\n")]
    assert found == ["logs.zip/logs/sys.tgz/sys/syslog.gz/syslog"]


def companions(pid: int) -> list[int]:
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            line = Path(f"/proc/{child}/cmdline").read_bytes()
        except OSError:
            continue
        if b"pipeline.companion" in line:
            found.append(int(child))
    return found


@pytest.mark.tools
@needs("mkfs.ext4")
def test_a_file_system_reader_that_dies_is_named_or_replaced_and_the_run_ends(
    bench: Bench, tmp_path: Path
) -> None:
    inside = tmp_path / "inside"
    for n in range(600):
        (inside / f"{n % 20}").mkdir(parents=True, exist_ok=True)
        (inside / f"{n % 20}" / f"{n}.txt").write_text(sentences(2, n))
    image = disk(inside, tmp_path / "server.img")
    process = bench.begin("ingest", bench.folder, image, "--workers", 1)
    until(lambda: companions(process.pid) or process.poll() is not None)
    for pid in companions(process.pid) if process.poll() is None else []:
        os.kill(pid, signal.SIGKILL)
    process.communicate()
    assert process.returncode in (0, 1)
    (top,) = [row for row in bench.items() if row["path"] == ""]
    if process.returncode:
        assert top["status"] in ("unreadable", "quarantined")
        assert top["reason"]
        assert bench.export("issues")
    else:
        assert sum(row["kind"] == "file" for row in bench.items()) >= 600
    assert bench.verify()["ok"]
    assert (
        subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, check=False
        ).stdout
        == b""
    )
