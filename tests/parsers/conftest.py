"""What several test modules of the parsers share: the loaded parsers, and the files made by real writers."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import parser_formats

from actionday.parsers import Parsers


@pytest.fixture(scope="session")
def parsers() -> Parsers:
    return Parsers.load()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the document in every format; skipped, visibly, where the writers are not."""
    absent = parser_formats.absent()
    if absent:
        pytest.skip(f"makes its samples with {', '.join(absent)}: not installed here")
    folder = tmp_path_factory.mktemp("formats")
    parser_formats.make(folder)
    return folder
