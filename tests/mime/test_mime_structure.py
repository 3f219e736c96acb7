"""The walk over a message: the same parts as the standard library, their very bytes, and every cut noticed."""

import email
import email.policy
from email.message import EmailMessage, Message

import pytest
from hypothesis import given, settings
from hypothesis.strategies import binary, integers, lists, recursive, sampled_from

from actionday.mime import structure
from actionday.mime.structure import NESTING, Part, Walk
from actionday.mime.window import Window
from actionday.model import Loss, Note
from actionday.model.loss import MAY_BE_CUT


def walked(data: bytes) -> tuple[list[Part], Walk]:
    walk = Walk(Window.over(data), len(data))
    return list(walk), walk


def leaves(data: bytes) -> list[tuple[str, str, bytes]]:
    return [
        (part.path, part.type.value, data[part.start : part.end])
        for part in walked(data)[0]
        if not part.outside
    ]


TREE = recursive(
    sampled_from(["text/plain", "text/html", "image/png", "message/rfc822"]).map(lambda kind: (kind, ())),
    lambda inner: lists(inner, min_size=1, max_size=3).flatmap(
        lambda parts: sampled_from(["multipart/mixed", "multipart/alternative", "multipart/related"]).map(
            lambda kind: (kind, tuple(parts))
        )
    ),
    max_leaves=8,
)


def built(tree: tuple[str, tuple], end: str = "\n", seed: str = "b") -> str:
    kind, parts = tree
    if kind == "message/rfc822":
        inner = f"Subject: inner{end}Content-Type: multipart/mixed; boundary=in{end}{end}--in{end}"
        return f"Content-Type: {kind}{end}{end}{inner}"
    if not parts:
        return f"Content-Type: {kind}{end}{end}line of {kind}{end}-- {end}--{seed}x{end}"
    body = "".join(
        f"--{seed}{end}{built(part, end, f'{seed}{number}')}{end}" for number, part in enumerate(parts)
    )
    return f'Content-Type: {kind}; boundary="{seed}"{end}{end}loose{end}{body}--{seed}--{end}'


def reference(message: Message, path: str = "") -> list[tuple[str, str, bytes]]:
    if message.get_content_maintype() != "multipart":
        inner = message.get_content_type() == "message/rfc822"
        payload = message.get_payload(0).as_bytes() if inner else message.get_payload().encode()
        return [(path or "1", message.get_content_type(), payload)]
    found = []
    for number, part in enumerate(message.get_payload(), start=1):
        found += reference(part, f"{path}.{number}" if path else str(number))
    return found


@given(TREE, sampled_from(["\n", "\r\n"]))
@settings(max_examples=80)
def test_the_parts_and_their_bytes_are_those_of_the_standard_library(
    tree: tuple[str, tuple], end: str
) -> None:
    data = f"Subject: x{end}MIME-Version: 1.0{end}{built(tree, end)}".encode()
    expected = reference(email.message_from_bytes(data, policy=email.policy.compat32))
    found = leaves(data)
    assert [(path, kind) for path, kind, _ in found] == [(path, kind) for path, kind, _ in expected]
    for (_, kind, ours), (_, _, theirs) in zip(found, expected, strict=True):
        if kind != "message/rfc822":  # the library writes an inner message anew
            assert ours == theirs


@given(TREE, integers(1, 64))
@settings(max_examples=60)
def test_small_blocks_give_the_same_parts(tree: tuple[str, tuple], block: int) -> None:
    data = f"Subject: x\n{built(tree)}".encode()
    window = Window(lambda offset, length: data[offset : offset + length], block)
    parts = list(Walk(window, len(data)))
    assert [(part.path, part.start, part.end) for part in parts] == [
        (part.path, part.start, part.end) for part in walked(data)[0]
    ]


def sample() -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Kestrel", "a@kestrel.example", "b@kestrel.example"
    message.set_content("The club meets on Thursday.\n")
    message.add_alternative("<p>The club meets on <b>Thursday</b>.</p>\n", subtype="html")
    message.add_attachment(
        bytes(range(256)), maintype="application", subtype="octet-stream", filename="a.bin"
    )
    message.add_attachment("schedule\n", filename="b.txt")
    return message.as_bytes()


SAMPLE = sample()
CLOSED = SAMPLE.rindex(b"--") + 2
"""Behind the closing delimiter only a line break is left: without it nothing is lost."""


def test_every_cut_inside_a_multipart_is_noticed() -> None:
    for cut in range(len(SAMPLE)):
        _, walk = walked(SAMPLE[:cut])
        assert bool(walk.shape.broken) == (cut < CLOSED), (cut, SAMPLE[max(0, cut - 40) : cut])


def test_a_cut_names_where() -> None:
    assert walked(SAMPLE[:10])[1].shape.broken == Note(Loss.BROKEN_OFF, "breaks off in the header")
    at = SAMPLE.index(b"a.bin") + 40
    why = "breaks off in part 2: its multipart is not closed"
    assert walked(SAMPLE[:at])[1].shape.broken == Note(Loss.BROKEN_OFF, why)
    assert [part.path for part in walked(SAMPLE[:at])[0] if part.broken] == ["2"]


PLAIN = b"Subject: x\nFrom: a@b.example\n\nfirst line\nsecond line\n"
BODY = PLAIN.index(b"\n\n") + 2


def test_cuts_of_a_message_without_parts_are_noticed_but_behind_a_complete_line() -> None:
    unseen = [cut for cut in range(len(PLAIN) + 1) if not walked(PLAIN[:cut])[1].shape.broken]
    certain = [cut for cut in range(BODY, len(PLAIN)) if (cause := walked(PLAIN[:cut])[1].shape.broken)
               and cause.code != MAY_BE_CUT]  # fmt: skip
    assert certain == []  # a message may end without a line end: a remark
    assert unseen == [BODY, PLAIN.index(b"second"), len(PLAIN)]  # what cannot be seen: docs/formats/mail.md


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_cut_within_a_content_length_is_noticed(end: str) -> None:
    body = f"first line{end}second line{end}third{end}"
    head = f"Subject: x{end}Content-Length: {len(body)}{end}{end}"
    data = (head + body).encode()
    unseen = [cut for cut in range(len(data) + 1) if not walked(data[:cut])[1].shape.broken]
    assert unseen == [len(data)]
    cause = walked(data[: len(data) - 5])[1].shape.broken
    assert cause == Note(Loss.BROKEN_OFF, "ends 5 bytes before its Content-Length")


def test_a_boundary_within_an_inner_multipart_closes_it_and_says_so() -> None:
    data = (
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/mixed; boundary=b\n\n"
        b"--b\n\none\n--a\n\ntwo\n--a--\n"
    )
    parts, walk = walked(data)
    assert [(part.path, data[part.start : part.end]) for part in parts] == [("1.1", b"one"), ("2", b"two")]
    assert walk.shape.problems == {"unclosed": "multipart 1 is not closed"}
    assert not walk.shape.broken


@pytest.mark.parametrize(
    ("kind", "line", "is_ours"),
    [
        ("a", "--a", True), ("a", "--a  \t", True), ("a", "--ab", False), ("a", "-- a", False),
        ("a", "x--a", False),
        ('"a:b=1"', "--a:b=1", True), ("a--", "--a--", True), ('"a b"', "--a b", True), ("A", "--a", False),
    ],
)  # fmt: skip
def test_what_is_a_delimiter_line(kind: str, line: str, is_ours: bool) -> None:
    data = f"Content-Type: multipart/mixed; boundary={kind}\n\nloose\n{line}\n\ntext\n".encode()
    assert bool(leaves(data)) == is_ours


def test_one_boundary_inside_itself_belongs_to_the_innermost() -> None:
    data = (
        b"Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/related; boundary=a\n\n"
        b"--a\n\none\n--a--\n--a\n\ntwo\n--a--\n"
    )
    assert [(path, body) for path, _, body in leaves(data)] == [("1.1", b"one"), ("2", b"two")]


def test_a_multipart_without_a_boundary_is_read_as_text() -> None:
    data = b"Content-Type: multipart/mixed\n\n-- x\n\ntext\n"  # a signature's line, which is no delimiter
    assert leaves(data) == [("1", "text/plain", b"-- x\n\ntext\n")]
    assert "boundary" in walked(data)[1].shape.problems


def test_digest_parts_are_messages_and_types_that_are_none_are_text() -> None:
    data = b"Content-Type: multipart/digest; boundary=a\n\n--a\n\nSubject: x\n\n--a\nContent-Type: text\n\n--a--\n"
    assert [kind for _, kind, _ in leaves(data)] == ["message/rfc822", "message/rfc822"]
    assert leaves(b"Content-Type: nonsense\n\nx\n")[0][1] == "text/plain"


def test_loose_text_is_given_as_outside() -> None:
    data = b"Content-Type: multipart/mixed; boundary=a\n\nbefore\n--a\n\nin\n--a--\nbehind\n"
    outside = [data[part.start : part.end] for part in walked(data)[0] if part.outside]
    assert outside == [b"before", b"behind\n"]


def test_ten_thousand_nested_multiparts_end_at_the_limit() -> None:
    data = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(10_000))
    parts, walk = walked(data)
    assert parts[-1].path.count(".") == NESTING - 1
    assert parts[-1].type.value == "multipart/mixed"
    assert "nesting" in walk.shape.problems
    assert walk.shape.broken


def test_a_hundred_thousand_parts_are_listed() -> None:
    data = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000 + b"--b--\n"
    assert sum(1 for part in walked(data)[0] if not part.outside) == 100_000


def test_more_parts_than_the_limit_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(structure, "PARTS", 10)
    data = b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 12 + b"--b--\n"
    assert walked(data)[1].shape.over == Note(Loss.PARTS_LIMIT, "more than 10 parts")


@pytest.mark.parametrize("line", [b"\n--", b"\n--b0", b"\n-", b"\n--" + b"x" * 2000])
def test_lines_that_look_like_delimiters_take_linear_time(line: bytes) -> None:
    data = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\n"
        + line * (3_000_000 // len(line))
        + b"\n--b--\n"
    )
    parts, walk = walked(data)
    assert len(parts) == 1
    assert not walk.shape.broken


@given(binary(max_size=300), integers(0, len(SAMPLE)))
@settings(max_examples=200)
def test_parts_never_overlap_nor_leave_the_message(noise: bytes, at: int) -> None:
    data = SAMPLE[:at] + noise + SAMPLE[at:]
    position = 0
    for part in walked(data)[0]:
        assert position <= part.start <= part.end <= len(data)
        position = part.end


BOTH_SIDES = (
    b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n\n"
    b"--b\nContent-Type: image/png\n\ntwo\n--b\n\nthree\n--b--\nbehind\n"
)


def test_parts_behind_the_end_of_their_multipart_are_parts_and_said() -> None:
    parts, walk = walked(BOTH_SIDES)
    assert [BOTH_SIDES[part.start : part.end] for part in parts if not part.outside] == [
        b"one",
        b"two",
        b"three",
    ]
    assert [part.path for part in parts if not part.outside] == ["1", "2", "3"]
    assert "behind_end" in walk.shape.problems
    assert walk.shape.broken is None


def test_parts_behind_the_end_of_an_inner_multipart_are_parts_of_it() -> None:
    inner = BOTH_SIDES.removesuffix(b"behind\n")
    data = b"Content-Type: multipart/mixed; boundary=o\n\n--o\n" + inner + b"--o\n\nlast\n--o--\n"
    found = [(path, body) for path, _, body in leaves(data)]
    assert found == [("1.1", b"one"), ("1.2", b"two"), ("1.3", b"three"), ("2", b"last")]


def test_a_multipart_that_goes_on_and_is_not_closed_again_was_closed_all_the_same() -> None:
    parts, walk = walked(BOTH_SIDES.partition(b"\n--b\n\nthree")[0] + b"\n")
    assert walk.shape.broken is None
    assert not any(part.broken for part in parts)


def test_text_behind_the_end_that_only_looks_alike_stays_text() -> None:
    data = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b--\n--c\n-- \n--\n----\n-- b\n--b--\n"
    )
    parts, walk = walked(data)
    assert [data[part.start : part.end] for part in parts if not part.outside] == [b"one"]
    assert not walk.shape.problems


WRONG = (
    b"Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=named\n\n"
    b"--used\nContent-Type: text/plain\n\none\n--used\nContent-Type: text/html\n\ntwo\n--used--\n--o\n\nlast\n--o--\n"
)


@pytest.mark.parametrize("data", [WRONG, WRONG.replace(b"named", b"USED")])
def test_a_boundary_that_no_line_has_is_guessed_from_the_lines(data: bytes) -> None:
    assert [(path, body) for path, _, body in leaves(data)] == [
        ("1.1", b"one"),
        ("1.2", b"two"),
        ("2", b"last"),
    ]
    assert "boundary" in walked(data)[1].shape.problems


def test_a_message_quoted_before_the_first_part_does_not_name_the_boundary() -> None:
    quoted = b"--used\nContent-Type: text/plain\n\none\n"
    data = b"Content-Type: multipart/mixed; boundary=b\n\n" + quoted + b"--b\n\nlast\n--b--\n"
    assert [body for _, _, body in leaves(data)] == [b"last"]
