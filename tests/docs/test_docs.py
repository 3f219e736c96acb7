"""The docs are whole and true: what exists is described, what is described exists."""

import re
import tomllib
from pathlib import Path

import pytest
from scripts.write_cli_page import PAGE, page

from actionday.app.cli.main import COMMANDS
from actionday.exchange.export import kinds
from actionday.ledger import Action
from actionday.model import Kind, Limits, Loss, Status
from actionday.storage.index.fields import FIELDS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md")), ROOT / "samples" / "README.md"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXPORTS = (DOCS / "exports.md").read_text(encoding="utf-8")


def section(text: str, title: str, level: int = 2) -> str:
    """Return what stands under a heading, its own sub-headings included."""
    found = re.search(rf"(?ms)^{'#' * level} {re.escape(title)}\n(.*?)(?=^#{{1,{level}}} |\Z)", text)
    assert found, f"no heading {title!r}"
    return found[1]


def first_cells(text: str) -> list[str]:
    """Return the code words in the first cells of a page's tables, in order."""
    rows = re.findall(r"(?m)^\|([^|]*)\|", text)
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row)]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_the_page_of_commands_is_what_help_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run make docs"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_an_example_and_json(command: str) -> None:
    parts = re.findall(rf"(?ms)^## actionday {command}\b.*?(?=^## |\Z)", page())
    assert parts
    for part in parts:
        assert "Example:" in part
        assert "--json" in part


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_field_of_an_export_is_described_in_order(kind: str) -> None:
    written = first_cells(section(EXPORTS, kind).partition("\n### ")[0])
    assert written == list(kinds()[kind].fields)


def test_every_kind_and_status_is_described() -> None:
    assert first_cells(section(EXPORTS, "Kinds", 3)) == [str(each) for each in Kind]
    assert sorted(first_cells(section(EXPORTS, "Statuses", 3))) == sorted(map(str, Status))


def test_every_loss_is_described() -> None:
    """What makes exit code 1 stands in the page of exports, code by code, and nothing else does."""
    table = EXPORTS.partition("| code | something is in the exhibit")[2].partition("\n\n")[0]
    rows = [line.split("|")[1] for line in table.splitlines()[2:]]
    assert sorted(re.findall(r"`(\w+)`", " ".join(rows))) == sorted(Loss)


def test_every_limit_is_described() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    assert first_cells(section(text, "Limits", 3)) == list(Limits.__struct_fields__)


def test_every_action_of_the_ledger_is_described() -> None:
    text = (DOCS / "ledger-format.md").read_text(encoding="utf-8")
    assert {str(each) for each in Action} <= set(first_cells(section(text, "Entries")))


def test_every_field_of_the_query_language_is_described() -> None:
    text = (DOCS / "search.md").read_text(encoding="utf-8")
    assert {f"{each}:" for each in FIELDS} <= set(first_cells(text))


def test_dependencies_are_those_declared() -> None:
    declared = {re.match(r"[a-z0-9-]+", line)[0] for line in PROJECT["project"]["dependencies"]}  # type: ignore[index]
    text = (DOCS / "dependencies.md").read_text(encoding="utf-8")
    assert set(first_cells(section(text, "At run time"))) == declared


@pytest.mark.parametrize("group", PROJECT["dependency-groups"]["dev"])
def test_tools_for_development_are_named(group: str) -> None:
    tool = re.match(r"[a-z0-9-]+", group)[0]  # type: ignore[index]
    assert f"`{tool}`" in section((DOCS / "dependencies.md").read_text(encoding="utf-8"), "For development")


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_links_and_named_files_are_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    plain = re.sub(r"(?ms)^```.*?^```", "", text)
    for target in re.findall(r"\]\(([^)\s]+)\)", plain):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        where = (path.parent / file).resolve() if file else path
        assert where.exists(), target
        assert not anchor or anchor in anchors(where), target
    for named in re.findall(r"`((?:src|tests|docs|bench|samples|scripts|training)/[\w./*-]+)`", plain):
        assert list(ROOT.glob(named)), named


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings, as they are made on the common hosts."""
    titles = re.findall(r"(?m)^#+ (.+)$", path.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_decisions_are_numbered_without_a_gap() -> None:
    files = sorted((DOCS / "adr").glob("*.md"))
    assert [int(each.name[:4]) for each in files] == list(range(1, len(files) + 1))
    for each in files:
        text = each.read_text(encoding="utf-8")
        assert text.startswith(f"# {int(each.name[:4])}. ")
        assert re.search(r"(?m)^Status: (accepted|proposed|superseded by \d+)$", text)


def test_help_of_make_explains_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.search(r"(?m)^\.PHONY: (.+)$", text)[1].split())  # type: ignore[index]
    explained = set(re.findall(r'@echo "make ([a-z-]+)', text))
    assert explained == targets - {"help"}


def test_both_commands_stand_at_the_top_of_the_readme() -> None:
    top = (ROOT / "README.md").read_text(encoding="utf-8")[:200]
    assert "make demo" in top
    assert "make test" in top


def test_notice_has_the_attribution_of_the_language_model() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert (ROOT / "training" / "language" / "ATTRIBUTION.md").read_text(encoding="utf-8").strip() in notice
