"""Every file system and partition table keeps the contract of sources on its sample."""

from pathlib import Path

import pytest
from disk_samples import SAMPLES
from disk_tools import around, companions

from actionday.model import Kind
from actionday.plugins import load
from actionday.testing import sources
from actionday.testing.context import Alone

LISTED = [each for room in ("filesystems", "volumes") for each in load(f"actionday.sources.{room}", "SOURCE")[0]
          if each.name not in ("filesystem-unread", "lvm2", "md", "vma")]  # fmt: skip
COMPANION_CUTS = 2
"""Cuts and flips of what needs a process each."""


@pytest.mark.tools
@pytest.mark.parametrize("source", LISTED, ids=lambda source: str(source.name))
def test_the_contract_is_kept(source: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / source.sample  # type: ignore[attr-defined]
    path.write_bytes(SAMPLES[path.name]())
    if source.name in ("ntfs", "fat", "exfat", "hfsplus"):  # type: ignore[attr-defined]
        monkeypatch.setattr(sources, "_CUTS", COMPANION_CUTS)
    with companions() as started:

        def context(name: str) -> Alone:
            return around(name, started)

        kind = Kind.EXHIBIT if source.name == "searched" else Kind.FILE  # type: ignore[attr-defined]
        sources.check_source(source, path, context, kind)  # type: ignore[arg-type]
