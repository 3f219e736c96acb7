"""Bytes in the headers of a tar that say nothing of a member: an item, or a fact of the member, never nothing."""

import gzip

import pytest
from archive_tools import Run, tar_of, tool
from hypothesis import given, settings
from hypothesis.strategies import integers, sampled_from

from actionday.sources.archives import gz, tar

HIDDEN = b"meet at the old pier, says the Kestrel club"
SHORT = b"old pier"
TEXT = b"the schedule of week twelve\n" * 8
LONG = "n" * 150


def summed(block: bytes) -> bytes:
    total = sum(block[:148] + b" " * 8 + block[156:])
    return block[:148] + b"%06o\0 " % total + block[156:]


def header(name: bytes, size: int, kind: bytes, magic: bytes = b"ustar\x0000", **at: bytes) -> bytes:
    """Return a header; ``at`` says what else stands in it, as ``b345=...``."""
    block = bytearray(512)
    block[: len(name)] = name
    block[100:108], block[108:116], block[116:124] = b"0000644\0", b"0001750\0", b"0001750\0"
    block[124:136], block[136:148], block[156:157] = b"%011o\0" % size, b"%011o\0" % 0, kind
    block[257 : 257 + len(magic)] = magic
    for where, data in at.items():
        start = int(where.removeprefix("b"))
        block[start : start + len(data)] = data
    return summed(bytes(block))


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def record(key: bytes, value: bytes) -> bytes:
    rest = b" " + key + b"=" + value + b"\n"
    length = len(rest) + len(str(len(rest) + 2))
    return b"%d" % length + rest


def member(*before: bytes, kind: bytes = b"0", magic: bytes = b"ustar\x0000", data: bytes = TEXT,
           **at: bytes) -> bytes:  # fmt: skip
    return b"".join(before) + header(b"a.txt", len(data), kind, magic, **at) + padded(data) + bytes(1024)


def long(kind: bytes, data: bytes) -> bytes:
    return header(b"././@LongLink", len(data), kind, b"ustar  \0") + padded(data)


def pax(
    *records: bytes, kind: bytes = b"x", name: bytes = b"PaxHeaders.1/a.txt", behind: bytes = b""
) -> bytes:
    body = b"".join(records) + behind
    return header(name, len(body), kind) + padded(body)


GNU = b"ustar  \0"
MAPPED = b"%011o\0%011o\0" % (0, 6)
HIDING = {
    "behind the NUL of a long name": member(long(b"L", b"b.txt\0" + HIDDEN)),
    "behind the NUL of a long target": member(long(b"K", b"b.txt\0" + HIDDEN)),
    "behind a long name": member(header(b"././@LongLink", 6, b"L") + padded(b"b.txt\0" + bytes(10) + HIDDEN)),
    "in the first of two long names": member(long(b"L", HIDDEN + b"\0"), long(b"L", b"b.txt\0")),
    "in an unknown record": member(pax(record(b"KESTREL.note", HIDDEN))),
    "in an unknown record for all": member(pax(record(b"KESTREL.note", HIDDEN), kind=b"g")),
    "in the first of two records": member(pax(record(b"path", HIDDEN), record(b"path", b"b.txt"))),
    "in a record that should be a number": member(pax(record(b"uid", HIDDEN))),
    "in a time that is none": member(pax(record(b"mtime", HIDDEN))),
    "behind the records": member(pax(record(b"path", b"b.txt"), behind=b"\0\0" + HIDDEN)),
    "behind the NUL of a name": member(b6=HIDDEN),
    "in the target of a file": member(b157=HIDDEN),
    "behind the NUL of a target": member(kind=b"2", b157=b"x\0" + HIDDEN),
    "behind the prefix": member(b345=b"p\0" + HIDDEN),
    "in the place of the prefix": member(b346=HIDDEN),
    "behind the header of the oldest form": member(magic=b"", b400=HIDDEN),
    "where GNU has a map": member(magic=GNU, b386=HIDDEN),
    "behind the NUL of a user": member(b265=b"me\0" + SHORT),
    "in the last bytes": member(b500=SHORT),
    "in a user's number": member(b108=SHORT),
    "behind a user's number": member(b108=b"17\0pier "),
    "in a device's number": member(b329=SHORT),
    "behind the map of a sparse file": member(
        kind=b"S", magic=GNU, data=b"sparse" + HIDDEN, b386=MAPPED, b483=b"%011o\0" % 100
    ),
    "in the map of a sparse file": member(
        kind=b"S", magic=GNU, data=b"sparse", b386=MAPPED + bytes(12) + HIDDEN, b483=b"%011o\0" % 100
    ),
    "behind the map in a sparse file": member(
        pax(
            record(b"GNU.sparse.major", b"1"),
            record(b"GNU.sparse.minor", b"0"),
            record(b"GNU.sparse.realsize", b"9"),
        ),
        data=padded(b"1\n0\n6\n\0" + HIDDEN) + b"sparse",
    ),
    "in the padding of an extended header": member(
        header(b"PaxHeaders.1/a.txt", 11, b"x") + padded(record(b"path", b"b") + bytes(2) + HIDDEN)
    ),
}


def said(run: Run) -> bytes:
    facts = "".join(str(found.meta) + found.name for found in run.items)
    return b"\n".join((*map(bytes, run.contents.values()), facts.encode()))


@pytest.mark.parametrize("where", HIDING)
@pytest.mark.parametrize("source", [tar.SOURCE, gz.SOURCE], ids=["in place", "unpacked"])
def test_a_header_hides_nothing(where: str, source: object) -> None:
    data = HIDING[where] if source is tar.SOURCE else gzip.compress(HIDING[where])
    run = Run(source, "a.tar" if source is tar.SOURCE else "a.tar.gz", data)  # type: ignore[arg-type]
    assert not run.end
    wanted = HIDDEN if HIDDEN in HIDING[where] else b"pier"
    assert wanted in said(run)
    assert len({found.place for found in run.items}) == len(run.items)


def test_what_the_headers_say_otherwise_is_a_fact_of_the_member() -> None:
    other = HIDDEN.decode()
    (found, *_) = Run(tar.SOURCE, "a.tar", member(pax(record(b"path", b"b.txt"), name=HIDDEN))).items
    assert (found.name, found.meta["header_name"], found.meta["extended_header_names"]) == (
        "b.txt",
        "a.txt",
        [other],
    )


def test_what_archivers_note_of_a_file_is_a_fact_of_the_member() -> None:
    noted = pax(
        record(b"atime", b"1.5"),
        record(b"SCHILY.fflags", b"nodump"),
        record(b"SCHILY.xattr.security.x", b"y"),
    )
    (found,) = Run(tar.SOURCE, "a.tar", member(noted)).items
    assert found.meta["records"] == {
        "atime": "1.5",
        "SCHILY.fflags": "nodump",
        "SCHILY.xattr.security.x": "y",
    }


@pytest.mark.parametrize("form", ["v7", "oldgnu", "gnu", "ustar", "posix", "posix --sparse", "gnu --sparse"])
def test_headers_as_gnu_tar_writes_them_say_nothing_beside(form: str, tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a").write_bytes(bytes(1 << 20) + TEXT + bytes(1 << 20))
    (tmp_path / "in" / "link").symlink_to("a")
    if form not in ("v7", "ustar"):
        (tmp_path / "in" / LONG).write_bytes(TEXT)
    run = Run(tar.SOURCE, "a.tar", tool("tar", "-cf", "-", *f"--format={form}".split(), "in", where=tmp_path))
    assert set(run.names) <= {"in", "in/a", "in/link", f"in/{LONG}"}
    assert not run.notes


def test_of_headers_without_end_a_thousand_are_items_and_the_others_counted() -> None:
    data = b"".join(header(b"f%d" % number, 0, b"0", b346=HIDDEN) for number in range(1100)) + bytes(1024)
    run = Run(tar.SOURCE, "a.tar", data)
    assert sum("header @" in name for name in run.names) == 1000
    assert "1100 stretches" in run.notes[0].reason


@settings(max_examples=60, deadline=None)
@given(integers(0, 495).filter(lambda at: not 140 < at < 156), sampled_from([b"ustar\x0000", GNU, b""]))
def test_eight_letters_anywhere_in_a_header_are_told(at: int, magic: bytes) -> None:
    word = b"KESTRELS"
    block = bytearray(header(b"a.txt", 0, b"0", magic))
    block[at : at + 8] = word
    run = Run(tar.SOURCE, "a.tar", summed(bytes(block)) + bytes(1024))
    telling = said(run).replace(b"\n", b"")
    pieces = [word[start : start + 3] for start in range(6)]  # a border of fields may part it
    assert run.end or run.notes or any(piece in telling for piece in pieces)


def test_a_member_of_the_oldest_tar_is_read_as_before() -> None:
    run = Run(tar.SOURCE, "a.tar", tar_of({"a": TEXT}))
    assert (run.contents, run.notes) == ({"a": TEXT}, [])


def test_what_is_a_tar_by_its_mark_alone_is_no_part_of_itself() -> None:
    """It was its own only item, refused as containing itself, and none of its words could be found."""
    whole = tar_of({"a.txt": TEXT})
    changed = b"A" + whole[1:]  # the first header does not fit its sum
    run = Run(tar.SOURCE, "a.tar", changed)
    assert (run.names, run.end) == ([], "damaged: tar: no header at byte 0")
    assert Run(tar.SOURCE, "b.tar", whole[:-1024] + changed).names[0] == "a.txt"


def test_the_names_of_many_extended_headers_are_kept_and_more_are_counted() -> None:
    heads = b"".join(
        pax(record(b"path", b"b.txt"), name=b"weir %d at the mill" % number) for number in range(1003)
    )
    (found, *_) = Run(tar.SOURCE, "a.tar", member(heads)).items
    names = found.meta["extended_header_names"]
    assert isinstance(names, list)
    assert names[999] == "weir 999 at the mill"
    assert (len(names), found.meta["extended_header_names_more"]) == (1000, 3)
