"""A folder as an exhibit: every entry has exactly one row, whatever it is and whatever becomes of it."""

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
from pathlib import Path

import msgspec
import pytest

from actionday.model.loss import Loss
from actionday.pipeline import attributes
from actionday.pipeline.folder import Folder
from actionday.pipeline.messages import Located
from case_tools import COMMAND, Bench, balanced, sentences, sha256, until


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    return folder


def walked(folder: Path) -> list[bytes]:
    """Return every path below a folder, as find(1) has them."""
    root = os.fsencode(folder)
    done = subprocess.run(
        ["find", root, "-mindepth", "1", "-printf", "%P\\0"], capture_output=True, check=True
    )
    return sorted(done.stdout.split(b"\0")[:-1])


def listed(bench: Bench) -> list[bytes]:
    rows = [row for row in bench.items() if row["parent"] is not None]
    return sorted(bytes.fromhex(row["path_raw"]) if row["path_raw"] else row["path"].encode() for row in rows)


def test_every_entry_has_exactly_one_row_and_the_balance_is_theirs(bench: Bench, source: Path) -> None:
    for n in range(12):
        path = source / f"{n % 3}" / f"{n}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(sentences(3, n))
    (source / "empty").touch()
    (source / "hollow").mkdir()
    (source / "link").symlink_to("0")
    (source / "dead").symlink_to("nowhere")
    os.mkfifo(source / "pipe")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(source / "door"))
    bench.ingest(source)
    items = bench.items()
    assert listed(bench) == walked(source)
    balanced(items, bench.status())
    told = {row["path"]: (row["kind"], row["status"], row["reason"]) for row in items}
    assert told["empty"] == ("file", "empty", None)
    assert told["hollow"] == ("directory", "parsed", None)
    assert told["link"] == ("symlink", "unsupported", "symbolic link: not followed")
    assert told["dead"][:2] == ("symlink", "unsupported")
    assert told["pipe"] == ("special", "unsupported", "FIFO: never opened")
    assert told["door"] == ("special", "unsupported", "socket: never opened")


@pytest.mark.skipif(os.geteuid() != 0, reason="makes device nodes: needs root")
def test_devices_are_items_and_never_opened(bench: Bench, source: Path) -> None:
    try:
        os.mknod(source / "disk", stat.S_IFBLK | 0o600, os.makedev(7, 250))
        os.mknod(source / "tape", stat.S_IFCHR | 0o600, os.makedev(9, 250))
    except PermissionError:
        pytest.skip("no device nodes may be made here")
    bench.ingest(source)
    told = {row["path"]: (row["kind"], row["status"], row["reason"]) for row in bench.items()}
    assert told["disk"] == ("special", "unsupported", "block device: never opened")
    assert told["tape"] == ("special", "unsupported", "character device: never opened")


NAMES = [
    b"caf\xe9.txt",
    b"\xff\xfe",
    b"hex:636166e9",
    b"two\nlines",
    b"  spaces  ",
    b"quote\"'\\back",
    "إذاعة.txt".encode(),
    "a\u202egnp.exe".encode(),
    b"..name",
    b"...",
    b"-rf",
    b"\x01\x1b[31m",
    b"x" * 255,
    b"\\xe9",
]


def test_names_are_kept_whatever_bytes_they_are(bench: Bench, source: Path) -> None:
    root = os.fsencode(source)
    for n, name in enumerate(NAMES):
        with open(os.path.join(root, name), "wb") as file:
            file.write(b"content %d\n" % n)
    (source / "caf\\xe9.txt").write_text("one that is written as another is shown\n")
    bench.ingest(source)
    assert listed(bench) == walked(source)
    rows = {row["path"]: row for row in bench.items()}
    shown = [row for row in bench.items() if row["path"] == "caf\\xe9.txt"]
    assert len(shown) == 2
    assert {row["path_raw"] for row in shown} == {None, b"caf\xe9.txt".hex()}
    assert rows["two\nlines"]["sha256"] == sha256(b"content 3\n")
    assert len({row["id"] for row in bench.items()}) == len(NAMES) + 2
    assert bench.verify()["ok"]


def test_what_may_not_be_read_is_named(bench: Bench, source: Path) -> None:
    (source / "closed").mkdir()
    (source / "closed" / "inside.txt").write_text("not seen\n")
    (source / "secret.txt").write_text("not seen\n")
    (source / "open.txt").write_text("seen\n")
    (source / "names").mkdir()
    (source / "names" / "alone.txt").write_text("not seen\n")
    (source / "secret.txt").chmod(0)
    (source / "closed").chmod(0)
    (source / "names").chmod(0o400)
    try:
        done = subprocess.run(
            [*without_privilege(), *COMMAND, "ingest", str(bench.folder), str(source)],
            capture_output=True,
            text=True,
            check=False,
        )
        rows = {row["path"]: row for row in bench.items()}
        found = bench.search("not")
        printed = bench.run("search", bench.folder, "not").stdout
    finally:
        (source / "closed").chmod(0o700)
        (source / "names").chmod(0o700)
    assert done.returncode == 1, done.stderr
    assert rows["secret.txt"]["status"] == "unreadable", rows
    refused = ("closed", "names/alone.txt", "secret.txt")
    said = "the account that took it in may not read it (Permission denied)"
    assert {(rows[name]["status"], rows[name]["reason"]) for name in refused} == {("unreadable", said)}
    assert rows["open.txt"]["status"] == "parsed"
    issues = {row["path"]: (row["code"], row["reason"]) for row in bench.export("issues")}
    assert issues == dict.fromkeys(refused, ("access_refused", said))
    assert (found["total"], found["unsearched"], found["unlisted"]) == (0, {"unreadable": 2}, 1)
    assert "1 folder or volume could not be listed, or not to the end: what else is in it" in printed
    (source / "closed").chmod(0)
    (source / "names").chmod(0o400)
    try:
        proof = bench.run("verify", bench.folder).stdout.replace("\n    ", " ")
    finally:
        (source / "closed").chmod(0o700)
        (source / "names").chmod(0o700)
    have = "folder, 1 of 3 files has a SHA-256, each of them holds; 2 could not be read\n"
    assert f"holds: {source.name}: {source}: {have}" in proof
    for name in refused:
        apart = ", not counted" if name == "closed" else ""
        assert f"not read{apart}: {source.name}: {name}: unreadable: {said}" in proof


def without_privilege() -> list[str]:
    """Return what comes before a command so that modes hold for root as well."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root reads all, and setpriv is not here to give that up")
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


def test_a_case_is_no_evidence_of_its_own_in_neither_direction(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("a note\n")
    bench = Bench(tmp_path / "case")
    (bench.folder / "evidence").mkdir()
    (bench.folder / "evidence" / "note.txt").write_text("a note\n")
    (tmp_path / "door").symlink_to(bench.folder)
    for source in (
        tmp_path,
        bench.folder,
        tmp_path / "door",
        bench.folder / "case.db",
        bench.folder / "evidence",
        tmp_path / "door" / "evidence" / "note.txt",
    ):
        refused = bench.ingest(source, code=2)
        assert "the case" in refused.stderr
    assert bench.items() == []
    assert "exhibit.acquired" not in {row["action"] for row in bench.export("ledger")}


def held(bench: Bench, source: Path, change: "dict[str, object]") -> None:
    """Ingest while files change: stopped before the first is read, then let go on."""
    process = bench.begin("ingest", bench.folder, source, "--workers", 1)
    until(lambda: (bench.folder / "lock").exists() and (bench.folder / "lock").stat().st_size)
    process.send_signal(signal.SIGSTOP)
    for name, new in change.items():
        path = source / name
        path.unlink() if new is None else path.write_bytes(new)  # type: ignore[arg-type]
    process.send_signal(signal.SIGCONT)
    process.communicate()


def test_files_that_change_while_they_are_read_have_one_row_each(bench: Bench, source: Path) -> None:
    """Whether the change comes before, between or after depends on the moment; that nothing is lost does not."""
    for n in range(60):
        (source / f"{n:02}.txt").write_text(sentences(40, n))
    change: dict[str, object] = {f"{n:02}.txt": None for n in range(0, 20)}
    change |= {f"{n:02}.txt": b"short" for n in range(20, 40)}
    change |= {f"{n:02}.txt": b"longer than it was\n" * 4000 for n in range(40, 60)}
    held(bench, source, change)
    rows = [row for row in bench.items() if row["parent"]]
    assert len({row["path"] for row in rows}) == len(rows)
    assert {f"{n:02}.txt" for n in range(20, 60)} <= {row["path"] for row in rows}
    assert all(row["status"] in ("parsed", "unreadable") for row in rows)
    assert all(row["reason"] for row in rows if row["status"] == "unreadable")
    balanced(bench.items(), bench.status())


def test_a_file_that_shrinks_or_vanishes_after_it_was_listed_is_unreadable(
    bench: Bench, source: Path
) -> None:
    (source / "a.txt").write_bytes(b"x" * 1000)
    (source / "b.txt").write_bytes(b"y" * 1000)
    (source / "c.txt").write_bytes(b"well\n")
    script = source.parent / "meddling.py"
    script.write_text(MEDDLING)
    import sys

    command = [sys.executable, str(script), str(source), "ingest", str(bench.folder), str(source)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    rows = {row["path"]: row for row in bench.items()}
    assert rows["a.txt"]["status"] == "unreadable"
    assert "ends before its declared size" in rows["a.txt"]["reason"]
    assert rows["b.txt"]["status"] == "unreadable"
    assert "No such file" in rows["b.txt"]["reason"]
    assert rows["c.txt"]["status"] == "parsed"
    assert {"a.txt", "b.txt"} <= {row["path"] for row in bench.export("issues")}


MEDDLING = """
import sys
from pathlib import Path
from actionday.app.cli.main import main
from actionday.pipeline import queueing

source, real = Path(sys.argv[1]), queueing.batches

def changed(items, size):
    for batch in real(items, size):  # everything is listed, nothing is read
        (source / "a.txt").write_bytes(b"x" * 10)
        (source / "b.txt").unlink(missing_ok=True)
        yield batch

queueing.batches = changed
main(sys.argv[2:])
"""


def test_a_folder_that_vanishes_while_listed_says_so(bench: Bench, source: Path) -> None:
    from actionday.pipeline.folder import Folder

    for name in ("a", "b"):
        (source / name).mkdir()
        (source / name / "inside.txt").write_text("inside\n")
    found = []
    for each in Folder(source).items():
        found.append(each)
        if each.name == "a":
            (source / "b" / "inside.txt").unlink()
            (source / "b").rmdir()
    named = {each.name: each for each in found}
    assert named["b"].status == "unreadable"
    assert "No such file" in named["b"].reason
    assert "a/inside.txt" in named


def test_a_large_hole_is_read_at_the_price_of_its_data(bench: Bench, source: Path) -> None:
    with (source / "sparse.bin").open("wb") as file:
        file.write(b"begin")
        file.truncate(256 << 20)
    bench.ingest(source)
    row = bench.item("sparse.bin")
    assert row["size"] == 256 << 20
    assert row["status"] == "unsupported"


@pytest.mark.soak
def test_a_hundred_gigabytes_of_hole_do_not_stop_the_run(bench: Bench, source: Path) -> None:
    with (source / "sparse.bin").open("wb") as file:
        file.truncate(100 << 30)
    (source / "z.txt").write_text("after it\n")
    bench.ingest(source, code=1)
    row = bench.item("sparse.bin")
    assert (row["size"], row["status"]) == (100 << 30, "quarantined")
    assert "bytes of holes" in row["reason"]
    assert bench.item("z.txt")["status"] == "parsed"


def test_an_ingest_again_finds_nothing_new_and_ends_alike(bench: Bench, source: Path) -> None:
    (source / "good.txt").write_text("well\n")
    (source / "bad.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    first = bench.run("ingest", bench.folder, source, "--json")
    before = bench.exports()
    again = bench.run("ingest", bench.folder, source, "--json")
    assert first.returncode == again.returncode == 1
    assert json.loads(first.stdout)["by_status"] == json.loads(again.stdout)["by_status"]
    assert bench.exports() == before
    assert bench.verify()["ok"]


def test_folders_deeper_than_the_kernel_takes_a_path_are_listed_and_read(bench: Bench, source: Path) -> None:
    """120 names of 60 bytes make a path of 7,320: the kernel takes 4,096 at once."""
    at = os.open(source, os.O_RDONLY | os.O_DIRECTORY)
    for n in range(120):
        name = f"{n:03}".ljust(60, "d")
        os.mkdir(name, dir_fd=at)
        below = os.open(name, os.O_RDONLY | os.O_DIRECTORY, dir_fd=at)
        os.close(at)
        at = below
    with os.fdopen(os.open("bottom.txt", os.O_WRONLY | os.O_CREAT, dir_fd=at), "w") as file:
        file.write("the Kestrel club at the bottom\n")
    os.symlink("bottom.txt", "link", dir_fd=at)
    os.close(at)
    bench.ingest(source)
    items = {row["path"].rpartition("/")[2]: row for row in bench.items()}
    assert len(items) == 1 + 120 + 2
    assert items["bottom.txt"]["status"] == "parsed"
    assert items["link"]["reason"] == "symbolic link: not followed"
    assert bench.search("Kestrel bottom")["total"] == 1
    assert bench.verify()["ok"]


def test_the_case_within_the_folder_is_not_ingested_by_whatever_path(bench: Bench, source: Path) -> None:
    (source / "a.txt").write_text("text\n")
    shutil.move(bench.folder, source / "case")
    (source / "door").symlink_to(source / "case")
    inside = Bench.__new__(Bench)
    inside.folder, inside.env = source / "door", bench.env
    assert "holds the case" in inside.ingest(source, code=2).stderr
    assert "is in the case itself" in inside.ingest(source / "door", code=2).stderr
    assert inside.items() == []


@pytest.mark.parametrize("change", ["added", "changed", "gone"])
def test_a_folder_that_is_no_longer_what_was_acquired_is_refused(change: str, tmp_path: Path) -> None:
    """As an image that changed its size: what came to it is another exhibit, not a silent nothing."""
    folder = tmp_path / "ev"
    folder.mkdir()
    (folder / "a.txt").write_text("one\n")
    (folder / "b.txt").write_text("two\n")
    bench = Bench(tmp_path / "case")
    bench.ingest(folder)
    bench.ingest(folder)
    if change == "added":
        (folder / "c.txt").write_text("second seizure\n")
    elif change == "changed":
        (folder / "a.txt").write_text("other\n")
        os.utime(folder / "a.txt", (1, 1))
    else:
        (folder / "b.txt").unlink()
    done = bench.ingest(folder, code=2)
    assert "not what was acquired" in done.stderr
    assert bench.ingest(folder, "--exhibit", "again").returncode == 0


def marked(path: Path, **attributes: bytes) -> Path:
    """Give a file attributes of the namespace ``user``; skip, visibly, where the disk of the tests keeps none."""
    try:
        for name, value in attributes.items():
            os.setxattr(path, f"user.{name}", value)
    except OSError as error:
        pytest.skip(f"no extended attributes here: {error.strerror}")
    return path


def facts_of_all(folder: Path) -> dict[str, Located]:
    return {each.name: each for each in Folder(folder).items()}


def test_extended_attributes_are_facts_and_searched(bench: Bench, source: Path) -> None:
    (source / "a.txt").write_text("nothing of note\n")
    marked(
        source / "a.txt",
        note="the heron lands at dawn, \u0645\u0641\u062a\u0627\u062d".encode(),
        odd=b"\xff\0x",
    )
    (source / "sub").mkdir()
    marked(source / "sub", folder=b"bittern")
    bench.ingest(source)
    rows = {row["path"]: row for row in bench.items()}
    assert rows["a.txt"]["meta"]["attributes"] == {
        "user.note": "the heron lands at dawn, \u0645\u0641\u062a\u0627\u062d",
        "user.odd": "\\xff\0x",
    }
    assert [hit["path"] for hit in bench.search("heron")["hits"]] == ["a.txt"]
    assert [hit["path"] for hit in bench.search("bittern")["hits"]] == ["sub"]
    marked(source / "a.txt", since=b"came later")
    assert bench.verify()["ok"]
    marked(source / "a.txt", note=b"nothing lands")
    assert bench.verify(code=1)["first"].endswith(
        "a.txt: its extended attribute user.note is another than it was"
    )
    marked(source / "a.txt", note="the heron lands at dawn, \u0645\u0641\u062a\u0627\u062d".encode())
    os.removexattr(source / "sub", "user.folder")
    assert "sub: its extended attribute user.folder is gone" in str(bench.verify()["report"]["remarks"])


@pytest.mark.parametrize("code", ["utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-r"])
def test_what_attributes_say_in_other_codes_is_a_fact_beside_their_bytes(source: Path, code: str) -> None:
    text = "\u0432\u0441\u0442\u0440\u0435\u0447\u0430 \u0437\u0430\u0432\u0442\u0440\u0430"
    (source / "a.txt").write_text("a\n")
    marked(
        source / "a.txt",
        note=text.encode(code),
        latin="Grüße aus Köln".encode("cp1252"),
        key=bytes(range(0x80, 0xC0)),
    )
    meta = msgspec.json.decode(facts_of_all(source)["a.txt"].meta)
    assert meta["attributes_read"] == {"user.note": text, "user.latin": "Grüße aus Köln"}
    assert meta["attributes"]["user.latin"] == "Gr\\xfc\\xdfe aus K\\xf6ln"


def test_links_and_pipes_have_attributes_too(source: Path) -> None:
    (source / "link").symlink_to("nowhere")
    os.mkfifo(source / "pipe")
    try:
        for name in ("link", "pipe"):
            os.setxattr(source / name, "trusted.note", b"bittern", follow_symlinks=False)
    except OSError as error:
        pytest.skip(f"no attributes of links here: {error.strerror}")
    for name in ("link", "pipe"):
        meta = msgspec.json.decode(facts_of_all(source)[name].meta)
        assert meta["attributes"] == {"trusted.note": "bittern"}


def test_attributes_of_a_file_deep_down_are_facts_too(source: Path) -> None:
    (source / "deep.txt").write_text("a\n")
    marked(source / "deep.txt", note=b"n")
    deep = source
    for _ in range(20):
        deep = deep / ("d" * 200)
    at = os.open(source, os.O_RDONLY)
    for part in deep.relative_to(source).parts:
        os.mkdir(part, dir_fd=at)
        below = os.open(part, os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.rename(source / "deep.txt", "deep.txt", dst_dir_fd=at)
    os.close(at)
    (found,) = (each for name, each in facts_of_all(source).items() if name.endswith("deep.txt"))
    assert json.loads(found.meta)["attributes"] == {"user.note": "n"}
    shutil.rmtree(source / ("d" * 200), ignore_errors=True)


def test_attributes_that_are_too_many_are_named_and_a_loss(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "a.txt").write_text("a\n")
    marked(source / "a.txt", first=b"1" * 300, second=b"2" * 300)
    monkeypatch.setattr(attributes, "MOST_BYTES", 400)
    found = facts_of_all(source)["a.txt"]
    assert list(json.loads(found.meta)["attributes"]) == ["user.first"]
    assert [(note.code, "user.second" in note.reason) for note in found.notes] == [(Loss.PARTS_LIMIT, True)]
