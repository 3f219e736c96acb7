"""What the system refuses to an account is told as that, with the name of the file, and not as damage."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "images"))

from ewf_writer import written
from test_folder import without_privilege

from actionday.pipeline.fetch import Fetcher
from actionday.storage.case import Case
from case_tools import COMMAND, Bench


def test_a_segment_that_may_not_be_read_is_named(bench: Bench, tmp_path: Path) -> None:
    """The file that was given can be read: what is said of another of the set names that one."""
    for name, data in written(random.Random(1).randbytes(1 << 20), 3, "case.E01").items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "case.E02").chmod(0)
    words = [*without_privilege(), *COMMAND, "ingest", str(bench.folder), str(tmp_path / "case.E01")]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    said = "case.E02: the account that took it in may not read it (Permission denied)"
    issues = bench.export("issues")
    assert [(row["code"], row["reason"]) for row in issues] == [("access_refused", said)]
    assert {row["reason"] for row in bench.items()} == {said}


def test_who_asks_for_bytes_later_need_not_be_who_took_them_in(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "list.bin").write_bytes(random.Random(2).randbytes(90_000))
    bench.ingest(folder)
    row = next(row for row in bench.items() if row["path"] == "list.bin")
    case = Case.open(bench.folder)
    fetcher = Fetcher(case)

    def refused(*_: object) -> tuple[int, int]:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr("actionday.pipeline.exhibits.Exhibit.open", refused)
    try:
        with pytest.raises(Exception, match="this account may not read it") as raised:
            fetcher.read(bytes.fromhex(row["id"]), 0, 9)
    finally:
        fetcher.close()
        case.close()
    path = folder / "list.bin"
    assert str(raised.value) == f"exhibit 'papers': {path}: this account may not read it (Permission denied)"
