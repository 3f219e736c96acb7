"""Make the Kestrel network: ``python -m samples.generate --seed 7 --form small --out DIR``.

Exit codes: 0 made; 1 a tool failed; 2 unusable arguments or a missing tool.
"""

import argparse
import sys
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from samples.exhibits import exhibits
from samples.exhibits.job import Job
from samples.made import Place
from samples.network import make_network
from samples.tools import ToolError, missing
from samples.truth import places, truth, write


def generate(seed: int, out: Path, megabytes: int = 0) -> dict[str, object]:
    """Write the exhibits, their sums and the truth into an empty or new folder; return the truth.

    Raises ``ToolError`` when a tool is missing or fails, ``FileExistsError`` for a folder with files in it.
    """
    if out.exists() and any(out.iterdir()):
        raise FileExistsError(f"{out} is not empty")
    job = Job(make_network(seed), megabytes)
    found = places(job)
    folder = out / "exhibits"
    folder.mkdir(parents=True)
    values = truth(job, found, _pack(job, found, folder))
    write(values, out / "truth.json")
    _sums(out)
    return values


def _pack(job: Job, found: dict[str, list[Place]], folder: Path) -> dict[str, tuple[str, ...]]:
    sources = {}
    for exhibit in exhibits():
        with TemporaryDirectory(dir=folder.parent) as work:
            sources[exhibit.id] = exhibit.pack(job, found[exhibit.id], folder, Path(work))
    return sources


def _sums(out: Path) -> None:
    """Write SHA256SUMS of everything made, for `sha256sum -c`."""
    lines = []
    for path in sorted(path for path in out.rglob("*") if path.is_file()):
        with path.open("rb") as data:
            digest = sha256()
            while block := data.read(1 << 20):
                digest.update(block)
        lines.append(f"{digest.hexdigest()}  {path.relative_to(out).as_posix()}\n")
    (out / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, make the network, say where it is."""
    parser = argparse.ArgumentParser(prog="samples.generate", description=__doc__)
    parser.add_argument("--seed", type=int, default=7, help="another seed, another network (default: 7)")
    parser.add_argument("--form", choices=("small", "large"), default="small")
    parser.add_argument(
        "--megabytes", type=int, default=1024, help="weight of the large form (default: 1024)"
    )
    parser.add_argument("--out", type=Path, required=True, help="a new or empty folder")
    given = parser.parse_args(arguments)
    if absent := missing():
        packages = " ".join(sorted(set(absent.values())))
        print(f"missing tools: {', '.join(absent)}; apt-get install {packages}", file=sys.stderr)
        return 2
    try:
        values = generate(given.seed, given.out, given.megabytes if given.form == "large" else 0)
    except (FileExistsError, ToolError) as error:
        print(error, file=sys.stderr)
        return 1 if isinstance(error, ToolError) else 2
    print(f"{given.out}: {len(list(values['exhibits']))} exhibits of seed {given.seed}")  # type: ignore[call-overload]
    return 0


if __name__ == "__main__":
    sys.exit(main())
