"""What the detector answers: languages, segments, doubt, and the same answer in every batch."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis.strategies import characters, integers, lists, sampled_from, text

from actionday.detectors.language import NAMING_THRESHOLD, Attribution, Identifier
from actionday.model.language import REPORTING_THRESHOLD, macro_of

with (Path(__file__).parent / "sentences.tsv").open(encoding="utf-8", newline="") as file:
    OURS = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
BY_LANGUAGE = {language: text for language, _, text in OURS}
ANY = text(characters(codec=None), max_size=80) | sampled_from([text for _, _, text in OURS])


CONFIDENT = 0.7  # what a reader takes for certain


def one(identifier: Identifier, written: str) -> Attribution:
    (answer,) = identifier.identify([written])
    return answer


def is_sound(answer: Attribution, written: str) -> bool:
    """Segments cover the text in order without a gap; neighbours differ; confidences are probabilities."""
    bounds = [bound for each in answer.segments for bound in (each.start, each.end)]
    whole = [0, *(bound for bound in bounds[1:-1]), len(written)] if written else []
    differ = all(
        (a.language, a.script) != (b.language, b.script)
        for a, b in zip(answer.segments, answer.segments[1:], strict=False)
    )
    chained = all(a.end == b.start for a, b in zip(answer.segments, answer.segments[1:], strict=False))
    likely = all(0 <= each.confidence <= 1 for each in (answer, *answer.segments))
    named = all(each.language == "und" or each.confidence >= NAMING_THRESHOLD for each in answer.segments)
    return bounds == whole and differ and chained and likely and named and bounds == sorted(bounds)


@pytest.mark.parametrize(
    ("language", "script", "written"), OURS, ids=[f"{row[0]}-{number}" for number, row in enumerate(OURS)]
)
def test_our_own_sentences_are_told(identifier: Identifier, language: str, script: str, written: str) -> None:
    answer = one(identifier, written)
    assert (macro_of(answer.language), answer.script) == (macro_of(language), script)
    assert answer.confidence > 0.8
    assert len(answer.segments) == 1


@pytest.mark.parametrize(
    "written",
    ["", " \n\t ", "0123 456.789 +43 1 234", "😀🎉👍", "\x00\x01\x02\x1b[0m", "\ud800\udfff", "... --- !!!",
     "https://kestrel.example/a/b?c=d", "0x7f3a 9c:41:e2 2024-05-01T12:00:00Z", "///// === {}[]"],
    ids=ascii,
)  # fmt: skip
def test_what_holds_no_word_is_undetermined(identifier: Identifier, written: str) -> None:
    answer = one(identifier, written)
    assert (answer.language, answer.script, answer.confidence) == ("und", "Zyyy", 0.0)
    assert is_sound(answer, written)
    assert identifier.candidates(written) == []


def test_l01_one_latin_word_at_the_start_does_not_turn_an_arabic_text(identifier: Identifier) -> None:
    arabic = " ".join(text for language, _, text in OURS if language == "arb")
    answer = one(identifier, "ruby " + " ".join([arabic] * 18))
    assert (answer.language, answer.script) == ("arb", "Arab")
    assert answer.confidence > 0.95
    assert {each.language for each in answer.segments} <= {"arb", "eng"}
    assert len(answer.segments) <= 2


@pytest.mark.parametrize(
    ("word", "languages"),
    [
        ("تهران", {"fas"}),
        ("طهران", {"ara", "fas"}),
        ("خوشحال", {"fas", "urd"}),
        ("کتابخانه", {"fas"}),
        ("زندگی", {"fas", "urd"}),
        ("پاکستان", {"urd", "fas", "pus", "snd", "kas"}),
        ("لڑکی", {"urd"}),
        ("بہت", {"urd", "kas"}),
        ("سوپاس", {"kur"}),
        ("کوردستان", {"kur"}),
        ("خۆشەویستی", {"kur"}),
        ("هەولێر", {"kur"}),
    ],
)
def test_l02_single_words_are_right_or_undetermined(
    identifier: Identifier, word: str, languages: set[str]
) -> None:
    answer = one(identifier, word)
    assert macro_of(answer.language) in languages or answer.confidence < CONFIDENT
    assert answer.language != "und" or answer.confidence < NAMING_THRESHOLD


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fra", "Nous vendons le Samsung Galaxy S21 Ultra 128 Go à 849,99 € sur https://boutique.example/galaxy"),
        ("deu", "Das iPhone 13 Pro kostet bei uns 1.149,00 € statt 1.299 €, siehe www.laden.example/angebote."),
        ("spa", "Compré un Sony PlayStation 5 por 499,95 € y me llegó en 2 días, gracias a yo@ejemplo.example"),
        ("ita", "Il nuovo Canon EOS R6 costa 2.459 € da noi: scrivete a noi@negozio.example per saperne di più"),
        ("por", "Vendo Volkswagen Golf 1.6 TDI de 2015 por 9.800 €, fotos em https://carros.example/golf?id=77"),
        ("nld", "De Philips Airfryer XXL HD9650 kost nu 199,- bij https://winkel.example/keuken?ref=22"),
        ("pol", "Sprzedam Lenovo ThinkPad T480 i5 16GB za 1450 zł, więcej na http://sklep.example/t480"),
        ("tur", "Xiaomi Redmi Note 12 Pro 5G 256 GB yalnızca 8.999 TL, sipariş için https://magaza.example/redmi"),
        ("rus", "Продаю MacBook Air M1 2020 8/256 за 65 000 руб., пишите на seller@pochta.example или @seller_77"),
        ("arb", "جهاز Apple Watch SE 44mm متوفر الآن بسعر 249 دولار على الموقع https://matjar.example/watch"),
    ],
)  # fmt: skip
def test_l05_prices_addresses_and_product_names_do_not_vote(
    identifier: Identifier, language: str, written: str
) -> None:
    answer = one(identifier, written)
    assert macro_of(answer.language) == macro_of(language)
    bare = re.sub(r"\S*[\d@/]\S*", " ", written)  # without addresses, prices and model numbers
    assert one(identifier, bare).language == answer.language


def test_a_text_in_three_languages_has_its_three_segments(identifier: Identifier) -> None:
    parts = [
        " ".join(text for code, _, text in OURS if code == language) for language in ("eng", "ces", "rus")
    ]
    written = "\n".join(parts)
    answer = one(identifier, written)
    assert [each.language for each in answer.segments] == ["eng", "ces", "rus"]
    assert [written[each.start : each.end].strip() for each in answer.segments] == parts
    assert is_sound(answer, written)


def test_a_quotation_in_another_script_is_a_segment_and_a_name_is_not(identifier: Identifier) -> None:
    quotation = f"{BY_LANGUAGE['rus']} {BY_LANGUAGE['arb']} {BY_LANGUAGE['rus']}"
    assert [each.language for each in one(identifier, quotation).segments] == ["rus", "arb", "rus"]
    name = f"{BY_LANGUAGE['arb']} Kestrel Radio {BY_LANGUAGE['arb']}"
    assert [each.language for each in one(identifier, name).segments] == ["arb"]


def test_the_language_is_that_of_most_letters(identifier: Identifier) -> None:
    finnish = "\n".join(text for code, _, text in OURS if code == "fin")
    assert one(identifier, f"{finnish}\n{BY_LANGUAGE['ell']}").language == "fin"
    assert one(identifier, f"{BY_LANGUAGE['ell']}\n{BY_LANGUAGE['hun']}\n{finnish}").language == "fin"


def test_a_second_language_in_a_long_text_is_found_though_it_is_read_in_windows(
    identifier: Identifier,
) -> None:
    german = " ".join(text for code, _, text in OURS if code == "deu")
    greek = " ".join(text for code, _, text in OURS if code == "ell")
    turkish = " ".join(text for code, _, text in OURS if code == "tur")
    long = "\n".join([german] * 30)
    assert [each.language for each in one(identifier, long).segments] == ["deu"]
    for second in (greek, turkish):
        written = long + "\n" + "\n".join([second] * 20)
        answer = one(identifier, written)
        assert answer.language == "deu"
        assert [each.language for each in answer.segments] == ["deu", one(identifier, second).language]
        assert abs(answer.segments[1].start - len(long)) < 200


def test_a_megabyte_in_one_line_is_answered(identifier: Identifier) -> None:
    german = " ".join(text for code, _, text in OURS if code == "deu")
    written = german * (1_000_000 // len(german))
    assert one(identifier, written).language == "deu"
    assert one(identifier, "x" * 1_000_000).language == "und"
    assert is_sound(one(identifier, written), written)


CODE = '''
def read_block(self, offset, length):
    """Return the block."""
    if offset < 0 or length > self._limit:
        raise ValueError(f"offset {offset} out of range")
    for index, value in enumerate(self._table[offset:offset + length]):
        self._cache.setdefault(index, []).append(value & 0xff)
    return b"".join(self._cache[i] for i in sorted(self._cache))
'''
CONFIG = (
    "server {\n  listen 443 ssl;\n  server_name kestrel.example;\n  root /srv/www;\n  index index.html;\n}\n"
)
LOG = '192.0.2.7 - - [12/May/2024:10:11:12 +0000] "GET /img/logo.png HTTP/1.1" 200 5120 "-" "Mozilla/5.0"\n'
SHELL = '#!/bin/sh\nset -eu\nfor f in *.gz; do gunzip -k "$f" && rm -f "$f"; done\nexit 0\n'


@pytest.mark.parametrize("written", [CODE * 20, CONFIG * 30, LOG * 100, SHELL * 30, CODE, CONFIG, LOG, SHELL])
def test_code_configuration_and_logs_are_english_or_undetermined(
    identifier: Identifier, written: str
) -> None:
    answer = one(identifier, written)
    assert answer.language in ("eng", "und") or answer.confidence < 0.5


def test_python_source_is_english_in_one_piece(identifier: Identifier) -> None:
    """A lone ``def`` is a Wolof word; it is no sentence, so it is not gone into."""
    sources = sorted(Path(json.__file__).parents[1].glob("*.py"))
    answers = identifier.identify([path.read_text(encoding="utf-8") for path in sources])
    plain = [answer.language in ("eng", "und") for answer in answers]
    whole = [len(answer.segments) == 1 for answer in answers]
    assert len(sources) > 100
    assert sum(plain) / len(plain) > 0.98
    assert sum(whole) / len(whole) > 0.97


@pytest.mark.parametrize(
    "written",
    [
        '<path d="M 10 9 c 1 2 v -3 h 4 l 5 5 z m 3 1 v 2 h 1 z"/>\n' * 20,
        "a b c d e f\nx y z\n",
        "i j k\n0 1 2\nп р с\n",
    ],
)
def test_single_letters_are_no_language(identifier: Identifier, written: str) -> None:
    assert one(identifier, written).language == "und"


def test_a_language_of_scattered_lines_is_gone_into_where_they_are_enough_together(
    identifier: Identifier,
) -> None:
    turkish = [text for code, _, text in OURS if code == "tur"]
    german = [text for code, _, text in OURS if code == "deu"]
    written = "\n".join([*german, *turkish, *german])
    found = [each.language for each in one(identifier, written).segments]
    assert found == ["deu", "tur", "deu"]
    short = "\n".join([*german * 2, "Evet."])
    assert [each.language for each in one(identifier, short).segments] == ["deu"]


@pytest.mark.parametrize(
    "written",
    [
        "Lu suli di la matina trasiu di la finestra e la picciridda si misi a cantari na canzuna antica ca so nanna "
        "ci avia nzignatu quannu era nica.",
        "Ël sol dla matin a l'é intrà da la fnestra e la cita a l'ha comensà a canté na veja canson che soa nona "
        "a l'avìa mostraje ant l'invern.",
        "De Zunn keem morgens dörch dat Finster, un de lütte Deern fung an, en oolt Leed to singen, dat ehr Grootmoder "
        "ehr wiest harr.",
        "Il sole del matin intra per le fenestra e le parve puera comencia a cantar un ancian canto que su granmatre "
        "la habeva inseniate.",
    ],
    ids=["Sicilian", "Piedmontese", "Low German", "Interlingua"],
)
def test_a_sentence_in_a_language_it_does_not_know_gets_no_name(identifier: Identifier, written: str) -> None:
    answer = one(identifier, written)
    assert answer.language == "und"
    assert answer.confidence < NAMING_THRESHOLD


def test_a_short_text_is_named_with_doubt_rather_than_refused(identifier: Identifier) -> None:
    """Of a few words no one can tell whether they are of a language that the model does not have."""
    for language, words in (("deu", "Guten Morgen"), ("pol", "dzień dobry"), ("swh", "habari za asubuhi")):
        answer = one(identifier, words)
        assert answer.language == language
        assert answer.confidence >= NAMING_THRESHOLD


@pytest.mark.parametrize(
    "written", ["zqxmany7v word", "word", "zq1 zq2 zq3 word", "word word", "der die das", "мост"]
)
def test_a_few_letters_are_a_guess_in_a_script_of_many_languages(
    identifier: Identifier, written: str
) -> None:
    assert one(identifier, written).confidence < REPORTING_THRESHOLD


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("γέφυρα", "ell"),
        ("다리", "kor"),
        ("สะพาน", "tha"),
        ("人民", "zho"),
        ("wie geht es dir heute", "deu"),
    ],
)
def test_few_letters_tell_where_a_script_is_of_one_language_or_a_letter_is_a_word(
    identifier: Identifier, written: str, language: str
) -> None:
    answer = one(identifier, written)
    assert (answer.language, answer.confidence >= REPORTING_THRESHOLD) == (language, True)


def test_candidates_are_probabilities_best_first(identifier: Identifier) -> None:
    found = identifier.candidates("Jeg vet ikke hva han heter")
    assert {code for code, _ in found[:3]} & {"nob", "dan", "nno"}
    chances = [chance for _, chance in found]
    assert chances == sorted(chances, reverse=True)
    assert 0.9 < sum(chances) <= 1.001


def test_confidence_under_the_threshold_names_no_language(identifier: Identifier) -> None:
    for written in ("xq", "zzzzz qqqq", "la", "a", "Kestrel"):
        answer = one(identifier, written)
        assert (answer.language == "und") == (answer.confidence < NAMING_THRESHOLD)


@settings(max_examples=60, deadline=None)
@given(lists(ANY, max_size=8), integers(1, 4))
def test_the_answer_does_not_depend_on_the_batch(texts: list[str], size: int) -> None:
    identifier = SHARED
    together = identifier.identify(texts)
    alone = [
        answer for at in range(0, len(texts), size) for answer in identifier.identify(texts[at : at + size])
    ]
    assert together == alone
    assert all(is_sound(answer, written) for answer, written in zip(together, texts, strict=True))


SHARED = Identifier.load()


def test_the_answer_does_not_depend_on_the_hash_seed_or_the_run() -> None:
    script = (
        "import csv, sys\n"
        "from actionday.detectors.language import Identifier\n"
        "rows = list(csv.reader(open(sys.argv[1], encoding='utf-8'), delimiter='\\t', quoting=csv.QUOTE_NONE))\n"
        "print(Identifier.load().identify([row[2] for row in rows]))\n"
    )
    path = str(Path(__file__).parent / "sentences.tsv")
    answers = {
        subprocess.run(
            [sys.executable, "-c", script, path], env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
            check=True, capture_output=True, text=True,
        ).stdout
        for seed in ("0", "1")
    }  # fmt: skip
    assert answers == {f"{SHARED.identify([row[2] for row in OURS])}\n"}


LONG = {
    "eng": "The station repeats the programme every evening, and listeners write letters to the studio. ",
    "rus": "Станция повторяет программу каждый вечер, и слушатели пишут письма в студию о погоде. ",
    "arb": "تعيد المحطة بث البرنامج كل مساء ويكتب المستمعون رسائل إلى الاستوديو. ",
    "spa": "La emisora repite el programa todas las noches y los oyentes escriben cartas al estudio. ",
}


@pytest.mark.parametrize("times", [60, 200, 2000])
@pytest.mark.parametrize(
    ("most", "one"), [("eng", "rus"), ("rus", "eng"), ("eng", "arb"), ("arb", "eng"), ("eng", "spa")]
)
def test_a_long_text_is_in_the_language_of_most_of_it(
    identifier: Identifier, most: str, one: str, times: int
) -> None:
    """Of a long text windows are read: what lies between them belongs to the stretch around, not to none."""
    first = identifier.identify([LONG[one] + LONG[most] * times])[0]
    last = identifier.identify([LONG[most] * times + LONG[one]])[0]
    assert {first.language, last.language} == {most}
    assert [each.language for each in first.segments] == [one, most]
    assert [each.language for each in last.segments] == [most, one]
    assert last.segments[-1].end == len(LONG[most]) * times + len(LONG[one])
