"""S-08, the database server: an MBR disk with ext4 and an unformatted partition, in QCOW2."""

from pathlib import Path

from samples.exhibits.job import Exhibit, Job, below, files, room
from samples.images.archives import packed
from samples.images.containers import convert
from samples.images.disk import LINUX_MBR, SWAP_MBR, mbr
from samples.images.ext4 import ext4
from samples.made import Kind, Made, Place, made, plain
from samples.wire import dumps, logs

_SWAP = 64 << 10  # bytes


def contents(job: Job) -> list[Place]:
    """Return the dumps of both databases, last week's compressed, and the host's log."""
    forum = dumps.mysql(job.dice("forum"), job.network, 40)
    members = dumps.postgresql(job.dice("members"), job.network)
    old = dumps.mysql(job.dice("forum", "old"), job.network, 25)
    handles = [one.handle for one in job.network.operators]
    host = job.network.server("database").host
    found = {
        "var/backups/forum.sql": forum, "var/backups/members.sql": members, "etc/hostname": plain(host + "\n"),
        "var/backups/forum-old.sql.bz2": _packed("forum-old.sql", old),
        "var/log/syslog": logs.system(job.dice("db log"), "database", handles, 80),
        "etc/mysql/my.cnf": plain(f"[mysqld]\nbind-address = {job.network.server('database').ip}\n"),
    }  # fmt: skip
    return [place.under("p1") for place in files(found)]


def _packed(name: str, content: Made) -> Made:
    return made(
        packed(content.data, "bz2"), "application/x-bzip2", inside=(Place(name, content, Kind.MEMBER),)
    )


def pack(job: Job, places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write the image."""
    root, swap, disk = work / "p1", work / "p2", work / "S-08.raw"
    system = below(places, "p1")
    ext4(root, room(system, 1 << 20), system, job.dice("S-08").uuid())
    swap.write_bytes(bytes(_SWAP))
    mbr(disk, [(LINUX_MBR, root), (SWAP_MBR, swap)], job.network.seed & 0xFFFFFFFF)
    return convert(disk, out / ("S-08.vdi" if job.megabytes else "S-08.qcow2"))


EXHIBIT = Exhibit("S-08", "MBR disk (ext4) in QCOW2", True, contents, pack)
