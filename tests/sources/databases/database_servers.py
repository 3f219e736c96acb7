"""Real database servers for the tests: started in a folder of their own, without a port, and stopped again."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
MARIA = ("mariadbd", "mariadb-install-db", "mariadb", "mariadb-dump")


def wanted(*tools: str) -> None:
    os.environ["PATH"] += ":/usr/sbin" if "/usr/sbin" not in os.environ["PATH"] else ""
    missing = [each for each in tools if shutil.which(each) is None]
    if missing:
        pytest.skip(f"not here: {', '.join(missing)}")


@contextmanager
def folder(user: str) -> Iterator[tuple[Path, list[str]]]:
    """A folder that the server's user owns, and how a command is run as that user: no server starts as root."""
    with tempfile.TemporaryDirectory() as name:
        path, before = Path(name), list[str]()
        path.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(path, user)
            before = ["runuser", "-u", user, "--"]
        yield path, before


def run(*command: object, given: bytes = b"") -> bytes:
    done = subprocess.run([*map(str, command)], input=given, capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    return done.stdout


def postgres(script: str, dumps: Sequence[Sequence[str]], encoding: str = "UTF8") -> list[bytes]:
    """Return what ``pg_dump`` with each of ``dumps`` as options writes of a database made by ``script``."""
    if not POSTGRES:
        pytest.skip("not here: postgresql")
    here = POSTGRES[-1]
    with folder("postgres") as (path, before):
        run(
            *before,
            here / "initdb",
            "-D",
            path / "d",
            "-A",
            "trust",
            "-U",
            "kestrel",
            "-E",
            encoding,
            "--locale=C",
        )
        options = f"-k {path} -h '' -F"
        run(*before, here / "pg_ctl", "-w", "-D", path / "d", "-o", options, "-l", path / "log", "start")
        try:
            as_user = ("-h", path, "-U", "kestrel")
            run(
                *before,
                here / "psql",
                "-q",
                "-v",
                "ON_ERROR_STOP=1",
                *as_user,
                "postgres",
                given=script.encode(),
            )
            return [run(*before, here / "pg_dump", *as_user, *options, "postgres") for options in dumps]
        finally:
            run(*before, here / "pg_ctl", "-m", "immediate", "-D", path / "d", "stop")


def maria(script: str, dumps: Sequence[Sequence[str]]) -> list[bytes]:
    """Return what ``mariadb-dump`` with each of ``dumps`` as options writes of the databases made by ``script``."""
    wanted(*MARIA)
    with folder("mysql") as (path, before):
        install = ("--no-defaults", f"--datadir={path / 'd'}", "--auth-root-authentication-method=normal")
        run(*before, "mariadb-install-db", *install, "--skip-test-db")
        socket = path / "s"
        server = subprocess.Popen(
            [*before, "mariadbd", "--no-defaults", f"--datadir={path / 'd'}", "--skip-networking",
             f"--socket={socket}", f"--pid-file={path / 'pid'}", "--innodb-flush-log-at-trx-commit=0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            client = ("--no-defaults", "-uroot", "-S", socket)
            until = time.monotonic() + 60
            while subprocess.run(
                ["mariadb", *map(str, client), "-e", "select 1"], capture_output=True
            ).returncode:
                assert server.poll() is None, "the server ended"
                assert time.monotonic() < until, "the server does not answer"
                time.sleep(0.1)
            run("mariadb", *client, given=script.encode())
            return [run("mariadb-dump", *client, *options) for options in dumps]
        finally:
            run("mariadb-admin", "--no-defaults", "-uroot", "-S", socket, "shutdown")
            server.wait(60)
