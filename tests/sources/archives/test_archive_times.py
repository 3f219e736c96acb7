"""The first and the last time that each archive can keep, and what no calendar has."""

import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from archive_samples import SAMPLES
from archive_tools import Run, tool
from test_archive_blocks import block4

from actionday.sources.archives import cab, rar, sevenzip
from actionday.sources.archives import zip as zips

DOS = {
    (0 << 9 | 1 << 5 | 1, 0): "1980-01-01T00:00:00Z",
    (99 << 9 | 12 << 5 | 31, 11 << 11 | 30 << 5): "2079-12-31T11:30:00Z",
    (127 << 9 | 12 << 5 | 31, 23 << 11 | 59 << 5 | 29): "2107-12-31T23:59:58Z",
    (39 << 9 | 13 << 5 | 1, 0): None,
    (39 << 9 | 2 << 5 | 30, 0): None,
    (39 << 9 | 1 << 5 | 1, 25 << 11): None,
    (0, 0): None,
}
"""Days and clocks of DOS, and what they say."""
EACH = pytest.mark.parametrize(("stored", "said"), DOS.items(), ids=[str(each) for each in DOS])


def told(run: Run, stored: tuple[int, int], said: str | None) -> None:
    """Hold the first member of an archive against what its time says."""
    day, clock = stored
    first = run.items[0]
    assert (first.mtime, first.meta.get("mtime_raw")) == (said, None if said else (day << 16 | clock) or None)
    assert first.meta.get("zone") == ("assumed UTC" if said else None)


@EACH
def test_times_of_a_zip(stored: tuple[int, int], said: str | None) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("a.txt", b"the pier")
    raw = bytearray(made.getvalue())
    for at in (10, raw.index(b"PK\1\2") + 12):
        struct.pack_into("<HH", raw, at, stored[1], stored[0])
    told(Run(zips.SOURCE, "a.zip", bytes(raw)), stored, said)


@EACH
def test_times_of_a_cabinet(stored: tuple[int, int], said: str | None) -> None:
    raw = bytearray(SAMPLES["kestrel.cab"]())
    struct.pack_into("<HH", raw, int.from_bytes(raw[16:20], "little") + 10, *stored)
    run = Run(cab.SOURCE, "kestrel.cab", bytes(raw))
    told(run, stored, said)
    assert run.items[1].mtime


@pytest.mark.parametrize(("seconds", "said"), [
    (-1, "1969-12-31T23:59:59Z"), (1, "1970-01-01T00:00:01Z"), (4354819199, "2107-12-31T23:59:59Z"),
    (15032385535, "2446-05-10T22:38:55Z"),
])  # fmt: skip
def test_times_of_a_7z(seconds: int, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"the pier")
    os.utime(tmp_path / "a.txt", (seconds, seconds))
    if (tmp_path / "a.txt").stat().st_mtime != seconds:
        pytest.skip("the file system of this machine does not keep such a time")
    tool("7z", "a", "-bd", tmp_path / "a.7z", tmp_path / "a.txt")
    assert Run(sevenzip.SOURCE, "a.7z", (tmp_path / "a.7z").read_bytes()).items[0].mtime == said


@EACH
def test_times_of_a_rar_4(stored: tuple[int, int], said: str | None) -> None:
    time, text = stored[0] << 16 | stored[1], b"the pier"
    fields = struct.pack("<IIBIIBBHI", 8, 8, 3, zlib.crc32(text), time, 20, 0x30, 5, 0o100644)
    raw = b"Rar!\x1a\x07\0" + block4(0x73, 0, bytes(6)) + block4(0x74, 0x8000, fields + b"a.txt", text)
    told(Run(rar.SOURCE, "a.rar", raw + block4(0x7B, 0x4000, b"")), stored, said)
