"""Fixtures of the tests of whole runs; a folder's ``conftest.py`` imports those it needs."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from case_tools import Bench

HOSTILE = Path(__file__).parent / "pipeline" / "hostile"
ENTRY_POINTS = """[actionday.sources]
hostile-source = hostile_source
hostile-image = hostile_image
[actionday.parsers]
hostile-parser = hostile_parser
"""


@pytest.fixture(scope="session", autouse=True)
def signing_key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the installation's key of the tests out of the home of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("config")))
        patch.setenv("ACTIONDAY_ACTOR", "tester")
        # what is recognised depends on the models that are here: a test that is about it names them
        patch.setenv("TESSDATA_PREFIX", str(tmp_path_factory.mktemp("no-models")))
        yield


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """An empty case."""
    return Bench(tmp_path / "case")


@pytest.fixture(scope="session")
def hostile_env(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment in which plug-ins that misbehave are found by their entry points, as a third party's."""
    import os

    folder = tmp_path_factory.mktemp("hostile")
    for module in HOSTILE.glob("hostile_*.py"):
        shutil.copy(module, folder)
    metadata = folder / "hostile-1.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: hostile\nVersion: 1\n")
    (metadata / "entry_points.txt").write_text(ENTRY_POINTS)
    path = os.pathsep.join(part for part in (str(folder), os.environ.get("PYTHONPATH", "")) if part)
    return {"PYTHONPATH": path}


@pytest.fixture
def hostile(tmp_path: Path, hostile_env: dict[str, str]) -> Bench:
    """An empty case whose commands find the plug-ins that misbehave."""
    return Bench(tmp_path / "case", hostile_env)
