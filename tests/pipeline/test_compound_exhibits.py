"""Compound files as exhibits: what is in them is in the case, and its words are found."""

import io
import random
import zipfile
from pathlib import Path

from case_tools import Bench, balanced
from compound_files import compound

WORDS = "the kestrel meets the harrier by the mill"
HEADERS = "Received: from mill by kestrel\r\nSubject: harrier\r\nDate: Mon, 1 Jun 2026 10:00:00 +0000\r\n" * 5


def test_a_message_of_outlook_is_opened_and_nothing_of_it_is_called_unread(
    bench: Bench, tmp_path: Path
) -> None:
    """Its header lies in a stream of its own, without a body: it does not break off for that."""
    source = tmp_path / "plan.msg"
    parts = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_007D001F": HEADERS.encode("utf-16-le"),
        "__attach_version1.0_#00000000": {
            "__properties_version1.0": bytes(8),
            "__substg1.0_37010102": f"{WORDS}\n".encode() * 3,
        },
    }
    source.write_bytes(compound(parts))
    bench.ingest(source)
    (hit,) = [hit for hit in bench.search('"harrier by the mill"')["hits"] if hit["path"]]
    assert hit["path"] == "message/attachment-3"
    balanced(bench.export("items"), bench.status())
    assert bench.status()["losses"] == {}
    assert bench.verify()["ok"]


def test_a_stream_s_name_is_found(bench: Bench, tmp_path: Path) -> None:
    source = tmp_path / "exhibit"
    source.mkdir()
    (source / "notice.xls").write_bytes(
        compound({"Workbook": b"\x09\x08", WORDS[:31]: b"", "empty here": {}})
    )
    bench.ingest(source, code=1)  # the workbook is none
    paths = {row["path"] for row in bench.export("items")}
    assert {f"notice.xls/{WORDS[:31]}", "notice.xls/empty here"} <= paths


def test_an_exhibit_of_noise_stays_unread_whatever_small_thing_is_found_in_it(
    bench: Bench, tmp_path: Path
) -> None:
    """A file behind its end, an address that holds one: neither makes the rest known."""
    noise, zipped = random.Random(7).randbytes(200_000), io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as made:
        made.writestr("plan.txt", WORDS)
    (tmp_path / "dump.bin").write_bytes(noise + zipped.getvalue())
    bench.ingest(tmp_path / "dump.bin", code=1)
    status = {row["path"].rpartition("/")[2]: row["status"] for row in bench.items()}
    assert (status[""], status["plan.txt"]) == ("unsupported", "parsed")
    assert bench.status()["losses"] == {"volume_unread": 1}
