"""S-01, the web server: a raw disk with a GPT, a FAT boot partition and ext4."""

from pathlib import Path

from samples.clock import seconds
from samples.content import bulk, pages, pictures
from samples.documents.writing import as_text, notice
from samples.exhibits.job import Exhibit, Job, below, files, room
from samples.images.archives import packed
from samples.images.disk import ESP, LINUX, gpt
from samples.images.ext4 import ext4
from samples.images.fat import fat
from samples.made import EMPTY, Kind, Made, Need, Place, made, plain
from samples.wire import keys, logs, settings

_HOLE = 48 << 10  # bytes of nothing before and after the one line of the sparse file


def contents(job: Job) -> list[Place]:
    """Return the boot partition (p1) and the root file system (p2)."""
    boot = files(
        {"loader/loader.conf": plain("default kestrel\ntimeout 3\n"), "EFI/readme.txt": plain("boot files\n")}
    )
    root = [
        *_settings(job),
        *_web(job),
        *_logs(job),
        *_odd(job),
        *bulk(job.network, job.share(60), "var/www/archive"),
    ]
    return [*(place.under("p1") for place in boot), *(place.under("p2") for place in root)]


def _settings(job: Job) -> list[Place]:
    out = []
    for site in job.network.sites:
        certificate, key = keys.tls(job.dice("tls", site), [site, f"mail.{site}"])
        server = settings.nginx(site, job.network.server("radio").ip)
        out += files({f"etc/nginx/sites-available/{site}.conf": server, f"etc/ssl/certs/{site}.pem": certificate,
                      f"etc/ssl/private/{site}.key": key})  # fmt: skip
        link = f"../sites-available/{site}.conf"
        out.append(_link(f"etc/nginx/sites-enabled/{site}.conf", link))
    who = job.network.operator(job.network.server("web").operator)
    line = keys.ssh_public(job.dice("ssh", who.handle), f"{who.handle}@{job.network.server('admin').host}")
    return [*out, Place(f"home/{who.handle}/.ssh/authorized_keys", plain(line))]


def _link(path: str, target: str) -> Place:
    return Place(path, made(b"", statuses=("unsupported",)), Kind.SYMLINK, target=target)


def _web(job: Job) -> list[Place]:
    out = []
    for number, site in enumerate(job.network.sites):
        found = pages(job.network, site)
        out += files(found, f"var/www/{site}")
        style = plain(f"body {{ max-width: {40 + number}em }}\n", mime="text/css")
        out += files({"style.css": style}, f"var/www/{site}")
    return [*out, *files(pictures(job.network, 3), f"var/www/{job.network.sites[0]}/pictures")]


def _logs(job: Job) -> list[Place]:
    site = job.network.sites[0]
    paths = ["/", "/style.css", *(f"/{path}" for path in pages(job.network, site))]
    old = logs.combined(job.dice("log", 1), paths, 120)
    inside = Place("access.log.1", old, Kind.MEMBER)
    return [
        Place("var/log/nginx/access.log", logs.combined(job.dice("log", 0), paths, 150), mtime=seconds(500)),
        Place(
            "var/log/nginx/access.log.1.gz",
            made(packed(old.data, "gz"), "application/gzip", inside=(inside,)),
        ),
        Place(
            "var/log/auth.log", logs.system(job.dice("auth"), "web", [job.network.operators[0].handle], 60)
        ),
    ]


def _odd(job: Job) -> list[Place]:
    """Return what real servers have too: a deleted draft, a name in an old encoding, a hole, an empty file."""
    draft = as_text(notice(job.dice("draft"), "eng"))
    letter = as_text(notice(job.dice("letter"), "rus"), "windows-1251")
    name = "письмо.txt".encode("windows-1251")
    return [
        Place("var/www/draft-notice.txt", draft, Kind.DELETED, Need.NAME),
        Place(f"srv/{name.decode('utf-8', 'surrogateescape')}", letter, raw=name),
        Place("var/spool/buffer.bin", _sparse(job)),
        Place("var/lib/nginx/.keep", EMPTY),
        Place("srv/café – ночь 夜.txt", as_text(notice(job.dice("night"), "jpn"))),
    ]


def _sparse(job: Job) -> Made:
    hole = bytes(_HOLE)
    return made(hole + f"spool {job.dice('spool').uuid()}\n".encode() + hole)


def pack(job: Job, places: list[Place], out: Path, work: Path) -> tuple[str, ...]:
    """Write the disk."""
    boot, root, disk = work / "p1", work / "p2", out / "S-01.dd"
    fat(boot, 128 << 10, below(places, "p1"), 0x2026_0301, "BOOT")
    system = below(places, "p2")
    ext4(root, room(system, 1 << 20), system, job.dice("S-01").uuid())
    gpt(disk, [(ESP, "boot", boot), (LINUX, "root", root)], job.dice("S-01 disk"))
    return (disk.name,)


EXHIBIT = Exhibit("S-01", "GPT disk (FAT, ext4), raw", True, contents, pack)
