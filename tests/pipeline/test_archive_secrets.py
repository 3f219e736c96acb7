"""Archives with passwords, from the case's secrets to rows, and nowhere a secret in what a case gives out (pitfall A06)."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from case_tools import Bench

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "sources" / "archives"))

from test_archive_rar_secrets import MARK, SECRET, blocks, hidden

TEXT = b"The kestrel club meets behind the mill.\n" * 30


@pytest.fixture
def exhibit(tmp_path: Path) -> Path:
    folder = tmp_path / "ex"
    folder.mkdir()
    (tmp_path / "plan.txt").write_bytes(TEXT)
    for name, how in (("open-list.7z", "-mhe=off"), ("closed-list.7z", "-mhe=on")):
        command = ["7zz", "a", f"-p{SECRET}", how, str(folder / name), "plan.txt"]
        try:
            subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
        except FileNotFoundError:
            pytest.skip("7zz is not installed")
    (folder / "members.rar").write_bytes(MARK + b"".join(blocks()))
    (folder / "list.rar").write_bytes(hidden())
    return folder


def test_a06_from_a_secret_to_rows_and_no_secret_in_them(bench: Bench, exhibit: Path, tmp_path: Path) -> None:
    given = tmp_path / "secrets.txt"
    given.write_text(f"wrong\n{SECRET}\n")
    assert bench.run("case", "secret", bench.folder, "--file", given).returncode == 0
    bench.ingest(exhibit)
    bench.verify()
    rows = {str(row["path"]): row for row in bench.items()}
    wanted = hashlib.sha256(TEXT).hexdigest()
    for name in ("open-list.7z", "closed-list.7z"):
        assert rows[f"{name}/plan.txt"]["sha256"] == wanted
        assert rows[f"{name}/plan.txt"]["meta"]["secret"] == 2
    for name in ("members.rar", "list.rar"):
        assert rows[f"{name}/a.txt"]["status"] == "parsed"
        assert rows[f"{name}/a.txt"]["meta"]["secret"] == 2
    told = [bench.items(), bench.export("issues"), bench.export("ledger"), bench.export("texts")]
    assert SECRET not in json.dumps(told, ensure_ascii=False)
    assert not bench.export("issues")


def test_a06_without_a_secret_each_says_that_it_is_encrypted(bench: Bench, exhibit: Path) -> None:
    bench.ingest(exhibit)
    rows = {str(row["path"]): row for row in bench.items()}
    for name in ("closed-list.7z", "list.rar", "open-list.7z/plan.txt", "members.rar/a.txt"):
        assert rows[name]["status"] == "encrypted"
        assert "the case has no secret to try" in str(rows[name]["reason"])
    assert rows["members.rar/open.txt"]["status"] == "parsed"
