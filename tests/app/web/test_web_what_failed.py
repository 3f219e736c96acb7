"""What failed: issues apart from remarks, the same reason once with its places, in words that need no source code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from made_case import FACTS, Maker, _acquire, _close
from site_server import Node, Site, figure, parsed

from actionday.access.issues import happenings
from actionday.app.web.language import catalogue
from actionday.app.web.showing.reasons import CODES, LOSSES, REMARKS, STAGES
from actionday.model import ItemError, Loss
from actionday.model.loss import FAILED_CODES
from actionday.pipeline.repair import repair
from actionday.pipeline.work import Work
from actionday.pipeline.writer import Writer
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.index import Sealing
from actionday.storage.objects import Packs

SOURCE = Path(__file__).resolve().parents[3] / "src" / "actionday"
TORN = "gzip: ends at byte 12, too early"
AS_TEXT = "no parser for application/octet-stream"
MANY = 60


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("failed") / "failed"
    case = Case.create(folder, dict(FACTS))
    packs = Packs(folder / OBJECTS)
    index, _ = repair(case, packs, 32 << 20)
    _acquire(case, folder)
    writer = Writer(case, index, packs, Work(case), Sealing(case.folder / INDEX))
    make = Maker(writer, 1, "S-01")
    make.add("", root=True, opened=True)
    for number in range(5):
        make.add(
            f"torn/{number}.gz",
            b"\x1f\x8b %d" % number,
            status="unreadable",
            issues=[("read", "damaged", TORN)],
        )
    for number in range(4):
        make.add(f"locked/{number}.docx", status="encrypted", issues=[("read", "encrypted", "a password")])
    for number in range(MANY):
        make.add(
            f"blob/{number}.bin",
            b"blob %d" % number,
            issues=[("parse", "read_as_text", f"{AS_TEXT} {number % 55}")],
        )
    make.add("odd.txt", b"odd", issues=[("parse", "undecodable", "one"), ("parse", "of_a_plug_in", "two")])
    writer.checkpoint()
    _close(case)
    for each in (index, packs, case):
        each.close()
    served = Site(folder)
    yield served
    served.close()


def page(site: Site, address: str = "issues", tag: str = "en") -> Node:
    return parsed(site.get(address, headers={"cookie": f"lang={tag}"}).text)


def rows(table: Node) -> list[Node]:
    return table.one("tbody").all("tr")


def test_issues_and_remarks_are_two_tables_under_their_names(site: Site) -> None:
    found = page(site)
    section = next(
        each for each in found.all("section") if each.attributes.get("aria-label") == "What failed"
    )
    assert [each.text for each in section.all("h2")] == ["Losses", "Remarks"]
    issues, remarks = section.all("table", "happened")
    assert "damaged" in issues.text
    assert "damaged" not in remarks.text
    assert "read_as_text" not in issues.text


def test_the_badge_the_heading_and_the_command_line_agree(site: Site) -> None:
    from click.testing import CliRunner

    from actionday.app.cli.main import actionday

    said = CliRunner().invoke(actionday, ["status", str(site.folder)]).output
    issues = int(re.search(r"^losses +(\d+) lines? about (\d+) items", said, re.MULTILINE)[1])  # type: ignore[index]
    remarks = int(re.search(r"^remarks +(\d+) line", said, re.MULTILINE)[1])  # type: ignore[index]
    found = page(site)
    badge = next(a for a in found.all("a") if a.attributes.get("data-go") == "issues").one("span", "badge")
    assert (issues, remarks) == (9, MANY + 2)
    assert figure(badge.text) == figure(found.one("span", "h-count").text) == issues
    assert f"{issues} losses · about 9 items · {remarks} remarks" in found.text
    assert figure(page(site, "issues?kind=remarks").one("span", "h-count").text) == remarks


def test_the_same_failure_is_one_line_with_its_count_and_places(site: Site) -> None:
    row, _ = rows(page(site).all("table", "happened")[0])
    assert figure(row.one("a", "count").text) == 5
    assert [a.text for a in row.one("ul", "places").all("a", "to")] == ["torn/0.gz", "torn/1.gz", "torn/2.gz"]
    assert "and 2 more places" in row.text
    every = page(site, row.one("a", "count").attributes["href"])
    assert figure(every.one("span", "h-count").text) == 5
    assert [a.text for a in every.one("table").all("a", "to")] == [f"torn/{number}.gz" for number in range(5)]


def test_pages_hold_each_reason_once_forwards_and_backwards(site: Site) -> None:
    case = Case.open(site.folder)
    first = happenings(case.database)
    second = happenings(case.database, after=first.next or 0)
    back = happenings(case.database, before=second.previous or 0)
    case.close()
    assert (first.kinds, len(first.happenings), len(second.happenings)) == (59, 50, 9)
    assert (first.previous, second.next) == (None, None)
    assert back.happenings == first.happenings
    said = [(each.code, each.reason) for each in (*first.happenings, *second.happenings)]
    assert len(set(said)) == 59
    assert [each.loss for each in (*first.happenings, *second.happenings)] == [True] * 2 + [False] * 57


def test_a_code_is_told_in_words_in_both_languages_and_stands_small_beside(site: Site) -> None:
    english, arabic = page(site, tag="en"), page(site, tag="ar")
    assert "Damaged: not all of it could be read damaged" in english.all("table", "happened")[0].text
    assert arabic.one("small").one("code").text == english.one("small").one("code").text
    told = catalogue("ar").gettext(CODES["damaged"])
    assert told != CODES["damaged"]
    assert told in arabic.all("table", "happened")[0].text
    assert "of_a_plug_in" in page(site, "issues?code=of_a_plug_in").one("table", "happened").text


def test_one_place_more_is_one_place(site: Site) -> None:
    _, row = rows(page(site).all("table", "happened")[0])
    assert figure(row.one("a", "count").text) == 4
    assert "and 1 more place" in row.text
    assert "places" not in row.text


TELLERS = ("note", "Note", "_note", "_problem", "_tell")
"""What the functions are called that take a code and a reason."""


def codes_in_the_source() -> set[str]:
    """Return every code that our own rooms write out, as they write it."""
    found = (
        {str(each) for each in Loss} | set(FAILED_CODES) | {each.code for each in ItemError.__subclasses__()}
    )
    paths = [
        path
        for path in SOURCE.rglob("*.py")
        if not {"app", "testing", "access", "ledger"} & set(path.relative_to(SOURCE).parts)
    ]
    trees = [ast.parse(path.read_text("utf-8")) for path in paths]
    constants = {
        each.targets[0].id: each.value.value
        for tree in trees
        for each in tree.body
        if isinstance(each, ast.Assign)
        and isinstance(each.targets[0], ast.Name)
        and isinstance(each.value, ast.Constant)
        and isinstance(each.value.value, str)
    }
    for tree in trees:
        for call in (each for each in ast.walk(tree) if isinstance(each, ast.Call) and each.args):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            first = call.args[0]
            if name not in TELLERS:
                continue
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
            if isinstance(first, ast.Name) and first.id in constants:
                found.add(constants[first.id])
    return found


def test_every_code_that_our_rooms_write_has_words() -> None:
    found = codes_in_the_source()
    assert len(found) > 60
    assert found - CODES.keys() == set()
    assert {str(each) for each in Loss} | FAILED_CODES == set(LOSSES)
    assert not LOSSES.keys() & REMARKS.keys()
    stages = re.findall(
        r'\.issue\([^"\n]*"([a-z]+)"',
        "".join(p.read_text("utf-8") for p in (SOURCE / "pipeline").glob("*.py")),
    )
    assert set(stages) <= STAGES.keys()
