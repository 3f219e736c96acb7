"""One identifier for all tests of this folder, and the folder of evaluation data."""

import os
from pathlib import Path

import pytest

from actionday.detectors.language import Identifier


@pytest.fixture(scope="session")
def identifier() -> Identifier:
    return Identifier.load()


@pytest.fixture(scope="session")
def data() -> Path:
    folder = Path(os.environ.get("ACTIONDAY_DATA", Path(__file__).parents[4] / "shared" / "data")) / "lang"
    if not folder.is_dir():
        pytest.skip(f"the evaluation data is not there: {folder}")
    return folder
