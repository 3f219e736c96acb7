"""PST and OST, Outlook's mail stores: folders, messages, calendar, contacts, tasks, notes, with all that hangs on them.

Source: [MS-PST] 2.4 (store, folders, messages), 2.2.2.1 (kinds of nodes). Own reader: see ``_pstfile``, ``_pstheap``.
"""

import re
from collections import defaultdict
from collections.abc import Generator, Iterator
from typing import NamedTuple

from actionday.model import Claim, Context, Damaged, Found, ItemError, Kind, Loss, Peek, Status, Stream
from actionday.model.counted import counted
from actionday.sources.mail._mapiitems import Wanted, facts_of, items
from actionday.sources.mail._pstfile import MAGIC, Node, Store
from actionday.sources.mail._pstheap import TABLE, Heap, row_numbers
from actionday.sources.mail._pstletter import KIND, Letters
from actionday.sources.mail._pstremoved import Removed

STORE, ROOT = 0x21, 0x122
FOLDER, MESSAGE, ASSOCIATED = 0x02, 0x04, 0x08
LISTS = {MESSAGE: 0x0E, ASSOCIATED: 0x0F}
"""The table of a folder that lists messages of a kind."""
COUNTS = {MESSAGE: 0x3602, ASSOCIATED: 0x3610}
DEEPEST = 64
"""Folders within folders that a path names; one deeper begins anew with its number."""
MOST_SAID = 200
PASSWORD = 0x67FF
_NODE = re.compile("n([0-9a-f]{1,8})")


class _Folder(NamedTuple):
    number: int
    path: str
    depth: int


class Pst:
    """Folders in the order of their numbers below one another, in each its messages in that order.

    A message is known by its node, whether a folder lists it or not; ``place`` is ``n`` and the number of the node in
    hex, ``.`` and the number of an attachment behind it.
    """

    name, sample = "pst", "mail.pst"
    marks = ((0, MAGIC),)
    binary = True

    def claims(self, peek: Peek) -> Claim:
        """Return STRUCTURE for the mark of the format and a version of it."""
        head = peek.head
        sound = len(head) >= 564 and head[:4] == MAGIC and head[8:10] in (b"SM", b"SO", b"AB")
        return Claim.STRUCTURE if sound else Claim.MAGIC if head[:4] == MAGIC and len(head) > 4 else Claim.NO

    def items(self, stream: Stream, around: Context) -> Iterator[Found]:
        """Yield folders and what is in them. Raises Damaged where no node can be read."""
        store = Store(stream)
        for why in store.wrong[:MOST_SAID]:
            around.note(Loss.DAMAGED, why)
        if stream.size < store.end:
            around.note(
                Loss.BROKEN_OFF,
                f"PST: ends {counted(store.end - stream.size, 'byte')} before the end it states",
            )
        if not store.nodes:
            raise Damaged("PST: not one node can be read: nothing of what it holds is known")
        yield from _Walk(store, around).items()
        yield from _removed(store, stream, around)


SOURCE = Pst()


def _removed(store: Store, stream: Stream, around: Context) -> Iterator[Found]:
    """Yield the messages that only pages out of use list, as far as their blocks are there; count the others.

    They were removed, or the page in use that lists them is damaged, which is then said of the store.
    """
    letters, lost = Letters(store), 0
    for number, node in sorted(Removed(store, stream).nodes.items()):
        if number & KIND != MESSAGE:
            continue
        try:
            letter = letters.letter(node)
        except ItemError:
            lost += 1  # its blocks were used again: that it was there is all that can be said
            continue
        facts: dict[str, object] = {
            "node": f"{number:#x}",
            "out_of_use": True,
            "folder_node": f"{node.parent:#x}",
        }
        yield from items(letter, Wanted(f"out of use/{number:08x}", f"x{number:x}", around, facts))
        store.doubts.clear()
    if lost:
        many = counted(lost, "message that only pages", "messages that only pages")
        around.note(
            "out_of_use",
            f"PST: {many} out of use list: the blocks are used again, nothing of the text is there",
        )


class _Walk:
    def __init__(self, store: Store, around: Context) -> None:
        self._store, self._around, self._letters = store, around, Letters(store)
        self._folders: dict[int, list[int]] = defaultdict(list)
        self._messages: dict[int, list[int]] = defaultdict(list)
        for number, node in sorted(store.nodes.items()):
            if number & KIND == FOLDER and node.parent != number:
                self._folders[node.parent].append(number)
            elif number & KIND in LISTS:
                self._messages[node.parent].append(number)
        self._seen, self._given = set[int](), set[int]()
        after = around.after or ""
        begin = _NODE.match(after)
        self._after, self._from = after, int(begin[1], 16) if begin else 0
        if self._from not in store.nodes and self._from not in self._lost_numbers():
            self._after, self._from = "", 0

    def _lost_numbers(self) -> set[int]:
        """Return what folders list and no node is."""
        return set().union(*(set(self._listed(number, kind, quiet=True) or ()) for number in self._store.nodes
                             if number & KIND == FOLDER for kind in LISTS)) if self._after else set()  # fmt: skip

    def items(self) -> Iterator[Found]:
        self._about_the_store()
        if ROOT in self._store.nodes:
            yield from self._below(_Folder(ROOT, "", 0))
        else:
            self._say(
                Loss.DAMAGED,
                "PST: the root folder is not there: folders are listed by what hangs on them",
                "",
            )
        rest = [
            number for number in self._store.nodes if number & KIND == FOLDER and number not in self._seen
        ]
        tops = [
            number for number in sorted(rest) if self._store.nodes[number].parent not in self._store.nodes
        ]
        for number in (*tops, *sorted(rest)):  # the second for those that hang on one another in a ring
            if number not in self._seen:
                if ROOT in self._store.nodes:
                    self._say(Loss.DAMAGED, f"PST: folder {number:#x} hangs on no folder that is there", "")
                yield from self._below(_Folder(number, "", 0))
        for parent in sorted(self._messages.keys() - self._seen):
            yield from self._messages_of(_Folder(parent, f"no folder {parent:#x}", 0), None)

    def _about_the_store(self) -> None:
        if self._letters.wrong:
            self._say(Loss.DAMAGED, f"PST: {self._letters.wrong}", "")
        node = self._store.nodes.get(STORE)
        try:
            if node is None:
                raise Damaged("PST: the node of the store itself is not there")
            props = self._letters.props(node)
            self._around.acquired({"version": self._store.version, "client": self._store.client,
                                   "coding": ("none", "permute", "cyclic")[self._store.coding],
                                   "store": facts_of(props, ())})  # fmt: skip
            if props.number(PASSWORD):
                self._say("password", "PST: it has a password, which keeps programs from showing it and encrypts "
                          "nothing: everything is read", "")  # fmt: skip
        except ItemError as why:
            self._say(Loss.DAMAGED, str(why), "")

    def _below(self, top: _Folder) -> Iterator[Found]:
        folders = [top]
        while folders:
            each = folders.pop()
            if each.number in self._seen:
                continue
            self._seen.add(each.number)
            path = yield from self._folder(each)
            anew = each.depth >= DEEPEST
            children = self._folders.get(each.number, ())
            folders += (_Folder(child, f"#{each.number:x}" if anew else path, 1 if anew else each.depth + 1)
                        for child in reversed(children))  # fmt: skip

    def _folder(self, each: _Folder) -> Generator[Found, None, str]:
        """Yield a folder and its messages; return its path."""
        node, name, facts, counts = self._store.nodes[each.number], "", dict[str, object](), dict[int, int]()
        wrong = ""
        try:
            props = self._letters.props(node)
            name, facts = props.text(0x3001, 1 << 16), facts_of(props, (0x3001,))
            counts = {kind: props.number(number) for kind, number in COUNTS.items()}
        except ItemError as why:
            wrong = f"PST: the properties of the folder cannot be read: {why}"
        name = name or ("" if each.number == ROOT and not wrong else f"#{each.number:x}")
        path = f"{each.path}/{name}".strip("/") if each.path else name
        if path and not self._passed(f"n{each.number:x}"):
            status = Status.UNREADABLE if wrong else None
            yield Found(name=path, kind=Kind.DIRECTORY, place=f"n{each.number:x}", status=status, reason=wrong,
                        meta={"properties": facts})  # fmt: skip
        if wrong:
            self._say(Loss.DIRECTORY, wrong, path)
        yield from self._messages_of(each._replace(path=path), counts)
        return path

    def _passed(self, place: str) -> bool:
        """Say whether what stands at ``place`` of a node is stored already, where a run goes on."""
        if not self._after:
            return False
        if place == self._after:
            self._after = ""
        return True

    def _messages_of(self, folder: _Folder, counts: dict[int, int] | None) -> Iterator[Found]:
        for kind in LISTS:
            own = [number for number in self._messages.get(folder.number, ()) if number & KIND == kind]
            listed = None if counts is None else self._listed(folder.number, kind)
            elsewhere = (
                number for number in listed or () if not self._hangs_elsewhere(number, folder.number)
            )
            numbers = sorted({*own, *elsewhere} - self._given)
            self._given.update(numbers)
            there = own if listed is None else [number for number in listed if number in self._store.nodes]
            self._count(folder, kind, len(there), (counts or {}).get(kind))
            for number in numbers:
                unlisted = listed is not None and number not in listed
                yield from self._message(folder, number, unlisted=unlisted or counts is None)

    def _hangs_elsewhere(self, number: int, folder: int) -> bool:
        """Say whether a message that a folder lists is one of another folder, which gives it."""
        node = self._store.nodes.get(number)
        return node is not None and node.parent != folder and node.parent in self._store.nodes

    def _listed(self, folder: int, kind: int, *, quiet: bool = False) -> set[int] | None:
        """Return the messages that a folder lists, None where that cannot be read: what hangs on it then counts."""
        number = folder & ~KIND | LISTS[kind]
        node = self._store.nodes.get(number)
        try:
            if node is None:
                raise Damaged(f"node {number:#x} is not there")
            return {each for each in row_numbers(Heap(self._store, node, TABLE)) if each & KIND == kind}
        except ItemError as why:
            if not quiet:
                self._say(
                    Loss.DIRECTORY, f"PST: the list of the folder {folder:#x} cannot be read: {why}", ""
                )
            return None

    def _count(self, folder: _Folder, kind: int, there: int, stated: int | None) -> None:
        if stated is None or stated == there:
            return
        what = "message" if kind == MESSAGE else "hidden message"
        code = Loss.DAMAGED if there < stated else "more_than_stated"
        self._say(
            code,
            f"PST: the folder states {counted(stated, what)}, and {there} of its list are there",
            folder.path,
        )

    def _message(self, folder: _Folder, number: int, *, unlisted: bool) -> Iterator[Found]:
        if self._after and number != self._from:
            return
        name, place = f"{folder.path}/{number:08x}".lstrip("/"), f"n{number:x}"
        facts: dict[str, object] = {"node": f"{number:#x}"} | ({"unlisted": True} if unlisted else {})
        node = self._store.nodes.get(number)
        for found in self._found(node, Wanted(name, place, self._around, facts)):
            if self._passed(found.place):
                continue
            if unlisted and found.place == place:
                self._say(
                    "unlisted",
                    "PST: no folder lists this message: it was removed, or the list is damaged",
                    name,
                )
            self._doubted(found.name)
            yield found
            self._doubted(found.name)

    def _found(self, node: Node | None, wanted: Wanted) -> Iterator[Found]:
        try:
            if node is None:
                raise Damaged("PST: a folder lists the message, and no node has its number")
            letter = self._letters.letter(node)
        except ItemError as why:
            yield Found(name=wanted.name, kind=Kind.MESSAGE, place=wanted.place, status=why.status, reason=str(why),
                        meta=wanted.facts)  # fmt: skip
            return
        yield from items(letter, wanted)

    def _doubted(self, path: str) -> None:
        """Say which blocks were used though their checksum differs."""
        for why in dict.fromkeys(self._store.doubts[:MOST_SAID]):
            self._say(Loss.CHECKSUM, why, path)
        self._store.doubts.clear()

    def _say(self, code: str, why: str, path: str) -> None:
        if not self._after:
            self._around.note(code, why, path)
