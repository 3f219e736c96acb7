"""``verify`` names the first thing that differs, whatever somebody changed; untouched, it finds nothing."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from kill_exhibits import mbox
from spoiled import Copy, site_of

from case_tools import Bench


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Path:
    """A folder that holds a case and its exhibits; each test spoils a copy."""
    root = tmp_path_factory.mktemp("whole")
    site_of(root, 6, {"b.txt": b"b\n" * 90})
    (root / "first.mbox").write_bytes(mbox(root, 3))
    (root / "other.mbox").write_bytes(mbox(root, 4))
    bench = Bench(root / "case")
    bench.ingest(root / "site", root / "first.mbox", root / "other.mbox")
    assert bench.verify()["ok"]
    return root


@pytest.fixture
def copy(whole: Path, tmp_path: Path) -> Copy:
    return Copy(whole, tmp_path)


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)


def test_untouched_it_is_whole_and_the_proof_is_logged(copy: Copy) -> None:
    found = copy.bench.verify()
    assert (found["ok"], found["first"], found["logged"]) == (True, None, True)
    assert [check["name"] for check in found["checks"]][0] == "ledger"
    assert all(check["checked"] > 0 for check in found["checks"])
    assert copy.bench.export("ledger")[-2]["action"] == "verified"


CHANGES = {
    "a row's status": ("UPDATE items SET status = 'empty' WHERE path = 'in/page-3.txt'", "rows"),
    "a row's path": ("UPDATE items SET path = 'in/page-x.txt' WHERE path = 'in/page-3.txt'", "rows"),
    "a row's time": ("UPDATE items SET mtime = '2020-01-01T00:00:00Z' WHERE path = 'in/page-1.txt'", "rows"),
    "a row's hash": ("UPDATE items SET sha256 = x'00' WHERE path = 'in/page-1.txt'", "rows"),
    "a row's runs": ("UPDATE items SET runs = NULL WHERE path = 'in/page-1.txt'", "rows"),
    "a row deleted": ("DELETE FROM items WHERE path = 'in/page-5.txt'", "rows"),
    "a row added": (
        "INSERT INTO items (id, parent, exhibit, seq, place, path, kind, status, opened) "
        "SELECT x'AA', parent, exhibit, seq, 'new', 'new', kind, status, 0 FROM items WHERE path = 'in/page-0.txt'",
        "rows",
    ),
    "a row of no checkpoint": (
        "INSERT INTO items (id, parent, exhibit, seq, place, path, kind, status, opened) "
        "SELECT x'AA', parent, exhibit, 99, 'new', 'new', kind, status, 0 FROM items WHERE path = 'in/page-0.txt'",
        "rows",
    ),
    "a content's language": ("UPDATE contents SET language = 'deu' WHERE language IS NOT NULL", "rows"),
    "a content's type": ("UPDATE contents SET mime = 'text/html' WHERE mime = 'text/plain'", "rows"),
    "where an object lies": ("UPDATE objects SET start = start + 1", "rows"),
    "an issue added": (
        "INSERT INTO issues (seq, exhibit, item, stage, path, code, reason) VALUES (1, 1, NULL, 'read', 'x', 'y', 'z')",
        "rows",
    ),
    "the case's authority": ("UPDATE facts SET value = 'Somebody' WHERE key = 'authority'", "tables"),
    "the case's legal basis": ("UPDATE facts SET value = 'none' WHERE key = 'legal_basis'", "tables"),
    "an exhibit's balance": ("UPDATE exhibits SET balance = replace(balance, 'parsed', 'lost')", "tables"),
    "an exhibit's acquisition": ("UPDATE exhibits SET acquisition = '{}' WHERE number = 2", "tables"),
    "an exhibit gone": ("DELETE FROM exhibits WHERE number = 3", ""),
}


@pytest.mark.parametrize(("statement", "check"), CHANGES.values(), ids=CHANGES)
def test_a_change_in_the_database_is_found(copy: Copy, statement: str, check: str) -> None:
    copy.sql(statement)
    assert copy.first().startswith(check)


def test_the_limits_of_the_case_are_vouched_for(copy: Copy) -> None:
    """Limits are parameters of each run; the ledger holds them, the fact alone decides nothing."""
    details = [row["details"] for row in copy.bench.export("ledger") if row["action"] == "run.started"]
    assert details[0]["limits"]["depth"] == 32


def test_a_bit_flipped_anywhere_in_a_pack_is_found_and_named(copy: Copy) -> None:
    """In its mark, in an object's head, in a frame: no byte of a pack is without its proof."""
    (pack,) = (copy.bench.folder / "objects").glob("pack-*.pack")
    size = pack.stat().st_size
    for at in (0, 7, 8, 12, 44, 45, 52, size // 3, size // 2, size - 1):
        flip(pack, at)
        said = copy.first()
        assert said.startswith("objects: ")
        assert pack.name in said
        flip(pack, at)
    assert copy.bench.verify()["ok"]


def test_texts_that_share_a_frame_are_each_proved(copy: Copy) -> None:
    """Names exchanged in a head, and a text whose bytes are not its own though the frame unpacks."""
    (pack,) = (copy.bench.folder / "objects").glob("pack-*.pack")
    raw = pack.read_bytes()
    at = raw.index(b"OBJS")
    count = int.from_bytes(raw[at + 4 : at + 8], "little")
    assert count > 2
    members = [raw[at + 8 + 40 * number : at + 48 + 40 * number] for number in range(count)]
    for other in (
        members[::-1],
        [members[0][:32] + members[1][32:], members[1][:32] + members[0][32:], *members[2:]],
    ):
        pack.write_bytes(raw[: at + 8] + b"".join(other) + raw[at + 8 + 40 * count :])
        assert copy.first().startswith(f"objects: {pack.name}: at {at} ")
    pack.write_bytes(raw)
    assert copy.bench.verify()["ok"]


def test_bytes_added_to_a_pack_are_found(copy: Copy) -> None:
    (pack,) = (copy.bench.folder / "objects").glob("pack-*.pack")
    with pack.open("ab") as file:
        file.write(b"hidden")
    assert copy.first().startswith(f"objects: {pack.name} ends at ")


def test_a_pack_that_is_gone_is_found(copy: Copy) -> None:
    (pack,) = (copy.bench.folder / "objects").glob("pack-*.pack")
    pack.unlink()
    assert copy.first().startswith("objects: ")


def index_files(copy: Copy) -> list[Path]:
    return sorted(
        path for path in (copy.bench.folder / "index").rglob("*") if path.is_file() and path.stat().st_size
    )


def test_a_bit_flipped_in_any_file_of_the_index_is_found(copy: Copy) -> None:
    nothing_rests_on = {".tantivy-writer.lock", ".tantivy-meta.lock"}
    unseen = []
    for path in index_files(copy):
        if path.name in nothing_rests_on:
            continue
        before = path.read_bytes()
        for at in {len(before) // 2, len(before) // 3} if path.suffix == ".json" else {len(before) // 2}:
            flip(path, at)
            if copy.bench.run("verify", copy.bench.folder).returncode != 1:
                unseen.append((path.name, at, before[at - 20 : at + 20]))
            path.write_bytes(before)
    assert unseen == []


def test_the_list_that_was_kept_is_gone_behind_a_sealed_end_and_named_where_it_is_not(copy: Copy) -> None:
    index = copy.bench.folder / "index"
    assert not (index / "meta.json.kept").exists()
    for name in ("meta.json.kept", "format.json.new"):
        (index / name).write_text("put there")
        (said,) = [line for line in copy.bench.verify()["not_proved"] if name in line]
        assert said.startswith(f"index/{name}: ")
        (index / name).unlink()


def test_a_file_of_removed_documents_that_no_list_knows_is_found(copy: Copy) -> None:
    (copy.bench.folder / "index" / f"{'a' * 32}.343.del").write_bytes(b"put there")
    assert copy.first().startswith("index: ")


def test_a_segment_of_the_index_that_is_gone_is_found(copy: Copy) -> None:
    next(path for path in index_files(copy) if path.suffix == ".store").unlink()
    assert copy.first().startswith("index: ")


def test_a_document_in_the_index_alone_is_found(copy: Copy) -> None:
    copy.sql("UPDATE items SET seq = seq")  # nothing: the case itself stays as it was
    from actionday.storage.index import Document, Index

    index = Index.open(copy.bench.folder / "index", heap_bytes=32 << 20, writable=True)
    made = {
        "item": "aa" * 16,
        "seq": index_seq(copy),
        "exhibit": "site",
        "path": "planted",
        "name": "planted",
        "kind": "file",
    }
    index.add(
        [
            Document(
                **made,
                status="parsed",
                mime="",
                year=None,
                sha256=None,
                languages=(),
                script=None,
                body=(b"x",),
                alt=(),
            )
        ]
    )
    index.commit(index_seq(copy))
    index.close()
    assert copy.first().startswith("index: ")


def index_seq(copy: Copy) -> int:
    with sqlite3.connect(copy.bench.folder / "case.db") as database:
        return int(database.execute("SELECT value FROM facts WHERE key = 'seq'").fetchone()[0])


def spoil(path: Path, spoiling: Callable[[Path], None], copy: Copy) -> str:
    """Spoil an exhibit of the original, verify the copy, and mend it again."""
    before, facts = path.read_bytes(), path.stat()
    try:
        spoiling(path)
        return copy.first()
    finally:
        path.write_bytes(before)
        os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
        assert facts.st_size == path.stat().st_size


def test_a_bit_flipped_in_an_exhibit_is_found_and_the_file_named(copy: Copy) -> None:
    path = copy.root / "first.mbox"
    said = spoil(path, lambda each: flip(each, 100), copy)
    assert said.startswith("exhibits: first.mbox: ")
    assert "SHA-256" in said


def test_a_bit_flipped_in_a_file_of_a_folder_is_found(copy: Copy) -> None:
    said = spoil(copy.root / "site" / "in" / "page-2.txt", lambda each: flip(each, 7), copy)
    assert "page-2.txt" in said


def test_a_file_of_a_folder_that_is_gone_is_found(copy: Copy) -> None:
    said = spoil(copy.root / "site" / "in" / "page-2.txt", Path.unlink, copy)
    assert "page-2.txt" in said


def test_two_exhibits_exchanged_are_found(copy: Copy) -> None:
    first, other = copy.root / "first.mbox", copy.root / "other.mbox"
    held = copy.root / "held"
    for a, b in ((first, held), (other, first), (held, other)):
        a.rename(b)
    try:
        assert copy.first().startswith("exhibits: first.mbox")
    finally:
        for a, b in ((first, held), (other, first), (held, other)):
            a.rename(b)


def test_a_ledger_cut_short_is_found(copy: Copy) -> None:
    with sqlite3.connect(copy.bench.folder / "case.db") as database:
        tables = [
            row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE name LIKE 'ledger%'")
        ]
        assert tables
        name = next(table for table in tables if "entr" in table)
        key = database.execute(
            f"SELECT name FROM pragma_table_info('{name}') ORDER BY cid LIMIT 1"
        ).fetchone()[0]
    copy.sql(f"DELETE FROM {name} WHERE {key} = (SELECT MAX({key}) FROM {name})")
    size = copy.bench.run("export", copy.bench.folder, "items").returncode
    found = copy.bench.verify(code=1)
    assert str(found["first"]).startswith("ledger: ")
    assert not found["logged"]
    assert size in (0, 1)


@pytest.mark.parametrize("column", ["frames", "start", "size", "pack"])
def test_nonsense_in_a_row_is_a_difference_never_a_fault_of_ours(copy: Copy, column: str) -> None:
    copy.sql(f"UPDATE objects SET {column} = x'ff00'")
    assert copy.first().startswith("rows: ")


def test_a_bit_flipped_anywhere_in_the_database_file_is_found_or_meets_no_byte_in_use(copy: Copy) -> None:
    path = copy.bench.folder / "case.db"
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    whole, codes = path.read_bytes(), {}
    for at in range(8192 + 37, len(whole), len(whole) // 12):
        data = bytearray(whole)
        data[at] ^= 0x10
        path.write_bytes(data)
        codes[at] = copy.bench.run("verify", copy.bench.folder, "--json").returncode
    assert set(codes.values()) <= {0, 1, 2}, codes
    assert 1 in codes.values()
