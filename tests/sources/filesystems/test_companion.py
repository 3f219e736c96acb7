"""The conversation with the companion: what it may do, and what happens when it does worse."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from disk_makers import HASHES, MIB, fat, tree
from disk_tools import Descriptor, around, companions, listing, needs, sha256, start

from actionday.model import Damaged, Limits, Status, TimedOut, Unsupported
from actionday.sources.filesystems._tsk_client import Again, Companion, listed
from actionday.sources.filesystems._tsk_protocol import HEADER, PLACE, Closed, Say, Wire
from actionday.sources.filesystems.fat import SOURCE
from actionday.testing.context import Alone, Bytes, OpenFile, content


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    return fat(tmp_path / "d", tree(tmp_path / "t"))


def answering(say: Callable[[Wire], None]) -> Callable[[], socket.socket]:
    """Return what gives a connection to a thread that answers as ``say`` does."""

    def connect() -> socket.socket:
        ours, theirs = socket.socketpair()

        def run() -> None:
            with theirs, suppress(Closed, OSError):
                wire = Wire(theirs)
                wire.receive_with_file()
                say(wire)

        threading.Thread(target=run, daemon=True).start()
        return ours

    return connect


def test_without_a_companion_it_is_unsupported() -> None:
    with pytest.raises(Unsupported, match="companion"):
        list(listed(Bytes(b"x"), Alone("d"), "fat"))


def test_what_is_no_file_system_is_damaged() -> None:
    with companions() as started, pytest.raises(Damaged, match="fat"):
        list(listed(Bytes(bytes(4096)), around("d", started), "fat"))


def test_an_unknown_kind_of_frame_is_damaged() -> None:
    def nonsense(wire: Wire) -> None:
        wire.send(Say.DATA, b"?")

    with pytest.raises(Damaged, match="out of turn"):
        Companion(Bytes(b"x"), Alone("d", companion=answering(nonsense)), "fat")


def test_a_frame_longer_than_any_is_refused() -> None:
    def huge(wire: Wire) -> None:
        wire.link.sendall(HEADER.pack(Say.OPENED, 1 << 31))

    with pytest.raises((Damaged, ValueError), match="frame"):
        Companion(Bytes(b"x"), Alone("d", companion=answering(huge)), "fat")


def test_a_silent_companion_times_out() -> None:
    def silent(wire: Wire) -> None:
        wire.receive()

    context = Alone("d", companion=answering(silent))
    context.limits = Limits(deadline=0.05)
    with pytest.raises(TimedOut, match="in time"):
        Companion(Bytes(b"x"), context, "fat")


@pytest.mark.tools
@needs("mkfs.fat", "mcopy")
@pytest.mark.parametrize("ask", ["descriptor", "socket"])
def test_the_same_entries_by_either_way(ask: str, disk: Path) -> None:
    stream = Descriptor(disk) if ask == "descriptor" else OpenFile(disk)
    bodies = listing(SOURCE, stream)[2]
    assert {name: sha256(data) for name, data in bodies.items() if name in HASHES} == HASHES


@pytest.mark.tools
@needs("mkfs.fat", "mcopy")
def test_a_killed_companion_is_followed_by_one_that_goes_on(tmp_path: Path) -> None:
    files = {
        f"d{number:02d}/f{index:03d}": b"%d %d\n" % (number, index)
        for number in range(12)
        for index in range(100)
    }
    disk = fat(tmp_path / "d", tree(tmp_path / "t", files), 32, 48 * MIB)
    with companions() as started:
        context = around("d", started)
        stream = Descriptor(disk)
        whole = list(SOURCE.items(stream, context))
        names = []
        for found in SOURCE.items(stream, around("d", started)):
            names.append(found)
            if len(names) == 10:
                os.kill(started[1].pid, signal.SIGKILL)
                started[1].wait()
    assert len(started) == 3
    assert names == whole


@pytest.mark.tools
@needs("mkfs.fat", "mcopy")
def test_an_inode_that_ends_every_companion_is_passed_over_and_named(disk: Path) -> None:
    """One companion ends without a word, the next says where it is and ends; the third avoids the place."""
    whole = {each.name: each for each in listing(SOURCE, Descriptor(disk))[0]}
    doomed, asked = int(str(whole["readme.txt"].meta["inode"])), list[socket.socket]()

    def dying(wire: Wire) -> None:
        wire.say(Say.OPENED, {"meta": {}, "notes": []})
        wire.receive()
        if len(asked) == 2:
            wire.send(Say.AT, PLACE.pack(doomed, -1))

    with companions() as started:
        end = answering(dying)

        def connect() -> socket.socket:
            link = end() if len(asked) < 2 else start(started)
            asked.append(link)
            return link

        context = Alone("d", companion=connect)
        found = {each.name: each for each in SOURCE.items(Descriptor(disk), context)}
    assert f"ended at inode {doomed}" in next(note.reason for note in context.notes if note.code == "crash")
    assert found["readme.txt"].status is Status.UNREADABLE
    assert {name for name in found if found[name] != whole[name]} == {"readme.txt"}


@pytest.mark.tools
@needs("mkfs.fat", "mcopy")
def test_a_directory_that_ends_it_is_listed_up_to_there(disk: Path) -> None:
    found, _, _ = listing(SOURCE, Descriptor(disk))
    docs = next(int(str(each.meta["inode"])) for each in found if each.name == "docs")
    with companions() as started:
        companion = Companion(Descriptor(disk), around("d", started), "fat", Again(0, [[docs, 3]]))
        names, notes, more = list[str](), list[str](), "names"
        while more:
            told = companion.batch()
            names += [entry[0] for entry in told["entries"]]
            notes += [reason for _, reason, _ in told["notes"]]
            more = told["more"]
        companion.close()
    assert len([name for name in names if name.startswith("docs/")]) == 1  # behind "." and ".."
    assert "media/odd.bin" in names
    assert "cannot bear what follows" in notes[0]


def test_who_turns_in_circles_is_ended_by_the_kernel() -> None:
    ours, theirs = socket.socketpair()
    script = (
        "import sys, actionday.sources.filesystems._tsk_process as p; p.BUSY = 0.2; "
        "p.Conversation._answer = lambda *_: [each for each in iter(int, 1)]; p.main(int(sys.argv[1]))"
    )
    with ours, theirs:
        child = subprocess.Popen(
            [sys.executable, "-c", script, str(theirs.fileno())], pass_fds=[theirs.fileno()]
        )
        Wire(ours).send(Say.NEXT)
        assert child.wait(timeout=60) == -signal.SIGPROF


class Gap(OpenFile):
    """A file with a range that cannot be read."""

    gap = (0, 0)

    def __init__(self, path: Path, gap: tuple[int, int]) -> None:
        super().__init__(path)
        self.gap = gap
        self.read = self._checked  # type: ignore[method-assign, assignment]

    def _checked(self, length: int = -1, /) -> bytes:
        at = self._file.tell()
        length = self.size - at if length < 0 else length
        if at < self.gap[1] and at + length > self.gap[0]:
            raise Damaged(f"bytes {self.gap[0]} to {self.gap[1]} are missing")
        return bytes(self._file.read(length))


@pytest.mark.tools
@needs("mkfs.fat", "mcopy")
def test_a_gap_in_the_image_costs_what_lies_in_it(disk: Path) -> None:
    whole = {each.name: each for each in listing(SOURCE, OpenFile(disk))[0]}
    ((start_at, length),) = whole["media/odd.bin"].runs or ()
    with companions() as started:
        stream = Gap(disk, (start_at, start_at + length))
        found = {each.name: each for each in SOURCE.items(stream, around("d", started))}
        assert found.keys() == whole.keys()
        assert sha256(content(found["readme.txt"], stream)) == HASHES["readme.txt"]
        with pytest.raises(Damaged, match="missing"):
            content(found["media/odd.bin"], stream)


def test_it_imports_nothing_but_its_own() -> None:
    """The companion's process holds the sleuthkit's binding, the standard library and our own helpers."""
    script = (
        "import sys; before = set(sys.modules); import actionday.sources.filesystems._tsk_process; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {script}"],
        capture_output=True,
        check=True,
    )
    loaded = set(done.stdout.decode().split())
    assert loaded - set(sys.stdlib_module_names) == {"actionday", "pytsk3"}
    script = "import sys, actionday.sources.filesystems._tsk_process; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    ours = {
        name for name in done.stdout.decode().split() if name.startswith("actionday.") and "._tsk" not in name
    }
    assert ours == {
        "actionday.sources",
        "actionday.sources.filesystems",
        "actionday.sources.filesystems._left_over",
        "actionday.sources.filesystems._marks",
        "actionday.sources.filesystems._names_lost",
    }


def test_frames_survive_any_split() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        body = bytes(range(256)) * 300
        frame = HEADER.pack(Say.DATA, len(body)) + body

        def drip() -> None:
            for at in range(0, len(frame), 777):
                theirs.sendall(frame[at : at + 777])

        thread = threading.Thread(target=drip)
        thread.start()
        assert Wire(ours).receive() == (Say.DATA, body)
        thread.join()
        theirs.close()
        with pytest.raises(Closed):
            Wire(ours).receive()
