"""The committed small form, and forms made anew where the tools are."""

import os
import sys
from pathlib import Path

import pytest
from sample_forms import LARGE, ROOT, SMALL, Form

os.environ["PATH"] += os.pathsep + "/usr/sbin:/sbin"  # debugfs and e2fsck are there, off a user's path
if str(ROOT) not in sys.path:  # the generator is a package of the repository, not of the product
    sys.path.insert(0, str(ROOT))

from samples.generate import generate
from samples.tools import missing


@pytest.fixture(scope="session")
def small() -> Form:
    return Form(SMALL)


def _made(seed: int, folder: Path, megabytes: int = 0) -> Form:
    if absent := missing():
        pytest.skip(f"Debian packages missing: {', '.join(sorted(set(absent.values())))}")
    generate(seed, folder, megabytes)
    return Form(folder)


@pytest.fixture(scope="session")
def anew(tmp_path_factory: pytest.TempPathFactory, small: Form) -> Form:
    """The committed form's seed, made again."""
    return _made(small.truth["seed"], tmp_path_factory.mktemp("anew") / "form")


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory, small: Form) -> Form:
    """Another seed's network."""
    return _made(small.truth["seed"] + 4, tmp_path_factory.mktemp("other") / "form")


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory, small: Form) -> Form:
    """The large form, no larger than a test needs."""
    return _made(small.truth["seed"], tmp_path_factory.mktemp("large") / "form", LARGE)


@pytest.fixture(params=["small", "anew", "other", "large"])
def form(request: pytest.FixtureRequest) -> Form:
    """Each form in turn: what holds for one must hold for all."""
    found: Form = request.getfixturevalue(request.param)
    return found
