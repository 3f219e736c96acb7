"""Killed, torn, of another version, opened twice: what the index promises about its folder."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from indexed import document, index_of

from actionday.storage.index import Index, IndexDamaged
from actionday.storage.index.exchange import take_place
from actionday.storage.index.folder import ENDINGS, digests
from actionday.storage.own_names import strays

WRITER = """
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from indexed import document
from actionday.storage.index import Index
index = Index.open(Path(sys.argv[1]), heap_bytes=15 << 20, writable=True)
for seq in range(index.last_seq + 1, 41):
    texts = [f"kestrel number {{n}} of {{seq}} " + "word " * n for n in range(40)]
    index.add([document(seq * 100 + n, text, seq=seq) for n, text in enumerate(texts)])
    index.commit(seq)
    print(seq, flush=True)
index.close()
"""


def write(folder: Path) -> subprocess.Popen[str]:
    """Start a process that fills the index, a commit a seq, up to seq 40."""
    script = WRITER.format(tests=str(Path(__file__).parent))
    return subprocess.Popen([sys.executable, "-c", script, str(folder)], stdout=subprocess.PIPE, text=True)


def test_killed_at_any_moment_it_reopens_with_all_that_was_committed(tmp_path: Path) -> None:
    rng, folder, known, kills = random.Random(5), tmp_path / "index", 0, 0
    while kills < 5:
        process = write(folder)
        assert process.stdout
        for line in process.stdout:
            known = int(line)
            if rng.random() < 0.2:
                break
        time.sleep(rng.random() * 0.05)
        process.kill()
        process.wait()
        process.stdout.close()
        kills += 1
        index = Index.open(folder, heap_bytes=15 << 20, writable=True)
        last = index.last_seq
        assert last >= known
        assert index.rewind(known) == 40 * (last - known)
        assert sorted(item for item, _, _ in index.items()) == expected_items(known)
        assert index.damage() == []
        index.close()
    assert write(folder).wait() == 0
    undisturbed = tmp_path / "undisturbed"
    assert write(undisturbed).wait() == 0
    one, two = Index.open(folder), Index.open(undisturbed)
    assert sorted(one.items()) == sorted(two.items())
    assert len(list(one.items())) == 1_600
    assert (page := one.search("kestrel word", limit=20)).total == 1_560
    assert page.contents == two.search("kestrel word", limit=20).contents


def expected_items(seq: int) -> list[str]:
    """Return the items that the writer has committed up to a seq."""
    return sorted(f"{each * 100 + number:032x}" for each in range(1, seq + 1) for number in range(40))


def test_what_was_not_committed_never_happened(tmp_path: Path) -> None:
    index = index_of(tmp_path / "index", [document(1, "kestrel", seq=1)])
    index.add([document(2, "kestrel", seq=2)])
    index.close()
    again = Index.open(tmp_path / "index")
    assert [item for item, _, _ in again.items()] == [document(1, "").item]


def test_rewind_drops_later_documents_and_counts_start_anew(tmp_path: Path) -> None:
    held = [
        document(number, "kestrel" if number % 2 else f"kestrel {number}", seq=number)
        for number in range(1, 11)
    ]
    index = index_of(tmp_path / "index", held)
    index.add([document(99, "kestrel", seq=11)])
    assert index.rewind(4) == 6
    assert (index.last_seq, index.documents()) == (4, 4)
    page = index.search("kestrel", limit=20)
    assert (page.total, page.contents) == (4, 3)
    index.add(held[4:])
    index.commit(10)
    page = index.search("kestrel", limit=20)
    assert (page.total, page.contents) == (10, 6)
    assert index.rewind(10) == 0
    assert index.rewind(0) == 10
    index.add(held)
    index.commit(10)
    assert index.search("kestrel", limit=20).contents == 6
    index.close()


def test_an_index_that_was_rewound_within_a_segment_is_whole_and_opened_again(tmp_path: Path) -> None:
    """What a segment no longer holds is in a file of its own, which is one of the index: it is looked for and hashed."""
    folder = tmp_path / "index"
    index = index_of(folder, [document(number, "kestrel", seq=number) for number in range(1, 11)])
    index.close()
    before = digests(folder)
    index = Index.open(folder, writable=True)
    assert index.rewind(4) == 6
    assert index.damage() == []
    index.close()
    assert [file.suffix for file in folder.glob("*.del")] == [".del"]
    assert list(strays(tmp_path)) == []
    assert {name for name, digest in digests(folder).items() if before.get(name) != digest} >= {
        next(folder.glob("*.del")).name  # a digest of its own: the segment itself is as it was
    }
    assert Index.open(folder).documents() == 4
    next(folder.glob("*.del")).unlink()
    with pytest.raises(IndexDamaged, match=r"\.del is missing"):
        Index.open(folder)


def test_seq_does_not_go_back(tmp_path: Path) -> None:
    index = index_of(tmp_path / "index", [document(1, "a", seq=5)])
    with pytest.raises(ValueError, match="seq 4"):
        index.add([document(2, "b", seq=4)])
    index.add([document(3, "c", seq=7)])
    with pytest.raises(ValueError, match="commit of 6"):
        index.commit(6)
    index.close()


def test_there_is_one_writer(tmp_path: Path) -> None:
    index = index_of(tmp_path / "index", [document(1, "a")])
    with pytest.raises(ValueError, match=r"(?i)lock"):
        Index.open(tmp_path / "index", writable=True)
    index.close()
    Index.open(tmp_path / "index", writable=True).close()


def test_a_reader_does_not_write(tmp_path: Path) -> None:
    index_of(tmp_path / "index", []).close()
    reader = Index.open(tmp_path / "index")
    with pytest.raises(ValueError, match="opened for reading"):
        reader.add([document(1, "a")])
    with pytest.raises(ValueError, match="opened for reading"):
        reader.rewind(0)


def test_readers_see_a_commit_after_reload_and_not_before(tmp_path: Path) -> None:
    index = index_of(tmp_path / "index", [document(1, "kestrel")])
    reader = Index.open(tmp_path / "index")
    index.add([document(2, "kestrel", seq=2)])
    assert reader.search("kestrel", limit=5).total == 1
    index.commit(2)
    assert reader.search("kestrel", limit=5).total == 1
    reader.reload()
    assert reader.search("kestrel", limit=5).total == 2
    index.close()


def test_a_reader_goes_on_while_segments_are_merged_away(tmp_path: Path) -> None:
    index = index_of(tmp_path / "index", [document(1, "kestrel")])
    reader = Index.open(tmp_path / "index")
    for seq in range(2, 30):
        index.add([document(seq, f"kestrel {seq}", seq=seq)])
        index.commit(seq)
    index.close()
    assert reader.search("kestrel", limit=5).total == 1
    reader.reload()
    assert reader.search("kestrel", limit=5).total == 29


def _truncate_meta(folder: Path) -> None:
    (folder / "meta.json").write_bytes((folder / "meta.json").read_bytes()[:40])


def _empty_meta(folder: Path) -> None:
    (folder / "meta.json").write_bytes(b"")


def _remove_meta(folder: Path) -> None:
    (folder / "meta.json").unlink()


def _remove_segment(folder: Path) -> None:
    next(folder.glob("*.idx")).unlink()


def _truncate_segment(folder: Path) -> None:
    file = next(folder.glob("*.fast"))
    file.write_bytes(file.read_bytes()[:-20])


def _empty_segment(folder: Path) -> None:
    next(folder.glob("*.term")).write_bytes(b"")


def _other_version(folder: Path) -> None:
    found = json.loads((folder / "format.json").read_text())
    (folder / "format.json").write_text(json.dumps({**found, "normaliser": -1}))


def _no_version(folder: Path) -> None:
    (folder / "format.json").unlink()


def _torn_version(folder: Path) -> None:
    (folder / "format.json").write_bytes(b'{"tan')


def _hostile_meta(folder: Path) -> None:
    (folder / "meta.json").write_text(json.dumps({"segments": [1, None]}))


@pytest.mark.parametrize(
    "harm",
    [_truncate_meta, _empty_meta, _remove_meta, _remove_segment, _truncate_segment, _empty_segment,
     _other_version, _no_version, _torn_version, _hostile_meta],
)  # fmt: skip
@pytest.mark.parametrize("writable", [True, False])
def test_k06_a_torn_or_foreign_index_says_so_and_is_made_anew(
    tmp_path: Path, harm: Callable[[Path], None], writable: bool
) -> None:
    folder, held = tmp_path / "index", [document(number, "kestrel") for number in range(5)]
    index_of(folder, held).close()
    harm(folder)
    with pytest.raises(IndexDamaged) as error:
        Index.open(folder, writable=writable).search("kestrel", limit=5)
    assert error.value.reason
    index_of(beside := tmp_path / "beside", held).close()
    take_place(beside, folder)
    index = Index.open(folder, writable=writable)
    assert index.search("kestrel", limit=5).total == 5
    index.close()


@pytest.mark.parametrize("ending", ["store", "idx", "pos", "term", "fieldnorm", "fast"])
def test_a_changed_byte_is_named_by_its_file(tmp_path: Path, ending: str) -> None:
    folder = tmp_path / "index"
    index_of(folder, [document(number, f"kestrel {number}") for number in range(50)]).close()
    index = Index.open(folder)
    assert index.damage() == []
    file = next(folder.glob(f"*.{ending}"))
    with file.open(
        "r+b"
    ) as out:  # in place: the index has the file mapped, and cutting it would be a bus error
        at = file.stat().st_size // 3
        out.seek(at)
        changed = out.read(1)[0] ^ 1
        out.seek(at)
        out.write(bytes([changed]))
    assert index.damage() == [f"{file.name} differs from its checksum"]


def test_items_prove_what_was_indexed(tmp_path: Path) -> None:
    held = [document(number, f"kestrel {number}", seq=number) for number in range(1, 50)]
    index = index_of(tmp_path / "index", held)
    assert list(index.items()) == [(each.item, each.seq, Index.digest(each)) for each in held]
    index.close()


@pytest.mark.parametrize(
    "change",
    [{"path": "x"}, {"exhibit": "x"}, {"status": "x"}, {"kind": "x"}, {"mime": "x"}, {"year": 1}, {"year": None},
     {"languages": ("fra",)}, {"script": "Cyrl"}, {"body": (b"kestrels",)}, {"alt": (b"kestrels",)},
     {"sha256": "0" * 64},
     {"modified": 5}, {"name": "x"}, {"body": (b"kest", b"rel")}],
)  # fmt: skip
def test_a_digest_tells_every_field_apart(change: dict[str, object]) -> None:
    assert Index.digest(document(1, "kestrel")) != Index.digest(document(1, "kestrel", **change))
    assert Index.digest(document(1, "kestrel", seq=9)) == Index.digest(document(1, "kestrel"))


def test_hostile_fields_are_kept_as_they_are(tmp_path: Path) -> None:
    path = "a/\udcff\x00b/" + "long" * 900 + "/\u202e"
    held = document(
        1, "kestrel", path=path, name="\udcff.txt", exhibit="S \u0661", mime="", year=None, script=None
    )
    index = index_of(tmp_path / "index", [held])
    hit = index.search("kestrel", limit=1).hits[0]
    assert (hit.path, hit.exhibit, hit.sha256) == (path, "S \u0661", held.sha256)
    assert list(index.items()) == [(held.item, 1, Index.digest(held))]
    index.close()


def test_nobody_writes_in_the_folder_of_an_index_that_is_closed(tmp_path: Path) -> None:
    """Eight segments are merged, which the last commit begins."""
    folder = tmp_path / "index"
    index = Index.open(folder, writable=True)
    text = " ".join(f"word{number}" for number in range(300))
    for seq in range(1, 9):
        index.add(document(200 * seq + n, f"{text} x{seq}y{n}", seq=seq) for n in range(200))
        index.commit(seq)
    index.close()
    meta = json.loads((folder / "meta.json").read_text())
    listed = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
    assert len(listed) == 1
    assert {file.stem for file in folder.iterdir() if file.suffix[1:] in ENDINGS} == listed
