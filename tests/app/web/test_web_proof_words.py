"""Whatever a proof may say has its Arabic: all strings of the code that proves are walked, and those it takes words from."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import actionday
from actionday.app.web.language import catalogue
from actionday.app.web.showing.forms import PLACE
from actionday.app.web.showing.proof import SENTENCES
from actionday.app.web.showing.told import MOST_TRIED, told
from steps import steps

HERE = Path(actionday.__file__).parent
ARABIC = catalogue("ar").gettext
GIVEN = "0f0f"
"""What stands in every place of a sentence under test: a figure, a name, a hash."""
PROVING = sorted((HERE / "pipeline/proving").glob("*.py"))
ELSEWHERE = {
    "pipeline/relisting.py": ("other_kind", "same_bytes", "changed_since"),
    "pipeline/unlisted.py": ("cause",),
    "pipeline/standing.py": ("no_file",),
    "pipeline/work.py": ("differing",),
    "storage/database/spoiled.py": ("cause",),
    "storage/index/folder.py": ("damage", "complete"),
    "storage/unlogged.py": ("keep",),
    "storage/hashes/sets.py": ("_gone", "_differs"),
    "storage/case_parts.py": ("gone", "unusable"),
    "storage/case.py": ("_check_room", "_record"),
    "storage/room.py": ("why_no_room",),
    "access/ledger.py": ("line",),
    "ledger/verify.py": ("__str__",),
}
"""Functions elsewhere whose words a proof takes."""
NOT_SAID = {
    "step.py": {"what the ledger says", "check %s"},  # the log of the program
    "run.py": {"what is lacking", "check ledger"},
    "listed.py": None,  # of a list of keys that is none: an argument that cannot be used, no proof
    "put_back.py": {"not whole: "},  # taken away from a reason, not said
    "stored.py": {"_Torn | None"},
    "schema.py": {"tables and indexes"},  # what a check counts: the command line has words of its own
    "told.py": {"not that of its hash"},  # kept within
}
"""Strings that no proof says, by file: None for all of it."""
NO_SENTENCE = re.compile(r"SELECT|FROM|WHERE|CASE WHEN|CAST\(|BEGIN|PRAGMA|ORDER BY|[a-z0-9]+ = \?")


def strings(tree: ast.AST) -> Iterator[str]:
    """Yield every text of a piece of code that is no docstring, with ``GIVEN`` for what stands in its places."""
    skipped = {
        id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr) and isinstance(n.value, ast.Constant)
    }
    skipped |= {id(v) for n in ast.walk(tree) if isinstance(n, ast.JoinedStr) for v in n.values}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else GIVEN for v in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{[^}]*\}", GIVEN, node.value)


def said() -> Iterator[tuple[str, str]]:
    """Yield each text of two words and more that a proof may say, with its file."""
    for path in PROVING:
        exempt = NOT_SAID.get(path.name, set())
        for text in strings(ast.parse(path.read_text())):
            if exempt is not None and text not in exempt:
                yield path.name, text
    for name, functions in ELSEWHERE.items():
        tree = ast.parse((HERE / name).read_text())
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name in functions:
                yield from ((name, text) for text in strings(node))


PARTED = re.compile("^remark: |: not proved$|'limits'")
"""What stands before or behind a sentence of its own, and a name that stands in the code."""
PIECES = sorted({
    (name, piece.strip(" ;:,()"))
    for name, text in said()
    if not NO_SENTENCE.search(text)
    for piece in PARTED.sub(GIVEN, text).split(GIVEN)
    if re.search("[a-z]{2,} [a-z]{2,}", piece)
})  # fmt: skip
"""What stands between the places of each."""
KNOWN = [PLACE.sub(GIVEN, sentence) for sentence in SENTENCES if ARABIC(sentence) != sentence]


@pytest.mark.parametrize(("name", "piece"), PIECES)
def test_what_a_proof_says_has_its_arabic(name: str, piece: str) -> None:
    """A sentence that is new or worded anew in the code that proves is put into ``showing/proof`` too."""
    assert any(piece in sentence for sentence in KNOWN), f"{name}: {piece}"


def test_the_walk_finds_what_it_is_for() -> None:
    assert len(PIECES) > 150
    assert len(KNOWN) == len(SENTENCES)


PUT_TOGETHER = Path(__file__).with_name("proof_lines.txt").read_text().splitlines()


@pytest.mark.parametrize("line", PUT_TOGETHER)
def test_what_is_put_together_is_known_piece_by_piece(line: str) -> None:
    shown = str(told(line, ARABIC))
    assert re.search("[\u0600-\u06ff]", shown)
    assert 'lang="en"' not in shown, shown
    names = re.findall('<bdi dir="ltr">(.*?)</bdi>', shown)
    plain = [re.sub("<.*?>", "", each) for each in names]
    assert not [
        each for each in plain if re.search("[a-z]{3,} [a-z]{2,}", each) and "actionday " not in each
    ], names


def test_what_is_not_known_is_marked_as_english_and_stays_whole() -> None:
    line = "vellum: a library's own words: nobody knows them"
    whole = line.replace("'", "&#39;")
    assert told(line, ARABIC) == f'<bdi lang="en" dir="ltr">{whole}</bdi>'
    half = str(told("S-1: /a: its bytes hold; and vellum says more", ARABIC))
    assert "and vellum says more" in half


def test_a_name_stands_whole_and_harmless_in_a_translated_line() -> None:
    shown = str(told("S-1: /a/<b>: c; d: not found at /x: not proved", ARABIC))
    assert "<b>" not in shown
    assert "غير موجود" in shown


@pytest.mark.parametrize("unit", ["a: ", "x; ", "its bytes hold; ", "exhibit 'a': ", "remark: "])
def test_a_long_line_costs_its_length(unit: str) -> None:
    """Pieces are looked up at most ``MOST_TRIED`` times however many there are."""
    few, many = (steps(lambda line=unit * count: told(line, ARABIC)) for count in (200, 1_000))
    assert many < 1.5 * few + 1_000 * MOST_TRIED


@pytest.mark.parametrize("unit", ["rows: ", "rows: index: ", "rows: a; "])
def test_names_of_checks_in_a_row_are_told_without_a_fault(unit: str) -> None:
    assert "rows" in str(told(unit * 2_000, ARABIC))


def test_latin_names_in_an_arabic_sentence_keep_their_order() -> None:
    """A line that begins with one is no line from left to right, and the dashes of an option stay before it."""
    shown = str(told("runs.progress: how far a run was, for the eye alone", ARABIC))
    assert shown.startswith('<bdi><bdi dir="ltr">runs.progress</bdi>: ')
    head = next(each for each in SENTENCES if "--head HEAD" in each)
    assert '<bdi dir="ltr">--head HEAD</bdi>' in told(head, ARABIC)
    assert '<bdi dir="ltr">Ledger head</bdi>' in told(head, ARABIC)
