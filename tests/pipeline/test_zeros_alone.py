"""Contents of nothing but zeros, however long: read, and said to be that."""

from pathlib import Path

import pytest

from actionday.pipeline.reading import Digests
from case_tools import Bench, balanced

MIB = 1 << 20


@pytest.mark.parametrize("size", [65536, 40 * MIB])
def test_an_exhibit_of_zeros_says_so(size: int, bench: Bench, tmp_path: Path) -> None:
    with (tmp_path / "zero.dd").open("wb") as file:
        file.truncate(size)
    bench.ingest(tmp_path / "zero.dd")
    (root,) = bench.items()
    balanced([root], bench.status())
    said = f"nothing but zeros: {size} bytes"
    assert (root["status"], root["size"]) == ("empty", size)
    assert root["reason"].startswith(said)
    assert [(row["code"], row["reason"]) for row in bench.export("issues")] == [("holds_nothing", said)]


def test_a_last_byte_behind_zeros_is_no_zero() -> None:
    digests = Digests()
    for piece in (bytes(MIB), bytes(MIB)):
        digests.update(piece)
    assert digests.zeros
    digests.update(bytes(100) + b"\1")
    assert not digests.zeros
    digests.update(bytes(MIB))
    assert not digests.zeros
