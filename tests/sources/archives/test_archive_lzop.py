"""Lzop: contents byte for byte, every cut and every altered block noticed."""

import random
import shutil

import pytest
from archive_tools import Run, tool
from lzop_samples import TEXT, lzop

from actionday.sources.archives.lzop import SOURCE
from steps import steps


def read(data: bytes) -> Run:
    return Run(SOURCE, "kestrel.txt.lzo", data)


@pytest.mark.parametrize("pack", [True, False])
def test_blocks_are_unpacked_or_taken_as_they_stand(pack: bool) -> None:
    run = read(lzop(TEXT, TEXT, pack=pack))
    assert run.contents == {"kestrel.txt": TEXT + TEXT}
    assert (run.notes, run.end) == ([], "")


def test_members_one_behind_the_other_are_one_content() -> None:
    assert read(lzop(TEXT) + lzop(TEXT)).contents == {"kestrel.txt": TEXT + TEXT}


def test_every_cut_is_noticed() -> None:
    data = lzop(TEXT, TEXT)
    for cut in range(9, len(data)):
        assert "Damaged" in str(read(data[:cut]).contents["kestrel.txt"]), f"cut to {cut} bytes"


def test_every_altered_byte_is_noticed() -> None:
    data, chance = lzop(TEXT), random.Random(3)
    for at in range(9, len(data) - 4):
        spoilt = data[:at] + bytes([data[at] ^ chance.randrange(1, 256)]) + data[at + 1 :]
        assert read(spoilt).contents["kestrel.txt"] != TEXT or read(spoilt).notes, f"byte {at}"


def test_what_lies_behind_is_an_item() -> None:
    run = read(lzop(TEXT) + b"a note behind the end\n")
    assert [note.code for note in run.notes] == ["trailing"]


def test_work_is_linear_in_blocks() -> None:
    def work(count: int) -> int:
        data = lzop(*[b"a" * 4] * count, pack=False)
        return steps(lambda: read(data))

    assert work(4000) < 5 * work(1000)


@pytest.mark.skipif(not shutil.which("lzop"), reason="lzop is not installed")
@pytest.mark.parametrize("options", [("-1",), ("-3",), ("-9",), ("-F",), ("--crc32",)])
def test_what_lzop_writes(options: tuple[str, ...]) -> None:
    chance = random.Random(8)
    data = b"".join(chance.choice((TEXT, chance.randbytes(300))) for _ in range(3000))
    assert read(tool("lzop", *options, "-c", given=data)).contents["kestrel.txt"] == data
