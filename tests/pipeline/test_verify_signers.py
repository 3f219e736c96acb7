"""Whose ledger is it: a case made anew under another key is never called whole without a word."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from actionday.ledger import installation_signer
from case_tools import BASIS, FACTS, Done, actionday


class Office:
    """An installation: a signing key of its own, and a case made with it."""

    def __init__(self, root: Path, name: str) -> None:
        self.env = {"XDG_CONFIG_HOME": str(root / name)}
        self.folder = root / name / "actionday"

    @property
    def key(self) -> str:
        return str(installation_signer(self.folder).verifier)

    def case(self, where: Path, text: str) -> Path:
        exhibit = where.parent / f"{where.name}.txt"
        exhibit.write_text(text)
        assert self.run("case", "create", where, *FACTS, *BASIS).returncode == 0
        assert self.run("ingest", where, exhibit).returncode == 0
        return where

    def run(self, *words: object) -> Done:
        return actionday(*words, env=self.env)

    def verify(self, case: Path, *words: object) -> tuple[int, dict[str, Any]]:
        done = self.run("verify", case, *words, "--json")
        return done.returncode, json.loads(done.stdout)


@pytest.fixture
def ours(tmp_path: Path) -> Office:
    return Office(tmp_path, "ours")


@pytest.fixture
def theirs(tmp_path: Path) -> Office:
    return Office(tmp_path, "theirs")


def test_a_case_of_this_installation_is_whole_and_says_so(ours: Office, tmp_path: Path) -> None:
    case = ours.case(tmp_path / "real", "the first words\n")
    code, told = ours.verify(case)
    assert (code, told["ok"], told["vouched"]) == (0, True, True)
    (line,) = told["checks"][0]["said"]
    assert line.startswith(ours.key.partition("+")[0])
    assert "this installation's, from entry " in line


def test_a_case_made_anew_under_another_key_is_not_called_whole(
    ours: Office, theirs: Office, tmp_path: Path
) -> None:
    ours.case(tmp_path / "real", "the first words\n")
    forged = theirs.case(tmp_path / "forged", "other words\n")
    code, told = ours.verify(forged)
    assert (code, told["ok"], told["vouched"], told["first"]) == (0, True, False, None)
    assert any("nobody made the case anew" in line and "begun under" in line for line in told["not_proved"])
    said = ours.run("verify", forged).stdout
    assert "whole in itself; that it is the one that was begun here is NOT proved" in said
    assert "nobody here vouches for it" in said
    code, told = ours.verify(forged, "--key", ours.key)
    assert (code, told["ok"], told["logged"]) == (1, False, False)
    assert "none of the keys that were given" in told["first"]
    assert theirs.verify(forged)[0] == 0


def test_that_it_was_opened_here_since_does_not_make_it_ours(
    ours: Office, theirs: Office, tmp_path: Path
) -> None:
    """A search is logged under our own key, which signs a head over every entry there is."""
    ours.case(tmp_path / "real", "the first words\n")
    forged = theirs.case(tmp_path / "forged", "other words\n")
    assert ours.run("search", forged, "words").returncode == 0
    code, told = ours.verify(forged)
    assert (code, told["vouched"]) == (0, False)
    assert len(told["checks"][0]["said"]) == 2


def test_a_key_given_or_listed_vouches_for_it(ours: Office, theirs: Office, tmp_path: Path) -> None:
    ours.case(tmp_path / "real", "the first words\n")
    case = theirs.case(tmp_path / "shared", "other words\n")
    code, told = ours.verify(case, "--key", theirs.key)
    assert (code, told["ok"]) == (0, True)
    assert "named by --key" in told["checks"][0]["said"][0]
    (ours.folder / "trusted-keys").write_text(f"# the other office\n{theirs.key}\n")
    code, told = ours.verify(case)
    assert (code, told["ok"]) == (0, True)
    assert "listed in trusted-keys" in told["checks"][0]["said"][0]


def test_two_offices_at_one_case_list_the_line_that_the_others_doctor_prints(
    ours: Office, theirs: Office, tmp_path: Path
) -> None:
    case = ours.case(tmp_path / "real", "the first words\n")
    assert theirs.run("search", case, "words").returncode == 0
    for office, other in ((ours, theirs), (theirs, ours)):
        assert "NOT proved. Ledger head" in office.run("verify", case).stdout
        checks = json.loads(other.run("doctor", "--json").stdout)["checks"]
        line = next(each["found"] for each in checks if each["name"] == "signing key")
        (office.folder / "trusted-keys").write_text(f"{line}\n")
        said = office.run("verify", case).stdout
        assert "The case is whole. Ledger head" in said
        assert "this installation's, from entry" in said
        assert "listed in trusted-keys, from entry" in said


def test_a_head_kept_outside_vouches_for_what_it_covers_and_against_anything_else(
    ours: Office, theirs: Office, tmp_path: Path
) -> None:
    real = ours.case(tmp_path / "real", "the first words\n")
    kept = ours.verify(real)[1]["head"]
    forged = theirs.case(tmp_path / "forged", "other words\n")
    for case in (real, forged):
        for office in (ours, theirs):
            code, told = office.verify(case, "--head", kept)
            assert (code, told["vouched"]) == ((0, True) if case == real else (1, False))
    assert "does not begin with the head" in ours.verify(forged, "--head", kept)[1]["first"]


def test_a_stranger_who_signed_stays_a_doubt_whatever_is_signed_here_since(
    ours: Office, theirs: Office, tmp_path: Path
) -> None:
    """Our own later heads stand over what the stranger may have written anew: they say nothing of it."""
    case = ours.case(tmp_path / "real", "the first words\n")
    kept = ours.verify(case)[1]["head"]
    theirs.verify(case)
    assert ours.run("search", case, "words").returncode == 0
    for _ in range(3):
        code, told = ours.verify(case)
        assert (code, told["ok"], told["vouched"]) == (0, True, False)
        (line,) = (each for each in told["not_proved"] if "nobody here vouches for" in each)
        assert theirs.key.partition("+")[0] in line
    assert "NOT proved" in ours.run("verify", case).stdout
    assert ours.verify(case, "--key", theirs.key)[1]["vouched"]
    assert ours.verify(case, "--head", kept)[1]["vouched"]


def test_an_older_copy_put_back_is_named_as_not_proved_and_shown_by_a_head(
    ours: Office, tmp_path: Path
) -> None:
    case = ours.case(tmp_path / "real", "the first words\n")
    shutil.copytree(case, tmp_path / "older")
    assert ours.run("search", case, "words").returncode == 0
    kept = ours.verify(case)[1]["head"]
    shutil.rmtree(case)
    (tmp_path / "older").rename(case)
    code, told = ours.verify(case)
    assert (code, told["ok"]) == (0, True)
    assert any("nothing was cut off behind" in line and "--head" in line for line in told["not_proved"])
    code, told = ours.verify(case, "--head", kept)
    assert code == 1
    assert "none of this case's ledger" in told["first"]


def test_with_a_head_it_is_said_how_far_it_reaches(ours: Office, tmp_path: Path) -> None:
    case = ours.case(tmp_path / "real", "the first words\n")
    told = ours.verify(case)[1]
    head, entries = told["head"], told["entries"]
    told = ours.verify(case, "--head", head)[1]
    assert any(f"cut off behind entry {entries - 1}" in line for line in told["not_proved"])


def test_a_head_of_no_such_ledger_leaves_the_case_to_be_proved_and_is_logged(
    ours: Office, tmp_path: Path
) -> None:
    case = ours.case(tmp_path / "real", "the first words\n")
    code, told = ours.verify(case, "--head", "0" * 64)
    assert (code, told["ok"], told["logged"], told["vouched"]) == (1, False, True, False)
    assert {each["name"]: each["ok"] for each in told["checks"] if not each["ok"]} == {"head": False}
    assert "this head is none of this case's ledger: this is an older copy of the case" in told["first"]
    assert told["head"]
    said = ours.run("verify", case, "--head", "0" * 64).stdout
    assert "apart from it the case is whole in itself" in said
    assert "NOT whole" not in said


def test_an_installation_without_a_key_vouches_for_nothing_and_makes_none(
    ours: Office, tmp_path: Path
) -> None:
    case = ours.case(tmp_path / "real", "the first words\n")
    other = Office(tmp_path, "new")
    code, told = other.verify(case)
    assert (code, told["ok"], told["vouched"]) == (0, True, False)


def test_where_no_key_can_be_had_the_proof_is_made_and_not_logged(ours: Office, tmp_path: Path) -> None:
    case = ours.case(tmp_path / "real", "the first words\n")
    (tmp_path / "file").write_text("")
    code, told = Office(tmp_path, "file").verify(case, "--key", ours.key)
    assert (code, told["ok"], told["logged"]) == (0, True, False)
    assert "file/actionday" in told["unlogged"]


@pytest.mark.parametrize("words", [("--key", "no key"), ("--head", "no head"), ("--head", "0" * 63)])
def test_what_is_no_key_and_no_head_is_an_unusable_argument(
    words: tuple[str, str], ours: Office, tmp_path: Path
) -> None:
    case = ours.case(tmp_path / "real", "the first words\n")
    done = ours.run("verify", case, *words)
    assert done.returncode == 2
    assert "verifier key or head" in done.stderr


BROKEN = {
    "no key": (b"# the other office\nnonsense\n", 2),
    "not UTF-8": (b"\n\n\xff\xfe\n", 3),
    "a byte order mark": (b"\xef\xbb\xbf# keys\n", 1),
    "a remark behind a key": (b"KEY # the other office\n", 1),
}


@pytest.mark.parametrize(("data", "line"), BROKEN.values(), ids=BROKEN)
def test_a_list_of_keys_that_is_none_is_a_fault_of_the_list_and_not_of_the_case(
    ours: Office, tmp_path: Path, data: bytes, line: int
) -> None:
    case = ours.case(tmp_path / "real", "the first words\n")
    path = ours.folder / "trusted-keys"
    path.write_bytes(data.replace(b"KEY", ours.key.encode()))
    done = ours.run("verify", case)
    assert done.returncode == 2, done.stdout
    assert f"{path}, line {line}: " in done.stderr
    path.unlink()
    assert ours.verify(case)[0] == 0, "nothing of it stands in the ledger"
