"""A case and the real command on it."""

import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from case_fixtures import bench, hostile, hostile_env, signing_key
from case_tools import Bench, sentences

__all__ = ["bench", "hostile", "hostile_env", "signing_key"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A case with a pack and an index, of one text with the word kestrel."""
    root = tmp_path_factory.mktemp("whole")
    (root / "note.txt").write_text(f"kestrel {sentences(20, 1)}")
    bench = Bench(root / "case")
    bench.ingest(root / "note.txt")
    return bench.folder


@pytest.fixture
def case(whole: Path, tmp_path: Path) -> Path:
    """A copy of it, to be altered."""
    return Path(shutil.copytree(whole, tmp_path / "case"))
