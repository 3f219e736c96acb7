"""S-04, the news desk's machine: NTFS in VMDK (VHDX in the large form), office documents."""

from pathlib import Path

from samples.content import pictures, schedule_document
from samples.documents.docx import as_docx
from samples.documents.html import as_html
from samples.documents.odt import as_odt
from samples.documents.pdf import WRITABLE, as_pdf
from samples.documents.rtf import as_rtf
from samples.documents.tables import Rows, as_csv, as_xlsx
from samples.documents.writing import as_text, news, notice
from samples.exhibits.job import Exhibit, Job, files, room
from samples.images.containers import convert
from samples.images.ntfs import ntfs
from samples.languages import languages
from samples.made import Kind, Made, Need, Place, made, plain

WRITERS = (("docx", as_docx), ("odt", as_odt), ("rtf", as_rtf))


def contents(job: Job) -> list[Place]:
    """Return news in every language as DOCX, ODT or RTF, schedules of some, tables, pictures and a stream."""
    draw, found = job.dice("newsroom"), dict[str, Made]()
    for code in languages():
        document = news(draw, code, job.network)
        name = "".join(letter for letter in document.title if letter not in '<>:"/\\|?*')
        kind, writer = draw.pick(WRITERS)
        found[f"{name} ({code}).{kind}"] = writer(document)
    for code in draw.some(sorted(languages()), 5):
        document = schedule_document(job.network, code)
        found |= {
            f"schedule-{code}.docx": as_docx(document),
            f"schedule-{code}.htm": as_html(document, encoding="utf-8"),
        }
    for code in sorted(WRITABLE & languages().keys()):
        found[f"news-{code}.pdf"] = as_pdf(news(draw, code, job.network))
    stream = plain("[ZoneTransfer]\r\nZoneId=3\r\n")
    marked = f"notes-{draw.between(10, 99)}.txt"
    found |= {marked: as_text(news(draw, "eng", job.network), "utf-16"), "bulletin.txt": _mixed(job)}
    found |= _tables(job)
    downloaded = Place(f"{marked}:Zone.Identifier", stream, Kind.STREAM, Need.MAY)
    return [*files(found | pictures(job.network, 2)), downloaded]


def _tables(job: Job) -> dict[str, Made]:
    """Return the people as a workbook and the channels as comma-separated values."""
    people: Rows = [("name", "handle", "e-mail", "telephone", "language")]
    people += [(one.name, one.handle, one.email, one.phone, one.language) for one in job.network.operators]
    posts: Rows = [
        (channel, f"https://{site}/") for channel in job.network.channels for site in job.network.sites
    ]
    return {
        "people & posts.xlsx": as_xlsx(people, "people"),
        "channels.csv": as_csv([("channel", "site"), *posts]),
    }


def _mixed(job: Job) -> Made:
    """Return one text in three languages of three scripts, a stretch of each."""
    codes = [job.dice("mixed").pick(choice) for choice in (("eng", "deu"), ("arb", "heb"), ("rus", "ell"))]
    text = "\n\n".join(notice(job.dice("mixed", code), code).text for code in codes)
    return made(f"{text}\n".encode(), "text/plain", text=text, languages=tuple(codes))


def pack(job: Job, places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write the image."""
    raw = work / "S-04.raw"
    ntfs(raw, room(places, 4 << 20), places, "NEWSDESK")
    return convert(raw, out / ("S-04.vhdx" if job.megabytes else "S-04.vmdk"))


EXHIBIT = Exhibit("S-04", "NTFS in VMDK", False, contents, pack)
