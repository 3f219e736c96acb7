"""S-05, the stick found in a server: FAT, raw, with a deleted file."""

from pathlib import Path

from samples.documents.docx import as_docx
from samples.documents.writing import as_text, notice
from samples.exhibits.job import Exhibit, Job, files, room
from samples.images.fat import fat
from samples.languages import languages
from samples.made import EMPTY, Kind, Need, Place
from samples.wire import keys


def contents(job: Job) -> list[Place]:
    """Return notices in some languages with names in their own script, a key, and what was deleted."""
    draw = job.dice("stick")
    found = {
        "EMPTY.TXT": EMPTY,
        "keys/id_ed25519": keys.ssh_private(draw.of("key"), job.network.operators[0].handle),
    }
    for code in draw.some(sorted(languages()), 5):
        document = notice(draw, code)
        found[f"texts/{languages()[code].news}.txt"] = as_text(document)
        found[f"notice-{code}.docx"] = as_docx(document)
    gone = as_text(notice(draw, "fra"))
    return [*files(found), Place("old notice.txt", gone, Kind.DELETED, Need.NAME)]


def pack(job: Job, places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write the image."""
    image = work / "S-05.dd"
    fat(image, room(places, 256 << 10), places, job.network.seed & 0xFFFFFFFF, "KESTREL")
    image.rename(out / image.name)
    return (image.name,)


EXHIBIT = Exhibit("S-05", "FAT, raw", True, contents, pack)
