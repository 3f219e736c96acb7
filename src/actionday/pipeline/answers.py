"""What the main process answers when a worker asks for what it may not open itself."""

import errno
import os
from collections.abc import Callable

import msgspec

from actionday.pipeline.exhibits import Exhibit
from actionday.pipeline.extracted import Text, terms
from actionday.pipeline.helpers import Helpers
from actionday.pipeline.locate import beside, entries_below, is_given, location_of, names_beside
from actionday.pipeline.messages import Answer, Ask, Host, Row, Terms
from actionday.pipeline.twins import deleted_beside
from actionday.pipeline.writer import Writer
from actionday.storage.case import Case
from actionday.storage.objects import Packs

Reply = tuple[Answer, list[int]]


class Answers:
    """Opens files and objects for workers, and only those of the exhibits of this case."""

    def __init__(self, case: Case, packs: Packs, writer: Writer | None, exhibits: dict[int, Exhibit]) -> None:
        self._case, self._packs, self._writer, self._exhibits = case, packs, writer, exhibits
        self.pending: Callable[[bytes], bool] = lambda _: False
        self._helpers = Helpers(case.limits.memory, tied=writer is not None)

    def to(self, ask: Ask) -> Reply:
        """Return the answer to a question, and the descriptors that go with it."""
        answer: Callable[[Ask], Reply] = {
            "host": self._host,
            "stored": self._stored,
            "sibling": self._sibling,
            "glance": self._glance,
            "siblings": self._siblings,
            "below": self._below,
            "belong": self._belong,
            "companion": self._companion,
            "deriver": self._deriver,
            "known": self._known,
            "deleted": self._deleted,
        }.get(ask.what, self._unknown)
        try:
            return answer(ask)
        except OSError as error:
            return Answer(error=error.strerror or str(error)), []

    def _exhibit(self, ask: Ask) -> Exhibit:
        """Return the exhibit of a question. Raises OSError: a worker gone wrong may ask for any."""
        exhibit = self._exhibits.get(ask.exhibit)
        if exhibit is None:
            raise PermissionError(errno.EPERM, "is no exhibit of this run")
        return exhibit

    def _unknown(self, ask: Ask) -> Reply:
        return Answer(error=f"no such question: {ask.what}"), []

    def _host(self, ask: Ask) -> Reply:
        descriptor, size = self._exhibit(ask).open(ask.number, ask.path)
        return Answer(size=size), [descriptor]

    def _stored(self, ask: Ask) -> Reply:
        location = (
            self._writer.objects.location(ask.sha256)
            if self._writer
            else location_of(self._case.database, ask.sha256)
        )
        if location is None:
            return Answer(error="no such object in the case"), []
        self._packs.visible(location)
        descriptor = os.open(self._packs.path(location.pack), os.O_RDONLY | os.O_CLOEXEC)
        return Answer(size=location.size, location=msgspec.msgpack.encode(location)), [descriptor]

    def _given(self, exhibit: Exhibit, ask: Ask) -> bool:
        """Say whether what asks for its neighbours is a file of the exhibit itself."""
        return ask.item == exhibit.root or is_given(self._case.database, ask.item)

    def _sibling(self, ask: Ask) -> Reply:
        exhibit = self._exhibit(ask)
        if self._given(exhibit, ask):
            number = exhibit.sibling(ask.name)
            return Answer(chain=None if number is None else (Host(number),)), []
        return Answer(chain=beside(self._case.database, ask.item, ask.name)), []

    def _glance(self, ask: Ask) -> Reply:
        exhibit = self._exhibit(ask)
        if not self._given(exhibit, ask):
            return Answer(chain=beside(self._case.database, ask.item, ask.name)), []
        found = exhibit.glance(ask.name)
        if found is None:
            return Answer(), []
        return Answer(size=found.size, outside=found.outside), [found.descriptor]

    def _siblings(self, ask: Ask) -> Reply:
        exhibit = self._exhibit(ask)
        if self._given(exhibit, ask):
            return Answer(names=tuple(exhibit.siblings())), []
        return Answer(names=names_beside(self._case.database, ask.item)), []

    def _below(self, ask: Ask) -> Reply:
        exhibit = self._exhibit(ask)
        if self._given(exhibit, ask):
            return Answer(), []  # of the host nobody lists a folder that was not taken in
        return Answer(entries=entries_below(self._case.database, ask.item, ask.name, ask.path)), []

    def _belong(self, ask: Ask) -> Reply:
        self._exhibit(ask).belong(ask.names)
        return Answer(), []

    def _known(self, ask: Ask) -> Reply:
        stored = self._writer.has(ask.item) if self._writer else False
        return Answer(size=int(stored or self.pending(ask.item))), []

    def _deleted(self, ask: Ask) -> Reply:
        number = self._exhibit(ask).number
        return Answer(names=deleted_beside(self._case.database, number, ask.item)), []

    def _companion(self, _: Ask) -> Reply:
        return Answer(descriptors=1), [self._helpers.companion().detach()]

    def _deriver(self, _: Ask) -> Reply:
        return Answer(descriptors=1), [self._helpers.deriver().detach()]

    def terms(self, row: Row) -> Terms | None:
        """Return the index terms of a container that is a document as well (a large message)."""
        if row.sha256 is None or self._writer is None:
            return None
        text = self._writer.text_of(row.sha256, row.reading)
        location = None if text is None else self._writer.objects.location(text)
        if text is None or location is None:
            return None
        read = self._packs.whole(text, location).decode("utf-8", "replace")
        return Terms(row.id, row.sha256, *terms(Text((read,), len(read))))

    def close(self) -> None:
        """End every process that was started for a worker."""
        self._helpers.close()
