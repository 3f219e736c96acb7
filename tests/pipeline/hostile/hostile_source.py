"""A source that its own bytes have taken over.

Source: none; a test's.
"""

import io
from collections.abc import Iterator
from pathlib import Path

import hostile_deeds as deeds
import msgspec

from actionday.model import Claim, Context, Found, Kind, Peek, Stream

HEAD = b"ADTEST-SOURCE " + deeds.MARK


class HostileSource:
    name, sample = "hostile-source", "none"

    def claims(self, peek: Peek) -> Claim:
        if peek.head.startswith(b"ADTEST-CLAIM "):
            deeds.commit(deeds.deed(peek.head))
        return Claim.STRUCTURE if peek.head.startswith(HEAD) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        stream.seek(0)
        data = stream.read()
        word, _, rest = deeds.deed(data).partition(" ")
        if word == "sandbox":
            yield from _told(deeds.tried(Path(rest)))
        elif word == "ask":
            yield from _told(_asked(rest))
        elif word == "twice":
            yield _member("a", "0", b"first of one place\n")
            yield _member("b", "0", b"second of one place\n")
        elif word == "after":
            yield _member("before the deed", "0", b"what was listed before stays\n")
            deeds.commit(rest)
        elif word == "lie":
            deeds.lie(rest)
        elif word == "many":
            yield from (_member(f"{n:04}", f"{n}", b"HOSTILE exit\n") for n in range(int(rest)))
        elif word == "reader":
            yield Found(name="bad", kind=Kind.MEMBER, place="1", size=9, read=lambda: _reader(rest))
            yield _member("good", "2", b"the neighbour\n")
        else:
            deeds.commit(word)
            yield _member("harmless", "0", b"nothing happened\n")


def _member(name: str, place: str, data: bytes) -> Found:
    return Found(name=name, kind=Kind.MEMBER, place=place, size=len(data), read=lambda: io.BytesIO(data))


def _told(outcomes: Iterator[tuple[str, str]]) -> Iterator[Found]:
    for name, outcome in outcomes:
        yield _member(name, name, f"{name} {outcome}\n".encode())


def _reader(what: str) -> io.BytesIO:
    deeds.commit(what)
    return io.BytesIO(b"nothing\n\n")


def _asked(rest: str) -> Iterator[tuple[str, str]]:
    """Ask the main process for files by forged questions; ``rest``: exhibit, number and path."""
    for number, line in enumerate(rest.split("|")):
        exhibit, source, path = line.split(",")
        ask = {"type": "ask", "what": "host", "exhibit": int(exhibit), "number": int(source)}
        answer, descriptors = deeds.forged(msgspec.msgpack.encode({**ask, "path": path.encode()}))
        error = msgspec.msgpack.decode(answer).get("error", "")
        yield f"ask-{number}", f"handed over {descriptors}, {error}"


SOURCE = HostileSource()
