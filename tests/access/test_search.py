"""A search answers exactly what the exports hold, and is recorded."""

import json
import sqlite3
import unicodedata
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from actionday.access.wider import wider
from actionday.app.cli import main
from actionday.model.language import codes_matching
from actionday.storage.index import parse
from actionday.storage.index.written import written
from case_tools import Bench, Row

HELD = "file:held?mode=memory&cache=shared"
TEXTS = {
    "en/schedule.txt": "The kestrel radio schedule for Monday: news at ten, music at eleven, and a letter from the harbour.\n",
    "en/copy.txt": "The kestrel radio schedule for Monday: news at ten, music at eleven, and a letter from the harbour.\n",
    "ar/schedule.txt": "مواعيد بث إذاعة كيستريل ليوم الاثنين: الأخبار في العاشرة والموسيقى في الحادية عشرة مساءً من كل أسبوع.\n",
    "ru/schedule.txt": "Расписание радио «Кестрел» на понедельник: новости в десять, музыка в одиннадцать, письмо из гавани.\n",
    "he/schedule.txt": "לוח השידורים של רדיו קסטרל ליום שני: חדשות בעשר, מוזיקה באחת עשרה, ומכתב מן הנמל אל המאזינים.\n",
    "odd/terminal.txt": "The lantern \x01\x1b]0;owned\x07\x1b[2J was \u202ederutpac\u202c at the quay, and no\u200cbody saw it.\n",
    "html/page.html": "<html><body><h1>Kestrel</h1><p>radio &amp; music for the <b>harbour</b></p></body></html>\n",
}


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    root = tmp_path_factory.mktemp("searched")
    for name, text in TEXTS.items():
        path = root / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    said = PngInfo()
    said.add_text("Description", "The door of Rookwood hall")
    Image.new("L", (8, 8)).save(root / "site" / "door.png", pnginfo=said)
    bench = Bench(root / "case")
    bench.ingest(root / "site")
    return bench


@pytest.fixture(scope="module")
def joined(searched: Bench) -> list[Row]:
    """The items with their texts: what a search is a function of."""
    texts = {row["sha256"]: row for row in searched.export("texts")}
    return [{**row, "text_row": texts.get(row["sha256"])} for row in searched.items()]


def holding(joined: list[Row], word: str) -> set[str]:
    """Return the paths of the items whose text holds a word, found without the index."""
    return {row["path"] for row in joined if row["text_row"] and word in words(row["text_row"]["text"])}


def words(text: str) -> set[str]:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return set("".join(c if c.isalnum() else " " for c in folded).split())


@pytest.mark.parametrize("word", ["kestrel", "radio", "harbour", "новости", "חדשות", "monday", "absent"])
def test_total_and_hits_are_those_of_the_exports(searched: Bench, joined: list[Row], word: str) -> None:
    found = searched.search(word, "--limit", 100)
    wanted = holding(joined, word)
    assert found["total"] == len(wanted)
    assert {hit["path"] for hit in found["hits"]} == wanted
    hashes = {row["sha256"] for row in joined if row["path"] in wanted}
    assert found["contents"] == len(hashes)


@pytest.mark.parametrize("code", ["ar", "ara", "arb", "en", "eng", "ru", "rus", "he", "heb"])
def test_lang_finds_the_texts_that_the_export_attributes(
    searched: Bench, joined: list[Row], code: str
) -> None:
    covered = codes_matching(code)
    wanted = {row["path"] for row in joined if row["text_row"] and row["text_row"]["language"] in covered}
    found = searched.search("kind:file", "--lang", code, "--limit", 100)
    assert {hit["path"] for hit in found["hits"]} == wanted
    assert wanted


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("kestrel kind:nonsense",), "(at character 14)"),
        (("lang:xx",), "it takes a code, as in lang:fa"),
        (("lang:arabic",), "'arabic' is a name: write lang:ar"),
        (("status:nonsense",), "known are empty, encrypted, "),
        (("*",), "no letter or digit before this *"),
        (("kestrel", "--lang", "xx"), "'xx' is no code of a language that is told here"),
        (("kestrel", "--lang", "persian"), "write fa (Persian)"),
    ],
)
def test_what_can_find_nothing_by_its_form_is_refused(
    searched: Bench, words: tuple[str, ...], said: str
) -> None:
    done = searched.run("search", searched.folder, *words)
    assert done.returncode == 2
    assert said in done.stderr


def test_the_shape_of_the_answer_is_the_contract(searched: Bench) -> None:
    found = searched.search("kestrel", "--limit", 1)
    assert {"total", "contents", "hits"} <= set(found)
    assert len(found["hits"]) == 1
    assert found["total"] == 3
    (hit,) = found["hits"]
    assert {"exhibit", "path", "sha256", "score", "snippet"} <= set(hit)
    assert isinstance(hit["score"], float)
    assert "estrel" in hit["snippet"]


def test_pages_follow_one_another_without_gap_or_double(searched: Bench) -> None:
    whole = [hit["path"] for hit in searched.search("radio OR kestrel", "--limit", 100)["hits"]]
    paged = []
    for offset in range(0, len(whole) + 2, 2):
        paged += [
            hit["path"]
            for hit in searched.search("radio OR kestrel", "--limit", 2, "--offset", offset)["hits"]
        ]
    assert paged == whole
    assert searched.search("radio", "--limit", 0)["total"] > 0


def test_of_equal_scores_exhibit_and_path_decide(searched: Bench) -> None:
    hits = searched.search("harbour", "--limit", 10)["hits"]
    assert hits == sorted(hits, key=lambda hit: (-hit["score"], hit["exhibit"], hit["path"]))
    doubles = [hit["path"] for hit in hits if hit["path"].startswith("en/")]
    assert doubles == ["en/copy.txt", "en/schedule.txt"]


def test_a_hit_in_metadata_shows_the_value_with_its_label(searched: Bench) -> None:
    found = searched.search("rookwood")
    (hit,) = found["hits"]
    assert (found["total"], found["contents"], hit["path"], hit["snippet"]) == (1, 1, "door.png", "")
    assert hit["metadata"] == [{"label": "description", "value": "The door of Rookwood hall"}]
    said = searched.run("search", searched.folder, "meta:rookwood door").stdout
    assert "       description: The ⟦door⟧ of ⟦Rookwood⟧ hall\n" in said
    assert all(hit["metadata"] == [] for hit in searched.search("kestrel")["hits"])


def test_words_only_in_metadata_are_no_missing_words(searched: Bench) -> None:
    told = hints(searched, "rookwood harbour")
    assert [(one["query"], one["total"], one["names"]) for one in told["words"]] == [
        ("rookwood", 1, 0),
        ("harbour", 3, 0),
    ]
    assert searched.search("rookwodo")["nearest"] == {"query": "rookwood", "total": 1}
    alone = hints(searched, "rookwood NOT meta:hall")
    assert [(one["query"], one["total"]) for one in alone["words"]] == [("rookwood", 1)]


@pytest.mark.parametrize(
    ("query", "at"),
    [("(a AND b", None), ('"', None), ("field:x", None), ("a OR", None), (")", None), ("AND", None)],
)
def test_a_malformed_query_is_told_with_its_position(searched: Bench, query: str, at: None) -> None:
    done = searched.run("search", searched.folder, query, "--json")
    assert done.returncode == 2
    said = json.loads(done.stderr)
    assert said["exit_code"] == 2
    assert "(at character " in said["error"]
    assert done.stdout == ""


def test_no_hit_is_no_failure(searched: Bench) -> None:
    done = searched.run("search", searched.folder, "nowhere-to-be-found")
    assert done.returncode == 0


def test_a_search_stands_in_the_ledger_with_its_words_and_its_count(searched: Bench) -> None:
    searched.search("schedule", "--offset", 1)
    entry = [row for row in searched.export("ledger") if row["action"] == "searched"][-1]
    assert (entry["subject"], entry["actor"]) == ("schedule", "tester")
    assert entry["details"]["total"] == 2
    assert entry["details"]["offset"] == 1


def test_a_case_without_an_exhibit_has_no_hits(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "case")
    found = bench.search("kestrel")
    assert found.pop("hints")["words"] == [{"query": "kestrel", "total": 0, "names": 0}]
    assert found == {
        "total": 0,
        "contents": 0,
        "hits": [],
        "logged": True,
        "nearest": None,
        "wider": None,
        "unsearched": {},
        "in_part": 0,
        "unhashed": {},
        "undated": 0,
        "unlisted": 0,
        "unfinished": None,
        "not_as_recorded": None,
        "ledger_differs": None,
    }
    assert bench.items() == []
    assert bench.verify()["ok"]


def test_a_hundred_terms_joined_by_or_are_answered(searched: Bench) -> None:
    query = " OR ".join(f"word{n}" for n in range(300)) + " OR kestrel"
    assert searched.search(query)["total"] == 3


def test_nothing_found_says_the_nearest_spelling_and_how_many_it_finds(searched: Bench) -> None:
    said = searched.run("search", searched.folder, "kestral shedule")
    assert "kestrel schedule (2 items)" in said.stdout
    answer = json.loads(searched.run("search", searched.folder, "kestral", "--json").stdout)
    assert answer["total"] == 0
    assert answer["nearest"] == {"query": "kestrel", "total": 3}
    assert json.loads(searched.run("search", searched.folder, "kestrel", "--json").stdout)["nearest"] is None
    arabic = json.loads(searched.run("search", searched.folder, "kestral", "--lang", "ar", "--json").stdout)
    assert arabic["nearest"] is None, "nothing in Arabic has the nearest word either"


def hints(searched: Bench, *words: str) -> Row:
    found = searched.search(*words)
    assert found["total"] == 0
    return found["hints"]


def test_nothing_found_says_what_each_word_finds_and_which_one_is_in_the_way(searched: Bench) -> None:
    told = hints(searched, "radio lantern harbour")
    assert [(one["query"], one["total"]) for one in told["words"]] == [
        (word, searched.search(word)["total"]) for word in ("radio", "lantern", "harbour")
    ]
    assert told["without"] == [{"left_out": "lantern", "query": "radio harbour", "total": 3}]
    assert searched.search("radio harbour")["total"] == 3
    assert searched.search("radio")["hints"] is None
    said = searched.run("search", searched.folder, "radio lantern harbour").stdout
    assert "Alone: lantern (1 item)\n" in said
    assert "Without lantern: radio harbour (3 items)\n" in said


@pytest.mark.parametrize(
    ("query", "field", "better"),
    [
        ("lantern or absent", "operators", "lantern OR absent"),
        ("kestrel not radio absent", "operators", "kestrel NOT radio absent"),
        ("absent and (lantern Or radio)", "operators", "absent AND (lantern OR radio)"),
        ("terminal", "names", "name:terminal"),
        ("terminal txt", "names", "name:terminal name:txt"),
        ('"schedule radio"', "unquoted", "schedule radio"),
    ],
)
def test_nothing_found_says_what_was_perhaps_meant(
    searched: Bench, query: str, field: str, better: str
) -> None:
    assert hints(searched, query)[field] == {"query": better, "total": searched.search(better)["total"]}
    assert better in searched.run("search", searched.folder, query).stdout


def test_nothing_found_within_a_language_says_what_all_hold_and_counts_within_it(searched: Bench) -> None:
    told = hints(searched, "harbour news", "--lang", "ar")
    assert told["unfiltered"] == {"query": "harbour news", "total": 2}
    assert [one["total"] for one in told["words"]] == [0, 0]
    assert told["without"] == []


def test_a_word_that_stands_in_names_only_says_so(searched: Bench) -> None:
    (first, _) = hints(searched, "terminal harbour")["words"]
    assert first == {"query": "terminal", "total": 0, "names": 1}
    said = searched.run("search", searched.folder, "terminal").stdout
    assert "in names 1 item: name:terminal" in said


def test_a_hit_says_what_it_is_and_marks_what_was_found(searched: Bench) -> None:
    (item,) = [row for row in searched.items() if row["path"] == "ar/schedule.txt"]
    said = searched.run("search", searched.folder, "الأخبار").stdout.splitlines()
    assert said[0] == "1 item, 1 content"
    assert said[2].split() == ["text/plain", "·", "arb", "·", item["mtime"][:10], "·", "id", item["id"]]
    assert "⟦الأخبار⟧" in said[3]
    (hit,) = searched.search("الأخبار")["hits"]
    assert "⟦" not in hit["snippet"] and hit["id"] == item["id"]


def test_how_many_are_not_shown_is_said(searched: Bench) -> None:
    def said(*words: object) -> str:
        return searched.run("search", searched.folder, *words).stdout

    assert "2 of 3 shown: --limit and --offset" in said("kestrel", "--limit", 2)
    assert "1 of 3 shown" in said("kestrel", "--offset", 2)
    assert "shown" not in said("kestrel")
    assert "shown" not in said("kestrel", "--limit", 0)
    assert "None shown: --offset 100 leaves out" in said("kestrel", "--offset", 100)


def test_a_query_without_quotes_is_told_to_have_them(searched: Bench) -> None:
    done = searched.run("search", searched.folder, "kestrel's", "radio", "--limit", 1)
    assert done.returncode == 2
    assert "actionday search CASE 'kestrel'\\''s radio'" in done.stderr


@pytest.mark.parametrize(("ending", "total"), [("txt", 5), ("htm", 1), ("docx", 0), ("mbox", 0), ("TXT", 5)])
def test_a_usual_ending_stands_for_its_types(searched: Bench, ending: str, total: int) -> None:
    assert searched.search(f"type:{ending}")["total"] == total


def test_hints_are_no_searches_of_their_own(searched: Bench) -> None:
    before = searched.export("ledger")
    searched.search("radio absent or lantern")
    assert [row["action"] for row in searched.export("ledger")[len(before) :]].count("searched") == 1


def test_hebrew_is_found_with_what_is_written_before_it(searched: Bench) -> None:
    assert [hit["path"] for hit in searched.search("שידורים")["hits"]] == ["he/schedule.txt"]
    assert searched.search('"שידורים"')["total"] == 0


def test_chinese_characters_of_the_other_spelling_are_spoken_of(searched: Bench) -> None:
    assert hints(searched, "電台")["chinese"] is True
    assert hints(searched, "absent")["chinese"] is False


def test_the_position_of_an_error_is_that_in_the_words_also_within_a_language(searched: Bench) -> None:
    plain = searched.run("search", searched.folder, "radio (").stderr
    assert searched.run("search", searched.folder, "radio (", "--lang", "en").stderr == plain


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("radio exhibit:S-9", "no exhibit 'S-9'; it has site (at character 15)"),
        ("type:pfd", "knows no 'pfd'"),
        ("NOT (radio OR type:imgae)", "knows no 'imgae'"),
    ],
)
def test_what_nothing_in_the_case_can_be_is_an_error_and_not_nothing(
    searched: Bench, query: str, says: str
) -> None:
    done = searched.run("search", searched.folder, query)
    assert done.returncode == 2
    assert says in done.stderr


@pytest.mark.parametrize("value", ["pdf", "video", "application/vnd.ms-excel", "svg+xml", "html", "plain"])
def test_a_type_that_is_not_in_the_case_is_found_nowhere(searched: Bench, value: str) -> None:
    assert searched.search(f'type:"{value}"')["total"] == {"html": 1, "plain": 5}.get(value, 0)


def test_a_snippet_moves_no_terminal_and_turns_no_line(searched: Bench) -> None:
    said = searched.run("search", searched.folder, "lantern").stdout
    assert "<U+0001>" in said and "<U+202E>derutpac<U+202C>" in said and "no\u200cbody" in said
    assert not {"\x01", "\x1b", "\x07", "\u202e"}.intersection(said)


def test_a_query_at_the_limits_is_answered_within_a_language_too(searched: Bench) -> None:
    deep = "(" * 50 + "kestrel" + ")" * 50
    many = " OR ".join(["kestrel"] * 1000)
    for query in (deep, many):
        assert (
            searched.search(query, "--lang", "en")["total"]
            == searched.search("kestrel", "--lang", "en")["total"]
        )


def test_an_offset_beyond_all_numbers_is_an_unusable_argument(searched: Bench) -> None:
    done = searched.run("search", searched.folder, "kestrel", "--offset", "9" * 23)
    assert done.returncode == 2
    assert "--offset" in done.stderr
    assert searched.search("kestrel", "--offset", 2**53 - 1)["hits"] == []


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_what_an_encoding_does_not_hold_is_escaped(searched: Bench, encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding}
    done = searched.run("search", searched.folder, "новости", env=env, text=False)
    assert done.returncode == 0, done.stderr
    assert b"\\u043d" in done.stdout
    done = searched.run("search", searched.folder, "новости", "--json", env=env)
    assert "новости" in json.loads(done.stdout)["hits"][0]["snippet"]


def test_a_database_that_another_program_holds_is_said_so(capsys: pytest.CaptureFixture[str]) -> None:
    holder, other = sqlite3.connect(HELD, uri=True), sqlite3.connect(HELD, uri=True, timeout=0)
    holder.execute("CREATE TABLE one (n)")
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError) as error:
        other.execute("BEGIN IMMEDIATE")
    assert main._failed(error.value, []) == 2
    assert "another program holds the case's database" in capsys.readouterr().err
    holder.close()


def test_the_whole_query_is_recorded_however_it_is_padded(searched: Bench) -> None:
    query = " " * 12_000 + "kestrel"
    assert searched.search(query, "--limit", 3)["total"] > 0
    entry = [row for row in searched.export("ledger") if row["action"] == "searched"][-1]
    assert entry["subject"] == query
    assert entry["details"]["limit"] == 3


@pytest.mark.parametrize(
    ("query", "whole"),
    [
        ("lang:id", "lang:ms"),
        ("radio lang:ID", "radio lang:ms"),
        ("radio (lang:hr OR lang:en)", "radio (lang:sh OR lang:en)"),
        ("radio NOT lang:id", None),
        ("lang:ms", None),
        ("language:ind", None),
        ("name:id", None),
    ],
)
def test_a_variety_is_widened_to_its_macrolanguage_and_nothing_else_is(query: str, whole: str | None) -> None:
    assert written(wider(parse(query))) == (whole or query)


def test_a_search_for_a_variety_says_what_its_macrolanguage_finds(searched: Bench) -> None:
    found = searched.search("name:schedule", "--lang", "arz")
    assert (found["total"], found["wider"]) == (0, {"query": "name:schedule lang:ar", "total": 1})
    told = searched.run("search", searched.folder, "name:schedule lang:arz").stdout
    assert "all of them: name:schedule lang:ar (1 item)" in told
    assert searched.search("name:schedule lang:ar")["wider"] is None
