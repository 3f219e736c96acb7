"""Manifests of OVF packages (``.mf``): each line is held against the file that it names.

Source: DMTF DSP0243, 5.1 (OVF package): ``SHA1(name)= hex``, ``SHA256(name)= hex``.
"""

import hashlib
import re
from collections.abc import Iterator

from actionday.model import Claim, Context, Damaged, Found, Kind, Loss, Peek, Status, Stream
from actionday.model.plugin import ALWAYS
from actionday.model.unopened import not_followed

LINE = re.compile(
    rb"^(SHA1|SHA256|SHA512)\s{0,4}\(([^()\r\n]{1,1024})\)\s{0,4}=\s{0,4}([0-9a-fA-F]{40,128})\s*$"
)
LARGEST = 1 << 20
PIECE = 1 << 20
MOST_LINES = 1000
MOST_HASHED = 8 << 30
"""Bytes of a file that are hashed a second time here, some 20 s; nobody else compares with what the manifest says."""


class OvfManifest:
    """The lines in their order; a place is the line's number, from 1 on."""

    name, sample = "ovf-manifest", "guest.mf"
    textual = True
    waits = ALWAYS
    called = (".mf",)

    def claims(self, peek: Peek) -> Claim:
        """Say STRUCTURE for a first line as a manifest has it."""
        if not peek.name.endswith(".mf"):
            return Claim.NO
        return Claim.STRUCTURE if LINE.match(peek.head[:2048].split(b"\n", 1)[0]) else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield for each line whether the file has that digest. Raises Damaged for a line that says none."""
        if stream.size > LARGEST:
            raise Damaged(f"ovf manifest: {stream.size} bytes, more than {LARGEST}")
        stream.seek(0)
        odd, seen = 0, dict[tuple[str, str, str], tuple[bool, str]]()
        for number, line in enumerate(stream.read(stream.size).split(b"\n"), 1):
            if not line.strip():
                continue
            told = LINE.match(line)
            if len(seen) == MOST_LINES:
                around.note(Loss.PARTS_LIMIT, f"ovf manifest: lines behind {number - 1} are not compared")
                return
            if told is None or len(told[3]) != 2 * hashlib.new(told[1].decode().lower()).digest_size:
                odd = odd or number
                continue
            kind, name, digest = (
                told[1].decode(),
                told[2].decode("utf-8", "backslashreplace"),
                told[3].decode().lower(),
            )
            if (kind, name, digest) not in seen:
                seen[kind, name, digest] = _held(kind, name, digest, around)
            proved, why = seen[kind, name, digest]
            yield Found(name=name.replace("/", "_"), kind=Kind.REVISIT, place=str(number), status=Status.UNSUPPORTED,
                        meta={"algorithm": kind, "digest": digest, "proved": proved},
                        reason=not_followed(f"{kind} of {name!r} {why}"))  # fmt: skip
        if odd:
            raise Damaged(f"ovf manifest: line {odd} tells no digest of a file")


def _held(kind: str, name: str, digest: str, around: Context) -> tuple[bool, str]:
    """Return whether a file beside the manifest has a digest, and what is to be said of it."""
    if "\0" in name or name.startswith("/") or ".." in name.split("/"):
        return False, "is not compared: the name leads elsewhere"
    look = getattr(around, "glance", around.sibling)
    try:
        found = look(name)
        if found is None:
            around.note(Loss.SEGMENT_MISSING, f"ovf manifest: {name} is named, and not beside it")
            return False, "is not compared: no such file is beside the manifest"
        if found.size > MOST_HASHED:
            return False, f"is not compared: the file has {found.size} bytes, more than are hashed here"
        made = hashlib.new(kind.lower())
        found.seek(0)
        while piece := found.read(PIECE):
            made.update(piece)
    except (OSError, Damaged) as error:
        return False, f"is not compared: {error}"
    if made.hexdigest() == digest:
        return True, "is that of the file"
    around.note(
        Loss.DIGEST, f"ovf manifest: {name} has the {kind} {made.hexdigest()}, the manifest says {digest}"
    )
    return False, "is not that of the file"


SOURCE = OvfManifest()
