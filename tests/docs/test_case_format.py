"""``docs/case-format.md`` against a case as it is made."""

import re
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from actionday.storage.case import Case
from actionday.storage.database import rows, transaction
from actionday.storage.objects import Packs
from actionday.storage.objects.packs import HEAD, MAGIC, MARK, PACK_BYTES

DOCS = Path(__file__).parents[2] / "docs"
FORMAT = (DOCS / "case-format.md").read_text(encoding="utf-8")
LEDGER = (DOCS / "ledger-format.md").read_text(encoding="utf-8")
FACTS = {
    "name": "Kestrel", "authority": "Court", "country": "ES", "legal_basis": "order", "retain_until": "2030-01-01",
    "purpose": "",
}  # fmt: skip


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return Case.create(tmp_path / "case", FACTS)


def columns(case: Case) -> dict[str, list[str]]:
    tables = case.database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    query = "SELECT name FROM pragma_table_info(?) ORDER BY cid"
    return {
        table: [row[0] for row in case.database.execute(query, (table,))] for (table,) in tables.fetchall()
    }


def described(table: str) -> set[str]:
    found = re.search(rf"(?ms)^### {table}\n(.*?)(?=^#)", FORMAT)
    assert found, f"table {table} is not described"
    cells = re.findall(r"(?m)^\|([^|]*)\|", found[1])
    return {word for cell in cells for word in re.findall(r"`([^`]+)`", cell)}


def test_every_table_and_column_is_described(case: Case) -> None:
    for table, names in columns(case).items():
        if table.startswith("ledger_"):
            assert all(f"`{name}`" in LEDGER for name in [table, *names]), table
        else:
            assert described(table) == set(names), table


def test_every_fact_of_the_case_is_described(case: Case) -> None:
    section = re.search(r"(?ms)^### facts\n(.*?)(?=^#)", FORMAT)
    assert section
    assert all(f"`{name}`" in section[1] for name in case.facts())


def test_the_digest_can_be_made_from_the_page_alone(case: Case) -> None:
    """Follows the page's four lines with a decoder of its own, on rows of every type of value."""
    blob, text = bytes(range(32)), "мосты & <b>"
    with transaction(case.database) as database:
        database.execute("INSERT INTO exhibits VALUES (1, 'S-01', '[]', 'open', 0, '{}', NULL)")
        item = (
            blob[:16],
            None,
            1,
            1,
            "7",
            text,
            None,
            "file",
            1 << 40,
            blob,
            None,
            "parsed",
            None,
            0,
            b"\x90",
            "{}",
            b"",
        )
        rows.insert(database, rows.ITEMS, [item, (blob[16:], blob[:16], *item[2:-1], blob[:16])])
        rows.replace(database, [(blob[16:], blob[:16], 1, 2, *item[4:-1], blob[:16])])
        content = (
            blob,
            blob[:16],
            blob[:20],
            5,
            "text/plain",
            1,
            None,
            None,
            None,
            3,
            "rus",
            "Cyrl",
            0.5,
            None,
            b"",
        )
        rows.insert(database, rows.CONTENTS, [content, (*content[:-1], blob[:16])])
        rows.insert(
            database,
            rows.OBJECTS,
            [
                (blob, 1, 52, 9, 5, b"\x91\x09", 1, 0),
                (blob[::-1], 1, 52, 9, 4, b"\x91\x09", 1, 5),
            ],
        )
        rows.insert(database, rows.ISSUES, [(1, 1, None, "read", text, "short", "ends early")])
    lines = re.findall(r"(?ms)^\d\. `(\w+)`(?: and `earlier` together)? by `([\w, ]+)`: `([^`]+)`", FORMAT)
    assert [line[0] for line in lines] == ["items", "contents", "objects", "issues"]
    total = sha256()
    for table, order, names in lines:
        columns = " ".join(names.split())
        both = f"{table} WHERE seq = 1 UNION ALL SELECT {columns} FROM earlier" if table == "items" else table
        query = f"SELECT {columns} FROM {both} WHERE seq = 1 ORDER BY {order}"
        for row in case.database.execute(query):
            values = list(row[:-1] if row[-1] in (b"", 0) else row)
            total.update(msgspec.msgpack.encode(values))
    assert total.hexdigest() == rows.digest(case.database, 1)


def test_a_pack_is_as_the_page_says(tmp_path: Path) -> None:
    packs = Packs(tmp_path)
    packs.begin({})
    data = b"kestrel" * 300_000
    from actionday.storage.objects import compress

    location = packs.put(sha256(data).digest(), len(data), compress(data))
    packs.flush()
    raw = packs.path(1).read_bytes()
    packs.close()
    assert (MAGIC, MARK, HEAD.size, PACK_BYTES) == (b"ADPACK1\n", b"OBJ1", 44, 1 << 30)
    assert raw[:8] == b"ADPACK1\n"
    assert raw[8:12] == b"OBJ1"
    assert raw[12:44] == sha256(data).digest()
    assert int.from_bytes(raw[44:52], "little") == len(data)
    assert location.start == 52
    assert len(location.frames) == 3
    assert len(raw) == 52 + sum(location.frames)
