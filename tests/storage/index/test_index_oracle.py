"""Random texts, names and metadata in fifty scripts: what random queries find, held against the marks in the originals.

The oracle looks at the words of each original, with their places; the index was told them in bulk, in one go or in many.
"""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

import pytest
from indexed import document, index_of

from actionday.storage.index import Document, Index, Node, QueryError, parse, sought_words
from actionday.storage.index.metadata import words
from actionday.storage.index.node import And, Match, Not, Or, Term
from actionday.storage.index.normalise import normalise, tokens
from actionday.storage.index.stretch import Row

WRITTEN = """
kestrel kestrels kestral radio Müller Mueller Straße STRASSE ŒUVRE ﬁnale ǉubav Işık IŞIK İzmir đường Ærø wɛrɛ
новости ёлка елка молоко\u0301 мой мои Київ їжак ҳафта өрнөк
Ὀδυσσεύς ΟΔΥΣΣΕΥΣ ραδιόφωνο ռադիո եւ և რადიო ᲠᲐᲓᲘᲝ ⲣⲁⲇⲓⲟ 𐌲𐌿𐍄𐌹𐍃𐌺 Ꭰꭰꮎ 𐐀𐐨𐐁 ᚱᚨᛞᛁᛟ
أخبار الأخبار وأخبارهم محطة ومحطتنا مـحـطـة کتاب‌ها می‌خواهم ﻣﺤﻄﺔ ریڈیو ڕادیۆ ራዲዮ ሬዲዮ ⵔⴰⴷⵢⵓ ߙߊߘߌߦߏ 𞤪𞤢𞤣𞤭𞤴𞤮 ܪܕܝܘ ރޭޑިއޯ
שלום שָׁלוֹם והשידורים שידורים צה"ל צה״ל ראַדיאָ
समाचार क़लम রেডিও ਰੇਡੀਓ રેડિયો ରେଡିଓ வானொலி రేడియో ರೇಡಿಯೊ റേഡിയോ ගුවන් ཀློག ᠷᠠᠳᠢᠣ ᱨᱮᱰᱤᱭᱳ ꯔꯦꯗꯤꯑꯣ
我在上海工作 上海 東京都に住む 京都 カメラ ｶﾒﾗ ﾗｼﾞｵ らじお 国家 方送 서울에서 한국어 ꆈꌠ ㄅㄆㄇ
ประเทศไทย ภาษาไทย น้ำมัน วิทยุ ວິທະຍຸ ក្រុម កម្មវិធី ရေဒီယို မြန်မာ ꦫꦣꦶꦪꦺꦴ ᬭᬤᬶᬬᭀ ᨑᨉᨗᨕᨚ ᮛᮓᮤᮇ 𑄢𑄬𑄓𑄨𑄃𑄮
12345 ١٢٣٤٥ १२ 😀 👩‍💻 ½ a.b@host.example file_name.txt 10.0.0.1 don’t oʻzbek x\u0336y\u0336
"""
SAMPLES = WRITTEN.split()
SEPARATORS = [" ", " ", " ", ", ", "\n", "\n> ", "\n\n", "-", "", "\u00ad", "/"]
DOCUMENTS, QUERIES = 120, 100


@dataclass(frozen=True)
class Held:
    """A document with what it was made of."""

    document: Document
    text: str
    meta: str
    rows: dict[str, Row]


def _stretch(rng: Random, longest: int) -> str:
    parts = []
    for _ in range(rng.randint(0, longest)):
        word = rng.choice(SAMPLES)
        form = rng.choice(["NFC", "NFD", ""])
        parts += [unicodedata.normalize(form, word) if form else word, rng.choice(SEPARATORS)]
    return "".join(parts)


def _made(rng: Random) -> list[Held]:
    held: list[Held] = []
    for number in range(DOCUMENTS):
        name = rng.choice(SAMPLES).replace("/", "")
        text, meta, own = _stretch(rng, 12), _stretch(rng, 2), _stretch(rng, 1)
        if held and number % 4 == 3:
            before = rng.choice(held)
            text, meta = before.text, before.meta  # a copy of a content at another place
        said = {"text": text, "meta": meta, "own": own, "name": name}
        made = document(
            number, text, name=name, path=f"srv/{rng.choice(SAMPLES).replace('/', '')}/{name}", exhibit=f"S-{number % 3}",
            kind=rng.choice(["file", "deleted"]), year=2020 + number % 3, meta=words(json.dumps([meta])), own=words(json.dumps([own])),
        )  # fmt: skip
        held.append(Held(made, text, meta, {place: Row(tokens(each)) for place, each in said.items()}))
    return held


@pytest.fixture(scope="module")
def rng() -> Random:
    return Random(7)


@pytest.fixture(scope="module")
def held(rng: Random) -> list[Held]:
    return _made(rng)


@pytest.fixture(scope="module")
def indexes(held: list[Held], tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Index, Index]]:
    """The same documents added at once, and a few at a time."""
    folder = tmp_path_factory.mktemp("oracle")
    whole = index_of(folder / "whole", [each.document for each in held])
    grown = Index.open(folder / "grown", heap_bytes=15 << 20, writable=True)
    for at in range(0, len(held), 17):
        grown.add(each.document for each in held[at : at + 17])
        grown.commit(1)
    yield whole, grown
    whole.close()
    grown.close()


PLACES = {None: ("text", "meta", "own"), "meta": ("meta", "own"), "name": ("name",)}


def _meets(each: Held, term: Term) -> bool:
    if term.field in PLACES:
        (seeking,) = sought_words(term, (term.field,))
        return any(any(seeking.spans(each.rows[place])) for place in PLACES[term.field])
    match term.field:
        case "path":
            return _in_path(each.document.path, term)
        case "exhibit":
            return each.document.exhibit == term.text
        case "kind":
            return each.document.kind == term.text
    raise AssertionError(term)


def _in_path(path: str, term: Term) -> bool:
    whole = [normalise(part).body.split() for part in path.split("/")]
    asked = [normalise(part).body.split() for part in term.text.strip("/").split("/")]
    runs = [whole[at : at + len(asked)] for at in range(len(whole) - len(asked) + 1)]
    if term.match is not Match.PREFIX:
        return asked in runs
    last = "_".join(asked[-1])
    return any(run[:-1] == asked[:-1] and "_".join(run[-1]).startswith(last) for run in runs)


def _holds(each: Held, node: Node) -> bool:
    match node:
        case Term():
            return _meets(each, node)
        case Not(part):
            return not _holds(each, part)
        case And(parts):
            return all(_holds(each, part) for part in parts)
        case Or(parts):
            return any(_holds(each, part) for part in parts)


def _asked(rng: Random, held: list[Held]) -> str:
    """Return a query of words that stand in the documents, or nearly."""

    def word() -> str:
        return rng.choice(SAMPLES).replace('"', "")

    def changed() -> str:
        letters = list(word())
        at = rng.randrange(len(letters))
        letters[at] = rng.choice(["", letters[at] * 2, rng.choice(letters)])
        return "".join(letters) + "~"

    def cut() -> str:
        own = word()
        return own[: rng.randint(1, len(own))] + "*"

    def phrase() -> str:
        text = " ".join(rng.choice(held).text.split()).replace('"', "")
        at = rng.randrange(max(1, len(text)))
        return '"' + (text[at : at + rng.randint(1, 24)].strip() or word()) + '"'

    def path() -> str:
        parts = rng.choice(held).document.path.replace('"', "").split("/")
        at = rng.randrange(len(parts))
        return "path:" + "/".join(parts[at : at + rng.randint(1, 2)]) + rng.choice(["", "*"])

    leaves: list[Callable[[], str]] = [
        word, word, changed, cut, phrase, lambda: f"meta:{rng.choice([word, changed, cut, phrase])()}",
        lambda: f"name:{rng.choice([word, changed, cut, phrase])()}", path, lambda: f"exhibit:S-{rng.randrange(3)}",
        lambda: rng.choice(["kind:file", "kind:deleted"]),
    ]  # fmt: skip
    query = rng.choice(leaves)()
    for _ in range(rng.randrange(3)):
        query = f"({query}{rng.choice([' ', ' OR ', ' NOT '])}{rng.choice(leaves)()})"
    return query


def test_a_query_finds_what_the_originals_hold_however_the_index_grew(
    rng: Random, held: list[Held], indexes: tuple[Index, Index]
) -> None:
    whole, grown = indexes
    facets = ["exhibit", "kind", "year"]
    asked = 0
    while asked < QUERIES:
        query = _asked(rng, held)
        try:
            node = parse(query)
        except QueryError:
            continue
        asked += 1
        filters = rng.choice([{}, {"year": ["2020", "2022"]}, {"exhibit": ["S-1"]}])
        expected = [
            each.document
            for each in held
            if _holds(each, node)
            and str(each.document.year) in filters.get("year", ["2020", "2021", "2022"])
            and each.document.exhibit in filters.get("exhibit", ["S-0", "S-1", "S-2"])
        ]
        page = whole.search(node, limit=DOCUMENTS, filters=filters, facets=facets)
        assert {hit.item for hit in page.hits} == {each.item for each in expected}, query
        assert (page.total, page.contents) == (len(expected), len({each.sha256 for each in expected})), query
        for facet in facets:
            assert dict(page.facets[facet]) == Counter(str(getattr(each, facet)) for each in expected), query
        assert grown.search(node, limit=DOCUMENTS, filters=filters, facets=facets) == page, query
