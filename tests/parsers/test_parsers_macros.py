"""Macros of old documents are not read, and that is said."""

from pathlib import Path

import pytest

from actionday.model import Limits
from actionday.model.loss import tells_loss
from actionday.parsers import Parsers


@pytest.mark.tools
def test_macros_in_a_compound_file_are_a_remark(made: Path) -> None:
    plain = (made / "writer.doc").read_bytes()
    entry = plain.index("\x01CompObj".encode("utf-16-le"))
    name = "_VBA_PROJECT".encode("utf-16-le")
    project = plain[:entry] + name.ljust(64, b"\0") + bytes([len(name) + 2]) + plain[entry + 65 :]
    for content, said in ((project, 1), (plain, 0)):
        parsed = Parsers.load().parse("application/msword", content, Limits())
        assert parsed is not None
        notes = [note for note in parsed.notes if "VBA" in note.reason]
        assert len(notes) == said
        assert not any(tells_loss(note.code) for note in notes)
