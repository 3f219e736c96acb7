"""A value that is given and empty is never taken for one that was not given, nor for the folder one is in."""

from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from actionday.app.cli._trust import trusted
from actionday.app.cli.main import COMMANDS, actionday, run
from actionday.model import UsageError

Read = pytest.CaptureFixture[str]


def commands(
    group: click.Group, names: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        if isinstance(found, click.Group):
            yield from commands(found, (*names, name))
        else:
            yield (*names, name), found


EVERY = list(commands(actionday))
OPTIONS = [
    (names, each)
    for names, command in EVERY
    for each in command.params
    if isinstance(each, click.Option)
    and not each.is_flag
    and each.name != "query"  # as of a search: test_export
]
PATHS = [
    (names, at, len(command.params))
    for names, command in EVERY
    for at, each in enumerate(each for each in command.params if isinstance(each, click.Argument))
    if isinstance(each.type, click.Path)
]


def test_every_command_is_among_them() -> None:
    assert {names[0] for names, _ in EVERY} == set(COMMANDS)
    assert len(OPTIONS) > 15


@pytest.mark.parametrize(("names", "option"), OPTIONS, ids=lambda each: str(getattr(each, "name", each)))
@pytest.mark.parametrize("value", ["", " "])
def test_an_option_that_is_empty_is_refused(
    names: tuple[str, ...],
    option: click.Option,
    value: str,
    capsys: Read,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    for words in (
        [option.opts[-1], value],
        [f"{option.opts[-1]}={value}"] if option.opts[-1][:2] == "--" else [],
    ):
        if words:
            assert run([*names, "case", "x", *words]) == 2
            assert "is empty" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(("names", "at", "_"), PATHS, ids=str)
def test_a_path_that_is_empty_is_not_the_folder_one_is_in(
    names: tuple[str, ...], at: int, _: int, capsys: Read
) -> None:
    assert run([*names, *["x"] * at, ""]) == 2
    assert "is empty" in capsys.readouterr().err


@pytest.mark.parametrize("held", ["", "\n\n", "# this office\n"])
def test_a_file_of_keys_without_one_trusts_nobody(tmp_path: Path, held: str) -> None:
    (tmp_path / "keys").write_text(held)
    with pytest.raises(UsageError, match="holds no verifier key"):
        trusted((str(tmp_path / "keys"),), ())


@pytest.mark.parametrize("fact", ["--name", "--authority", "--legal-basis", "--purpose"])
@pytest.mark.parametrize("value", [".", "a\u202eb", "two\nlines", "a" * 3000])
def test_a_fact_of_a_case_is_one_line_that_says_something(
    tmp_path: Path, fact: str, value: str, capsys: Read
) -> None:
    facts = {
        "--name": "K",
        "--authority": "A",
        "--country": "ES",
        "--legal-basis": "B",
        "--retain-until": "2099-01-01",
    }
    given = [word for pair in {**facts, fact: value}.items() for word in pair]
    assert run(["case", "create", str(tmp_path / "case"), *given]) == 2
    assert fact in capsys.readouterr().err
    assert not (tmp_path / "case").exists()
