"""What a file manager, a server or a disk leaves in a case's folder makes nothing unusable; it is named, no more."""

import json
import os
from pathlib import Path

from actionday.storage.own_names import strays
from case_tools import actionday

NAMES = (
    "@eaDir",
    ".DS_Store",
    "lost+found",
    "Thumbs.db",
    "desktop.ini",
    ".nfs000000000001",
    ".snapshot",
    "notes.txt",
)
WHERE = ("", "objects", "index")


def littered(case: Path, outside: Path) -> dict[Path, str]:
    """Leave one of each in every folder; return all of them with what tells that they were not touched."""
    outside.mkdir()
    (outside / "precious").write_text("not to be read, not to be removed")
    (outside / "precious").chmod(0o600)  # the mode that the index's own files do not keep
    made = []
    for where in WHERE:
        for name in NAMES:
            path = case / where / name
            if name in ("@eaDir", "lost+found", ".snapshot"):
                path.mkdir()
                (path / "inner").write_text("theirs")
                path.chmod(0)
            else:
                path.write_text("theirs")
                path.chmod(0o600)
            made.append(path)
        for name, target in (
            ("link", outside / "precious"),
            ("way", outside),
            ("dangling", outside / "nowhere"),
        ):
            (case / where / name).symlink_to(target)
            made.append(case / where / name)
        (case / where / "pack-000001 (copy).pack").write_bytes(b"junk")
        (case / where / "pack-1.pack").write_bytes(b"junk")
        os.mkfifo(case / where / "pipe")
        os.link(case / where / "pack-1.pack", case / where / "second name")
        made += [
            case / where / each for each in ("pack-000001 (copy).pack", "pack-1.pack", "pipe", "second name")
        ]
    return {path: told(path) for path in [*made, outside / "precious"]}


def told(path: Path) -> str:
    facts = path.lstat()
    return f"{facts.st_mode} {facts.st_size} {facts.st_mtime_ns} {facts.st_ino}"


def test_strays_are_named_and_nothing_is_unusable(case: Path, tmp_path: Path) -> None:
    before = littered(case, tmp_path / "outside")
    done = actionday("verify", case, "--json", timeout=120)
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"], found["first"]) == (0, True, None), done.stdout + done.stderr
    named = [line for line in found["not_proved"] if "is no part of the case" in line]
    for where in WHERE:
        for name in (*NAMES, "link", "pipe", "pack-1.pack"):
            assert f"{f'{where}/{name}'.lstrip('/')!r} in the case's folder is no part of the case" in str(
                named
            )
    assert "1 item" in actionday("search", case, "kestrel").stdout
    assert actionday("status", case).returncode == 0
    (tmp_path / "more.txt").write_text("the heron is at the weir\n")
    more = actionday("ingest", case, tmp_path / "more.txt", "--workers", 1, timeout=120)
    assert more.returncode == 0, more.stderr
    assert {path: told(path) for path in before} == before
    assert "The case is whole" in actionday("verify", case).stdout


def test_an_index_that_is_made_anew_leaves_strays_where_they_are(case: Path, tmp_path: Path) -> None:
    before = littered(case, tmp_path / "outside")
    (case / "index" / "meta.json").unlink()
    assert "the index" not in actionday("search", case, "kestrel").stdout
    (tmp_path / "more.txt").write_text("the heron is at the weir\n")
    more = actionday("ingest", case, tmp_path / "more.txt", "--workers", 1, timeout=120)
    assert more.returncode == 0, more.stderr
    assert {path: told(path) for path in before} == before
    assert "The case is whole" in actionday("verify", case).stdout


def test_an_index_folder_with_strays_alone_is_a_missing_index(case: Path) -> None:
    for path in (case / "index").iterdir():
        path.unlink()
    (case / "index" / ".DS_Store").write_text("theirs")
    assert "the index is missing" in actionday("verify", case).stdout
    assert list(strays(case)) == ["index/.DS_Store"]


def test_a_case_that_cannot_be_opened_is_unusable_input_to_a_script(case: Path, tmp_path: Path) -> None:
    """No difference was found: nothing was proved at all."""
    (case / "case.db").rename(tmp_path / "case.db")
    (case / "case.db").symlink_to(tmp_path / "case.db")
    done = actionday("verify", case, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert json.loads(done.stderr)["exit_code"] == 2
