"""Access logs of web and stream servers, and a system log.

Source: Apache HTTP Server 2.4, mod_log_config (combined); nginx, ngx_http_log_module; RFC 3164, section 4.
"""

from samples.clock import at
from samples.dice import Dice
from samples.made import Made, made
from samples.network import NETWORKS

_AGENTS = ("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0", "kestrel-reader/2.1", "curl/8.5.0")


def _client(draw: Dice) -> str:
    return f"{draw.pick(NETWORKS)}.{draw.between(1, 254)}"


def combined(draw: Dice, paths: list[str], count: int, host: str = "") -> Made:
    """Return an access log in the combined form; with a host, as a server of several hosts writes it."""
    lines = []
    for n in range(count):
        status, size = draw.pick((200, 200, 200, 304, 404)), draw.between(300, 9000)
        lines.append(
            f"{host + ' ' if host else ''}{_client(draw)} - - [{at(3 * n):%d/%b/%Y:%H:%M:%S} +0000] "
            f'"GET {draw.pick(paths)} HTTP/1.1" {status} {size} "-" "{draw.pick(_AGENTS)}"'
        )
    return made(("\n".join(lines) + "\n").encode(), "text/plain")


def icecast(draw: Dice, mounts: list[str], count: int) -> Made:
    """Return a stream server's access log: the last field is how long a listener stayed."""
    lines = [
        f'{_client(draw)} - - [{at(5 * n):%d/%b/%Y:%H:%M:%S} +0000] "GET {draw.pick(mounts)} HTTP/1.0" 200 '
        f'{draw.between(10_000, 9_000_000)} "-" "radio/1.0" {draw.between(5, 7200)}'
        for n in range(count)
    ]
    return made(("\n".join(lines) + "\n").encode(), "text/plain")


def system(draw: Dice, host: str, handles: list[str], count: int) -> Made:
    """Return lines of sshd and cron without a year, as the old format has them."""
    lines = []
    for n in range(count):
        when, pid = at(11 * n), draw.between(400, 32000)
        login = (f"sshd[{pid}]: Accepted publickey for {draw.pick(handles)} from {_client(draw)} "
                 f"port {draw.between(1024, 65000)} ssh2")  # fmt: skip
        job = f"CRON[{pid}]: (root) CMD (/usr/local/bin/rotate-playlist)"
        lines.append(f"{when:%b} {when.day:2d} {when:%H:%M:%S} {host} {login if n % 3 else job}")
    return made(("\n".join(lines) + "\n").encode(), "text/plain")
