"""A folder in an exhibit has a mode and a time as well, and no exhibit is a link."""

import os
from pathlib import Path

import pytest
from spoiled import Copy, site_of

from actionday.app.cli.verify import _proof
from actionday.pipeline.proving import Check, Trust
from case_tools import Bench


@pytest.fixture
def copy(tmp_path: Path, signing_key: None) -> Copy:
    bench = Bench(tmp_path / "case")
    bench.ingest(site_of(tmp_path, 2, {}))
    return Copy(tmp_path, tmp_path / "copy")


def exhibits(copy: Copy) -> Check:
    return {each.name: each for each in _proof(copy.bench.folder, Trust(), None, as_json=True).checks}[
        "exhibits"
    ]


def test_mode_and_time_of_a_subfolder_and_a_link_in_the_place_of_the_exhibit(copy: Copy) -> None:
    folder = copy.root / "site" / "in"
    before = folder.stat()
    assert exhibits(copy).difference is None
    folder.chmod(0o700)
    found = exhibits(copy)
    assert found.difference is None  # it holds what it held; no byte is another
    assert any("/in: its mode is 0700" in line for line in found.said)
    folder.chmod(before.st_mode & 0o7777)
    os.utime(folder, (1, 1))
    assert exhibits(copy).difference is None
    assert any("/in: its time of change is 1970" in line for line in exhibits(copy).said)
    (folder / "new.txt").write_text("x")  # named itself: the time of its folder is not told as well
    found = exhibits(copy)
    assert "new.txt: is in the folder" in str(found.difference)
    assert not any("its time of change" in line for line in found.said)
    (folder / "new.txt").unlink()
    os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))
    (copy.root / "site").rename(copy.root / "elsewhere")
    (copy.root / "site").symlink_to(copy.root / "elsewhere")
    found = exhibits(copy)
    assert found.difference is None
    assert any("a link now" in line for line in found.said)


def test_an_extended_attribute_that_a_copy_lost_is_a_remark_and_another_value_a_difference(
    tmp_path: Path, signing_key: None
) -> None:
    folder = site_of(tmp_path, 1, {})
    page = folder / "in" / "page-0.txt"
    try:
        os.setxattr(page, "user.xdg.origin.url", b"https://kestrel.example/a")
    except OSError as error:
        pytest.skip(f"no extended attributes here: {error}")
    bench = Bench(tmp_path / "case")
    bench.ingest(folder)
    of = Copy(tmp_path, tmp_path / "copy")
    os.setxattr(page, "user.xdg.origin.url", b"https://kestrel.example/b")
    assert "its extended attribute user.xdg.origin.url is another" in str(exhibits(of).difference)
    os.removexattr(page, "user.xdg.origin.url")
    found = exhibits(of)
    assert found.difference is None
    assert any(
        "its bytes hold; its extended attribute user.xdg.origin.url is gone" in each for each in found.said
    )
