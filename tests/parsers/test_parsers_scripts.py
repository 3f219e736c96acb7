"""Passages of every script between binary bytes: UTF-16 in both orders at any place, and one-byte codes."""

import random

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, sampled_from

from actionday.mime.passages.overlaps import in_order
from actionday.mime.passages.scripts import single_passages, wide_passages
from actionday.parsers import strings
from actionday.parsers._legible import passages

SENTENCES = {
    "Russian": "Встреча у старого моста вечером, не опаздывать",
    "Arabic": "السلام عليكم من محطة العوسق الاذاعية",
    "Hebrew": "הפגישה תתקיים ביום חמישי בערב",
    "Greek": "Η συνάντηση θα γίνει την Πέμπτη το βράδυ",
    "Polish": "Spotkanie odbędzie się w czwartek przy moście",
    "Thai": "พบกันที่สะพานเก่าในตอนเย็นวันพฤหัสบดี",
    "Hindi": "गुरुवार की शाम पुराने पुल पर मिलेंगे",
    "Chinese": "会议将于星期四在旧港口举行请准时参加",
    "Japanese": "木曜日の夕方に古い橋で会いましょう",
    "Korean": "목요일 저녁에 오래된 다리에서 만나자",
    "English": "the kestrel hovers over the meadow",
}
CODES = [("Russian", "cp1251"), ("Russian", "koi8-r"), ("Russian", "cp866"), ("Russian", "iso8859-5"),
         ("Russian", "mac_cyrillic"), ("Arabic", "cp1256"), ("Arabic", "iso8859-6"), ("Hebrew", "cp1255"),
         ("Greek", "cp1253")]  # fmt: skip
UNKNOWN = "application/octet-stream"


def noise(size: int, seed: int) -> bytes:
    return random.Random(seed).randbytes(size)


def between(passage: bytes, place: int) -> bytes:
    """Return a passage amid random bytes, two bytes on each side that no text has."""
    return noise(2000 + place, place) + b"\xd8\xdb" + passage + b"\xd8\xdb" + noise(2000, place + 7)


def text_of(data: bytes) -> str:
    found = passages(memoryview(data), UNKNOWN)
    return "" if found is None else "".join(found.text)


@pytest.mark.parametrize("place", [0, 1])
@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", SENTENCES)
def test_f04_utf16_of_any_script_is_kept_in_either_order_even_or_odd(
    language: str, order: str, place: int
) -> None:
    sentence = SENTENCES[language]
    assert sentence in text_of(between(sentence.encode(order), place))


@pytest.mark.parametrize(("language", "code"), CODES)
def test_f04_codes_of_one_byte_a_letter_are_kept(language: str, code: str) -> None:
    sentence = SENTENCES[language]
    assert sentence in text_of(between(sentence.encode(code), 0))


def test_f04_accents_of_a_legacy_code_do_not_cut_a_passage() -> None:
    sentence = "la réunion aura lieu après le dîner à la résidence"
    assert "réunion aura lieu" in text_of(between(sentence.encode("cp1252"), 0))


FIGURES = (
    "Müller Hans, Hauptstraße 12, 10115 Berlin, 030/1234567",
    "Réunion 2026-03-02 10:11 à 14h30, tél 06 12 34 56 78",
    "transfer of 4500 EUR to IBAN DE89 3704 0044 0532 0130 00",
    "ein Österreicher über Äpfel und Öl am Überweg",
)


@pytest.mark.parametrize("code", ["cp1252", "utf-8"])
@pytest.mark.parametrize("passage", FIGURES)
def test_f04_accents_beside_figures_cost_no_passage(passage: str, code: str) -> None:
    rng = random.Random(7)
    apart = b"".join(bytes(rng.randrange(1, 9) for _ in range(40)) + passage.encode(code) for _ in range(100))
    assert text_of(apart).count(passage) == 100
    within = b"".join(rng.randbytes(500) + passage.encode(code) for _ in range(100))
    assert text_of(within).count(passage[3:-3]) >= 90  # chance puts letters of either code at an edge


def test_f04_a_letter_that_chance_puts_at_its_edge_costs_no_passage() -> None:
    arabic = "اجتماع اللجنة في الميناء غدا مساء"
    assert arabic in text_of(between(b"x\xe9A " + arabic.encode(), 5))


@pytest.mark.parametrize("language", ["Russian", "Arabic", "Japanese"])
def test_f04_the_strings_of_a_quarantined_content_are_of_any_script(language: str) -> None:
    data = between(SENTENCES[language].encode("utf-16-le"), 1)
    assert SENTENCES[language] in "".join(strings(data).text)


def test_f04_random_bytes_and_tables_of_numbers_hold_no_passage() -> None:
    tables = b"".join((0x400 + n * n % 251).to_bytes(2, "little") for n in range(40_000))
    for data in (noise(2_000_000, 1), tables, bytes(200_000), bytes(range(256)) * 500):
        found = [*wide_passages(data), *single_passages(data)]
        assert [each for each in found if not each.text.isascii()] == []


def test_f04_a_passage_that_reads_in_two_codes_is_kept_once() -> None:
    text = text_of(between(SENTENCES["Russian"].encode("cp1251"), 3))
    assert text.count("старого") == 1


@settings(max_examples=80, deadline=None)
@given(binary(max_size=400), binary(max_size=400), sampled_from(["Russian", "Hebrew", "Greek"]))
def test_f04_whatever_lies_around_it_most_of_a_passage_is_kept(
    before: bytes, after: bytes, language: str
) -> None:
    sentence = SENTENCES[language]
    found = "\n".join(in_order(wide_passages(before + sentence.encode("utf-16-le") + after)))
    assert sentence[2:-2] in found


@settings(max_examples=40, deadline=None)
@given(binary(max_size=3000))
def test_f04_places_lie_within_the_block(block: bytes) -> None:
    for each in (*wide_passages(block), *single_passages(block)):
        assert 0 <= each.at < each.end <= len(block)


FOX = b"The quick brown fox walked along the river while the lazy dog slept under the old bridge. " * 3
CHINESE = "秘密会议，明天将在港口举行。我们在旧桥旁边见面，请带上所有的钱和文件，不要告诉任何人。"


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n", b""])
@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", [each for each in SENTENCES if each != "English"])
def test_utf16_beside_a_longer_passage_of_ascii_is_whole(language: str, order: str, line_end: bytes) -> None:
    sentence = SENTENCES[language]
    for length in (41, 67, 200):
        before = FOX[:length]
        text = text_of(between(before + line_end + sentence.encode(order) + before, 1))
        assert sentence[1:-1] in text
        assert text.count(before.decode()[2:-2]) == 2


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_two_passages_of_utf16_with_ascii_between_are_both_kept(order: str) -> None:
    first, second = SENTENCES["Russian"], SENTENCES["Greek"]
    text = text_of(between(first.encode(order) + FOX[:60] + second.encode(order), 0))
    assert first[1:-1] in text
    assert second[1:-1] in text


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize(
    "text",
    [
        CHINESE,
        "秘密会议 明天将在港口举行 我们在旧桥旁边见面 请带上所有的钱和文件",
        "明天 2024年10月 Anna 将在港口举行会议",
    ],
)
def test_chinese_with_its_signs_and_with_blanks_is_a_passage(text: str, code: str) -> None:
    assert text in text_of(between(text.encode(code), 0))


def test_ascii_within_a_block_of_many_others_is_no_chinese() -> None:
    words = noise(20_000, 5).translate(bytes(97 + byte % 26 for byte in range(256)))
    found = [*wide_passages(b"\xd8" + words + b"\xd8\xdb" + words)]
    assert [each for each in found if not each.text.isascii()] == []


@pytest.mark.parametrize("code", ["utf-16-le", "cp1251"])
def test_passages_beyond_those_that_are_judged_are_said(code: str) -> None:
    gap = b"\x01\x02\x83\x9c" * 3
    few, many = (
        b"".join(gap + f"слова у запруды {number} там".encode(code) for number in range(count))
        for count in (19_900, 20_100)
    )
    assert (found := passages(memoryview(few), ""))
    assert found.notes == ()
    assert "".join(found.text).count("слова у запруды") == 19_900
    assert (found := passages(memoryview(many), ""))
    assert [note.code for note in found.notes] == ["unjudged"]
