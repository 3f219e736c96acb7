"""Whoever may read a case's database may read all of it; what an account may not read is no difference."""

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest

from actionday.storage.index import Document, Index
from case_tools import COMMAND, Bench, Done, actionday, needs, sentences

ALONE = ("setpriv", "--bounding-set=-all", "--inh-caps=-all")
"""The administrator without the right to read everything."""
COMMANDS = {
    "verify": ("verify",),
    "search": ("search", "kestrel"),
    "status": ("status",),
    "export": ("export", "texts"),
    "serve": ("serve", "--port", "0"),
}
READS = [
    ("index/meta.json", "verify"),
    ("index/meta.json", "search"),
    ("index/.managed.json", "verify"),
    ("objects/pack-000001.pack", "verify"),
    ("objects/pack-000001.pack", "search"),
    ("objects/pack-000001.pack", "export"),
    ("objects", "verify"),
    ("index", "status"),
    ("lock", "status"),
    ("lock", "export"),
    ("case.db", "verify"),
    ("case.db", "search"),
    ("case.db", "serve"),
]


def as_anybody(*words: object) -> Done:
    """Run the command without the right of the administrator to read everything."""
    before = ALONE if os.geteuid() == 0 else ()
    return subprocess.run(
        [*before, *COMMAND, *map(str, words)], capture_output=True, text=True, timeout=60, check=False
    )


def modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize(("umask", "mode"), [(0o022, "0o644"), (0o027, "0o640"), (0o077, "0o600")])
def test_every_file_of_a_case_has_the_mode_that_the_umask_gives(
    tmp_path: Path, umask: int, mode: str
) -> None:
    (tmp_path / "note.txt").write_text(sentences(20, 2))
    before = os.umask(umask)
    try:
        bench = Bench(tmp_path / "case")
        bench.ingest(tmp_path / "note.txt")
        (tmp_path / "more.txt").write_text(sentences(20, 3))
        bench.ingest(tmp_path / "more.txt")
    finally:
        os.umask(before)
    found = modes(bench.folder)
    assert {"index/meta.json", "index/.managed.json", "case.db", "objects/pack-000001.pack"} <= found.keys()
    assert set(found.values()) == {mode}, found


def test_the_lists_of_the_index_are_opened_up_with_each_commit(tmp_path: Path) -> None:
    """Another account searches while the case is still being filled."""
    index = Index.open(tmp_path / "index", heap_bytes=32 << 20, writable=True)
    try:
        for seq in (1, 2):
            index.add([document(seq)])
            index.commit(seq)
            assert len(set(modes(tmp_path / "index").values())) == 1
    finally:
        index.close()
    assert len(set(modes(tmp_path / "index").values())) == 1


def document(seq: int) -> Document:
    return Document(
        item=f"{seq:032x}",
        seq=seq,
        exhibit="x",
        path=f"{seq}.txt",
        name=f"{seq}.txt",
        kind="file",
        status="parsed",
        mime="text/plain",
        year=None,
        sha256=None,
        languages=(),
        script=None,
        body=(b"word",),
        alt=(),
    )


def test_an_index_that_was_made_for_its_owner_alone_is_opened_up_by_the_next_ingest(
    case: Path, tmp_path: Path
) -> None:
    (case / "index" / "meta.json").chmod(0o600)
    (tmp_path / "more.txt").write_text(sentences(20, 4))
    assert actionday("ingest", case, tmp_path / "more.txt", "--workers", 1).returncode == 0
    assert len(set(modes(case).values())) == 1


@needs("setpriv")
@pytest.mark.parametrize(("name", "command"), READS)
def test_what_an_account_may_not_read_is_named_and_called_neither_torn_nor_different(
    case: Path, name: str, command: str
) -> None:
    path, words = case / name, COMMANDS[command]
    before = stat.S_IMODE(path.stat().st_mode)
    path.chmod(0)
    try:
        done = as_anybody(words[0], case, *words[1:])
    finally:
        path.chmod(before)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith(f"actionday: {path}: cannot be read by this account")
    assert not any(word in done.stderr for word in ("whole", "differs", "ingest", "/tmp/actionday-index"))


@needs("setpriv")
def test_a_script_is_told_as_well(case: Path) -> None:
    (case / "index" / "meta.json").chmod(0)
    done = as_anybody("verify", case, "--json")
    assert (done.returncode, json.loads(done.stderr)["exit_code"]) == (2, 2)


@needs("setpriv")
def test_a_case_that_may_be_read_alone_is_searched_and_proved(case: Path) -> None:
    for path in (*case.rglob("*"), case):
        path.chmod(0o555 if path.is_dir() else 0o444)
    assert as_anybody("search", case, "kestrel").returncode == 0
    done = as_anybody("verify", case)
    assert (done.returncode, "The case is whole" in done.stdout) == (0, True), done.stdout
