"""The next word that was asked for is found however far on it stands, and none that is there is passed over."""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from actionday.access.contents import WINDOW_BYTES, Content, text_window
from actionday.access.next_hit import LOOKED_OVER, next_hit
from actionday.storage.index import likely, parse, seen, snippet, snippets
from actionday.storage.objects import Packs, compress

FILLERS = {
    "Latn": "the wind over the marsh and the reeds below it\n",
    "Arab": "هبت الريح فوق المستنقع والقصب تحته\n",
}
WORDS = {"Latn": "kestrel", "Arab": "الشاهين"}


@pytest.fixture
def packs(tmp_path: Path) -> Iterator[Packs]:
    held = Packs(tmp_path / "objects")
    held.begin({})
    yield held
    held.close()


def stored(packs: Packs, text: str) -> Content:
    data = text.encode()
    digest = hashlib.sha256(data).digest()
    location = packs.put(digest, len(data), compress(data))
    packs.flush()
    return cast("Content", SimpleNamespace(text=location, text_sha256=digest))


def with_words(script: str, places: list[int], size: int) -> str:
    """Return a text of about ``size`` bytes that holds the word behind each of these bytes, and nowhere else."""
    filler, word, at = FILLERS[script], WORDS[script], 0
    lines = []
    for place in [*sorted(places), size]:
        lines.append(filler * max(1, (place - at) // len(filler.encode())))
        at = max(place, at)
        lines.append(f"{word}\n")
    return "".join(lines[:-1])


@pytest.mark.parametrize("script", FILLERS)
@pytest.mark.parametrize("seed", range(6))
def test_from_hit_to_hit_every_word_of_a_text_is_come_by(packs: Packs, script: str, seed: int) -> None:
    """Near the edges of what is looked over at once, of windows, and of the text itself."""
    rng = random.Random(seed)
    edges = [block * LOOKED_OVER + rng.randint(-60, 60) for block in rng.sample(range(1, 9), 3)]
    edges += [
        rng.randrange(9 * LOOKED_OVER) // WINDOW_BYTES * WINDOW_BYTES + rng.randint(-9, 9) for _ in range(3)
    ]
    text = with_words(script, [max(0, edge) for edge in edges], 9 * LOOKED_OVER)
    content, node = stored(packs, text), parse(WORDS[script])
    found, at = 0, next_hit(packs, content, node)
    while at is not None:
        window = text_window(packs, content, at, node)
        assert window is not None
        assert window.marks
        found += len(window.marks)
        at = next_hit(packs, content, node, window.end)
    assert found == text.count(WORDS[script]) == len(edges)


def test_no_word_of_a_text_of_one_line_is_parted(packs: Packs) -> None:
    text = FILLERS["Latn"].replace("\n", " ") * 3_000 + "kestrel " * 20_000
    content, node = stored(packs, text), parse("kestrel")
    found, at = 0, next_hit(packs, content, node)
    while at is not None:
        window = text_window(packs, content, at, node)
        assert window is not None
        found, at = found + len(window.marks), next_hit(packs, content, node, window.end)
    assert found == 20_000


def test_a_text_without_the_word_or_a_query_without_words_leads_nowhere(packs: Packs) -> None:
    content = stored(packs, FILLERS["Latn"] * 40_000)
    assert next_hit(packs, content, parse("kestrel")) is None
    assert next_hit(packs, content, parse("type:text/plain")) is None
    assert next_hit(packs, content, parse("NOT kestrel")) is None


def test_what_is_not_likely_is_not_there() -> None:
    assert likely("over the marsh", parse("marsh"))
    assert likely("over the marsh", parse("marhs~"))
    assert not likely("over the marsh", parse("kestrel"))
    assert not likely("over the marsh", parse("type:marsh"))


def test_the_only_word_behind_a_hundred_million_letters_is_shown() -> None:
    text = FILLERS["Latn"] * 2_200_000 + "kestrel\n"
    assert seen(text, parse("kestrel")) == len(text) > 100_000_000
    assert ("kestrel", True) in snippet(text, parse("kestrel"))


def test_where_a_snippet_stops_looking_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of letters other than ASCII less is looked over in the time."""
    monkeypatch.setattr(snippets, "MOST_BLOCKS", {True: 2, False: 1})
    text = FILLERS["Arab"] * 10_000 + "الشاهين\n"
    over = seen(text, parse("الشاهين"))
    assert over == snippets.BLOCK < len(text)
    assert not any(marked for _, marked in snippet(text, parse("الشاهين")))
    near = text[:over][: -len("الشاهين ")] + " الشاهين"
    assert any(marked for _, marked in snippet(near, parse("الشاهين")))
