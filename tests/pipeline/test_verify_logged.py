"""What the ledger's entry says of a proof stays within an entry, and what it leaves off is counted."""

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis.strategies import integers, sampled_from

from actionday.access.recorded import recorded
from actionday.ledger import Action
from actionday.pipeline.proving.logged import what_is_logged
from actionday.pipeline.proving.report import Check, Held, Proof
from actionday.storage.case import entry


@settings(max_examples=10)
@example(300, 4000, "\x01")
@example(300, 300, "\x01")
@given(integers(0, 300), integers(1, 4000), sampled_from(["a", "\x01", "\udcff", "ح", "\U0001f426"]))
def test_an_entry_has_room_for_any_proof(many: int, length: int, character: str) -> None:
    path = "/" + character * length
    lines = tuple(f"{path}: {number}" for number in range(many))
    held = tuple(Held(exhibit="disk", path=f"{path}{number}", sha256="ab" * 32) for number in range(many))
    check = Check(
        name="exhibits",
        what="files",
        checked=many,
        difference="one",
        more=lines,
        differing=2 * many + 1,
        not_proved=lines,
        absent=lines,
        unread=lines,
        held=held,
    )
    proof = Proof(checks=(check,), logged=False, head="ab" * 32)
    details = what_is_logged(proof, Path("/media/disc"))
    entry(Action.VERIFIED, "", details).leaf()
    found = recorded(details)
    assert len(found.held) + found.unnamed.get("held", 0) == many
    assert len(found.not_proved) + found.unnamed.get("not_proved", 0) == many
    assert len(found.differences) + found.unnamed.get("differences", 0) == 2 * many + 1
    assert bool(found.held) == bool(many), "at least one is named"
    assert found.elsewhere == "/media/disc"
