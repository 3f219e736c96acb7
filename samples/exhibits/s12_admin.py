"""S-12, the administrator's home: keys, certificates, the inventory, in tar.xz."""

from pathlib import Path

from samples.documents.writing import as_text, notice
from samples.exhibits.job import Exhibit, Job, files
from samples.images.archives import packed, tar
from samples.made import Kind, Made, Place, plain
from samples.wire import keys, settings


def contents(job: Job) -> list[Place]:
    """Return the keys of all operators, the certificates of all sites, and notes."""
    found: dict[str, Made] = {"hosts.ini": settings.inventory(job.network)}
    for who in job.network.operators:
        draw, comment = job.dice("ssh", who.handle), f"{who.handle}@{job.network.server('admin').host}"
        found[f".ssh/{who.handle}"] = keys.ssh_private(draw, comment)
        found[f".ssh/{who.handle}.pub"] = plain(keys.ssh_public(draw, comment))
    for site in job.network.sites:
        certificate, key = keys.tls(job.dice("tls", site), [site, f"mail.{site}"])
        found |= {f"tls/{site}.pem": certificate, f"tls/{site}.key": key}
    owner = job.network.operator(job.network.server("admin").operator)
    found["notes.txt"] = as_text(notice(job.dice("admin notes"), owner.language))
    return files(found, "home/admin", Kind.MEMBER)


def pack(_job: Job, places: list[Place], out: Path, _work: Path) -> tuple[str, ...]:
    """Write the archive."""
    (out / "S-12.tar.xz").write_bytes(packed(tar(places), "xz"))
    return ("S-12.tar.xz",)


EXHIBIT = Exhibit("S-12", "tar.xz", True, contents, pack)
