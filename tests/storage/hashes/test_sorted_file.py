"""The file of known hashes says of every digest what a plain set says, whatever is put in and in whatever order."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actionday.model import Damaged
from actionday.storage.hashes import known, layout
from actionday.storage.hashes.known import HashFile, Named
from actionday.storage.hashes.layout import WIDTHS
from actionday.storage.hashes.sorting import merged, write_run
from actionday.storage.hashes.writing import Written, write

NAMED = Named(1, "kestrel", "good", "1", "00")
Rows = Sequence[tuple[bytes, int]]


def built(folder: Path, rows: dict[str, Rows], labels: Sequence[str] = (), run: int = 3) -> Written:
    """Write a set by way of runs of ``run`` rows each, merged with next to no memory."""
    sections = {}
    for name, found in rows.items():
        width = WIDTHS[name] + (2 if labels else 0)
        paths = []
        for at in range(0, len(found), run):
            packed = b"".join(d + (n.to_bytes(2, "big") if labels else b"") for d, n in found[at : at + run])
            paths.append(folder / f"{name}-{at}.run")
            write_run(paths[-1], np.frombuffer(packed, np.uint8).reshape(-1, width))
        sections[name] = (len(found), merged(paths, width, held=1))
    return write(folder / "set", labels, sections)


def opened(path: Path) -> HashFile:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return HashFile(descriptor, NAMED)
    finally:
        os.close(descriptor)


def digests(name: str) -> st.SearchStrategy[bytes]:
    """Digests, many of which share their first bytes, for eight of which the order is told apart."""
    width = WIDTHS[name]
    alike = st.tuples(
        st.sampled_from([b"\0" * 12, b"\xff" * 12, b"\x12" * 12]), st.binary(min_size=4, max_size=4)
    )
    return st.one_of(
        st.binary(min_size=width, max_size=width), alike.map(lambda p: (p[0] + p[1]).ljust(width, b"\0"))
    )


def asked(name: str, digest: bytes) -> dict[str, bytes]:
    return {each: digest if each == name else b"\x77" * width for each, width in WIDTHS.items()}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(sorted(WIDTHS)), labelled=st.booleans())
def test_it_finds_what_was_put_in_with_all_its_labels_and_nothing_else(
    tmp_path: Path, data: st.DataObject, name: str, *, labelled: bool
) -> None:
    rows = data.draw(st.lists(st.tuples(digests(name), st.integers(0, 3)), max_size=40))
    labels = ["", "1", "2", "kept"] if labelled else []
    written = built(tmp_path, {name: rows}, labels)
    said = defaultdict(set)
    for digest, label in rows:
        said[digest].add(labels[label] if labelled else "")
    assert written.rows == {name: sum(map(len, said.values()))}
    assert written.sha256 == hashlib.sha256((tmp_path / "set").read_bytes()).hexdigest()
    file = opened(tmp_path / "set")
    for digest, wanted in said.items():
        match = file.match(asked(name, digest))
        assert match is not None
        assert match.labels == tuple(sorted(wanted - {""}))
    for other in data.draw(st.lists(digests(name), max_size=20)):
        assert (file.match(asked(name, other)) is not None) == (other in said)
    file.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), rows=st.lists(st.tuples(digests("sha1"), st.integers(0, 2)), max_size=30))
def test_its_bytes_are_a_function_of_what_is_in_it(tmp_path: Path, data: st.DataObject, rows: Rows) -> None:
    labels = ["a", "b", "c"]
    first = built(tmp_path, {"sha1": rows}, labels).sha256
    shuffled = data.draw(st.permutations([*rows, *rows[:5]]))
    assert built(tmp_path, {"sha1": shuffled}, labels, run=7).sha256 == first


def test_more_digests_of_one_prefix_than_chance_gives_are_halved(tmp_path: Path) -> None:
    rows = [(b"\xaa" * 12 + n.to_bytes(4, "big"), 0) for n in range(0, 4000, 2)]
    assert len(rows) > known.LINEAR
    built(tmp_path, {"md5": rows}, run=300)
    file = opened(tmp_path / "set")
    found = [file.match(asked("md5", b"\xaa" * 12 + n.to_bytes(4, "big"))) is not None for n in range(4001)]
    assert found == [n % 2 == 0 and n < 4000 for n in range(4001)]


def test_bytes_of_two_neighbours_together_are_no_match(tmp_path: Path) -> None:
    inner = bytes.fromhex("00112233445566778899aabbccddeeff")
    first, second = inner[:8].rjust(16, b"\0"), inner[8:].ljust(16, b"\0")
    first = b"\0\x11\x22\x33" + first[4:]
    rows = [(b"\0\x11\x22\x33" + b"\0" * 4 + inner[:8], 0), (inner[8:] + b"\1" * 8, 0)]
    built(tmp_path, {"md5": rows})
    file = opened(tmp_path / "set")
    assert file.match(asked("md5", inner)) is None
    assert all(file.match(asked("md5", each)) for each, _ in rows)
    assert first != second


def test_the_strongest_hash_that_a_set_has_of_a_content_is_the_one_named(tmp_path: Path) -> None:
    sha256, sha1, md5 = b"\1" * 32, b"\2" * 20, b"\3" * 16
    built(tmp_path, {"sha256": [(sha256, 0)], "sha1": [(sha1, 0)], "md5": [(md5, 0)]})
    file = opened(tmp_path / "set")
    whole = {"sha256": sha256, "sha1": sha1, "md5": md5}
    assert [file.match(asked(n, whole[n])).by for n in WIDTHS] == ["SHA-256", "SHA-1", "MD5"]  # type: ignore[union-attr]
    match = file.match(whole)
    assert match is not None
    assert match.algorithm == "sha256"


def test_a_file_that_is_cut_or_altered_in_its_head_is_refused_or_answers_without_harm(tmp_path: Path) -> None:
    rows = [(hashlib.sha1(bytes([n])).digest(), n % 2) for n in range(200)]
    built(tmp_path, {"sha1": rows}, ["1", "2"])
    whole = (tmp_path / "set").read_bytes()
    bad = tmp_path / "bad"
    for cut in range(0, len(whole), 97):
        bad.write_bytes(whole[:cut])
        with pytest.raises(Damaged):
            opened(bad)
    for at in range(0, len(whole), 41):
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])
        try:
            file = opened(bad)
        except Damaged:
            continue
        for digest, _ in rows[:20]:
            try:
                file.match(asked("sha1", digest))
            except (
                IndexError
            ):  # a label that is none: a run holds each file against the ledger before it uses it
                continue


def test_who_asks_holds_the_table_and_not_the_set(tmp_path: Path) -> None:
    """The kernel maps 64 KiB around each place of a mapped file: a worker seemed to hold 1 GB of one of 2."""
    rows = np.random.default_rng(5).integers(0, 256, (1_000_000, 32), np.uint8)
    write_run(tmp_path / "run", rows)
    write(tmp_path / "set", [], {"sha256": (len(rows), merged([tmp_path / "run"], 32))})
    file = opened(tmp_path / "set")
    before = _resident()
    for at in range(0, len(rows), 500):
        assert file.match(asked("sha256", rows[at].tobytes())) is not None
    assert _resident() - before < 8 << 20
    file.close()


def _resident() -> int:
    """Return the bytes that this process holds, those of mapped files among them."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmRSS:")[2].split()[0])


def test_a_table_is_never_larger_than_its_rows_deserve() -> None:
    assert [layout.bits_of(n) for n in (0, 1, 7, 8, 1000, 97_000_000, 1 << 32)] == [1, 1, 1, 2, 8, 24, 24]
