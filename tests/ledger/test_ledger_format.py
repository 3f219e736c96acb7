"""A verifier written from ``docs/ledger-format.md`` alone, held against real logs.

It uses the standard library and Ed25519, nothing of Actionday; where the document is wrong it fails.
"""

import base64
import hashlib
import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from actionday.ledger import Action, Entry, Ledger, Proof, format_proof
from actionday.storage.ledger_store import LEDGER_DDL, SqliteLogStore, create_log
from actionday.testing.ledger import START, entry, signer

DOCUMENT = Path(__file__).parents[2] / "docs" / "ledger-format.md"
ORIGIN = "actionday/case/format"

# -- the independent verifier: from here on only what the document says ------------------------------------------


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def base64_of(text: str) -> bytes:
    value = base64.b64decode(text, validate=True)
    assert base64.b64encode(value).decode() == text, "one spelling"
    return value


def public_key(verifier_key: str) -> tuple[str, bytes, bytes]:
    """Name, key ID, public key."""
    name, key_id, encoded = verifier_key.split("+", 2)
    kind_and_key = base64_of(encoded)
    assert kind_and_key[0] == 1
    assert sha(name.encode() + b"\n" + kind_and_key)[:4].hex() == key_id, "key ID"
    return name, bytes.fromhex(key_id), kind_and_key[1:]


def head_of(note: str, verifier_keys: list[str]) -> tuple[str, int, bytes]:
    """Origin, size, root of a note that one of the keys signed."""
    text, signatures = note.split("\n\n")
    text += "\n"
    keys = {(name, key_id): key for name, key_id, key in map(public_key, verifier_keys)}
    signed = False
    for line in signatures.splitlines():
        dash, name, encoded = line.split(" ")
        value = base64_of(encoded)
        if dash == "\u2014" and (key := keys.get((name, value[:4]))):
            Ed25519PublicKey.from_public_bytes(key).verify(value[4:], text.encode())
            signed = True
    assert signed, "no trusted key"
    origin, size, root, end = text.split("\n")
    assert end == "" and size == str(int(size))
    return origin, int(size), base64_of(root)


def root_of(edge: list[bytes]) -> bytes:
    root = edge[-1] if edge else sha(b"")
    for left in edge[-2::-1]:
        root = sha(b"\x01" + left + root)
    return root


def verify(database: Path, trusted: list[str], outside: list[str]) -> int:
    """The number of entries of a log that is in order; anything else raises."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as case:
        ((origin,),) = case.execute("SELECT origin FROM ledger_log")
        heads = list(case.execute("SELECT size, key, note FROM ledger_head"))
        rows = case.execute("SELECT idx, CAST(leaf AS BLOB), hashes FROM ledger_entry ORDER BY idx")
        edge, declared, covered, count, reached = list[bytes](), list[str](), 0, 0, 0
        for number, leaf, stored in rows:
            assert number == count, "number"
            hashes = [sha(b"\x00" + leaf)]
            while count >> (len(hashes) - 1) & 1:
                hashes.append(sha(b"\x01" + edge.pop() + hashes[-1]))
            edge.append(hashes[-1])
            assert b"".join(hashes) == stored, "hashes"
            value = json.loads(leaf)
            assert sorted(value) == ["action", "actor", "details", "subject", "time"]
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z", value["time"])
            if value["action"] == "key.added":
                declared.append(value["details"]["key"])
            count += 1
            for size, key, note in heads:
                if size == count:
                    assert key in declared and head_of(note, [key]) == (origin, size, root_of(edge)), "head"
                    reached += 1
                    covered = count if key in trusted else covered
            for note in outside:
                if head_of(note, trusted)[1] == count:
                    assert head_of(note, trusted) == (origin, count, root_of(edge)), "head from outside"
                    reached += 1
        assert reached == len(heads) + len(outside) and covered == count > 0, "not covered"
        return count


def verify_proof(proof: str, leaf: bytes, trusted: list[str]) -> None:
    """Return if the entry with this leaf is in the log, as the proof says."""
    top, note = proof.split("\n\n", 1)
    first, index_line, *path = top.split("\n")
    assert first == "c2sp.org/tlog-proof@v1"
    index = int(index_line.removeprefix("index "))
    _, size, root = head_of(note, trusted)

    def up(index: int, size: int, path: list[bytes]) -> bytes:
        """The root over ``size`` entries, by RFC 6962 section 2.1.1 read backwards."""
        if size == 1:
            assert not path
            return sha(b"\x00" + leaf)
        k = 1 << (size - 1).bit_length() - 1
        if index < k:
            return sha(b"\x01" + up(index, k, path[:-1]) + path[-1])
        return sha(b"\x01" + path[-1] + up(index - k, size - k, path[:-1]))

    assert 0 <= index < size
    assert up(index, size, [base64_of(line) for line in path]) == root, "root"


# -- held against real logs --------------------------------------------------------------------------------------


A, B = signer(1), signer(2)
KEYS = [str(A.verifier), str(B.verifier)]


def written(path: Path) -> list[str]:
    """Make a log of two keys with all kinds of entries; return the heads that were given out."""
    given = []
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(LEDGER_DDL)
        connection.execute("BEGIN IMMEDIATE")
        create_log(connection, ORIGIN)
        store = SqliteLogStore(connection)
        one, two = Ledger(store, A), Ledger(store, B)
        one.append_many(
            Entry(START, "İ — ÿ", action, "مركز\n", {"é": 1e-7, "z": [None]}) for action in other_actions()
        )
        given.append(one.signed_head())
        for number in range(30):
            (one if number % 2 else two).append(entry(number))
        given.append(one.signed_head())
        two.append(entry(99))
        connection.execute("COMMIT")
    return given


def other_actions() -> list[Action]:
    return [action for action in Action if action is not Action.KEY_ADDED]


def test_the_document_alone_verifies_a_real_log(tmp_path: Path) -> None:
    given = written(tmp_path / "case.db")
    assert verify(tmp_path / "case.db", KEYS, given) == len(other_actions()) + 33
    assert verify(tmp_path / "case.db", KEYS, []) == len(other_actions()) + 33


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET leaf = replace(leaf, '09:00', '10:00') WHERE idx = 9",
        "UPDATE ledger_entry SET hashes = zeroblob(length(hashes)) WHERE idx = 9",
        "DELETE FROM ledger_entry WHERE idx = 9",
        "DELETE FROM ledger_entry WHERE idx = (SELECT max(idx) FROM ledger_entry)",
        "DELETE FROM ledger_head WHERE size = (SELECT max(size) FROM ledger_head)",
        "UPDATE ledger_head SET note = replace(note, 'format', 'other')",
        "UPDATE ledger_log SET origin = 'actionday/case/other'",
    ],
)
def test_the_document_alone_finds_what_was_altered(tmp_path: Path, statement: str) -> None:
    written(tmp_path / "case.db")
    with closing(sqlite3.connect(tmp_path / "case.db", isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount > 0
    with pytest.raises((AssertionError, InvalidSignature)):
        verify(tmp_path / "case.db", KEYS, [])


def test_the_document_alone_verifies_proofs_of_single_entries(tmp_path: Path) -> None:
    written(tmp_path / "case.db")
    with closing(sqlite3.connect(tmp_path / "case.db")) as connection:
        ledger = Ledger(SqliteLogStore(connection))
        note = ledger.signed_head()
        for index, leaf in enumerate(ledger.leaves()):
            proof = format_proof(Proof(index, tuple(ledger.inclusion_proof(index)), note))
            verify_proof(proof, leaf, KEYS)
            with pytest.raises(AssertionError):
                verify_proof(proof, leaf + b" ", KEYS)


def test_every_action_and_column_is_in_the_document() -> None:
    text = DOCUMENT.read_text()
    section = text.partition("| action | recorded when |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `([\w.]+)` \|", section, re.MULTILINE) == [action.value for action in Action]
    names = re.findall(r"ledger_\w+|^    [a-z]+ ", LEDGER_DDL, re.MULTILINE)
    assert len(names) == 13
    for name in names:
        assert f"`{name.strip()}`" in text
