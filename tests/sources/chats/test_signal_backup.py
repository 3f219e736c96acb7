"""Signal's backup: said to be encrypted, and by what it is known."""

from pathlib import Path

import pytest
from chat_samples import BACKUP, SAMPLES

from actionday.model import Claim, Status
from actionday.sources.chats.signal_backup import SOURCE
from actionday.testing.context import Glance
from actionday.testing.sources import check_source, listing


def test_the_contract_is_kept(tmp_path: Path) -> None:
    (tmp_path / "signal.backup").write_bytes(SAMPLES["signal.backup"]())
    check_source(SOURCE, tmp_path / "signal.backup")


def test_its_messages_are_encrypted_and_what_derives_the_key_is_told() -> None:
    (item,) = listing(SOURCE, "signal.backup", BACKUP).items
    assert (item.status, item.meta["version"]) == (Status.ENCRYPTED, 1)
    assert item.meta["salt"] == bytes(range(64, 96)).hex()
    assert "30 digits" in item.reason


@pytest.mark.parametrize("at", [3, 5, 7, 24, 25])
def test_lengths_that_do_not_agree_are_none(at: int) -> None:
    data = bytearray(BACKUP)
    data[at] ^= 1
    assert SOURCE.claims(Glance("signal.backup", bytes(data))) is Claim.NO
