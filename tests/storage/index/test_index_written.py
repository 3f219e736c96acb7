"""A tree is written as a query that is read as the same tree."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actionday.storage.index import Node, QueryError, parse
from actionday.storage.index.node import And, Not, Or, Term
from actionday.storage.index.written import written

PARTS = (
    "radio", "شبكة", "上海", "kest*", "kestral~", '"two words"', "lang:fa", 'name:"a b"', "name:sched*", "year:2023-2025",
    "path:var/log", "name:(one OR two)", "a.b-c/d", "http://x.example/?q", "or", "AND", "OR", "NOT", "(", ")", "10:15",
)  # fmt: skip


def bare(node: Node) -> Node:
    """Return the tree without the places of its words."""
    match node:
        case Term():
            return replace(node, position=0)
        case Not(part):
            return Not(bare(part))
        case And(parts):
            return And(tuple(map(bare, parts)))
        case Or(parts):
            return Or(tuple(map(bare, parts)))


@given(st.lists(st.sampled_from(PARTS), min_size=1, max_size=12).map(" ".join))
def test_what_is_written_is_read_as_the_same_tree(query: str) -> None:
    try:
        node = parse(query)
    except QueryError:
        return
    assert bare(parse(written(node))) == bare(node)


@pytest.mark.parametrize(
    ("query", "as_written"),
    [
        ("a AND b", "a b"),
        ("(a OR b) NOT (c d)", "(a OR b) NOT (c d)"),
        ("name:(a OR b)", "name:a OR name:b"),
        ("“a b”", '"a b"'),
    ],
)
def test_a_tree_is_written_as_short_as_it_is_read(query: str, as_written: str) -> None:
    assert written(parse(query)) == as_written
