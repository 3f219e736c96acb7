"""The hash of a file that an export wrote is said where it was written."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from actionday.ledger import Action
from actionday.storage.case import Case
from case_tools import Bench


@pytest.mark.parametrize("kind", ["items", "texts", "ledger"])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_the_hash_that_is_said_is_that_of_the_file(
    tmp_path: Path, signing_key: None, kind: str, form: str
) -> None:
    (tmp_path / "a.txt").write_text("the kestrel is above the mill\n")
    bench = Bench(tmp_path / "case")
    bench.ingest(tmp_path / "a.txt")
    out = tmp_path / "rows"
    done = bench.run("export", bench.folder, kind, "--format", form, "-o", out)
    found = sha256(out.read_bytes()).hexdigest()
    assert done.stdout.endswith(f" written to {out}, SHA-256 {found}\n")
    told = bench.run("export", bench.folder, kind, "--format", form, "-o", out, "--force", "--json")
    assert json.loads(told.stdout)["sha256"] == sha256(out.read_bytes()).hexdigest()
    case = Case.open(bench.folder)
    entries = [each.details for _, each in case.ledger().entries() if each.action is Action.EXPORTED]
    case.close()
    assert [each["sha256"] for each in entries] == [found, json.loads(told.stdout)["sha256"]]
