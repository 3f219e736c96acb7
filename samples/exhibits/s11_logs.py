"""S-11, the log server: a folder copied from the running machine."""

from pathlib import Path

from samples.exhibits.job import Exhibit, Job, files
from samples.images.archives import packed
from samples.made import EMPTY, Kind, Made, Place, made
from samples.wire import logs, settings


def contents(job: Job) -> list[Place]:
    """Return the logs of all hosts: some plain, some compressed in three ways."""
    found = dict[str, Made]()
    handles = [one.handle for one in job.network.operators]
    for number, server in enumerate(job.network.servers):
        content = logs.system(job.dice("central", server.id), server.role, handles, 40)
        suffix = ("", "gz", "bz2", "xz")[number % 4]
        name = f"{server.host}.log"
        found[f"hosts/{name}{'.' if suffix else ''}{suffix}"] = (
            _packed(name, content, suffix) if suffix else content
        )
    for site in job.network.sites:
        found[f"apache2/{site}.log"] = logs.combined(job.dice("apache", site), ["/", "/robots.txt"], 60, site)
        found[f"apache2/{site}.conf"] = settings.apache(site, job.network.operators[1].email)
    return files(found | {"hosts/unreachable.log": EMPTY})


def _packed(name: str, content: Made, suffix: str) -> Made:
    mime = {"gz": "application/gzip", "bz2": "application/x-bzip2", "xz": "application/x-xz"}[suffix]
    return made(packed(content.data, suffix), mime, inside=(Place(name, content, Kind.MEMBER),))


def pack(_job: Job, places: list[Place], out: Path, _work: Path) -> tuple[str, ...]:
    """Write the folder."""
    for place in places:
        path = out / "S-11" / place.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(place.made.data)
    return ("S-11",)


EXHIBIT = Exhibit("S-11", "folder", False, contents, pack)
