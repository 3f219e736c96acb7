"""The contract of every parser: run over what is registered, and by third parties over theirs.

``check_parser(parser, mime, sample)`` raises AssertionError with the promise that is broken. A sample is a small
file made by a real writer. ``check_claims`` holds the law of the registry over a set of parsers.
"""

import random
import sys
from collections.abc import Iterable, Mapping

from actionday.model import ItemError, Limits, Note, Parsed, Parser
from actionday.model.plugin import NAME_CHARACTERS

CUTS = 50
"""Places at which a sample is cut, and at which a byte of it is turned."""
GROWTH = 400
"""Characters of text for one byte of content that no honest parser reaches (deflate reaches 1,030 : 1)."""
LONGEST_PIECE = 16 << 20
"""Characters in one piece of text; parsers aim at a few millions."""


def check_claims(parsers: Iterable[Parser]) -> None:
    """Check names, versions, documented standards, and that no MIME type is claimed twice."""
    claimed: dict[str, str] = {}
    for parser in parsers:
        module = sys.modules[type(parser).__module__]
        assert "Source:" in (module.__doc__ or ""), f"{parser.name}: the module names no standard (Source:)"
        assert NAME_CHARACTERS.fullmatch(parser.name), f"{parser.name!r} is no plug-in name"
        assert parser.version >= 1, f"{parser.name}: no version"
        assert parser.samples, f"{parser.name}: names no sample"
        for mime in parser.mimes:
            assert mime == mime.lower() or "/vnd." in mime, f"{parser.name}: {mime} is not in lower case"
            assert mime.count("/") == 1, f"{parser.name}: {mime!r} is no MIME type"
            assert mime not in claimed, f"{mime} is claimed by {claimed[mime]} and by {parser.name}"
            claimed[mime] = parser.name


def check_parser(parser: Parser, mime: str, sample: bytes, limits: Limits | None = None) -> None:
    """Check one parser: the same twice, and every damage answered by a result or an issue."""
    bounds = limits or Limits()
    first = outcome(parser, mime, sample, bounds)
    assert isinstance(first, Parsed), f"{parser.name}: cannot read its sample: {first}"
    check_parsed(parser, sample, first)
    assert outcome(parser, mime, sample, bounds) == first, f"{parser.name}: two runs differ"
    for damaged in damages(sample):
        result = outcome(parser, mime, damaged, bounds)
        if isinstance(result, Parsed):
            check_parsed(parser, damaged, result)


def outcome(parser: Parser, mime: str, content: bytes, limits: Limits) -> Parsed | str:
    """Return the result, or the reason of an ItemError; any other exception is a broken promise."""
    try:
        return parser.parse(memoryview(content), mime, limits)
    except ItemError as error:
        assert str(error), f"{parser.name}: an error without a sentence"
        return f"{type(error).__name__}: {error}"
    except Exception as error:
        raise AssertionError(f"{parser.name}: {type(error).__name__} escaped: {error}") from error


def damages(sample: bytes) -> Iterable[bytes]:
    """Yield the sample cut and turned at fifty places each, nothing, zeros and noise (the same every time)."""
    step = max(1, len(sample) // CUTS)
    yield from (sample[:cut] for cut in range(0, len(sample), step))
    dice = random.Random(1)  # noqa: S311
    for at in range(0, len(sample), step):
        yield sample[:at] + bytes([sample[at] ^ dice.randrange(1, 256)]) + sample[at + 1 :]
    yield from (b"", b"\0", bytes(4096), dice.randbytes(4096), sample[: step * 4] + dice.randbytes(4096))


def check_parsed(parser: Parser, content: bytes, parsed: Parsed) -> None:
    """Check the shape of a result: text, plain metadata, a reason where nothing was found, bounded size."""
    characters = sum(map(len, parsed.text))
    assert characters <= GROWTH * len(content) + 4096, (
        f"{parser.name}: {characters} characters of {len(content)} bytes"
    )
    assert all(0 < len(piece) <= LONGEST_PIECE for piece in parsed.text), (
        f"{parser.name}: empty or endless piece"
    )
    assert not any("\0" in piece for piece in parsed.text), f"{parser.name}: NUL in the text"
    "".join(parsed.text).encode("utf-8")  # lone surrogates cannot be stored
    empty = not any(piece.strip() for piece in parsed.text)
    assert parsed.reason or not empty or not content, f"{parser.name}: read, zero characters, and no reason"
    assert all(isinstance(note, Note) and note.code and note.reason for note in parsed.notes), (
        "a note says nothing"
    )
    check_meta(parser, parsed.meta)


def check_meta(parser: Parser, meta: Mapping[str, object]) -> None:
    """Check that metadata can be written as JSON and stays small."""
    for key, value in meta.items():
        plain = isinstance(value, str | int | float | bool | list | dict | None)
        assert plain, f"{parser.name}: meta[{key!r}] is a {type(value).__name__}"
        assert len(str(value)) < 200_000, f"{parser.name}: meta[{key!r}] has {len(str(value))} characters"
        str(value).encode("utf-8")
