"""S-03, the mail server: XFS in QCOW2, with Maildir folders and mbox files."""

from datetime import timedelta
from pathlib import Path

from samples.clock import START, at
from samples.content import OLD_PAGES, pictures, schedule_document
from samples.dice import Dice
from samples.documents.docx import as_docx
from samples.documents.html import as_html
from samples.documents.pdf import WRITABLE, as_pdf
from samples.documents.writing import as_text, notice
from samples.exhibits.job import Exhibit, Job, files, room
from samples.images.containers import convert
from samples.images.xfs import SMALLEST, xfs
from samples.languages import languages
from samples.made import Made, Place, plain
from samples.network import Operator
from samples.wire import settings
from samples.wire.mail import Mail, letter, mbox, message

_LOG = 64 << 20  # bytes that a larger XFS keeps for its log and reserves


def contents(job: Job) -> list[Place]:
    """Return each operator's Maildir, the shared mbox files and the server's settings."""
    boxes = [place for who in job.network.operators for place in _maildir(job, who)]
    shared = {"schedules.mbox": mbox(_schedules(job)), "archive.mbox": mbox(_archive(job))}
    etc = {"main.cf": settings.postfix(job.network), "mailname": plain(job.network.domain + "\n")}
    return [*boxes, *files(shared, "srv/mail"), *files(etc, "etc/postfix")]


def _mail(job: Job, draw: Dice, code: str, who: Operator, number: str, **more: object) -> Mail:
    tongue, other = languages()[code], draw.pick(job.network.operators)
    body = "\n\n".join(notice(draw, code).paragraphs)
    fields: dict[str, object] = {
        "sender": (other.name, other.email), "to": (who.name, who.email), "subject": draw.pick(tongue.subjects),
        "body": body, "language": tongue, "sent": at(draw.between(10, 20000)), "number": number,
    }  # fmt: skip
    return Mail(**{**fields, **more})  # type: ignore[arg-type]


def _maildir(job: Job, who: Operator) -> list[Place]:
    """Return three letters: one in an old encoding, one with a second form in HTML, one with attachments."""
    draw, code = job.dice("maildir", who.handle), who.language
    page = as_html(notice(draw, code)).data.decode()
    forms: list[dict[str, object]] = [
        {"old": True},
        {"html": page},
        {"attachments": _attachments(job, draw, code)},
    ]
    out = []
    for number, form in enumerate(forms):
        mail = _mail(job, draw, code, who, f"{draw.bytes(8, str(number)).hex()}", **form)
        name = f"{START + 60 * number}.M{number}P{draw.between(100, 999)}.mail:2,{'S' if number else ''}"
        out.append(Place(f"home/{who.handle}/Maildir/cur/{name}", letter(message(mail))))
    return out


def _attachments(job: Job, draw: Dice, code: str) -> tuple[tuple[str, Made], ...]:
    document = notice(draw, code)
    picture = draw.pick(sorted(pictures(job.network, 3).items()))
    text = as_text(notice(draw, code), OLD_PAGES.get(code, "utf-8"))
    extra = [("notice.pdf", as_pdf(document))] if code in WRITABLE else []
    named = languages()[code].announcement.replace("/", " ") + ".docx"
    return (
        (named, as_docx(document, draw.pick(job.network.operators).name)),
        picture,
        ("notice.txt", text),
        *extra,
    )


def _schedules(job: Job) -> list[tuple[Mail, Made]]:
    """Return mails that bring the schedules of some languages: in the body, some as attachments too."""
    draw, out = job.dice("schedule mail"), []
    for number, code in enumerate(draw.some(sorted(languages()), 6)):
        document = schedule_document(job.network, code)
        attached = (("schedule.docx", as_docx(document)),) if number % 2 else ()
        mail = _mail(job, draw, code, job.network.operators[number], f"schedule-{number}", body=document.text,
                     old=number % 3 == 0, attachments=attached)  # fmt: skip
        out.append((mail, message(mail)))
    return out


def _archive(job: Job) -> list[tuple[Mail, Made]]:
    """Return the letters of years; in the large form as many as its weight asks for."""
    draw, codes = job.dice("archive mail"), sorted(languages())
    count = max(2 * len(codes), job.share(10) // 2000)  # a letter takes some 2,000 bytes
    out = []
    for number in range(count):
        who = draw.pick(job.network.operators)
        mail = _mail(job, draw, codes[number % len(codes)], who, f"archive-{number}", old=number % 4 == 0,
                     sent=at(0) - timedelta(hours=number))  # fmt: skip
        out.append((mail, message(mail)))
    return out


def pack(job: Job, places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write the image."""
    raw = work / "S-03.raw"
    size = 2 * room(places, 0) + _LOG if job.megabytes else room(places, SMALLEST)
    xfs(raw, size, places, job.dice("S-03").uuid())
    return convert(raw, out / "S-03.qcow2")


EXHIBIT = Exhibit("S-03", "XFS in QCOW2", False, contents, pack)
