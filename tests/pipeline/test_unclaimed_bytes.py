"""What stands on a disk and belongs to nothing is searched like every other text."""

import sys
from pathlib import Path

import pytest

from case_tools import Bench

SOURCES = Path(__file__).resolve().parents[1] / "sources"
if str(SOURCES) not in sys.path:
    sys.path.insert(0, str(SOURCES))

from disk_makers import ext, mbr, tree


@pytest.mark.tools
def test_words_in_a_gap_a_boot_block_and_behind_a_file_system_are_found(bench: Bench, tmp_path: Path) -> None:
    image = ext(tmp_path / "image", tree(tmp_path / "t"))
    raw = image.read_bytes()
    image.write_bytes(
        b"bootblockword".ljust(1024, b"\0") + raw[1024:] + b"slackword of the volume".ljust(4096, b"\0")
    )
    disk = mbr(tmp_path / "disk.dd", (0x83, image))
    data = bytearray(disk.read_bytes())
    data[900 * 512 : 900 * 512 + 11] = b"gapword too"
    disk.write_bytes(data)
    bench.ingest(disk)
    paths = {
        word: [hit["path"] for hit in bench.search(word)["hits"]]
        for word in ("bootblockword", "slackword", "gapword")
    }
    assert paths == {
        "bootblockword": ["p1/boot block @0"],
        "slackword": [f"p1/behind the end @{len(raw)}"],
        "gapword": [f"gap @{900 * 512}"],
    }
