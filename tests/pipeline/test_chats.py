"""Chats in whole runs: what lies beside an export is found however small it is, and each message is searched."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from case_tools import Bench

MESSAGES = [
    {"id": 1, "type": "message", "date": "2026-03-04T22:00:00", "date_unixtime": "1772658000", "from": "Vera",
     "from_id": "user4", "photo": "photos/a.jpg",
     "text": ["Ten o'clock, ", {"type": "text_link", "text": "here", "href": "https://hidden.example/b"}]},
    {"id": 2, "type": "message", "date": "2026-03-04T22:01:00", "date_unixtime": "1772658060", "from": "Omar",
     "from_id": "user5", "text": "", "file": "files/gone.bin"},
]  # fmt: skip
EXPORT = json.dumps({"name": "Crew", "type": "private_group", "id": 42, "messages": MESSAGES}, indent=1)
WHATSAPP = (
    "[14/10/2021, 3:34:09\u202fPM] Crew: \u200eMessages and calls are end-to-end encrypted.\n"
    "[14/10/2021, 3:35:10\u202fPM] Vera: \u200e<attached: 00000002-PHOTO.jpg>\n"
)


def files_of(bench: Bench) -> dict[str, Any]:
    return {
        row["path"].rpartition("/")[2]: row["meta"]["files"]
        for row in bench.items()
        if "files" in row["meta"]
    }


def test_files_beside_a_small_export_are_found_whichever_is_read_first(bench: Bench, tmp_path: Path) -> None:
    for name in ("aa", "zz"):
        (tmp_path / "site" / name / "photos").mkdir(parents=True)
        (tmp_path / "site" / name / "result.json").write_text(EXPORT)
        (tmp_path / "site" / name / "photos" / "a.jpg").write_text(f"words in place of a picture, {name}")
    bench.ingest(tmp_path / "site")
    found = [(row["path"], row["meta"]["files"]) for row in bench.items() if "files" in row["meta"]]
    assert sorted(found, key=lambda each: each[0]) == [
        (f"{name}/result.json/Crew [42]/{number}", files)
        for name in ("aa", "zz")
        for number, files in (
            ("0000000001", [{"path": "photos/a.jpg", "there": True}]),
            ("0000000002", [{"path": "files/gone.bin", "missing": True}]),
        )
    ]
    assert sum(row["code"] == "missing_files" for row in bench.export("issues")) == 2


def test_files_of_a_zip_of_whatsapp_are_found_in_it(bench: Bench, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "Crew.zip", "w") as archive:
        archive.writestr("_chat.txt", WHATSAPP)
        archive.writestr("00000002-PHOTO.jpg", "words in place of a picture")
    bench.ingest(tmp_path / "Crew.zip")
    assert list(files_of(bench).values()) == [[{"path": "00000002-PHOTO.jpg", "there": True}]]


def test_an_export_given_alone_takes_no_file_of_the_host_with_it(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "_chat.txt").write_text(WHATSAPP)
    (tmp_path / "00000002-PHOTO.jpg").write_text("not given")
    bench.ingest(tmp_path / "_chat.txt")
    assert list(files_of(bench).values()) == [[{"path": "00000002-PHOTO.jpg", "missing": True}]]
    closed = next(row for row in bench.export("ledger") if row["action"] == "exhibit.closed")
    assert [Path(each["path"]).name for each in closed["details"]["acquisition"]["sources"]] == ["_chat.txt"]


@pytest.mark.parametrize(("query", "count"), [("hidden.example", 1), ("Omar", 1), ("o'clock", 1)])
def test_a_message_is_found_by_its_words_its_links_and_its_sender(
    bench: Bench, tmp_path: Path, query: str, count: int
) -> None:
    (tmp_path / "result.json").write_text(EXPORT)
    bench.ingest(tmp_path / "result.json")
    said = bench.run("search", bench.folder, query, "--json")
    assert json.loads(said.stdout)["total"] == count, said.stderr
    assert {row["mime"] for row in bench.items() if row["kind"] == "message"} == {
        "application/vnd.actionday.chat-message+json"
    }
