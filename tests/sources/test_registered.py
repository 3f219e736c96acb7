"""What is registered: each source and image keeps the contract, and no two claim a sample with the same right.

A room puts its samples into ``tests/sources/<room>/<any>_samples.py`` as ``SAMPLES``: the sample's name to a call
that returns its bytes (or skips, naming the tool that is missing).
"""

import sys
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionday.model import Claim, Kind
from actionday.pipeline.openers import Asked, Openers
from actionday.plugins import load
from actionday.testing.context import Glance
from actionday.testing.sources import check_module, check_source

ROOMS = Path(__file__).parent
SOURCES, MISSING = load("actionday.sources", "SOURCE")
IMAGES, _ = load("actionday.sources", "IMAGE")


def makers() -> dict[str, Callable[[], bytes]]:
    found: dict[str, Callable[[], bytes]] = {}
    for path in sorted(ROOMS.glob("*/*_samples.py")):
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        found.update(import_module(path.stem).SAMPLES)
    return found


MAKERS = makers()
OPENERS = Openers()


def sample(plugin: Any) -> bytes:
    if plugin.sample not in MAKERS:
        pytest.skip(
            f"no maker of {plugin.sample} (sample of {plugin.name}) under tests/sources/*/*_samples.py"
        )
    return MAKERS[plugin.sample]()


def by_name(plugin: Any) -> str:
    return str(plugin.name)


def needs_a_disk(plugin: Any) -> bool:
    """File systems are read by a companion process, disks with their siblings: their rooms run the contract.

    So does that of parts of an archive (``tests/pipeline/test_parts.py``): a part alone has no item.
    """
    return any(room in type(plugin).__module__ for room in (".filesystems.", ".volumes.", ".archives.parts"))


def test_nothing_of_ours_is_left_out() -> None:
    assert MISSING == [], "a library is not installed here: these formats are not tested"


def test_names_are_unique() -> None:
    names = Counter(plugin.name for plugin in [*SOURCES, *IMAGES])
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("plugin", [*SOURCES, *IMAGES], ids=by_name)
def test_each_names_its_standard_and_its_sample(plugin: Any) -> None:
    check_module(plugin)


def kind(plugin: Any) -> Kind:
    """A message's parts are asked for with the kind ``message``; everything else begins as a file or an exhibit."""
    kinds = (Kind.FILE, Kind.EXHIBIT, Kind.MESSAGE, Kind.UNALLOCATED)
    return next(each for each in kinds if plugin.claims(Glance(plugin.sample, sample(plugin), each)))


@pytest.mark.parametrize("plugin", [each for each in SOURCES if not needs_a_disk(each)], ids=by_name)
def test_the_contract_is_kept(plugin: Any, tmp_path: Path) -> None:
    path = tmp_path / plugin.sample
    path.write_bytes(sample(plugin))
    check_source(plugin, path, kind=kind(plugin))


@pytest.mark.parametrize("plugin", [*SOURCES, *IMAGES], ids=by_name)
def test_no_other_claims_a_sample_with_the_same_right(plugin: Any) -> None:
    peek = Glance(plugin.sample, sample(plugin), kind(plugin))
    claims = {each.name: each.claims(peek) for each in [*SOURCES, *IMAGES]}
    highest = max(claims.values())
    assert highest > Claim.NO
    assert [name for name, claim in claims.items() if claim == highest] == [plugin.name]
    asked = {each.name for each in Asked([*IMAGES, *SOURCES]).about(peek)}
    assert {name for name, claim in claims.items() if claim} <= asked, "one that claims it would not be asked"


def places() -> list[tuple[int, bytes]]:
    """Return every mark that a plug-in names, and what others look for anywhere."""
    anywhere = [(at, mark) for at in (0, 1, 600, -30) for mark in (
        b"%PDF-1.7", b"From a@b Mon Jan  5 10:00:00 2026\n", b"\nbegin 644 a\n#", b";base64,AAAA", b"PK\5\6" + bytes(18),
    )]  # fmt: skip
    return [mark for plugin in [*SOURCES, *IMAGES] for mark in getattr(plugin, "marks", ())] + anywhere


@given(
    st.lists(st.sampled_from(places()), max_size=3),
    st.sampled_from([b"\0", b" ", b"a", b"Received: by a; Mon\nTo: a@b\n", b"AbC1"]),
    st.sampled_from([0, 7, 40, 107, 200, 511, 512, 700, 5000, 66000, 140_000]),
    st.sampled_from([Kind.FILE, Kind.MESSAGE, Kind.EXHIBIT, Kind.VOLUME]),
    st.sampled_from(["a", "disk.001", "disk.0001\n", "a.tar"]),
)
def test_whoever_claims_is_asked(
    marks: list[tuple[int, bytes]], filling: bytes, size: int, kind: Kind, name: str
) -> None:
    data = bytearray((filling * (size // len(filling) + 1))[:size])
    for at, mark in marks:
        at = max(0, at + size) if at < 0 else at
        if at + len(mark) <= size:
            data[at : at + len(mark)] = mark
    peek = Glance(name, bytes(data), kind)
    asked = {each.name for each in OPENERS._asked(peek).about(peek)}
    last = {each.name for each in OPENERS._last}
    texts = [each for each in [*SOURCES, *IMAGES] if b"\0" in data or not getattr(each, "binary", False)]
    assert {each.name for each in texts if each.claims(peek)} <= asked | last
