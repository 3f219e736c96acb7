"""The document in an office file with a password, where a secret of the case opens it.

Source: [MS-OFFCRYPTO] 2.3.4.4 (EncryptedPackage stream).
"""

from collections.abc import Iterator
from functools import partial

from actionday.mime.compound import Compound
from actionday.mime.compound_tree import STORAGE, Entry
from actionday.mime.offcrypto import INFO, LARGEST_INFO, PACKAGE, NotOpened, opened, unsealed
from actionday.model import Context, Found, ItemError, Kind, Status, Stream
from actionday.model.streams import RunStream, read_at
from actionday.sources.archives._streams import body

NAME = "without its password"


def sealed(stream: Stream, whole: Compound, top: list[Entry], around: Context) -> Iterator[Found]:
    """Yield the document; nothing where there is none, or no secret of the case opens it."""
    named = {each.name: each for each in top if each.kind != STORAGE}
    if INFO not in named or PACKAGE not in named or not around.secrets:
        return
    place = f"o{named[PACKAGE].number}"
    try:
        found = opened(whole.content(named[INFO], LARGEST_INFO), around.secrets)
    except ItemError as error:
        yield Found(name=NAME, kind=Kind.MEMBER, place=place, status=Status(error.status), reason=str(error))
        return
    if isinstance(found, NotOpened):
        return  # its parser says so
    package = RunStream(stream, whole.runs(named[PACKAGE]))
    size = int.from_bytes(read_at(package, 0, 8), "little")
    yield Found(name=NAME, kind=Kind.MEMBER, place=place, size=size, meta={"secret": found.secret},
                read=lambda: body(unsealed(partial(read_at, package), package.size, found)))  # fmt: skip
