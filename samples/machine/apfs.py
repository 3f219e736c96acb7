"""What the machine needs for APFS beyond its own packages: a module of the kernel, and a program that takes snapshots.

The module is Debian's ``apfs-dkms``, built with this machine's ``gcc`` against the headers of the other one's kernel.
"""

import shutil
import subprocess
from pathlib import Path

TOOLS = ("sbin/mkapfs", "usr/sbin/mkapfs", "usr/bin/setfattr", "usr/sbin/apfs-snap")
SOURCE = r"""
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
struct named { char name[256]; };
int main(int count, char **words) {
    struct named snapshot;
    if (count != 3) return 2;
    memset(&snapshot, 0, sizeof snapshot);
    strncpy(snapshot.name, words[2], 255);
    int at = open(words[1], O_RDONLY);
    if (at >= 0 && ioctl(at, _IOW('@', 0x85, struct named), &snapshot) >= 0) return 0;
    perror(words[2]);
    return 1;
}
"""
"""``APFS_IOC_TAKE_SNAPSHOT`` of linux-apfs-rw, whose own program for it is not in Debian 12."""


def add(root: Path, work: Path) -> None:
    """Put module and programs into ``root``, once. Raises ``CalledProcessError`` where one cannot be had or built."""
    (version,) = (path.name for path in (root / "lib/modules").iterdir())
    module = root / "lib/modules" / version / "kernel/fs/apfs/apfs.ko"
    if module.exists():
        return
    made = work / "apfs"
    shutil.rmtree(made, ignore_errors=True)
    (made / "debs").mkdir(parents=True)
    kernel = version.rpartition("-")[0]
    series = ".".join(version.split(".")[:2])
    wanted = ["apfs-dkms", "apfsprogs", "attr", f"linux-headers-{version}", f"linux-headers-{kernel}-common",
              f"linux-kbuild-{series}"]  # fmt: skip
    subprocess.run(
        ["apt-get", "download", "-q", *wanted], check=True, cwd=made / "debs", stdout=subprocess.DEVNULL
    )
    for deb in sorted((made / "debs").glob("*.deb")):
        tools = deb.name.startswith(("apfsprogs", "attr"))
        subprocess.run(["dpkg", "-x", deb, root if tools else made / "root"], check=True)
    module.parent.mkdir(exist_ok=True)
    subprocess.run(["strip", "--strip-debug", "-o", module, _built(made / "root", version)], check=True)
    program: list[str | Path] = ["gcc", "-static", "-O1", "-x", "c", "-", "-o", root / "usr/sbin/apfs-snap"]
    subprocess.run(program, input=SOURCE, text=True, check=True)


def _built(root: Path, version: str) -> Path:
    """Return the module, built in ``root``."""
    headers = root / "usr/src" / f"linux-headers-{version}"
    makefile = headers / "Makefile"
    makefile.write_text(makefile.read_text().replace("/usr/src/", f"{root}/usr/src/"))
    (source,) = (root / "usr/src").glob("linux-apfs-rw-*")
    subprocess.run(["make", "-C", headers, f"M={source}", "modules"], check=True, stdout=subprocess.DEVNULL)
    return source / "apfs.ko"
