"""What waits for the main process is bounded by its bytes; nothing waits for ever."""

import queue
import threading
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.pipeline.inbox import Inbox


def started(call: Callable[[], None]) -> threading.Thread:
    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    return thread


def test_a_message_beyond_the_bound_waits_until_the_one_before_is_dealt_with() -> None:
    inbox: Inbox[str] = Inbox(10)
    inbox.admit(8)
    inbox.put("first", 8)
    second = started(lambda: inbox.admit(8))
    assert inbox.get(1) == "first"
    second.join(0.1)
    assert second.is_alive(), "the first is still being dealt with"
    with pytest.raises(queue.Empty):
        inbox.get_nowait()  # asking for the next says that the first is done with
    second.join(5)
    assert not second.is_alive()


def test_a_message_larger_than_the_bound_passes_alone() -> None:
    inbox: Inbox[str] = Inbox(10)
    inbox.admit(1000)
    inbox.put("large", 1000)
    small = started(lambda: inbox.admit(1))
    small.join(0.1)
    assert small.is_alive()
    assert inbox.get(1) == "large"
    with pytest.raises(queue.Empty):
        inbox.get_nowait()
    small.join(5)
    assert not small.is_alive()


def test_what_did_not_come_whole_is_given_back() -> None:
    inbox: Inbox[str] = Inbox(10)
    inbox.admit(10)
    other = started(lambda: inbox.admit(10))
    other.join(0.1)
    assert other.is_alive()
    inbox.forgo(10)
    other.join(5)
    assert not other.is_alive()


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), max_size=20), min_size=1, max_size=4))
def test_of_several_senders_all_arrives_each_in_its_order(sizes: list[list[int]]) -> None:
    inbox: Inbox[tuple[int, int]] = Inbox(32)

    def send(who: int) -> None:
        for at, size in enumerate(sizes[who]):
            inbox.admit(size)
            inbox.put((who, at), size)

    threads = [started(lambda who=who: send(who)) for who in range(len(sizes))]  # type: ignore[misc]
    got: list[tuple[int, int]] = []
    while len(got) < sum(map(len, sizes)):
        got.append(inbox.get(5))
    for thread in threads:
        thread.join(5)
    assert [[at for who, at in got if who == each] for each in range(len(sizes))] == [
        list(range(len(each))) for each in sizes
    ]
