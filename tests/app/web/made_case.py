"""A case with everything a page can meet, stored row by row through the pipeline's own writer.

No reader runs, so that a page test does not depend on any format: what evidence can hold is put in directly.
"""

import hashlib
import io
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from PIL import Image

from actionday.ledger import Action
from actionday.model import Kind
from actionday.model.identity import exhibit_item_id, item_id
from actionday.pipeline.extracted import Text, terms
from actionday.pipeline.messages import Content, Issue, Object, Results, Row, Terms
from actionday.pipeline.repair import repair
from actionday.pipeline.work import Work
from actionday.pipeline.writer import Writer
from actionday.storage.case import Case, entry
from actionday.storage.case_parts import INDEX, OBJECTS
from actionday.storage.database import transaction
from actionday.storage.database.balance import balance
from actionday.storage.index import Sealing
from actionday.storage.objects import Packs, compress
from actionday.testing.hostile import CAPTIONS, MAIL, METADATA, NAMES, SVG

FACTS = {
    "name": "Kestrel network",
    "authority": "Audiencia Nacional",
    "country": "ES",
    "legal_basis": "order 12/2026, Art 588 sexies LECrim",
    "retain_until": "2031-12-31",
    "purpose": "Who runs the stations of the Kestrel network, and from where.",
}
ARABIC = "إذاعة الصقر تبث برامجها كل مساء من الساعة الثامنة. نشرة الأخبار رقم 12 صدرت في 2026-03-04.\n"
HEBREW = "רדיו הבז משדר כל ערב בשעה שמונה. לוח השידורים לשבוע הקרוב מצורף.\n"
CHINESE = "红隼电台每晚八点播出节目。本周节目表已附上。\n"
ENGLISH = "Kestrel radio is on air every evening at eight. The schedule of the week is attached.\n"
RUSSIAN = "Радио «Пустельга» выходит в эфир каждый вечер в восемь. Расписание на неделю приложено.\n"
PERSIAN = "رادیو شاهین هر شب ساعت هشت پخش می\u200cشود. برنامهٔ هفته پیوست است.\n"
LONG_LINES = 4_000
MANY = 70
"""Files in one folder: more than a page of a list."""


class Maker:
    """Collects items of one exhibit and hands them to the writer."""

    def __init__(self, writer: Writer, number: int, name: str) -> None:
        self._writer, self._number, self._name = writer, number, name
        self.root = exhibit_item_id(name)
        self._order = 0

    def add(self, path: str, data: bytes | None = None, **given: Any) -> str:
        """Store one item; ``text``, ``language``, ``mime`` … as given; return its id in hex."""
        self._order += 1
        parent = given.pop("parent", self.root)
        place = f"{self._order:08d}"
        item = self.root if given.get("root") else item_id(parent, place)
        found = Results(0)
        sha256 = None
        text = given.get("text")
        if data is not None:
            sha256 = hashlib.sha256(data).digest()
            found = msgspec.structs.replace(found, **_content(sha256, data, item, text, given))
        row = Row(
            item,
            None if given.get("root") else parent,
            place,
            path,
            given.get("raw"),
            given.get("kind", Kind.FILE),
            len(data) if data is not None else given.get("size"),
            sha256,
            given.get("mtime", "2026-03-04T21:14:09Z"),
            given.get("status", "parsed"),
            given.get("reason", ""),
            given.get("opened", False),
            None,
            msgspec.json.encode(given.get("meta", {})),
        )
        issues = tuple(
            Issue(item, stage, path, code, reason) for stage, code, reason in given.get("issues", ())
        )
        found = msgspec.structs.replace(found, rows=(row,), issues=issues)
        self._writer.take(self._number, self._name, found, again=False)
        return item.hex()


def _content(
    sha256: bytes, data: bytes, item: bytes, text: str | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    encoded = None if text is None else text.encode("utf-8", "replace")
    kept = [Object(sha256, len(data), tuple(compress(data)))]
    spoken: tuple[Terms, ...] = ()
    text_sha256 = None
    if text is not None and encoded is not None:
        text_sha256 = hashlib.sha256(encoded).digest()
        if text_sha256 != sha256:
            kept.append(Object(text_sha256, len(encoded), tuple(compress(encoded))))
        spoken = (Terms(item, sha256, *terms(Text((text,), len(text)))),)
    content = Content(
        sha256,
        hashlib.md5(data).digest(),
        hashlib.sha1(data).digest(),
        len(data),
        given.get("mime", "text/plain"),
        "text 1" if text is not None else None,
        msgspec.json.encode(given.get("content_meta", {})),
        text_sha256,
        None if text is None else len(text),
        given.get("language"),
        given.get("script"),
        given.get("confidence", 0.98) if given.get("language") else None,
        msgspec.json.encode(given.get("segments", [])),
    )
    return {"contents": (content,), "objects": tuple(kept), "terms": spoken}


def make_case(folder: Path, *, facts: Mapping[str, str] = FACTS) -> dict[str, str]:
    """Make the case in ``folder``; return the ids of some items by name."""
    case = Case.create(folder, dict(facts))
    packs = Packs(folder / OBJECTS)
    index, _ = repair(case, packs, 32 << 20)
    source = folder.parent / "S-01"
    source.mkdir(exist_ok=True)
    _acquire(case, source)
    writer = Writer(case, index, packs, Work(case), Sealing(case.folder / INDEX))
    ids = dict(_first(Maker(writer, 1, "S-01")))
    ids |= dict(_second(Maker(writer, 2, "S-03")))
    writer.checkpoint()
    _close(case)
    index.close()
    packs.close()
    case.close()
    return ids


def _acquire(case: Case, source: Path) -> None:
    disk, other = "9f" * 32, "ab" * 16
    image = [
        {
            "path": "/evidence/S-03.E01",
            "size": 44_023_414,
            "folder": False,
            "named": True,
            "sha256": disk,
            "md5": other,
            "sha1": "3c" * 20,
        }
    ]
    plain = [{"path": str(source), "size": 0, "folder": True, "named": True}]
    ewf = {
        "case_number": "12/2026",
        "examiner": "<b>M. Ortega</b>",
        "notes": CAPTIONS[0],
        "md5": "0c" * 16,
        "sha1": "1d" * 20,
    }
    acquired = {
        "ewf": ewf,
        "media": {"md5": "0c" * 16, "sha1": "1e" * 20, "sha256": "2f" * 32, "size": 44_040_192},
    }
    with transaction(case.database) as database:
        for number, name, sources, facts in ((1, "S-01", plain, {}), (2, "S-03", image, acquired)):
            database.execute(
                "INSERT INTO exhibits (number, id, sources, state, size, acquisition) VALUES (?, ?, ?, 'open', ?, ?)",
                (number, name, msgspec.json.encode(sources).decode(), sources[0]["size"],
                 msgspec.json.encode({"sources": sources, **facts}).decode()),
            )  # fmt: skip
            case.ledger().append(entry(Action.EXHIBIT_ACQUIRED, name, {"sources": sources}))  # type: ignore[dict-item]
        parameters = {"version": "0.1.0", "workers": 2, "exhibits": ["S-01", "S-03"], "limits": {"depth": 32}}
        database.execute(
            "INSERT INTO runs (state, actor, started, finished, parameters, progress) VALUES ('complete', 'tester', "
            "'2026-11-25T14:20:00Z', '2026-11-25T14:24:52Z', ?, ?)",
            (msgspec.json.encode(parameters).decode(),
             msgspec.json.encode({"bytes": 44_023_414, "total": 44_023_414, "rate": 38e6, "eta": None}).decode()),
        )  # fmt: skip
        case.ledger().append(entry(Action.RUN_STARTED, "run 1", parameters))  # type: ignore[arg-type]


def _close(case: Case) -> None:
    with transaction(case.database) as database:
        for number, name in ((1, "S-01"), (2, "S-03")):
            found = msgspec.to_builtins(balance(database, number))
            acquisition = msgspec.json.decode(
                database.execute("SELECT acquisition FROM exhibits WHERE number = ?", (number,)).fetchone()[0]
            )
            database.execute(
                "UPDATE exhibits SET state = 'complete', balance = ? WHERE number = ?",
                (msgspec.json.encode(found).decode(), number),
            )
            case.ledger().append(
                entry(Action.EXHIBIT_CLOSED, name, {"balance": found, "acquisition": acquisition})
            )


def _first(make: Maker) -> Iterator[tuple[str, str]]:
    """A folder: texts in many scripts, hostile names and captions, copies, what failed."""
    make.add("", root=True, kind=Kind.DIRECTORY, opened=True)
    for name, text, language, script in (
        ("arabic", ARABIC, "arb", "Arab"),
        ("hebrew", HEBREW, "heb", "Hebr"),
        ("chinese", CHINESE, "zho", "Hans"),
        ("english", ENGLISH, "eng", "Latn"),
        ("russian", RUSSIAN, "rus", "Cyrl"),
        ("persian", PERSIAN, "pes", "Arab"),
    ):
        data = (text * 12).encode()
        path = f"texts/{name}/index-2026-03.html"
        sure = 0.98 if name != "persian" else 0.6
        yield name, make.add(path, data, text=text * 12, language=language, script=script, mime="text/html",
                             confidence=sure)  # fmt: skip
        if name == "arabic":
            make.add(
                "copies/نسخة.html", data, text=text * 12, language=language, script=script, mime="text/html"
            )
            make.add("copies/old/page.html", data, text=text * 12, language=language, script=script, mime="text/html",
                     mtime=None)  # fmt: skip
    for number, name in enumerate(NAMES):
        yield (
            f"name {number}",
            make.add(f"hostile/{name}", f"hostile {number}\n".encode(), text=f"hostile {number}\n"),
        )
    captions = "\n".join(CAPTIONS)
    yield (
        "captions",
        make.add(
            "hostile/captions.txt",
            captions.encode(),
            text=captions,
            language="eng",
            script="Latn",
            confidence=0.4,
        ),
    )
    yield (
        "svg",
        make.add(
            "hostile/drawing.svg", SVG.encode(), text="drawing " + SVG, mime="image/svg+xml", meta=METADATA
        ),
    )
    mail = make.add("mail/inbox.eml", MAIL, text="The schedule is attached. " + CAPTIONS[0], mime="message/rfc822",
                    kind=Kind.MESSAGE, content_meta={"headers": {"Subject": "<img src=http://evil.example/p.png>"}})  # fmt: skip
    yield "mail", mail
    attached = b"Kestrel radio schedule, every evening at eight.\n"
    yield "attachment", make.add("mail/inbox.eml/schedule.txt", attached, text=attached.decode(), language="eng",
                                 script="Latn", kind=Kind.ATTACHMENT, parent=bytes.fromhex(mail))  # fmt: skip
    yield "empty", make.add("empty.txt", b"", status="empty")
    yield "raw", make.add("caf\\xe9.txt", b"x\n", text="x\n", raw=b"caf\xe9.txt")
    mixed = (ENGLISH + ARABIC) * 3
    yield "mixed", make.add("texts/mixed.txt", mixed.encode(), text=mixed, language="eng", script="Latn",
                            segments=[{"language": "eng", "confidence": 0.98}, {"language": "arb", "confidence": 0.5}])  # fmt: skip


def _second(make: Maker) -> Iterator[tuple[str, str]]:
    """A disk: a long text, a picture, pages of files, and everything that can go wrong."""
    make.add("", root=True, kind=Kind.EXHIBIT, opened=True, size=44_023_414)
    make.add("p1", kind=Kind.VOLUME, mtime=None)
    long = (
        "".join(f"{number:05d} {ENGLISH if number % 7 else RUSSIAN}" for number in range(LONG_LINES))
        + "falcon nest\n"
    )
    yield "long", make.add("p1/var/log/air.log", long.encode(), text=long, language="eng", script="Latn")
    picture = io.BytesIO()
    Image.radial_gradient("L").resize((320, 240)).convert("RGB").save(picture, "PNG")
    yield "picture", make.add("p1/srv/poster-04.png", picture.getvalue(), mime="image/png", status="queued",
                              reason="waits for text recognition", content_meta={"width": 320, "height": 240})  # fmt: skip
    for number in range(MANY):
        text = f"page {number} of the archive, kestrel\n"
        make.add(f"p1/srv/www/page-{number:03d}.html", text.encode(), text=text, language="eng", script="Latn",
                 mime="text/html", mtime=f"20{20 + number % 7}-0{1 + number % 9}-01T00:00:00Z")  # fmt: skip
    yield "encrypted", make.add("p1/root/keys.zip/plan.docx", kind=Kind.MEMBER, status="encrypted", size=18_204,
                                reason="needs a password", issues=[("read", "encrypted", "needs a password")])  # fmt: skip
    yield "unreadable", make.add("p1/var/backup.tar.gz", b"\x1f\x8b broken", mime="application/gzip", status="unreadable",
                                 reason="ends in the middle of a record: 12 of 40,960 bytes",
                                 issues=[("read", "damaged", "ends in the middle of a record \u202e")])  # fmt: skip
    yield "bomb", make.add("p1/tmp/bomb.zip", b"PK bomb", mime="application/zip", status="quarantined",
                           reason="200 : 1 once 256 MiB came out", issues=[("read", "over_limit", "200 : 1")])  # fmt: skip
    make.add(
        "p1/dev/sda", kind=Kind.SPECIAL, status="unsupported", reason="a device is not opened", mtime=None
    )
    make.add("p1/home/op3/.bash_history", b"ssh web02\n", text="ssh web02\n", kind=Kind.DELETED)


def copied(case: Path, to: Path) -> None:
    """Copy a case that is being served, by another process.

    Reading an SQLite file here would drop the locks that this process holds on it (POSIX); the next command that opened
    the case and ended would then take its log away under the site.
    """
    subprocess.run(["cp", "-r", case, to], check=True)
