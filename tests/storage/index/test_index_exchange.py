"""An index takes the place of another: whenever that is broken off, one of the two can be opened, and all of it."""

import shutil
from pathlib import Path

import pytest
from indexed import document

from actionday.storage.index import Index, IndexDamaged
from actionday.storage.index.exchange import take_place

HEAP = 15 << 20


class Killed(BaseException):
    pass


def written(folder: Path, words: list[str], versions: str = "") -> Path:
    index = Index.open(folder, heap_bytes=HEAP, writable=True)
    for seq, word in enumerate(words, start=1):
        index.add([document(seq, f"kestrel {word}", seq=seq)])
        index.commit(seq)
    index.close()
    if versions:
        (folder / "format.json").write_text(versions)
    return folder


@pytest.mark.parametrize("versions", ["", '{"tantivy": "0", "schema": 0, "normaliser": 0}'])
def test_broken_off_at_any_rename_it_is_the_earlier_or_the_new_one(
    tmp_path: Path, versions: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = written(tmp_path / "earlier", ["pier"], versions)
    new = written(tmp_path / "new", ["harbour", "isle", "rota"])
    (earlier / "Thumbs.db").write_text("a stray")
    real, found = Path.replace, set[object]()
    for renamed in range(100):
        folder = shutil.copytree(earlier, tmp_path / f"index-{renamed}")
        beside = shutil.copytree(new, tmp_path / f"beside-{renamed}")
        left = [renamed]

        def replace(self: Path, target: Path, left: list[int] = left) -> Path:
            if not left[0]:
                raise Killed
            left[0] -= 1
            return real(self, target)

        with monkeypatch.context() as within:
            within.setattr(Path, "replace", replace)
            try:
                take_place(beside, folder)
            except Killed:
                pass
            else:
                break
        try:
            found.add(Index.open(folder).documents())
        except IndexDamaged as damaged:
            assert "other versions" in str(damaged)
            found.add("other versions")
    assert renamed > 5
    assert found == ({"other versions"} if versions else {1, 3})
    again = Index.open(folder)
    assert (again.documents(), again.count("isle"), again.count("pier"), again.damage()) == (3, 1, 0, [])
    names = {file.name for file in folder.iterdir() if file.suffix != ".lock"}
    assert names == {file.name for file in new.iterdir() if file.suffix != ".lock"} | {"Thumbs.db"}


def test_it_takes_a_place_where_nothing_is(tmp_path: Path) -> None:
    take_place(written(tmp_path / "new", ["harbour"]), tmp_path / "case" / "index")
    index = Index.open(tmp_path / "case" / "index", heap_bytes=HEAP, writable=True)
    assert index.documents() == 1
    index.close()
