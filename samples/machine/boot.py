"""A virtual machine that runs the recipes: its initial file system, and its run."""

import shutil
import subprocess
from pathlib import Path

from samples.machine import apfs
from samples.machine.contents import write
from samples.machine.packages import libraries, run

TOOLS = """
sbin/mdadm sbin/lvm sbin/dmsetup usr/sbin/pdata_tools sbin/cryptsetup bin/btrfs sbin/mkfs.btrfs
sbin/mke2fs bin/cp sbin/tune2fs sbin/mkfs.xfs sbin/mkfs.fat
""".split()  # noqa: SIM905 (one name a line would be a screenful)
MODULES = ("drivers/md", "drivers/block", "drivers/virtio", "drivers/char/hw_random", "fs", "net/9p", "crypto", "lib",
           "arch/x86/crypto", "drivers/dax", "block")  # fmt: skip
HERE = Path(__file__).parent
SECONDS = 3600
"""Without hardware that helps the slowest recipe takes minutes; beyond this it hangs."""


def initial(root: Path, into: Path, recipes: list[Path]) -> Path:
    """Return the packed initial file system with tools, modules, contents and recipes."""
    made = into / "initial"
    shutil.rmtree(made, ignore_errors=True)
    for folder in (
        "bin",
        "sbin",
        "proc",
        "sys",
        "dev",
        "t",
        "m",
        "m2",
        "out",
        "recipes",
        "etc/lvm",
        "run",
        "tmp",
    ):
        (made / folder).mkdir(parents=True)
    loader = root / "lib64/ld-linux-x86-64.so.2"
    _copy(root, made, loader)
    more = [tool for tool in apfs.TOOLS if (root / tool).exists()]
    for tool in map(root.joinpath, [*TOOLS, *more]):
        for each in (tool, *libraries(root, tool)):
            _copy(root, made, each)
    _modules(root, made)
    (made / "bin/cp").rename(made / "sbin/cp.sparse")  # the busybox has its own, which fills holes
    shutil.copy(root / "bin/busybox", made / "bin/busybox")
    write(made / "contents")
    for each in recipes:
        shutil.copy(each, made / "recipes")
    shutil.copy(HERE / "guest.sh", made / "init")
    (made / "init").chmod(0o755)
    packed = into / "initial.gz"
    names = subprocess.run(["find", ".", "-print0"], cwd=made, check=True, capture_output=True).stdout
    with packed.open("wb") as file:
        command = "cpio -o0 -H newc --quiet | gzip -1"
        subprocess.run(command, shell=True, cwd=made, input=names, stdout=file, check=True)
    return packed


def _copy(root: Path, made: Path, path: Path) -> None:
    target = made / path.relative_to(root)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path.resolve(), target)


def _modules(root: Path, made: Path) -> None:
    version = next((root / "lib/modules").iterdir())
    for each in MODULES:
        if (version / "kernel" / each).is_dir():
            shutil.copytree(version / "kernel" / each, made / version.relative_to(root) / "kernel" / each)
    for table in version.glob("modules.*"):
        shutil.copy(table, made / version.relative_to(root))
    depmod = made.parent / "depmod"  # the program goes by its name
    depmod.unlink(missing_ok=True)
    depmod.symlink_to(root / "bin/kmod")
    loader, where = (
        root / "lib64/ld-linux-x86-64.so.2",
        f"{root}/lib/x86_64-linux-gnu:{root}/usr/lib/x86_64-linux-gnu",
    )
    named: list[str | Path] = [
        loader,
        "--argv0",
        "depmod",
        "--library-path",
        where,
        depmod,
        "-b",
        made,
        version.name,
    ]
    subprocess.run(named, check=True)


def boot(root: Path, packed: Path, out: Path, clock: str) -> None:
    """Run the machine until it powers itself off; its serial line goes to ``out/serial.log``."""
    kernel = next((root / "boot").glob("vmlinuz-*"))
    words: list[str | Path] = [
        "-L", root / "usr/share/qemu", "-L", root / "usr/share/seabios", "-accel", "tcg",
        "-m", "2048", "-smp", "2", "-nodefaults", "-display", "none", "-no-reboot", "-rtc", f"base={clock}",
        "-serial", f"file:{out / 'serial.log'}", "-device", "virtio-rng-pci",
        "-virtfs", f"local,path={out},mount_tag=out,security_model=none",
        "-kernel", kernel, "-initrd", packed, "-append", "console=ttyS0 panic=-1 loglevel=1",
    ]  # fmt: skip
    run(root, "usr/bin/qemu-system-x86_64", *words, timeout=SECONDS)
