"""What the archive tests share: one run over bytes, and whether a damage was noticed in it."""

import io
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from actionday.model import Found, Note, Source, Status
from actionday.testing.context import Alone
from actionday.testing.sources import Listing, listing

ARABIC = "مواعيد بث إذاعة كيستريل: الأحد ١٠:٠٠ مساءً\n".encode()
TEXT = b'Kestrel radio, schedule of week 12: <b>news</b> & music "at ten"\n' * 40


class Run:
    """A listing, with the notes of its context."""

    def __init__(self, source: Source, name: str, data: bytes, **given: object) -> None:
        contexts: list[Alone] = []

        def around(called: str) -> Alone:
            contexts.append(Alone(called, **given))  # type: ignore[arg-type]
            return contexts[-1]

        self.listing: Listing = listing(source, name, data, around, limit=1 << 62)
        self.notes: list[Note] = contexts[0].notes
        self.items, self.end = self.listing.items, self.listing.end
        self.contents = {
            found.name: read for found, read in zip(self.items, self.listing.contents, strict=True)
        }

    @property
    def names(self) -> list[str]:
        return [found.name for found in self.items]

    @property
    def codes(self) -> list[str]:
        return [note.code for note in self.notes]

    def noticed(self) -> bool:
        """Return whether anything says that the archive is not whole."""
        short = (
            isinstance(read, str)
            or (found.size is not None and found.status is None and len(read) != found.size)
            for found, read in zip(self.items, self.listing.contents, strict=True)
            if found.kind == "member"
        )
        told = any(found.notes or found.status is Status.UNREADABLE for found in self.items)
        return bool(self.end or self.notes or told or any(short))

    def item(self, name: str) -> Found:
        return next(found for found in self.items if found.name == name)


def tar_of(members: dict[str, bytes], form: int = tarfile.PAX_FORMAT, **facts: object) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=form) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(data), 1_772_658_849
            for fact, value in facts.items():
                setattr(info, fact, value)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def tool(*command: str | Path, given: bytes | None = None, where: Path | None = None) -> bytes:
    """Run a Debian tool, or skip the test saying which one is missing."""
    if shutil.which(str(command[0])) is None:
        pytest.skip(f"{command[0]} is not installed")
    made = subprocess.run(
        [str(each) for each in command], input=given, capture_output=True, cwd=where, check=False
    )
    assert made.returncode == 0, made.stderr.decode(errors="replace")
    return made.stdout
