"""S-06, the disc in the library's drive: ISO 9660 with Rock Ridge and Joliet names."""

from pathlib import Path

from samples.content import OLD_PAGES, pictures
from samples.documents.html import as_html
from samples.documents.odt import as_odt
from samples.documents.writing import as_text, news, notice
from samples.exhibits.job import Exhibit, Job, files
from samples.images.iso import iso
from samples.languages import languages
from samples.made import Made, Place


def contents(job: Job) -> list[Place]:
    """Return back numbers of the newsletter in each language: text in old encodings, pages, ODT."""
    draw, found = job.dice("library"), dict[str, Made]()
    for code in languages():
        folder = f"newsletter/{code}"
        found[f"{folder}/{draw.between(2011, 2018)}.txt"] = as_text(
            notice(draw, code), OLD_PAGES.get(code, "utf-8")
        )
        found[f"{folder}/{draw.between(2019, 2021)}.html"] = as_html(news(draw, code, job.network))
        found[f"{folder}/{draw.between(2022, 2025)}.odt"] = as_odt(news(draw, code, job.network))
    return [*files(found), *files(pictures(job.network, 1), "pictures")]


def pack(job: Job, places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write the disc."""
    image = work / "S-06.iso"
    iso(image, places, f"KESTREL_{job.network.seed % 1000}")
    image.rename(out / image.name)
    return (image.name,)


EXHIBIT = Exhibit("S-06", "ISO 9660", True, contents, pack)
