"""No file of the index is searched that is not what was written: a torn one answers short, and says nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from indexed import document, index_of

from actionday.model import Transient
from actionday.storage.index import Checked, Index, IndexDamaged
from actionday.storage.index.folder import ENDINGS

FOOTER = 110  # bytes, at most: the version of the library, the checksum
TEXTS = [f"kestrel radio word{number} word{number % 7}" for number in range(400)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    index_of(tmp_path / "index", [document(n, text) for n, text in enumerate(TEXTS)]).close()
    return tmp_path / "index"


def files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.iterdir()) if file.suffix.lstrip(".") in ENDINGS)


def flip(file: Path, at: int) -> None:
    """Change one bit in place, as a disk does."""
    with file.open("r+b") as stream:
        stream.seek(at)
        (byte,) = stream.read(1)
        stream.seek(at)
        stream.write(bytes([byte ^ 0x10]))


def test_one_bit_anywhere_is_told_when_it_is_opened(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for file in files(folder):
        size = file.stat().st_size
        for at in {0, (size - FOOTER) // 3, (size - FOOTER) // 2, size - FOOTER - 1, size - 1}:
            flip(file, at)
            with pytest.raises(IndexDamaged, match=f"{file.name} differs from its checksum"):
                Index.open(folder)
            flip(file, at)
        whole = file.read_bytes()
        file.write_bytes(whole[: size // 2])
        with pytest.raises(IndexDamaged, match=f"{file.name} differs from its checksum"):
            Index.open(folder)
        file.write_bytes(whole)
    assert capfd.readouterr().err == ""  # what the library says of a torn file: a trace of its own calls
    index = Index.open(folder)
    assert index.count("radio") == len(TEXTS)
    index.close()


@pytest.mark.parametrize("commits", [1, 4, 5, 50])
def test_an_index_that_is_written_to_whenever_it_is_looked_at_gives_no_answer(
    folder: Path, commits: int
) -> None:
    """A commit puts another list in the place of the last one."""
    checked, seen = Checked(), []

    def see() -> None:
        seen.append(1)
        if len(seen) <= commits:
            again = folder / "again"
            again.write_bytes((folder / "meta.json").read_bytes())
            again.replace(folder / "meta.json")

    if commits < 5:
        checked.settle(folder, see)
        assert checked.same(folder)
    else:
        with pytest.raises(Transient, match="ask again") as refused:
            checked.settle(folder, see)
        assert refused.value.exit_code == 1
    assert len(seen) == min(commits + 1, 5)


def test_what_is_changed_under_an_open_index_is_told_before_the_next_answer(folder: Path) -> None:
    index = Index.open(folder)
    index.check()
    for file in files(folder):
        flip(file, 40)
        for look in (index.check, index.reload, index.check):
            with pytest.raises(IndexDamaged, match=file.name):
                look()
        flip(file, 40)
        index.check()
    index.close()


def test_a_file_is_read_once_while_nobody_writes_to_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = list[str]()
    real = Path.open

    def noted(path: Path, *given: object, **named: object) -> object:
        opened.append(path.name)
        return real(path, *given, **named)  # type: ignore[call-overload]

    checked = Checked()
    with monkeypatch.context() as noting:
        noting.setattr(Path, "open", noted)
        for _ in range(3):
            index = Index.open(folder, checked=checked)
            index.check()
            index.reload()
            index.close()
    assert sorted(set(opened) & {file.name for file in files(folder)}) == sorted(
        name for name in opened if name in {file.name for file in files(folder)}
    )
    one = next(files(folder))
    facts = one.stat()
    flip(one, 40)
    os.utime(one, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    with pytest.raises(IndexDamaged, match=one.name):
        Index.open(folder, checked=checked)


def test_a_reader_goes_along_with_a_writer_at_work(tmp_path: Path) -> None:
    writing = index_of(tmp_path / "index", [document(0, TEXTS[0])])
    reading = Index.open(tmp_path / "index")
    for number, text in enumerate(TEXTS[1:12], 1):
        writing.add([document(number, text, seq=number)])
        writing.commit(number)
        reading.reload()
        assert reading.count("radio") == number + 1
    writing.close()
    reading.check()
    reading.close()
