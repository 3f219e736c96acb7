"""``actionday bundle`` and ``verify --bundle``: chosen items travel with their custody, and any change is seen."""

import hashlib
import json
import shutil
import zipfile
from pathlib import Path

import pytest

from case_tools import Bench, Row

TEXT = b"The station goes on air at noon.\n"


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("evidence") / "site"
    folder.mkdir()
    (folder / "schedule.txt").write_bytes(TEXT)
    (folder / "copy.txt").write_bytes(TEXT)
    (folder / "other.bin").write_bytes(bytes(range(256)) * 20)
    with zipfile.ZipFile(folder / "sent.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("in/letter.txt", "Meet at the weir, by radio.\n" * 20)
    return folder


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, signing_key: None, evidence: Path) -> Bench:
    bench = Bench(tmp_path_factory.mktemp("bundled") / "case")
    bench.ingest(evidence)
    return bench


def made(bench: Bench, out: Path, *words: object, code: int = 0) -> Row:
    done = bench.run("bundle", bench.folder, "-o", out, "--reason", "order 12/2026", *words, "--json")
    assert done.returncode == code, done.stdout + done.stderr
    return dict(json.loads(done.stdout or done.stderr))


def verified(bench: Bench, out: Path, *words: object, code: int = 0) -> Row:
    done = bench.run("verify", "--bundle", out, *words, "--json")
    assert done.returncode == code, done.stdout + done.stderr
    return dict(json.loads(done.stdout or done.stderr))


def test_chosen_items_travel_with_their_bytes_and_their_custody(filled: Bench, tmp_path: Path) -> None:
    out = tmp_path / "court.bundle"
    told = made(filled, out, "--item", "site/schedule.txt", "--item", "site/sent.zip/in/letter.txt")
    assert (told["items"], told["contents"]) == (2, 2)
    assert told["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    proof = verified(filled, out)
    assert (proof["ok"], proof["vouched"], proof["reason"], proof["without"]) == (
        True,
        True,
        "order 12/2026",
        0,
    )
    assert proof["checked"]["items"] == proof["checked"]["contents"] == 2
    with zipfile.ZipFile(out) as archive:
        rows = [json.loads(line) for line in archive.read("rows/items.jsonl").splitlines()]
        assert {row["path"] for row in rows} == {"schedule.txt", "sent.zip/in/letter.txt"}
        assert archive.read(f"contents/{hashlib.sha256(TEXT).hexdigest()}") == TEXT
        texts = [json.loads(line)["text"] for line in archive.read("rows/texts.jsonl").splitlines()]
        assert sorted(texts)[0].startswith("Meet at the weir")
        entries = [
            json.loads(json.loads(line)["leaf"]) for line in archive.read("ledger/entries.jsonl").splitlines()
        ]
    actions = [each["action"] for each in entries]
    assert actions[-1] == "bundled"
    assert {"case.created", "exhibit.acquired", "exhibit.closed", "run.checkpoint", "bundle.begun"} <= set(
        actions
    )
    assert "searched" not in actions
    ledger = [each["action"] for each in filled.export("ledger")]
    assert ledger.count("bundle.begun") == ledger.count("bundled") >= 1


def test_it_is_verified_elsewhere_and_then_nobody_vouches_but_a_named_key(
    filled: Bench, tmp_path: Path
) -> None:
    out = tmp_path / "court.bundle"
    made(filled, out, "--item", "site/schedule.txt")
    moved = tmp_path / "elsewhere"
    moved.mkdir()
    shutil.copy(out, moved / "it")
    stranger = {"XDG_CONFIG_HOME": str(tmp_path / "nobody")}
    done = filled.run("verify", "--bundle", moved / "it", env=stranger)
    assert done.returncode == 0
    assert "not proved: that its ledger is not one that somebody made anew" in done.stdout
    key = next(each["details"]["key"] for each in filled.export("ledger") if each["action"] == "key.added")
    done = filled.run("verify", "--bundle", moved / "it", "--key", key, "--json", env=stranger)
    assert json.loads(done.stdout)["vouched"] is True
    other = filled.run("verify", "--bundle", moved / "it", "--key", key[:-8] + "AAAAAAA=", env=stranger)
    assert other.returncode == 2


def test_a_search_or_an_exhibit_chooses_too_and_nothing_named_is_all(filled: Bench, tmp_path: Path) -> None:
    assert made(filled, tmp_path / "q", "--query", "station OR weir")["items"] == 3
    everything = len(filled.items())
    assert made(filled, tmp_path / "x", "--exhibit", "site")["items"] == everything
    assert made(filled, tmp_path / "all")["items"] == everything
    assert verified(filled, tmp_path / "all")["ok"]
    made(filled, tmp_path / "no", "--exhibit", "nobody", code=2)
    made(filled, tmp_path / "no", "--query", "nowhereatall", code=2)
    assert not (tmp_path / "no").exists()


def rewritten(source: Path, target: Path, change: dict[str, bytes | None]) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *change]):
            data = change[name] if name in change else old.read(name)
            if data is not None:
                new.writestr(name, data)


def test_every_part_that_is_changed_added_or_taken_out_is_named(filled: Bench, tmp_path: Path) -> None:
    out, bad = tmp_path / "court.bundle", tmp_path / "bad.bundle"
    made(filled, out, "--item", "site/schedule.txt")
    with zipfile.ZipFile(out) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    content = f"contents/{hashlib.sha256(TEXT).hexdigest()}"
    lines = parts["ledger/entries.jsonl"].splitlines(keepends=True)
    changes: list[dict[str, bytes | None]] = [
        *(
            {name: data[:-2] + bytes([data[-2] ^ 1]) + data[-1:]}
            for name, data in parts.items()
            if len(data) > 2
        ),
        *({name: None} for name in parts),
        {"contents/extra": b"x"},
        {"readme.txt": b"x"},
        {content: b"The station goes on air at nine.\n"},
        {"ledger/entries.jsonl": b"".join(lines[:-1])},
        {"ledger/entries.jsonl": b"".join([*lines[1:], lines[0]])},
        {"bundle.json": parts["bundle.json"].replace(b"order 12", b"order 13")},
    ]
    for change in changes:
        rewritten(out, bad, change)
        told = verified(filled, bad, code=1)
        assert told["first"], change.keys()
    for cut in range(0, out.stat().st_size, 997):
        bad.write_bytes(out.read_bytes()[:cut])
        verified(filled, bad, code=2)


def test_what_was_altered_since_is_not_given_out(filled: Bench, evidence: Path, tmp_path: Path) -> None:
    (evidence / "other.bin").write_bytes(bytes(range(1, 256)) * 20)
    told = made(filled, tmp_path / "altered", "--item", "site/other.bin", code=1)
    assert (told["items"], told["contents"]) == (1, 0)
    assert "site/other.bin" in told["without"][0]
    assert verified(filled, tmp_path / "altered")["without"] == 1


def test_a_reason_is_asked_for_and_a_case_is_never_written_into(filled: Bench, tmp_path: Path) -> None:
    done = filled.run("bundle", filled.folder, "-o", tmp_path / "a", "--reason", " ")
    assert done.returncode == 2
    done = filled.run("bundle", filled.folder, "-o", filled.folder / "a", "--reason", "x order")
    assert (done.returncode, "lies in a case" in done.stderr) == (2, True)
    (tmp_path / "there").write_text("mine")
    done = filled.run("bundle", filled.folder, "-o", tmp_path / "there", "--reason", "x order")
    assert (done.returncode, (tmp_path / "there").read_text()) == (2, "mine")
    done = filled.run("verify", "--bundle", tmp_path / "there")
    assert (done.returncode, "no bundle" in done.stderr) == (2, True)
    assert filled.run("verify").returncode == 2
