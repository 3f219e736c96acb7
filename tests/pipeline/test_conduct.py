"""A worker that was taken over and lies on the wire is killed, its item named, and everything else goes on."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import msgspec
import pytest
from test_hostile import folder, listed_badly, parsed_badly

from actionday.model import Kind, Limits
from actionday.model.identity import item_id
from actionday.pipeline.conduct import Conduct
from actionday.pipeline.inbox import Inbox
from actionday.pipeline.jobs import Job, Jobs, Priority
from actionday.pipeline.marker import Phase
from actionday.pipeline.messages import Done, Expand, Located, Noted, Results, Scope, Setup
from actionday.pipeline.placing import row_of
from actionday.pipeline.pool import SILENT_SECONDS, Event, WorkerProcess
from actionday.pipeline.processes import Processes
from case_tools import Bench, balanced

LIES = (
    "frames", "frame of another", "large", "large of another exhibit", "done of another", "done with a status",
    "done with facts", "begins again", "row", "row with a status", "row with a size", "row with facts", "content",
    "content with facts", "content with deep facts", "content with segments", "content without a reading", "object",
    "bundle", "account", "read", "nonsense",
)  # fmt: skip


def the_rest_is_done(bench: Bench, culprits: list[str]) -> None:
    items = bench.items()
    for row in items:
        if row["path"] in culprits:
            assert row["status"] == "quarantined", row
        elif row["kind"] == "file":
            assert row["status"] == "parsed", row
    assert {row["path"] for row in items} >= set(culprits)
    balanced(items, bench.status())
    assert bench.verify()["ok"]
    assert not (bench.folder / "tmp").exists()


def test_parsers_that_lie_on_the_wire_cost_their_items_alone(hostile: Bench, tmp_path: Path) -> None:
    names = {f"bad {lie}": lie for lie in LIES}
    hostile.limit(ratio_after=8 << 20)  # what one that sends without end may send for each file of its order
    files = {name: parsed_badly(f"lie {lie}") for name, lie in names.items()}
    files |= {f"good-{n}.txt": f"neighbour {n}\n".encode() for n in range(5)}
    hostile.ingest(folder(tmp_path, files), code=1)
    reasons = {row["path"]: row["reason"] for row in hostile.items() if row["path"] in names}
    for name in names:
        assert reasons[name].startswith("the reader was taken over: it "), (name, reasons[name])
    assert "hashes of a wrong length" in reasons["bad content"]
    for facts in ("facts", "deep facts"):
        assert "facts that are no JSON" in reasons[f"bad content with {facts}"]
    assert "languages that are none" in reasons["bad content with segments"]
    the_rest_is_done(hostile, list(names))


def test_one_that_leaves_the_conversation_and_lives_on_is_not_waited_for(
    hostile: Bench, tmp_path: Path
) -> None:
    """Each of these once made the main process wait for ever: for the end of one that lives, or with nobody to listen."""
    lies = ("long message", "hangs up", "junk")
    files = {f"bad {lie}": parsed_badly(f"lie {lie}") for lie in lies} | {"good.txt": b"the neighbour\n"}
    hostile.ingest(folder(tmp_path, files), code=1)
    the_rest_is_done(hostile, [f"bad {lie}" for lie in lies])


def test_one_that_says_nothing_and_has_no_mark_is_ended() -> None:
    """The mark lies with the worker: one that was taken over can write that it waits, and no deadline runs."""
    inbox: Inbox[Event] = Inbox(64 << 20)
    processes = Processes()
    worker = WorkerProcess(processes, Setup(Limits()), inbox)
    try:
        assert isinstance(inbox.get(timeout=120).message, Done)  # loaded, and waiting for orders
        worker.judge(0.0)
        assert (worker.breach, worker.overdue) == ("", False)
        worker.heard -= SILENT_SECONDS + 1
        worker.marker.set(bytes(16), Phase.EXAMINING, 1000)  # at work: its deadline runs instead
        worker.judge(0.0)
        assert worker.breach == ""
        worker.marker.idle()
        worker.judge(0.0)
        assert "said nothing" in worker.breach
        assert "SIGKILL" in worker.ended()
    finally:
        processes.close()


@pytest.mark.parametrize("lie", ["large", "row", "listing"])
def test_a_source_that_lies_on_the_wire_costs_its_container_alone(
    hostile: Bench, tmp_path: Path, lie: str
) -> None:
    files = {"bad": listed_badly(f"lie {lie}"), "good.txt": b"the neighbour\n"}
    hostile.ingest(folder(tmp_path, files), code=1)
    the_rest_is_done(hostile, ["bad"])


def test_one_that_blames_others_for_its_deaths_is_found_by_halving(hostile: Bench, tmp_path: Path) -> None:
    """The mark by which a culprit is found lies with the worker: one that was taken over writes what it likes."""
    files = {"bad": parsed_badly("lie no message")} | {
        f"good-{n}.txt": f"neighbour {n}\n".encode() for n in range(3)
    }
    hostile.ingest(folder(tmp_path, files), code=1, env={"ACTIONDAY_HOSTILE": "blame"})
    the_rest_is_done(hostile, ["bad"])


@pytest.mark.parametrize(
    ("layers", "believed"),
    [
        ([Noted({"ewf": {"examiner": "Novak"}}, {"md5": "0" * 32, "sha1": "A" * 40})], True),
        ([Noted({"vhd": {}})] * 32, True),
        ([Noted({}, {"shake_128": "0" * 32})], False),
        ([Noted({}, {"md5": "0" * 32, "sha1": "no hash"})], False),
        ([Noted({}, {"md5": "0" * 1_000_000})], False),
        ([Noted({"ewf": "x" * 300_000})], False),
        ({"stored_hashes": {"md5": "0" * 32}}, False),
    ],
)
def test_of_images_what_an_imager_stores_is_believed_and_no_more(layers: object, believed: bool) -> None:
    """What hashes a disk is ordered of another worker by it: an algorithm that there is not would end that one."""
    jobs = Jobs()
    order = Expand(1, Scope(1, bytes(16), "", (), 1, ()), "a.E01", "file", "ewf", 1, 1)
    jobs.add(Job(order, 1, bytes(16), Priority.EXPAND))
    worker = cast("WorkerProcess", SimpleNamespace(orders=[order], ready=True))
    said = Conduct(jobs, Limits()).breach(Done(1, facts=msgspec.json.encode(layers)), worker)
    assert said == ("" if believed else "ends with facts that no imager stores")


@pytest.mark.parametrize("known", [True, False])
def test_nothing_is_called_known_good_where_the_case_knows_no_files(*, known: bool) -> None:
    """What is known good is read by nobody: one that was taken over would hide what it likes."""
    jobs, scope = Jobs(), Scope(1, bytes(16), "", (), 1, ())
    order = Expand(1, scope, "a", "file", "tar", 1, 1)
    jobs.add(Job(order, 1, bytes(16), Priority.EXPAND))
    worker = cast("WorkerProcess", SimpleNamespace(orders=[order], ready=True))
    each = Located("x", Kind.FILE, "0", None, 1, None, None, "", ((0, 1),), b"")
    row = row_of(item_id(bytes(16), "0"), bytes(16), "x", each, status="known_good", reason="known good: x")
    said = Conduct(jobs, Limits(), known=known).breach(Results(1, (row,)), worker)
    assert said == ("" if known else "calls 'x' known good where nothing is known")
