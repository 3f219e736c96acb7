"""The small parts of the pipeline by themselves: streams, budgets, windows of text, marks, strikes, rate."""

import hashlib
import io
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.model import Damaged, Limits, OverLimit
from actionday.model.identity import item_id
from actionday.model.progress import KNOWN_AFTER_SECONDS, WINDOW_SECONDS, Rate
from actionday.model.streams import RunStream
from actionday.pipeline import reading
from actionday.pipeline.attended import Attended
from actionday.pipeline.budget import Budget, Left, Share
from actionday.pipeline.extracted import WINDOW, Text, encoded, gather, windows
from actionday.pipeline.jobs import Job, Jobs, Priority
from actionday.pipeline.marker import Mark, Marker, Phase, mark_of
from actionday.pipeline.messages import Examine, Expand, Located, Scope
from actionday.pipeline.reading import Body, body_of, complete, pieces
from actionday.pipeline.streams import BLOCK_BYTES, BlockStream


class Held(io.BytesIO):
    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.size = len(data)


DATA = bytes(range(256)) * 8
RUNS = st.lists(st.tuples(st.integers(-1, 1800), st.integers(1, 200)), min_size=1, max_size=6)


def slowly(runs: list[tuple[int, int]]) -> bytes:
    return b"".join(bytes(length) if start < 0 else DATA[start : start + length] for start, length in runs)


@settings(max_examples=150, deadline=None)
@given(RUNS, st.integers(0, 1500), st.integers(0, 600))
def test_runs_read_as_their_bytes_one_after_another(
    runs: list[tuple[int, int]], start: int, length: int
) -> None:
    whole = slowly(runs)
    stream = RunStream(Held(DATA), runs, len(whole))
    assert stream.read() == whole
    stream.seek(start)
    assert stream.read(length) == whole[start : start + length]
    assert stream.tell() == start + len(whole[start : start + length])


def test_a_run_behind_the_end_of_its_container_is_damage_never_fewer_bytes() -> None:
    stream = RunStream(Held(b"short"), [(3, 10)], 10)
    with pytest.raises(Damaged, match="ends at byte 5, 10 bytes at 3 were due"):
        stream.read()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3 * BLOCK_BYTES), st.integers(0, 3 * BLOCK_BYTES))
def test_a_cache_of_blocks_changes_nothing(start: int, length: int) -> None:
    data = (DATA * (BLOCK_BYTES // len(DATA)) + b"x") * 2 + b"end"
    stream = BlockStream(Held(data))
    stream.seek(start)
    assert stream.read(length) == data[start : start + length]


# budgets


def test_a_ratio_holds_only_once_enough_came_out() -> None:
    limits = Limits(ratio=10, ratio_after=1000)
    budget = Budget(5, limits, Left(10**9))
    budget.spend(1000)
    with pytest.raises(OverLimit, match="more than 10 bytes come out"):
        budget.spend(1)
    assert budget.exceeded is not None


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 900)), max_size=30))
def test_members_have_what_the_ratio_gives_each_and_share_what_is_beyond(
    members: list[tuple[int, int]],
) -> None:
    limits = Limits(ratio=10, ratio_after=1000)
    share, out = Share(limits), 0
    for packed, wanted in members:
        member = Budget(packed, limits, Left(10**9), share=share)
        inner = Budget(wanted, limits, Left(10**9), member)  # what it unpacks is a container in turn
        try:
            for _ in range(wanted):
                inner.spend(1)
                out += 1
        except OverLimit as error:
            assert wanted > packed * limits.ratio
            assert member.exceeded is inner.exceeded is error
    stored = sum(packed for packed, _ in members)
    assert out <= limits.ratio_after + limits.ratio * stored


def test_what_is_within_a_container_counts_for_all_around_it() -> None:
    limits = Limits(ratio=10, ratio_after=100)
    outer = Budget(1, limits, left := Left(10**9))
    middle = Budget(100, limits, left, outer)
    Budget(1000, limits, left, middle).spend(90)
    assert (middle.room, outer.room) == (10, 10)
    with pytest.raises(OverLimit, match="more than 10 bytes come out"):
        Budget(1000, limits, left, middle).spend(11)
    assert outer.exceeded is middle.exceeded is not None


def test_what_all_archives_of_an_exhibit_unpack_has_one_total() -> None:
    left = Left(1500)
    first, second = (Budget(10**6, Limits(), left) for _ in range(2))
    first.spend(1000)
    with pytest.raises(OverLimit, match="than the case allows for this exhibit"):
        second.spend(501)
    left.reset()
    assert (left.count, left.used) == (-1, 0)


def test_the_hashes_are_those_of_the_bytes_and_what_breaks_off_keeps_what_came() -> None:
    def breaking() -> "object":
        yield b"abc"
        raise Damaged("in the middle")

    body = body_of(breaking(), Limits())
    assert (body.data, body.size, body.whole) == (b"abc", 3, True)
    assert body.sha256 == hashlib.sha256(b"abc").digest()
    assert body.md5 == hashlib.md5(b"abc").digest()
    assert body.sha1 == hashlib.sha1(b"abc").digest()
    assert str(body.error) == "in the middle"


@pytest.mark.parametrize(("declared", "read"), [(100, 100), (100, 90), (100, 110), (385, 64), (None, 64)])
def test_a_content_of_a_known_size_is_whole_beyond_what_is_held(declared: int | None, read: int) -> None:
    """Up to a size, and no byte more than there is; of a larger one its beginning is there, and always its end."""
    data = DATA[: max(read, declared or 100) if read != 90 else 90]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "TAIL_BYTES", 16)
        body = body_of(iter([data[:50], data[50:95], data[95:]]), Limits(held=64), None, declared)
    assert (body.size, body.sha256) == (len(data), hashlib.sha256(data).digest())
    assert data.startswith(bytes(body.data)) and len(body.data) >= min(64, len(data))
    assert len(body.data) == (read if read <= 100 else 95)
    assert (body.tail, body.whole) == (data[-16:], False)


@given(st.lists(st.integers(1, 40), min_size=1, max_size=12))
def test_what_is_held_of_a_content_does_not_depend_on_how_its_reader_cuts_it(cuts: list[int]) -> None:
    data, at, cut = DATA[: sum(cuts)], 0, []
    for length in cuts:
        cut.append(data[at : at + length])
        at += length
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "TAIL_BYTES", 16)
        bodies = [body_of(iter(each), Limits(held=64)) for each in (cut, [data])]
        assert bodies[0] == bodies[1]
        assert bodies[0].data == data[:64]
        assert bodies[0].tail == data[-16:]


@pytest.mark.parametrize(("declared", "error"), [(None, False), (3, False), (2, False), (4, True)])
def test_fewer_bytes_than_declared_are_an_error(declared: int | None, error: bool) -> None:
    body = complete(body_of(iter([b"abc"]), Limits()), declared)
    assert (body.error is not None) == error


@pytest.mark.parametrize(
    ("raised", "said"),
    [
        (KeyError("k"), r"the reader of this format failed on it \(KeyError: 'k'\)"),
        (EOFError("e"), r"it ends before its own structure does \(e\)"),
        (RecursionError("r"), r"it nests deeper than its reader goes \(r\)"),
        (UnicodeError("u"), r"a name or text in it cannot be written as text \(u\)"),
    ],
)
def test_whatever_a_library_raises_while_read_is_damage(raised: Exception, said: str) -> None:
    class Bad:
        def read(self, length: int) -> bytes:
            raise raised

    with pytest.raises(Damaged, match=f"^{said}$"):
        list(pieces(lambda: Bad(), lambda: None))  # type: ignore[arg-type,return-value]


def test_memory_is_a_limit() -> None:
    def greedy() -> Body:
        raise MemoryError

    with pytest.raises(OverLimit, match="more memory"):
        list(pieces(greedy, lambda: None))  # type: ignore[arg-type]


# text


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=12))
def test_windows_and_bytes_do_not_depend_on_how_a_text_is_cut(parts: list[str]) -> None:
    whole = "".join(parts)
    assert list(windows(tuple(parts))) == list(windows((whole,)))
    assert "".join(windows(tuple(parts))) == whole
    assert gather(parts).characters == len(whole)


def test_long_texts_are_windowed_at_white_space_alike_however_they_are_cut() -> None:
    text = "word and word again\n" * (WINDOW * 5 // 2 // 20)
    cut = [text[at : at + 999_999] for at in range(0, len(text), 999_999)]
    found = list(windows(tuple(cut)))
    assert found == list(windows((text,)))
    assert max(map(len, found)) <= WINDOW
    assert all(each[-1] in " \n" for each in found)


def test_a_text_without_white_space_is_windowed_too() -> None:
    found = list(windows(("x" * (2 * WINDOW + 5),)))
    assert list(map(len, found)) == [WINDOW, WINDOW, 5]


def test_lone_surrogates_become_replacement_characters() -> None:
    assert encoded(Text(("a\ud800b", "c"), 4)) == "a\ufffdbc".encode()


# marks and strikes


def test_a_mark_is_read_as_it_was_written_and_idle_has_no_deadline() -> None:
    marker = Marker()
    assert marker.get().phase is Phase.IDLE
    marker.set(b"i" * 16, Phase.READING, 3.0)
    mark = marker.get()
    assert (mark.item, mark.phase, mark.allowed) == (b"i" * 16, Phase.READING, 3.0)
    assert not mark.overdue(2.9, lambda: 99.0)
    marker.idle()
    assert not marker.get().overdue(1e12, lambda: 1e12)
    marker.close()


def test_a_deadline_is_of_processor_time_and_six_times_that_of_waiting() -> None:
    mark = Mark(b"i" * 16, Phase.READING, since=100.0, spent=5.0, allowed=10.0)
    assert not mark.overdue(9.0, lambda: 50.0)
    assert not mark.overdue(11.0, lambda: 14.0)
    assert mark.overdue(11.0, lambda: 15.1)
    assert not mark.overdue(59.0, lambda: 6.0)
    assert mark.overdue(61.0, lambda: 6.0)


def test_time_in_which_nobody_looked_is_not_held_against_a_worker() -> None:
    """A machine that is halted for an hour goes on with both clocks an hour later."""
    moments = iter([0.0, 0.2, 0.4, 3600.4, 3600.6, 3500.0])
    attended = Attended(lambda: next(moments))
    looks = [attended.look() for _ in range(5)]
    assert looks == pytest.approx([0.2, 0.4, 1.4, 1.6, 1.6])


def struck(jobs: Jobs, phase: Phase, times: int) -> list[object]:
    mark = Mark(b"i" * 16, phase, 0.0, 0.0, 1.0)
    return [jobs.strike(mark, "died", overdue=False) for _ in range(times)]


def test_one_death_is_forgiven_the_second_is_a_verdict_and_strings_that_kill_end_it() -> None:
    jobs = Jobs()
    first, second = struck(jobs, Phase.EXAMINING, 2)
    assert first is None
    assert second is not None
    assert jobs.skip[b"i" * 16].readable
    struck(jobs, Phase.EXAMINING, 1)
    assert not jobs.skip[b"i" * 16].readable


def test_a_deadline_needs_no_second_death_and_idleness_is_nobodys_fault() -> None:
    jobs = Jobs()
    assert jobs.strike(Mark(b"i" * 16, Phase.READING, 0, 0, 1), "slow", overdue=True) is not None
    assert not jobs.skip[b"i" * 16].readable
    assert jobs.strike(Mark(bytes(16), Phase.IDLE, 0, 0, 0), "died", overdue=False) is None


def scope() -> Scope:
    return Scope(1, b"c" * 16, "", (), 0, ())


def test_jobs_come_by_priority_then_in_order_and_only_of_the_kinds_asked_for() -> None:
    jobs = Jobs()
    for priority in (Priority.EXPAND, Priority.EXAMINE, Priority.ROOT, Priority.EXAMINE):
        number = jobs.number()
        order = (
            Examine(number, scope(), (), 0)
            if priority is Priority.EXAMINE
            else Expand(number, scope(), "", "", "", 0, 0)
        )
        jobs.add(Job(order, 1, None, priority))
    assert jobs.waiting() == 4
    assert jobs.waiting(Priority.EXAMINE) == 2
    helping = jobs.take(Priority.EXAMINE)
    assert helping is not None
    assert helping.order.job == 2
    assert [job.order.job for job in iter(jobs.take, None) if job] == [3, 4, 1]


def test_the_marks_of_jobs_differ_from_one_another() -> None:
    marks = [mark_of(number) for number in (1, 2, 255, 256, 1 << 40)]
    assert len(set(marks)) == 5
    assert {len(mark) for mark in marks} == {16}


# rate and time left


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_rate_and_time_left_of_a_steady_run() -> None:
    clock = Clock()
    rate = Rate(clock)
    for second in range(1, 11):
        clock.now = float(second)
        assert rate.update(second * 100) == pytest.approx(100.0)
    assert rate.left(1000, 3000) == pytest.approx(20.0)


def test_the_time_left_is_not_told_before_anybody_can_know() -> None:
    clock = Clock()
    rate = Rate(clock)
    clock.now = KNOWN_AFTER_SECONDS / 2
    rate.update(100)
    assert rate.left(100, 1000) is None
    clock.now = KNOWN_AFTER_SECONDS * 2
    rate.update(0)
    assert rate.left(0, 1000) is None
    assert rate.left(1000, 0) is None


def test_the_rate_forgets_what_is_longer_ago_than_its_window() -> None:
    clock = Clock()
    rate = Rate(clock)
    rates = []
    for second in range(1, int(3 * WINDOW_SECONDS)):
        clock.now = float(second)
        done = min(second, 10) * 1000  # ten quick seconds, then nothing
        rates.append(rate.update(done))
    assert rates[8] == pytest.approx(1000.0)
    assert rates[-1] == 0.0
    assert all(later <= sooner + 1e-9 for sooner, later in pairwise(rates[9:]))


def test_what_is_in_a_batch_is_known_until_the_batch_is_done() -> None:
    jobs = Jobs()
    found = tuple(Located(f"{n}", "file", f"{n}", None, 1, None, None, "", ((0, 1),), b"") for n in range(3))
    jobs.add(Job(Examine(jobs.number(), scope(), found, 0), 1, None, Priority.EXAMINE))
    jobs.add(Job(Expand(jobs.number(), scope(), "", "", "", 0, 0), 1, None, Priority.EXPAND))
    items = [item_id(scope().item, each.place) for each in found]
    assert all(jobs.examining(item) for item in items)
    assert not jobs.examining(item_id(scope().item, "other"))
    assert jobs.take() is not None
    assert all(jobs.examining(item) for item in items)
    jobs.done(1)
    assert not any(jobs.examining(item) for item in items)


def test_a_window_does_not_end_inside_a_word_that_a_line_break_parts() -> None:
    text = ("统一战线" * 9 + "\n") * (WINDOW // 37 - 9) + "完。\n" + ("统一战线" * 9 + "\n") * 99
    first, rest = windows((text,))
    assert first.endswith("完。\n")
    assert first + rest == text
