"""What a cabinet holds and no reader shows, and files that the library refuses. Cabinets written by hand, by [MS-CAB]."""

import struct
from time import perf_counter

import pytest
from archive_tools import TEXT, Run

from actionday.model import Status
from actionday.sources.archives import cab
from actionday.sources.archives._cabparts import Parts
from actionday.testing.context import Bytes

HIDDEN = b"the Kestrel club meets behind the mill. "
File = tuple[bytes, int, int, int]
"""Name, folder, where it begins in that, bytes."""
ONE: tuple[File, ...] = ((b"a.txt", 0, 0, len(TEXT)),)


def cabinet(folders: list[list[bytes]], files: tuple[File, ...] = ONE, own: bytes = b"", folder: bytes = b"",
            block: bytes = b"", gap: bytes = b"", behind: bytes = b"", kind: int = 0) -> bytes:  # fmt: skip
    """Return a cabinet of folders of blocks; no sums, which the format allows."""
    reserved = bool(own or folder or block)
    front = 36 + (4 + len(own)) * reserved
    at = front + len(folders) * (8 + len(folder))
    listed = b"".join(struct.pack("<IIHHHH", size, start, of, 0x5A8C, 0x6000, 0x20) + name + b"\0"
                      for name, of, start, size in files)  # fmt: skip
    places, data = [], b""
    for blocks in folders:
        places.append(at + len(listed) + len(gap) + len(data))
        data += (
            b"".join(struct.pack("<IHH", 0, len(each), len(each)) + block + each for each in blocks) + behind
        )
    whole = at + len(listed) + len(gap) + len(data)
    head = b"MSCF" + struct.pack("<IIIII", 0, whole, 0, at, 0)
    head += struct.pack("<BBHHHHH", 3, 1, len(folders), len(files), 4 * reserved, 7, 0)
    head += struct.pack("<HBB", len(own), len(folder), len(block)) + own if reserved else b""
    told = b"".join(
        struct.pack("<IHH", place, len(blocks), kind) + folder
        for place, blocks in zip(places, folders, strict=True)
    )
    return head + told + listed + gap + data


def read(data: bytes) -> Run:
    return Run(cab.SOURCE, "a.cab", data)


BESIDE = {
    "reserved": cabinet([[TEXT]], own=HIDDEN),
    "reserved for a folder": cabinet([[TEXT]], folder=HIDDEN),
    "reserved for a block": cabinet([[TEXT]], block=HIDDEN),
    "behind the list": cabinet([[TEXT]], gap=HIDDEN),
    "behind the blocks": cabinet([[TEXT]], behind=HIDDEN),
    "behind a file": cabinet([[TEXT + HIDDEN]]),
    "a folder of no file": cabinet([[TEXT], [HIDDEN]]),
}


@pytest.mark.parametrize("data", BESIDE.values(), ids=BESIDE)
def test_what_is_of_no_file_is_an_item_and_a_line(data: bytes) -> None:
    run = read(data)
    assert run.contents["a.txt"] == TEXT
    (beside,) = (body for name, body in run.contents.items() if name != "a.txt")
    assert str(beside, "utf-8").strip() == HIDDEN.decode().strip()
    assert (run.codes, run.end) == (["unclaimed"], "")


def test_a_whole_one_says_nothing() -> None:
    run = read(cabinet([[TEXT]]))
    assert (run.contents, run.codes, run.end) == ({"a.txt": TEXT}, [], "")


def test_files_that_do_not_lie_one_behind_the_other_are_read() -> None:
    """7-Zip reads them; the library refuses the whole list."""
    size = len(TEXT)
    files = (b"a.txt", 0, 0, size), (b"b.txt", 0, size + len(HIDDEN), size)
    run = read(cabinet([[TEXT + HIDDEN[:7], HIDDEN[7:] + TEXT]], files))
    assert run.end.startswith("damaged")
    assert [run.contents[name] for name in ("a.txt", "b.txt")] == [TEXT, TEXT]
    assert HIDDEN in run.contents.values()


def test_a_file_that_lies_nowhere_is_named() -> None:
    run = read(cabinet([[TEXT]], ((b"a.txt", 0, 10, len(TEXT)),)))
    assert run.item("a.txt").status is Status.UNREADABLE


def test_what_goes_on_in_another_cabinet_is_no_content_of_no_member() -> None:
    assert not list(Parts(Bytes(cabinet([[TEXT]], ((b"a.txt", 0xFFFE, 0, 1 << 20),)))).unused())


def test_folders_that_share_their_blocks_are_gone_through_once() -> None:
    """65,000 folders of 65,000 blocks each, and files that each lie in all of these, in 3 MB."""
    raw = bytearray(cabinet([[b"x"] * 60_000, *[[]] * 9_000], tuple([(b"a", 0, 0, 60_000)] * 9_000)))
    first = raw[36:44]
    for number in range(1, 9_000):
        raw[36 + 8 * number : 44 + 8 * number] = first
    start = perf_counter()
    parts = Parts(Bytes(bytes(raw)))
    assert sum(bool(parts.runs(0, 0, 60_000)) for _ in parts.members) < 20
    assert perf_counter() - start < 5
