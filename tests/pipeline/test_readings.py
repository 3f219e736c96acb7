"""The same bytes read in several ways: each item has its own reading, whoever came first, and it is what is stored."""

import shutil
import zipfile
from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actionday.access.contents import find_content
from actionday.access.items import find_item
from actionday.access.unsearched import Unsearched
from actionday.exchange.export import Fields
from actionday.exchange.items import Items
from actionday.exchange.texts import Texts
from actionday.mime.sniff import MAIL
from actionday.model import Kind, Limits
from actionday.model.identity import exhibit_item_id, item_id
from actionday.parsers import Parsers
from actionday.pipeline.budget import Budget, Left
from actionday.pipeline.chains import Chains
from actionday.pipeline.documents import documents
from actionday.pipeline.examine import Examiner
from actionday.pipeline.known_files import KnownFiles
from actionday.pipeline.marker import Marker
from actionday.pipeline.messages import Located, Results, Scope, Verdict
from actionday.pipeline.openers import Openers
from actionday.pipeline.output import Output
from actionday.pipeline.reading import body_of
from actionday.pipeline.recursion import Recursion
from actionday.pipeline.repair import rebuild, repair
from actionday.pipeline.text import Reader
from actionday.pipeline.visit import Visit
from actionday.pipeline.work import Work
from actionday.pipeline.writer import Writer
from actionday.storage.case import Case
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.hashes.known import Known
from actionday.storage.index import Index, Sealing
from actionday.storage.objects import Packs
from case_tools import Bench, same, sha256

FACTS = {"name": "Kestrel", "authority": "AN", "country": "ES", "legal_basis": "order 12/2026"}
LETTERS = b64encode(b"meet kestreldecoded at the harbour tonight").decode()
SAID = f"{LETTERS[:20]}\n{LETTERS[20:36]}\n{LETTERS[36:]}\n"
"""Lines of many lengths, each too short to be taken for base64 where no header says that it is."""
UNTOLD = f"X-Note: kestrelnote\nX-Kind: plain\nContent-Transfer-Encoding: base64\n\n{SAID}"
"""A message whose header does not tell that it is one: what a mailbox holds all the same."""
TOLD = (
    "From: a@kestrel.example\nTo: b@kestrel.example\nSubject: kestrelsubject\nMIME-Version: 1.0\n"
    f"Content-Type: text/plain\nContent-Transfer-Encoding: base64\nX-A: a\0b\n\n{SAID}"
)
"""A message with a NUL."""
SENTENCE = "the kestrel meets us at the harbour on saturday, and bring all the files with you\n"
QUERIES = (
    "kestreldecoded",
    "kestrelnote",
    "kestrelsubject",
    "type:mail",
    "type:text kestrelnote",
    "NOT tonight",
)


class Holder(NamedTuple):
    """Where the bytes are, and what becomes of them there: read, too deep to be opened, or fatal to a worker."""

    exhibit: int
    name: str
    kind: Kind
    data: str
    how: str = "read"


HOLDERS = (
    Holder(1, "note.txt", Kind.FILE, UNTOLD),
    Holder(1, "000000000000", Kind.MESSAGE, UNTOLD),
    Holder(2, "note.eml", Kind.MEMBER, UNTOLD),
    Holder(2, "bad.txt", Kind.FILE, UNTOLD, "fatal"),
    Holder(1, "nul.eml", Kind.FILE, TOLD),
    Holder(2, "nul.txt", Kind.FILE, TOLD, "deep"),
    Holder(1, "bad.eml", Kind.FILE, TOLD, "fatal"),
    Holder(2, "000000000009", Kind.MESSAGE, TOLD),
)


class Workers:
    """What workers are loaded with, once; each ``of`` is one that remembers nothing of the others."""

    def __init__(self) -> None:
        self._chains = Chains(Openers(), Limits(), lambda _: pytest.fail("nothing lies beside these"))
        self._examiner, self._reader = Examiner(Parsers.load(), Limits()), Reader()

    def of(self, sent: list[object]) -> tuple[Recursion, Output]:
        marker = Marker()
        output = Output(sent.append, self._reader, marker, Limits())
        return Recursion(
            self._chains, self._examiner, output, marker, sent.append, KnownFiles(Known([]))
        ), output


@pytest.fixture(scope="module")
def workers() -> Workers:
    return Workers()


def examined(worker: tuple[Recursion, Output], holder: Holder, place: int, sent: list[object]) -> Results:
    """Return what a worker says of a holder."""
    recursion, output = worker
    root = exhibit_item_id(f"E{holder.exhibit}")
    item = item_id(root, str(place))
    depth = Limits().depth if holder.how == "deep" else 1
    skip = {item: Verdict("killed its worker", readable=True)} if holder.how == "fatal" else {}
    visit = Visit(
        Scope(holder.exhibit, root, "", (), depth, ()), Budget(0, Limits(), Left(1 << 30)), skip, False
    )
    body = body_of(iter([holder.data.encode()]), Limits())
    each = Located(
        holder.name, holder.kind, str(place), None, body.size, None, None, "", ((0, body.size),), b""
    )
    recursion.examined(visit, each, item, body, streamed=False)
    output.flush(1)
    results = sent.pop()
    assert isinstance(results, Results)
    return results


class Stored(NamedTuple):
    items: list[Fields]
    texts: list[Fields]
    found: list[object]
    unsearched: dict[str, int]


def stored(workers: Workers, order: Sequence[int], *, apart: bool, cuts: set[int]) -> Stored:
    """Store the holders in an order, by one worker or by many, in checkpoints; return what users see of it."""
    folder = Path(mkdtemp(prefix="readings-"))
    case = Case.create(folder / "case", FACTS)
    packs = Packs(case.folder / OBJECTS)
    index, _ = repair(case, packs, 32 << 20)
    for number in (1, 2):
        case.database.execute(
            "INSERT INTO exhibits (number, id, sources, state, size, acquisition) VALUES (?, ?, '[]', 'open', 0, '{}')",
            (number, f"E{number}"),
        )
    writer, sent = Writer(case, index, packs, Work(case), Sealing(case.folder / INDEX)), list[object]()
    worker = workers.of(sent)
    try:
        for turn, at in enumerate(order):
            if apart:
                worker = workers.of(sent)
            holder = HOLDERS[at]
            writer.take(holder.exhibit, f"E{holder.exhibit}", examined(worker, holder, at, sent), again=False)
            if turn in cuts:
                writer.checkpoint()
        writer.checkpoint()
        kept = {each.item: each.digest() for each in documents(case, packs)}
        assert {item: digest for item, _, digest in index.items()} == kept
        index.close()
        before = found(case)
        rebuild(case, packs, case.folder / INDEX, 32 << 20).close()
        assert found(case) == before
        rows = (list(each.rows(case.database, packs, pytest.fail)) for each in (Items(), Texts()))
        items, texts = (sorted(each, key=msgspec.json.encode) for each in rows)
        for row in items:
            item = find_item(case.database, row["id"])
            content = item and find_content(case.database, item)
            assert content is not None and content.mime == row["mime"]
            read = content.text and sha256(packs.stream(content.text).read())
            assert read == row["text_sha256"]
        return Stored(items, texts, before, Unsearched().of(case.database))
    finally:
        packs.close()
        case.close()
        shutil.rmtree(folder)


def found(case: Case) -> list[object]:
    index = Index.open(case.folder / INDEX)
    try:
        pages = ((query, index.search(query, limit=50)) for query in QUERIES)
        return [
            (query, page.total, page.contents, [(hit.path, hit.sha256) for hit in page.hits])
            for query, page in pages
        ]
    finally:
        index.close()


@pytest.fixture(scope="module")
def wanted(workers: Workers, signing_key: None) -> Stored:
    return stored(workers, range(len(HOLDERS)), apart=True, cuts=set())


@settings(max_examples=4)
@given(st.permutations(range(len(HOLDERS))), st.booleans(), st.sets(st.integers(0, len(HOLDERS) - 1)))
def test_who_came_first_makes_no_difference(
    workers: Workers, wanted: Stored, order: list[int], apart: bool, cuts: set[int]
) -> None:
    assert stored(workers, order, apart=apart, cuts=cuts) == wanted


def test_every_item_has_the_text_that_was_read_there(wanted: Stored) -> None:
    texts = {(row["sha256"], row["text_sha256"]): row["text"] for row in wanted.texts}
    rows = {row["path"]: row for row in wanted.items}
    said = {path: texts.get((row["sha256"], row["text_sha256"]), "") for path, row in rows.items()}
    assert "kestreldecoded" not in said["note.txt"] and "X-Note: kestrelnote" in said["note.txt"]
    assert "meet kestreldecoded at" in said["000000000000"]
    assert rows["000000000000"]["mime"] == MAIL and rows["note.txt"]["mime"] == "text/plain"
    assert rows["000000000000"]["sha256"] == rows["note.txt"]["sha256"] == rows["note.eml"]["sha256"]
    assert "kestreldecoded" in said["nul.eml/message"] and "kestreldecoded" in said["000000000009"]
    assert said["nul.txt"] == "" and rows["nul.txt"]["sha256"] == rows["nul.eml"]["sha256"]
    assert len(texts) == len(wanted.texts)


def test_what_has_no_text_where_it_lies_is_counted_by_its_own_reading(wanted: Stored) -> None:
    assert wanted.unsearched == {"quarantined": 1}


def test_a_content_that_was_read_in_two_ways_is_counted_once(wanted: Stored) -> None:
    counts = {query: (total, contents) for query, total, contents, _ in wanted.found}  # type: ignore[misc]
    assert counts["kestrelnote"] == (4, 1)
    assert counts["kestreldecoded"][1] == 2
    assert counts["type:text kestrelnote"] == (3, 1)


def exhibits(folder: Path) -> Iterator[Path]:
    """Make exhibits that hold the same bytes in other ways: as a file, in a mailbox, in archives, as what they are."""
    (inside := folder / "folder").mkdir(parents=True)
    (inside / "note.txt").write_text(UNTOLD)
    (inside / "nul.eml").write_text(TOLD)
    with zipfile.ZipFile(inside / "packed.zip", "w") as packed:
        packed.writestr(zipfile.ZipInfo("note.eml"), UNTOLD)
        packed.writestr(zipfile.ZipInfo("nul.txt"), TOLD)
    (inside / "image.txt").write_text("KDMV" + SENTENCE * 30)
    yield inside
    (folder / "box.mbox").write_text(
        "".join(f"From a@b.example Mon Mar  2 10:00:00 2026\n{data}\n" for data in (UNTOLD, TOLD))
    )
    yield folder / "box.mbox"
    for name in ("nul.eml", "packed.zip", "image.txt"):
        shutil.copy2(inside / name, folder / name)
        yield folder / name


def test_which_exhibit_came_first_makes_no_difference(bench: Bench, tmp_path: Path) -> None:
    sources = list(exhibits(tmp_path / "exhibits"))
    bench.ingest(*sources)
    other = Bench(tmp_path / "other", bench.env)
    other.ingest(*sources[:2:-1])
    other.ingest(*sources[2::-1])
    same(other.exports(), bench.exports())
    assert bench.verify()["ok"] and other.verify()["ok"]
    hits = bench.search("kestreldecoded")["hits"]
    assert other.search("kestreldecoded")["hits"] == hits
    assert all("meet kestreldecoded at the harbour" in hit["snippet"] for hit in hits)
    places = {f"{hit['exhibit']}/{hit['path']}" for hit in hits}
    assert {"folder/nul.eml/message", "box.mbox/000000000000", "nul.eml/message"} < places
    assert "folder/note.txt" not in places
