"""S-10, the mirror's crawl of the web sites: WARC."""

from pathlib import Path

from samples.clock import at
from samples.content import pages, pictures, schedule_page
from samples.exhibits.job import Exhibit, Job
from samples.languages import languages
from samples.made import Place
from samples.wire.warc import Visit, warc


def _visits(job: Job) -> list[Visit]:
    """Return visits in every form of transfer, and one page that had not changed."""
    draw, found = job.dice("crawl"), dict(pages(job.network, job.network.sites[1]))
    targets = [(f"https://{job.network.sites[1]}/{path}", content) for path, content in found.items()]
    for station in job.network.stations:
        codes = draw.some(sorted(station.names), len(languages()) // 4)
        targets += [
            (f"https://{station.domain}/{code}/schedule", schedule_page(job.network, code)) for code in codes
        ]
    picture = pictures(job.network, 1)["kestrel-0-grey.jpg"]
    targets.append((f"https://{job.network.sites[0]}/pictures/grey.jpg", picture))
    visits = [
        Visit(uri, content, at(n), bool(n & 1), bool(n & 2)) for n, (uri, content) in enumerate(targets)
    ]
    return [*visits, Visit(*targets[0], at(9000), revisit=True)]


def contents(job: Job) -> list[Place]:
    """Return the records."""
    return warc(_visits(job), job.dice("warc"), "kestrel-crawler/1.0")[1]


def pack(job: Job, _places: list[Place], out: Path, _work: Path) -> tuple[str, ...]:
    """Write the file."""
    (out / "S-10.warc.gz").write_bytes(warc(_visits(job), job.dice("warc"), "kestrel-crawler/1.0")[0])
    return ("S-10.warc.gz",)


EXHIBIT = Exhibit("S-10", "WARC", False, contents, pack)
