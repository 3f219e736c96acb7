"""LZVN and LZFSE: what Apple's own library made is unpacked as it was, and damage is named, never met as an exception.

The packed texts were made by the reference library, version 1.0 (BSD-3-Clause).
"""

import random
import time
from base64 import b64decode

import pytest

from actionday.sources.filesystems._lzfse import unlzfse
from actionday.sources.filesystems._lzvn import unlzvn
from actionday.sources.filesystems._tsk_runs import BadMap


def text(lines: int) -> bytes:
    """Return what was packed."""
    return "".join(
        f"{each:05d} the kestrel hovers over field {each * 7919 % 97}\n" for each in range(lines)
    ).encode()


SHORT, LONG = 20, 110
LZVN = b64decode(
    "SAEw4AQgdGhlIGtlc3RyZWwgaG92ZXJzIAgG6SBmaWVsZCAwCgglaCYx8AeQJzYybjLwB5YyN24z8AeWODluNPAHljU0bjXwB1hOMWh1NvAI"
    "VjFuN/AHljQ2bjjwCBhObjnwB443M2mFMfAIkCczOG4x8AgQJjmF8AaQJzY1OYXwBlH6M2mFMfAIUfo5aYUx8AhR+jVphTHwCFhOMjmF8AZR"
    "+jhphTHwCFH6NGmFMfAI4zE0CgYAAAAAAAAA"
)
"""Lines packed by LZVN."""
LZFSE = b64decode(
    "YnZ4MrYQAADUAJAGAN0AEDGoYP/uewFwoAAAACAEwABnX0EARABAEPAB2AAA8AfAUQABgCvgDSAA8FA8C0FCAC4BAAAAAAAAAOAEAAAAAIBX"
    "AAAAADj5Kz6JT+J/+CQ+iU/iifgaAAAAAAAAAAAAAODkC1icLNYZLDg5OWEBAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "RucBgwSD/5pOuzrsDjJEdXMyGgmZ4DQv2BLteHI3mADB/PBCmBwtrtXlRKalLcUwW+bZBno5fLZbam59UiAXVBiBg64YH8NXPQZj+81Hwf0u"
    "D6mZSIaHM0NiF2O/tiOXlvhlK8ezAAAAAAAAAAAAAABIEA0pm5kGg7bZSbDuJBTZsolqMAibnQTrQEKTzSamgkHY7CRYR81Og/UhIcFmIqMF"
    "ogTis0S0FwnogqG0JP5PRHyXiCxYAu1fEsI3CeiCJVD+JSF9m4D6PAHpeQJSYClQ/yYhvklAC04g/U9C+j4BWbAEyr8kpG8TUCbwCYjvk5EE"
    "97BIfq+I+E4RKViB9D8J6fsEZMGaNKX+SUR8k4guWALtXxe5xDfJqO8SET0nIAgMBerfSYlvE1AFS6D8S0L4JgFdsATKvySkbxNQnycgPU9A"
    "EhyGJfF7MtK7RGTBEuj+kBC9QUAXDIHqDwnZWwR0CTwC0ntkpMBKoP5NQnqTgB4YCtS/SYhvEtCCE0j/k5C+T0AWLIHyLwnp2wTU5wlIzxOQ"
    "BKdI/J+M+C0BKTiB9D8J6fsEZMESKP+SkL5NQH2egDAYJZDFlxJ1mEggofTTs0gmCNXUHUZNCSraOi1NB+rTmfZ0HO0lx8zomQjgO4Jidngk"
)
"""Lines packed by LZFSE: one block and the end."""


def test_lzvn_gives_what_was_packed() -> None:
    assert unlzvn(LZVN, len(text(SHORT)))[0] == text(SHORT)


def test_lzfse_gives_what_was_packed() -> None:
    assert unlzfse(LZFSE, len(text(LONG))) == text(LONG)


def test_lzfse_around_lzvn_and_around_plain_bytes() -> None:
    size = len(text(SHORT))
    lzvn = b"bvxn" + size.to_bytes(4, "little") + len(LZVN).to_bytes(4, "little") + LZVN
    plain = b"bvx-" + (5).to_bytes(4, "little") + b"plain"
    assert unlzfse(plain + lzvn + plain + b"bvx$", size + 10) == b"plain" + text(SHORT) + b"plain"


def test_a_match_that_overlaps_itself_repeats() -> None:
    assert unlzvn(b"\xe2ab\x38\x02\xf3\x06" + bytes(7), 15)[0] == b"ab" * 7 + b"a"


@pytest.mark.parametrize(("packed", "lines"), [(LZVN, SHORT), (LZFSE, LONG)])
def test_every_cut_is_noticed_or_all_is_there(packed: bytes, lines: int) -> None:
    plain = text(lines)
    for cut in range(len(packed)):
        try:
            got = unlzvn(packed[:cut], len(plain))[0] if lines == SHORT else unlzfse(packed[:cut], len(plain))
        except BadMap:
            continue
        assert got == plain, f"cut at {cut}"


def test_damage_is_named_and_never_slow() -> None:
    chance, begun = random.Random(4), time.process_time()
    for _ in range(400):
        packed = bytearray(chance.choice((LZVN, LZFSE)))
        for _ in range(chance.randrange(1, 4)):
            packed[chance.randrange(len(packed))] = chance.randrange(256)
        for unpack in (unlzfse, unlzvn):
            try:
                assert unpack(bytes(packed), 1 << 16)
            except BadMap as error:
                assert str(error)
    assert time.process_time() - begun < 30


def test_a_block_that_says_it_has_no_header_ends() -> None:
    head = b"bvx2" + bytes(28)
    with pytest.raises(BadMap, match="shorter than its header"):
        unlzfse(head + bytes(100), 1000)
