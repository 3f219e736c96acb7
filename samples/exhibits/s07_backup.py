"""S-07, the backup server's last archive: tar.gz with nested archives and every honest trouble."""

from pathlib import Path

from samples.clock import at
from samples.content import pages, schedule_page
from samples.documents.writing import as_text, notice
from samples.documents.zipped import zipped
from samples.exhibits.job import Exhibit, Job, files
from samples.images.archives import packed, tar, zip_with_secret
from samples.languages import languages
from samples.made import EMPTY, Kind, Made, Place, made
from samples.wire import dumps
from samples.wire.mail import Mail, mbox, message

PASSWORD = b"windhover"  # of the encrypted member: a test may hand it to the case


def contents(job: Job) -> list[Place]:
    """Return a copy of a site, mail in a zip, dumps whole and cut, and names that mean harm."""
    draw, site = job.dice("backup"), job.network.sites[1]
    schedules = {
        f"{code}.html": schedule_page(job.network, code) for code in draw.some(sorted(languages()), 4)
    }
    return [
        *files(pages(job.network, site), f"site/{site}", Kind.MEMBER),
        *files(schedules, "site/schedules", Kind.MEMBER),
        Place("mail/archive.zip", _mail(job), Kind.MEMBER),
        Place("db/forum.sql.gz", _dump(job), Kind.MEMBER),
        Place("db/members-old.sql.gz", _cut(job), Kind.MEMBER),
        Place("private.zip", _private(job), Kind.MEMBER),
        Place("logs/empty.log", EMPTY, Kind.MEMBER),
        Place("latest", made(b"", statuses=("unsupported",)), Kind.SYMLINK, target=f"site/{site}"),
        *_names(job),
    ]


def _mail(job: Job) -> Made:
    """Return a zip that holds an mbox whose first message brings a zip with a text: six deep in all."""
    draw, letters = job.dice("backup mail"), []
    for number, code in enumerate(draw.some(sorted(languages()), 5)):
        tongue, (one, two) = languages()[code], draw.some(job.network.operators, 2)
        body = "\n\n".join(notice(draw, code).paragraphs)
        attached = () if number else (("papers.zip", _papers(job)),)
        mail = Mail((one.name, one.email), (two.name, two.email), draw.pick(tongue.subjects), body, tongue,
                    at(-1440 * number), f"backup-{number}", attachments=attached)  # fmt: skip
        letters.append((mail, message(mail)))
    box = mbox(letters)
    inside = (Place("mail/old.mbox", box, Kind.MEMBER),)
    return made(zipped([("mail/old.mbox", box.data)]), "application/zip", inside=inside)


def _papers(job: Job) -> Made:
    text = as_text(notice(job.dice("papers"), "spa"))
    inside = (Place("papers/notice.txt", text, Kind.MEMBER),)
    return made(zipped([("papers/notice.txt", text.data)]), "application/zip", inside=inside)


def _dump(job: Job) -> Made:
    inner = dumps.mysql(job.dice("backup forum"), job.network, 20)
    return made(
        packed(inner.data, "gz"), "application/gzip", inside=(Place("forum.sql", inner, Kind.MEMBER),)
    )


def _cut(job: Job) -> Made:
    """Return a gzip file that breaks off: a reader must say so."""
    whole = packed(dumps.mysql(job.dice("backup cut"), job.network, 30).data, "gz")
    return made(whole[: len(whole) * 2 // 3], "application/gzip", issue=True)


def _private(job: Job) -> Made:
    """Return a zip of three members, the second encrypted."""
    draw = job.dice("private")
    texts = [as_text(notice(draw, code)) for code in ("deu", "tur", "heb")]
    names = ("open-1.txt", "locked.txt", "open-2.txt")
    hidden = made(texts[1].data, "text/plain", statuses=("encrypted",))
    inside = tuple(
        Place(name, hidden if name == "locked.txt" else text, Kind.MEMBER)
        for name, text in zip(names, texts, strict=True)
    )
    data = zip_with_secret(list(inside), "locked.txt", PASSWORD, draw.bytes(11, "header"))
    return made(data, "application/zip", inside=inside)


def _names(job: Job) -> list[Place]:
    """Return members whose names leave the folder, start at the root, or turn the reading direction."""
    draw = job.dice("names")
    odd = ("../outside.txt", "/srv/absolute.txt", "notes/walk\u202egnp.txt", "notes/line\u2028break.txt")
    return [
        Place(name, as_text(notice(draw, draw.pick(sorted(languages())))), Kind.MEMBER)
        for name in odd
    ]  # fmt: skip


def pack(_job: Job, places: list[Place], out: Path, _work: Path) -> tuple[str, ...]:
    """Write the archive."""
    (out / "S-07.tar.gz").write_bytes(packed(tar(places), "gz"))
    return ("S-07.tar.gz",)


EXHIBIT = Exhibit("S-07", "tar.gz with nested archives", True, contents, pack)
