"""A segment is what it was when it was new: also one that is merged away, and one that is there at the end."""

from pathlib import Path

import pytest
from indexed import document

from actionday.storage.index import Index, IndexDamaged, Sealing, digests

HEAP = 15 << 20


def altered(file: Path) -> None:
    """Turn a bit in place, as who writes into a file that another process has mapped."""
    file.chmod(0o600)
    with file.open("r+b") as stream:
        stream.seek(3)
        byte = stream.read(1)[0]
        stream.seek(3)
        stream.write(bytes([byte ^ 1]))


def segments(folder: Path) -> set[str]:
    return {name for name in digests(folder) if name.partition(".")[0] == name}


def grown(index: Index, sealing: Sealing, seq: int) -> None:
    index.add([document(seq * 10 + n, f"kestrel {seq} {n}", seq=seq) for n in range(3)])
    index.commit(seq)
    sealing.now()


def test_an_index_that_merges_while_it_grows_is_sealed(tmp_path: Path) -> None:
    index, sealing = Index.open(tmp_path, heap_bytes=HEAP, writable=True), Sealing(tmp_path)
    for seq in range(1, 20):
        grown(index, sealing, seq)
    index.close()
    assert len(segments(tmp_path)) < 19, "else nothing was merged"
    assert sealing.last() == digests(tmp_path)
    sealing.close()


def test_a_segment_that_is_altered_while_the_index_grows_is_not_sealed(tmp_path: Path) -> None:
    index, sealing = Index.open(tmp_path, heap_bytes=HEAP, writable=True), Sealing(tmp_path)
    grown(index, sealing, 1)
    (first,) = segments(tmp_path)
    altered(tmp_path / f"{first}.fieldnorm")
    grown(index, sealing, 2)
    index.close()
    with pytest.raises(IndexDamaged, match=f"{first} was altered"):
        sealing.last()
    sealing.close()


def test_a_segment_that_was_altered_before_it_was_merged_away_is_not_sealed(tmp_path: Path) -> None:
    index, sealing = Index.open(tmp_path, heap_bytes=HEAP, writable=True), Sealing(tmp_path)
    grown(index, sealing, 1)
    (first,) = segments(tmp_path)
    altered(tmp_path / f"{first}.fieldnorm")
    for seq in range(2, 20):
        grown(index, sealing, seq)
    index.close()
    assert first not in segments(tmp_path), "else it was not merged"
    with pytest.raises(IndexDamaged, match=f"{first} was altered"):
        sealing.last()
    sealing.close()


def test_what_was_held_before_a_run_is_held_behind_it(tmp_path: Path) -> None:
    index, sealing = Index.open(tmp_path, heap_bytes=HEAP, writable=True), Sealing(tmp_path)
    grown(index, sealing, 1)
    index.close()
    before = sealing.last()
    sealing.close()
    (first,) = segments(tmp_path)
    index, again = Index.open(tmp_path, heap_bytes=HEAP, writable=True), Sealing(tmp_path)
    again.take(before)
    altered(tmp_path / f"{first}.store")
    grown(index, again, 2)
    index.close()
    with pytest.raises(IndexDamaged, match=f"{first} was altered"):
        again.last()
    again.close()
