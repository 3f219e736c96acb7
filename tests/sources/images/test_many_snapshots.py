"""What a hostile QCOW2 repeats thousands of times costs once: names, tables, the table of snapshots."""

import struct
from pathlib import Path

import pytest
from disk_tools import needs, run

from actionday.sources.images import qcow2
from actionday.sources.images._qcow2_absent import Absent
from actionday.sources.images._qcow2_header import header
from actionday.testing.context import Alone, Bytes

pytestmark = [pytest.mark.tools, needs("qemu-img")]


class Counted(Bytes):
    """Bytes that count those that were read."""

    count = 0

    def read(self, length: int | None = -1, /) -> bytes:
        data = super().read(length)
        self.count += len(data)
        return data


def test_the_remark_on_snapshots_names_the_first_and_the_beginning_of_long_names(tmp_path: Path) -> None:
    path = tmp_path / "disk"
    run("qemu-img", "create", "-q", "-f", "qcow2", path, "1M")
    for number in range(25):
        run("qemu-img", "snapshot", "-c", f"s{number} " + "x" * 300, path)
    around = Alone("disk")
    disk = qcow2.IMAGE.open(Bytes(path.read_bytes()), around)
    told = next(note.reason for note in around.notes if note.code == "snapshot")
    assert told.endswith("s19 " + "x" * 96 + "… and 5 more")
    assert len(told) < 20 * 110
    assert [len(name) for name, _ in disk.states][-1] == len("snapshot ") + 255  # type: ignore[attr-defined]


@pytest.mark.parametrize("step", [0, 512])
def test_a_second_level_table_is_gone_through_once(step: int) -> None:
    cluster = 4096
    data = bytearray(64 * cluster)
    struct.pack_into(">4sI", data, 0, b"QFI\xfb", 2)
    struct.pack_into(">IQ", data, 20, 12, 1 << 50)
    struct.pack_into(">QI", data, 48, cluster, 1)
    struct.pack_into(">Q", data, cluster, 2 * cluster)
    struct.pack_into(">H", data, 3 * cluster - 2, 1)  # counts a cluster far behind the end
    stream = Counted(bytes(data))
    tables = [8 * cluster + step * (number % 400) for number in range(40_000)]
    absent = Absent(stream, stream, header(stream), tables, lambda _: True)
    assert list(absent.ranges()) == []
    assert absent.beyond.least
    assert stream.count < 70 * cluster
