"""``verify --exhibits``: what lies below the folder that is named counts, and nothing else."""

import json
import shutil
from pathlib import Path

import pytest
from kill_exhibits import mbox

from actionday.app.cli.main import run
from case_tools import Bench, Row, sentences

FILES = 5
"""Four in the folder, and the mailbox."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A case, and its evidence where it was taken in."""
    root = tmp_path_factory.mktemp("disc")
    (root / "kept" / "docs" / "in").mkdir(parents=True)
    for number in range(4):
        (root / "kept" / "docs" / "in" / f"page-{number}.txt").write_text(sentences(10, number))
    (root / "kept" / "box.mbox").write_bytes(mbox(root, 3))
    Bench(root / "case").ingest(root / "kept" / "docs", root / "kept" / "box.mbox")
    return root


class Disc:
    """A copy of the case, and a disc with a copy of the evidence in a folder of its own."""

    def __init__(self, whole: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.kept, self.root, self.capsys = whole / "kept", folder / "disc", capsys
        self.case = shutil.copytree(whole / "case", folder / "case")
        self.docs = Path(shutil.copytree(self.kept / "docs", self.root / "evidence" / "docs"))
        self.box = Path(shutil.copy(self.kept / "box.mbox", self.root / "evidence" / "box.mbox"))

    def verify(self, folder: Path | None = None) -> tuple[int, Row, Row]:
        """Return exit code, what is said, and the check of the exhibits."""
        code = run(["verify", str(self.case), "--exhibits", str(folder or self.root), "--json"])
        found: Row = json.loads(self.capsys.readouterr().out)
        return code, found, next(each for each in found["checks"] if each["name"] == "exhibits")


@pytest.fixture
def disc(whole: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Disc:
    return Disc(whole, tmp_path, capsys)


def test_each_exhibit_is_said_to_be_proved_there(disc: Disc) -> None:
    code, found, check = disc.verify()
    assert (code, found["ok"], check["checked"]) == (0, True, FILES)
    assert check["said"] == [
        f"{FILES} of {FILES} files proved below {disc.root}",
        f"docs: 4 of 4 files proved at {disc.docs}",
        f"box.mbox: proved at {disc.box}",
    ]


def test_the_record_names_the_folder(disc: Disc) -> None:
    disc.verify()
    run(["export", str(disc.case), "ledger"])
    proofs = [json.loads(line) for line in disc.capsys.readouterr().out.splitlines()]
    assert [each["details"]["exhibits"] for each in proofs if each["action"] == "verified"] == [
        str(disc.root)
    ]


def test_a_disc_without_the_exhibits_is_never_called_whole_though_they_lie_where_they_were(
    disc: Disc, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    code, found, check = disc.verify(tmp_path / "empty")
    assert (code, found["ok"], found["first"], check["checked"]) == (1, False, None, 0)
    assert check["said"] == [f"0 of {FILES} files proved below {tmp_path / 'empty'}"]
    assert [line.partition(":")[0] for line in found["absent"]] == ["docs", "box.mbox"]
    assert all("not found below" in line and "not proved" in line for line in found["absent"])


def test_a_disc_that_lacks_one_exhibit_says_which(disc: Disc) -> None:
    disc.box.unlink()
    code, found, check = disc.verify()
    assert (code, found["first"], check["checked"]) == (1, None, 4)
    assert [line.partition(":")[0] for line in found["absent"]] == ["box.mbox"]


@pytest.mark.parametrize("beside", [True, False])
def test_something_else_of_the_same_name_is_no_difference(disc: Disc, beside: bool) -> None:
    """Nearer to the root than the true one, and alone."""
    (disc.root / "docs" / "in").mkdir(parents=True)
    (disc.root / "docs" / "in" / "page-0.txt").write_text("of another matter")
    (disc.root / "docs" / "README").write_text("how to open the disc")
    (disc.root / "box.mbox").write_text("no mailbox")
    if not beside:
        shutil.rmtree(disc.root / "evidence")
    code, found, check = disc.verify()
    assert found["first"] is None
    assert (code, check["checked"]) == ((0, FILES) if beside else (1, 0))
    if not beside:
        assert "docs has its name and none of its files" in found["absent"][0]
        assert "has its name and 10 bytes" in found["absent"][1]


def test_a_link_on_the_disc_is_not_what_it_leads_to(disc: Disc) -> None:
    shutil.rmtree(disc.root / "evidence")
    (disc.root / "docs").symlink_to(disc.kept / "docs")
    (disc.root / "box.mbox").symlink_to(disc.kept / "box.mbox")
    assert disc.verify()[2]["checked"] == 0


def test_the_folder_may_be_the_exhibit_itself(disc: Disc) -> None:
    _, found, check = disc.verify(disc.docs)
    assert check["checked"] == 4
    assert [line.partition(":")[0] for line in found["absent"]] == ["box.mbox"]


def test_every_difference_is_named(disc: Disc) -> None:
    data = bytearray(disc.box.read_bytes())
    data[100] ^= 1
    disc.box.write_bytes(data)
    (disc.docs / "in" / "page-1.txt").write_text("changed")
    (disc.docs / "in" / "page-2.txt").unlink()
    (disc.docs / "planted.txt").write_text("planted")
    code, found, check = disc.verify()
    assert (code, found["ok"], check["checked"], check["differing"]) == (1, False, 2, 4)
    assert found["first"] == f"exhibits: {check['differences'][0]}"
    for path in ("in/page-1.txt", "in/page-2.txt", "planted.txt", "evidence/box.mbox"):
        assert any(path in line for line in check["differences"]), path


def test_many_differences_are_counted_and_the_first_hundred_named(disc: Disc) -> None:
    for number in range(150):
        (disc.docs / f"planted-{number}.txt").write_text("planted")
    _, _, check = disc.verify()
    assert (check["differing"], len(check["differences"])) == (150, 100)
    assert run(["verify", str(disc.case), "--exhibits", str(disc.root)]) == 1
    said = disc.capsys.readouterr().out
    assert "5 files hold; of 5 files recorded: 5 as recorded; 150 added since" in said
    assert "and 50 more" in said


def test_the_figures_add_up(disc: Disc) -> None:
    (disc.docs / "in" / "page-1.txt").write_text("changed")
    (disc.docs / "in" / "page-2.txt").unlink()
    (disc.docs / "planted.txt").write_text("planted")
    disc.box.unlink()
    counts = disc.verify()[2]["counts"]
    assert counts == {
        "recorded": FILES, "held": 2, "altered": 1, "missing": 2, "unread": 0, "added": 1, "others": 0, "unlisted": 0,
        "remarked": 0,
    }  # fmt: skip
    run(["verify", str(disc.case), "--exhibits", str(disc.root)])
    said = disc.capsys.readouterr().out
    assert (
        "2 files hold; of 5 files recorded: 2 as recorded, 1 altered, 2 missing; 1 added since\n" in said
    )  # a count of differences would hold what was added and leave out an exhibit that was not found


def test_one_is_not_several(disc: Disc) -> None:
    for number in range(4):
        (disc.docs / "in" / f"page-{number}.txt").write_text("changed")
    (disc.docs / "in" / "page-0.txt").unlink()
    shutil.copy(disc.kept / "docs" / "in" / "page-0.txt", disc.docs / "in")
    disc.box.unlink()
    run(["verify", str(disc.case), "--exhibits", str(disc.root)])
    assert (
        "1 file holds; of 5 files recorded: 1 as recorded, 3 altered, 1 missing\n"
        in disc.capsys.readouterr().out
    )
