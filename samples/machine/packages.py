"""The Debian packages that the virtual machine is made of, unpacked into a folder without installing them."""

import os
import subprocess
from pathlib import Path

WANTED = (
    "qemu-system-x86", "linux-image-amd64", "busybox-static", "mdadm", "lvm2", "thin-provisioning-tools",
    "cryptsetup-bin", "btrfs-progs", "xfsprogs", "e2fsprogs", "dosfstools", "kmod", "coreutils",
)  # fmt: skip
LEFT_OUT = ("perl", "python", "debconf", "initramfs-tools", "dpkg")
"""What only maintainers' scripts need, which are not run."""
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu")


def unpack(into: Path) -> Path:
    """Download the packages with all they depend on, and return the folder that holds their files.

    A second call takes what is there. Needs ``apt-get``, ``apt-cache`` and ``dpkg``, no root. Raises
    ``CalledProcessError`` where one of them fails.
    """
    root, debs = into / "root", into / "debs"
    if root.is_dir():
        return root
    debs.mkdir(parents=True, exist_ok=True)
    subprocess.run(["apt-get", "download", "-q", *closure()], check=True, cwd=debs, stdout=subprocess.DEVNULL)
    made = into / "root.part"
    for deb in sorted(debs.glob("*.deb")):
        subprocess.run(["dpkg", "-x", deb, made], check=True)
    made.rename(root)
    return root


def closure() -> list[str]:
    """Return the packages and what they depend on."""
    less = [f"--no-{each}" for each in
            ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")]  # fmt: skip
    asked = ["apt-cache", "depends", "--recurse", *less, *WANTED]
    listed = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    names = {line for line in listed.splitlines() if line[:1] not in (" ", "<", "|", "")}
    return sorted(name for name in names if not any(part in name for part in LEFT_OUT))


def run(root: Path, program: str, *words: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    """Run a program of ``root`` with its own libraries. Raises ``CalledProcessError`` where it fails."""
    libraries = ":".join(str(root / each) for each in LIBRARIES)
    command = [root / "lib64/ld-linux-x86-64.so.2", "--library-path", libraries, root / program, *words]
    given = {**os.environ, "QEMU_MODULE_DIR": str(root / LIBRARIES[0] / "qemu")}
    return subprocess.run(command, check=True, env=given, text=True, **more)  # type: ignore[call-overload,no-any-return]


def libraries(root: Path, program: Path) -> list[Path]:
    """Return the libraries of a program within ``root``; none of one that is linked statically."""
    with program.open("rb") as file:
        if file.read(4) != b"\x7fELF":
            return []
    loader = root / "lib64/ld-linux-x86-64.so.2"
    where = ":".join(str(root / each) for each in LIBRARIES)
    told = subprocess.run(
        [loader, "--library-path", where, "--list", program], capture_output=True, text=True, check=False
    )
    words = [line.split() for line in told.stdout.splitlines()]
    return [Path(line[2]) for line in words if len(line) > 2 and line[1] == "=>"]
