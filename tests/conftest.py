"""Settings of every room's tests: a busy machine makes no property false; the longest files begin first."""

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

LONGEST = (
    "test_crash.py",
    "test_kill.py",
    "test_sizes.py",
    "test_web_browser.py",
    "test_two.py",
    "test_hostile.py",
)
"""Minutes each. A file stays on one core: begun last, they would leave the other one idle at the end."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of LONGEST first, in that order; the rest stays as it is."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.name, len(LONGEST)))
