"""A case is files and folders of its own: what leads elsewhere is refused before anything of it is opened."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from actionday.model import Damaged
from actionday.storage.case import Case
from actionday.storage.plain import FILES, FOLDERS
from case_tools import actionday


def link(path: Path, elsewhere: Path) -> None:
    path.symlink_to(elsewhere)


def dangling_link(path: Path, elsewhere: Path) -> None:
    path.symlink_to(elsewhere.with_name("nowhere"))


def second_name(path: Path, elsewhere: Path) -> None:
    path.hardlink_to(elsewhere)


def pipe(path: Path, _: Path) -> None:
    os.mkfifo(path)


def folder(path: Path, _: Path) -> None:
    path.mkdir()


def file(path: Path, _: Path) -> None:
    path.write_bytes(b"")


Deed = Callable[[Path, Path], None]
SAID = {
    link: "is a link",
    dangling_link: "is a link",
    second_name: "has 2 names",
    pipe: "is a pipe",
    folder: "is a folder",
    file: "is a file",
}


def spoil(case: Path, name: str, deed: Deed) -> None:
    """Put something else in the place of a part of the case, which itself is moved out of the case."""
    path, elsewhere = case / name, case.with_name("elsewhere")
    if path.exists():
        path.rename(elsewhere)
    else:
        elsewhere.write_bytes(b"")
    deed(path, elsewhere)


def refused(case: Path, name: str, deed: Deed) -> None:
    signal.alarm(20)  # what waits at a pipe waits for ever
    try:
        with pytest.raises(Damaged) as told:
            Case.open(case)
    finally:
        signal.alarm(0)
    assert str(told.value).startswith(f"{case / name}: {SAID[deed]}")


@pytest.mark.parametrize("deed", [link, dangling_link, second_name, pipe, folder], ids=lambda d: d.__name__)
@pytest.mark.parametrize("name", [*FILES, "objects/pack-000001.pack", "index/meta.json"])
def test_a_file_that_is_none_of_the_cases_own_is_refused(case: Path, name: str, deed: Deed) -> None:
    spoil(case, name, deed)
    refused(case, name, deed)


@pytest.mark.parametrize("deed", [link, dangling_link, pipe, file], ids=lambda d: d.__name__)
@pytest.mark.parametrize("name", FOLDERS)
def test_a_folder_that_is_none_of_the_cases_own_is_refused(case: Path, name: str, deed: Deed) -> None:
    spoil(case, name, deed)
    refused(case, name, deed)


def test_a_lock_that_is_a_link_leaves_the_file_behind_it_alone(case: Path, tmp_path: Path) -> None:
    """Whoever takes the lock empties its file."""
    (tmp_path / "precious").write_text("not to be emptied")
    (case / "lock").unlink()
    (case / "lock").symlink_to(tmp_path / "precious")
    done = actionday("ingest", case, tmp_path / "precious", "--workers", 1)
    assert (done.returncode, "is a link, not a file" in done.stderr) == (2, True)
    assert (tmp_path / "precious").read_text() == "not to be emptied"


@pytest.mark.parametrize(
    "words", [("verify",), ("search", "x"), ("status",), ("export", "items"), ("serve",)]
)
def test_every_command_says_so_in_a_sentence(case: Path, words: tuple[str, ...]) -> None:
    spoil(case, "case.db", pipe)
    done = actionday(words[0], case, *words[1:], timeout=60)
    assert done.returncode == 2
    assert done.stderr == (
        f"actionday: {case}/case.db: is a pipe, not a file: a case holds files and folders of its own alone, "
        "nothing of it was opened\n"
    )


def test_the_way_to_a_case_may_be_a_link(case: Path, tmp_path: Path) -> None:
    (tmp_path / "way").symlink_to(case.parent, target_is_directory=True)
    done = actionday("verify", tmp_path / "way" / "case")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_copy_of_a_case_with_second_names_is_plain_again(case: Path, tmp_path: Path) -> None:
    """The sentence says that a copy helps."""
    shutil.copytree(case, tmp_path / "snapshot", copy_function=os.link)
    with pytest.raises(Damaged, match="has 2 names"):
        Case.open(tmp_path / "snapshot")
    shutil.copytree(tmp_path / "snapshot", tmp_path / "copy")
    Case.open(tmp_path / "copy").close()
