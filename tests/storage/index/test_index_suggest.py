"""Nothing found: the nearest spelling that would find something."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from indexed import Texts

from actionday.storage.index import corrected, parse


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Texts]:
    held = [
        "kestrel schedule",
        "kestrel radio",
        "kestral radar",
        "новости дня",
        "أخبار",
        "上海工作",
        "straße",
        "kanal24 2 1999 2000",
    ]
    with Texts(tmp_path_factory.mktemp("suggest") / "index", held) as made:
        yield made


@pytest.mark.parametrize(
    ("query", "suggested"),
    [
        ("kestrol", [("kestrol", "kestrel")]),  # the more frequent of two that are as near
        ("shcedule kestrel", [("shcedule", "schedule")]),
        ('"kestrel raido"', [("raido", "radio")]),
        ("новасти", [("новасти", "новости")]),
        ("أخبر", [("اخبر", "اخبار")]),
        ("strase", [("strase", "strasse")]),
        ("mestrel", [("mestrel", "kestrel")]),  # the first letter: another,
        ("estrel", [("estrel", "kestrel")]),  # left out,
        ("akestrel", [("akestrel", "kestrel")]),  # one too many,
        ("ekstrel", [("ekstrel", "kestrel")]),  # swapped,
        ("mestrrel", [("mestrrel", "kestrel")]),  # and one more behind the third
        ("ekstrell", [("ekstrell", "kestrel")]),
        ("estrell", [("estrell", "kestrel")]),
        ("akestrell", [("akestrell", "kestrel")]),
        ("повости", [("повости", "новости")]),
        ("بخبار", [("بخبار", "اخبار")]),
        ("kestrel", []),
        ("12", []),  # a number is another, not another spelling
        ("1998", []),
        ("kanal25", []),
        ("kanol24", [("kanol24", "kanal24")]),
        ("q", []),
        ("xylophone", []),
        ("海上", []),
        ("kestr* lang:en NOT kestrol", []),
    ],
)
def test_the_nearest_word_is_suggested(texts: Texts, query: str, suggested: list[tuple[str, str]]) -> None:
    assert texts.index.suggestions(query) == suggested
    for missing, better in suggested:
        assert texts.found(missing) == []
        assert texts.found(better)


def test_an_empty_index_suggests_nothing(tmp_path: Path) -> None:
    with Texts(tmp_path / "index", []) as made:
        assert made.index.suggestions("kestrel radio") == []


@pytest.mark.parametrize(
    ("query", "better"),
    [
        ("kestrol", "kestrel"),
        ("  shcedule   kestrel", "  schedule   kestrel"),
        ('(radio OR "kestrel raido") NOT kestrol', '(radio OR "kestrel radio") NOT kestrol'),
        ("новасти lang:ru", "новости lang:ru"),
        ("kestrol kestrol", "kestrel kestrel"),
        ("name:kestrol kestrol", "name:kestrol kestrel"),
        ("kestrel-raido", "kestrel-radio"),
    ],
)
def test_a_query_is_corrected_where_the_missing_words_stand(texts: Texts, query: str, better: str) -> None:
    node = parse(query)
    assert corrected(query, node, texts.index.suggestions(node)) == better
