"""Images in the containers of imagers and hypervisors."""

from pathlib import Path

from samples.tools import run

_FORMATS = {
    "qcow2": ("qcow2", ["-c"]),
    "vmdk": ("vmdk", ["-o", "subformat=streamOptimized"]),
    "vhdx": ("vhdx", []),
    "vdi": ("vdi", []),
    "vhd": ("vpc", []),
}


def convert(raw: Path, target: Path) -> tuple[str, ...]:
    """Write the raw image as the container that the target's suffix names and return its file name."""
    kind, options = _FORMATS[target.suffix[1:]]
    run("qemu-img", "convert", "-f", "raw", "-O", kind, *options, raw, target)
    return (target.name,)


def e01(raw: Path, target: Path, evidence: str, segment: int) -> tuple[str, ...]:
    """Write the raw image as EWF in segments of ``segment`` bytes (at least 1 MiB), with MD5 and SHA-1.

    Returns the segments' file names, the first first.
    """
    run("ewfacquire", "-u", "-q", "-t", target.with_suffix(""), "-f", "encase6", "-c", "best", "-d", "sha1",
        "-C", "Kestrel", "-D", "stream server", "-E", evidence, "-e", "A. Examiner", "-N", "made for tests",
        "-m", "fixed", "-M", "logical", "-S", str(segment), "-w", raw)  # fmt: skip
    return tuple(sorted(path.name for path in target.parent.glob(f"{target.stem}.E*")))
