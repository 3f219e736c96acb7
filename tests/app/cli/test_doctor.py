"""``actionday doctor`` on this machine, and on ones where something is missing or wrong."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import actionday
from actionday.app.cli._doctor.report import Check, Report
from actionday.app.cli._doctor.start import Answer, plugins, sandbox

PACKAGE = Path(actionday.__file__).parent
LOCKED = {"network": True, "reading": True, "writing": True, "programs": True, "processes": True}


def doctor(home: Path, *more: Path, config: Path | None = None) -> tuple[int, dict[str, Any]]:
    """Run the command with an empty home and, before all else, ``more`` on the path."""
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(config or home / "config")}
    environment["PYTHONPATH"] = os.pathsep.join([*map(str, more), environment.get("PYTHONPATH", "")])
    command = [sys.executable, "-m", "actionday.app.cli.main", "doctor", "--json"]
    done = subprocess.run(command, capture_output=True, env=environment, cwd=home, check=False)
    assert not done.stderr, done.stderr.decode()
    return done.returncode, json.loads(done.stdout)


def named(answer: dict[str, Any], name: str) -> dict[str, Any]:
    return next(each for each in answer["checks"] if each["name"] == name)


def test_on_a_machine_where_an_ingest_runs(tmp_path: Path) -> None:
    code, answer = doctor(tmp_path)
    assert (code, answer["ready"]) == (0, True)
    assert named(answer, "worker")["ok"]
    assert named(answer, "sandbox")["found"] == "closed"
    assert not list(tmp_path.rglob("*")), "it wrote something"


def test_every_check_has_its_fields_and_unknown_is_null(tmp_path: Path) -> None:
    _, answer = doctor(tmp_path)
    for each in answer["checks"]:
        assert set(each) == {"name", "ok", "needed", "found", "costs", "package"}
        assert "" not in each.values()
        assert each["ok"] or each["costs"], "what is missing says what it costs"


def test_a_plug_in_whose_library_is_missing_costs_that_format_alone(tmp_path: Path) -> None:
    (tmp_path / "kestrel_format.py").write_text("import ctypes\nctypes.CDLL('libkestrel.so.7')\n")
    facts = tmp_path / "kestrel_format-1.dist-info"
    facts.mkdir()
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: kestrel-format\nVersion: 1\n")
    (facts / "entry_points.txt").write_text("[actionday.sources]\nkestrel = kestrel_format\n")
    code, answer = doctor(tmp_path, tmp_path)
    assert (code, answer["ready"]) == (0, True)
    line = named(answer, "plug-in")
    assert "kestrel_format" in line["found"]
    assert "libkestrel.so.7" in line["found"]
    assert line["costs"] == "kestrel_format stays unsupported"


def test_a_model_that_is_missing_is_found_before_an_ingest_is(tmp_path: Path) -> None:
    shutil.copytree(
        PACKAGE, tmp_path / "actionday", ignore=shutil.ignore_patterns("model.npz", "__pycache__")
    )
    code, answer = doctor(tmp_path, tmp_path)
    assert (code, answer["ready"]) == (1, False)
    assert not named(answer, "worker")["ok"]
    assert "model.npz" in named(answer, "worker")["found"]


def test_a_key_that_others_may_read_is_not_used(tmp_path: Path) -> None:
    from actionday.ledger import installation_signer

    folder = tmp_path / "config" / "actionday"
    key = str(installation_signer(folder).verifier)
    code, answer = doctor(tmp_path)
    assert (code, named(answer, "signing key")["found"]) == (0, key)
    (folder / "ledger-key.pem").chmod(0o644)
    code, answer = doctor(tmp_path)
    assert code == 1
    assert "chmod 600" in named(answer, "signing key")["found"]


def test_where_no_key_could_be_made_no_case_can_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, answer = doctor(tmp_path, config=tmp_path / "file" / "config")
    assert (code, named(answer, "signing key")["ok"]) == (1, False)


def test_the_attempts_succeed_where_nothing_is_locked(tmp_path: Path) -> None:
    """Else the answer ``closed`` would mean nothing."""
    script = (
        "import json; from actionday.app.cli._doctor.probe import attempts; print(json.dumps(attempts()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    assert json.loads(done.stdout) == dict.fromkeys(LOCKED, False)


def locks(**held: bool) -> Answer:
    all_held = {"landlock": True, "seccomp": True, "network_namespace": True, **held}
    enough = all_held["seccomp"] or (all_held["landlock"] and all_held["network_namespace"])
    return Answer(7, [], {"sources": 1, "images": 1, "types": 1}, all_held, enough, LOCKED)


@pytest.mark.parametrize(
    ("answer", "ready", "packages"),
    [
        (locks(), True, []),
        (locks(seccomp=False), True, ["libseccomp2"]),
        (locks(landlock=False, network_namespace=False), True, []),
        (locks(seccomp=False, landlock=False), False, ["libseccomp2"]),
        (locks(seccomp=False, network_namespace=False), False, ["libseccomp2"]),
    ],
    ids=["all", "no seccomp", "seccomp alone", "namespace alone", "landlock alone"],
)
def test_evidence_is_read_only_behind_enough_locks(answer: Answer, ready: bool, packages: list[str]) -> None:
    report = Report((*plugins(answer), *sandbox(answer)))
    assert report.ready is ready
    assert report.packages == packages


def test_what_is_not_needed_does_not_stop_an_ingest() -> None:
    fonts = Check(name="fonts", ok=False, found="none", costs="boxes", package="fonts-noto-cjk")
    worker = Check(name="worker", ok=False, found="ended", needed=True)
    assert Report((fonts,)).ready
    assert Report((fonts,)).packages == ["fonts-noto-cjk"]
    assert not Report((fonts, worker)).ready
