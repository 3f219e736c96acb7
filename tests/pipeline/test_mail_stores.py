"""Mail stores as exhibits: what is in them is in the case, adds up, and is found as any other mail."""

import hashlib
import sys
from email.message import EmailMessage
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "sources" / "mail"))

import pst_maker
import pst_samples
import tnef_samples

from case_tools import Bench, balanced

INBOX = "Top of Personal Folders/Inbox"


def test_a_store_is_listed_and_its_people_words_and_files_are_found(bench: Bench, tmp_path: Path) -> None:
    source = tmp_path / "mail.pst"
    source.write_bytes(pst_samples.filled().file())
    bench.ingest(source)
    rows = {row["path"]: row for row in bench.items()}
    assert rows[f"{INBOX}/00200024/rota.txt"]["sha256"] == hashlib.sha256(pst_samples.ROTA).hexdigest()
    deep = f"{INBOX}/00200044{'/the message before' * 4}"
    assert rows[deep]["kind"] == "message"
    assert rows[f"{deep}/deepest.txt"]["kind"] == "attachment"
    assert rows[f"{INBOX}/00200024"]["mtime"] == "2026-06-01T09:00:00Z"
    for query, path in (("nadir@kestrel.example", f"{INBOX}/00200024"), ('"level 0 of the rota"', deep),
                        ('"Pier 4"', f"{INBOX}/00200064")):  # fmt: skip
        assert [hit["path"] for hit in bench.search(query)["hits"]] == [path]
    balanced(bench.export("items"), bench.status())
    assert bench.status()["losses"] == {}
    assert bench.verify()["ok"]


def test_m12_a_store_with_a_message_lost_ends_with_1_and_the_sum_is_what_it_states(
    bench: Bench, tmp_path: Path
) -> None:
    numbers = [0x200024 + 0x20 * at for at in range(5)]
    parts = {number: pst_maker.message({**pst_samples.VERA, 0x0037: pst_maker.text(f"Rota {number}"),
                                        0x0E04: pst_maker.text("Crew")}, [pst_samples.CREW]) for number in numbers}  # fmt: skip
    del parts[numbers[1]].subs[0x692]
    source = tmp_path / "mail.pst"
    source.write_bytes(pst_maker.store(pst_maker.Maker(), parts).file())
    bench.ingest(source, code=1)
    states = [row["status"] for row in bench.items() if row["kind"] == "message"]
    assert sorted(states) == ["parsed"] * 4 + ["unreadable"]
    assert bench.search('"Rota 2097220"')["total"] == 1, "what can be read of it is searched"
    balanced(bench.export("items"), bench.status())


def test_m05_a_store_of_which_nothing_can_be_read_is_a_failure(bench: Bench, tmp_path: Path) -> None:
    data = bytearray(pst_samples.filled().file())
    at = int.from_bytes(data[224:232], "little")
    data[at : at + 512] = bytes(512)
    source = tmp_path / "mail.pst"
    source.write_bytes(bytes(data))
    bench.ingest(source, code=1)
    (row,) = bench.items()
    assert row["status"] == "unreadable"
    assert "not one node can be read" in row["reason"]


def test_within_a_mail_it_is_opened_and_its_words_are_found(bench: Bench, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "vera@kestrel.example", "crew@kestrel.example", "Rota"
    mail["Date"], mail["Message-ID"] = "Mon, 1 Jun 2026 10:00:00 +0000", "<rota@kestrel.example>"
    mail.set_content("See the rota.\n")
    mail.add_attachment(
        tnef_samples.first(), maintype="application", subtype="ms-tnef", filename="winmail.dat"
    )
    source = tmp_path / "rota.eml"
    source.write_bytes(mail.as_bytes())
    bench.ingest(source)
    paths = {row["path"]: row for row in bench.items()}
    top = "message/winmail.dat/message"
    assert paths[top]["kind"] == "message"
    assert paths[f"{top}/rota.txt"]["sha256"] == hashlib.sha256(pst_samples.ROTA).hexdigest()
    assert f"{top}{'/the message before' * 5}/deepest.txt" in paths
    assert [hit["path"] for hit in bench.search('"level 0 of the rota"')["hits"]] == [
        f"{top}{'/the message before' * 5}"
    ]
    balanced(bench.export("items"), bench.status())
    assert bench.status()["losses"] == {}
    assert bench.verify()["ok"]
