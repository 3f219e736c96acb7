"""The language data and all that is written from it: whole, in its own script, invented, harmless."""

import ipaddress
import re
import unicodedata
from collections import Counter
from pathlib import Path

import pytest
from samples.documents.html import TAGS
from samples.exhibits.job import Job
from samples.languages import FOLDER, Language, languages, read
from samples.made import everything
from samples.network import NETWORKS, make_network
from samples.truth import places

SCRIPTS = {"Latn": ("LATIN",), "Cyrl": ("CYRILLIC",), "Arab": ("ARABIC",), "Hebr": ("HEBREW",), "Grek": ("GREEK",),
           "Thai": ("THAI",), "Beng": ("BENGALI",), "Hans": ("CJK",), "Jpan": ("CJK", "HIRAGANA", "KATAKANA"),
           "Kore": ("HANGUL",), "Deva": ("DEVANAGARI",)}  # fmt: skip
# Names of standards bodies that stand inside file formats; nothing else may have a real ending.
STANDARDS = {"schemas.openxmlformats.org", "purl.org", "www.w3.org", "netpreserve.org"}
ENDINGS = "com|org|net|info|io|ru|de|fr|es|uk|eu|me|tv|fm|news|app|dev|cn|ir|il|tr|th|jp|gr|kr|bd|pk|id|ua"
DOMAIN = re.compile(rf"\b(?:[a-z0-9-]+\.)+(?:{ENDINGS})\b(?!\.)", re.IGNORECASE)
IPV4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
# Words that have no place in the network's texts: causes, parties, weapons, real platforms.
UNWANTED = re.compile(
    r"\b(?:weapon|bomb|party|election|jihad|nazi|terror\w*|facebook|twitter|tiktok|youtube)\b", re.I
)
ALL = list(languages().values())


def every_text(tongue: Language) -> list[str]:
    fields = (tongue.stations, tongue.agencies, tongue.clubs, tongue.people, tongue.programmes, tongue.slogans,
              tongue.subjects, tongue.headlines, tongue.sentences)  # fmt: skip
    return [text for field in fields for text in field] + [tongue.schedule, tongue.announcement, tongue.news]


def test_there_are_at_least_twelve_languages_in_six_scripts() -> None:
    assert len(ALL) >= 12
    assert len({tongue.script for tongue in ALL}) >= 6


@pytest.mark.parametrize("tongue", ALL, ids=lambda tongue: tongue.code)
def test_a_language_has_thirty_different_sentences_and_enough_of_the_rest(tongue: Language) -> None:
    assert len(set(tongue.sentences)) >= 30
    assert len(set(tongue.programmes)) == 12
    assert min(len(tongue.stations), len(tongue.slogans)) >= 4
    assert min(len(tongue.people), len(tongue.subjects), len(tongue.headlines)) >= 6
    assert tongue.code in TAGS


@pytest.mark.parametrize("tongue", ALL, ids=lambda tongue: tongue.code)
def test_a_language_is_written_in_its_own_script(tongue: Language) -> None:
    letters = [letter for text in every_text(tongue) for letter in text if letter.isalpha()]
    names = Counter(unicodedata.name(letter).split()[0].split("-")[0] for letter in letters)
    own = sum(names[name] for name in SCRIPTS[tongue.script])
    assert own >= 0.99 * len(letters), names


@pytest.mark.parametrize("tongue", ALL, ids=lambda tongue: tongue.code)
def test_sentences_are_tidy_and_composed(tongue: Language) -> None:
    for text in every_text(tongue):
        assert text == text.strip()
        assert "  " not in text
        assert (
            unicodedata.is_normalized("NFC", text) or tongue.script == "Beng"
        )  # NFC excludes its yya and rra
        assert not re.search(r"[\u200e\u200f\u202a-\u202e\ufeff\ufffd]", text)
    if tongue.script != "Thai":  # Thai ends a sentence with a space
        assert all(sentence[-1] in ".。۔।" for sentence in tongue.sentences)


@pytest.mark.parametrize("tongue", ALL, ids=lambda tongue: tongue.code)
def test_programmes_are_named_in_schedules_only(tongue: Language) -> None:
    rest = "\n".join((*tongue.sentences, *tongue.headlines, *tongue.slogans, *tongue.subjects)).casefold()
    assert not [name for name in tongue.programmes if name.casefold() in rest]


def test_an_unknown_field_in_a_language_file_is_refused(tmp_path: Path) -> None:
    text = (FOLDER / "eng.toml").read_text(encoding="utf-8")
    (tmp_path / "eng.toml").write_text('greeting = "hello"\n' + text, encoding="utf-8")
    with pytest.raises(TypeError, match="greeting"):
        read(tmp_path / "eng.toml")


def all_words(seed: int) -> list[tuple[str, str]]:
    found = places(Job(make_network(seed)))
    flat = [place for inside in found.values() for place in everything(inside)]
    texts = {place.made.sha256: (place.path, place.made) for place in flat}
    opaque = ("image/", "audio/", "application/gzip", "application/x-bzip2", "application/x-xz")
    readable = [(path, content) for path, content in texts.values() if not content.mime.startswith(opaque)]
    return [(path, content.text or content.data.decode("utf-8", "ignore")) for path, content in readable]


@pytest.fixture(scope="module", params=[7, 99])
def words(request: pytest.FixtureRequest) -> list[tuple[str, str]]:
    return all_words(request.param)


def test_every_domain_ends_in_example(words: list[tuple[str, str]]) -> None:
    found = {(path, match) for path, text in words for match in DOMAIN.findall(text)}
    assert {name for _, name in found} <= STANDARDS | {"document.xml.rels"}, found


def test_every_address_is_of_a_documentation_range(words: list[tuple[str, str]]) -> None:
    found = {match for _, text in words for match in IPV4.findall(text)}
    ranges = [ipaddress.ip_network(f"{prefix}.0/24") for prefix in NETWORKS] + [
        ipaddress.ip_network("127.0.0.0/8")
    ]
    assert len(found) > 100
    assert not [ip for ip in found if not any(ipaddress.ip_address(ip) in net for net in ranges)]


def test_mail_addresses_are_the_operators(words: list[tuple[str, str]]) -> None:
    found = {match for _, text in words for match in re.findall(r"[\w.-]+@([\w-]+(?:\.[\w-]+)+)", text)}
    assert found
    assert all(name.endswith(".example") for name in found)


@pytest.mark.parametrize("seed", range(20))
def test_telephone_numbers_are_those_set_aside_for_fiction(seed: int) -> None:
    fiction = re.compile(
        r"\+1 202 555 01\d\d|\+44 1632 960\d{3}|\+33 6 39 98 \d\d \d\d|\+49 30 23125\d{3}|\+46 8 465 004 \d\d"
    )
    network = make_network(seed)
    assert all(fiction.fullmatch(operator.phone) for operator in network.operators)
    assert all(ipaddress.ip_address(s.ip6) in ipaddress.ip_network("2001:db8::/32") for s in network.servers)


def test_no_text_speaks_of_what_the_network_is_not_about(words: list[tuple[str, str]]) -> None:
    assert not [(path, match.group()) for path, text in words for match in UNWANTED.finditer(text)]
