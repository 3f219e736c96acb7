"""Who and what the network is: drawn from the seed, the same properties for every seed."""

from dataclasses import dataclass

from samples.dice import Dice
from samples.languages import Language, languages

COUNTRIES = ("NL", "DE", "FI", "RO", "CH")  # four states of the Union and one outside it
ROLES = (
    "web", "radio", "mail", "newsroom", "stick", "library",
    "backup", "database", "chat", "mirror", "logs", "admin",
)  # fmt: skip
LATER_ROLES = ("files", "vault")
"""Servers that came to the network later: drawn apart, so that the twelve stay as they are."""
BIRDS = ("windhover", "redtail", "merlin", "hobby", "wren", "linnet", "lapwing", "siskin", "dunlin", "plover",
         "curlew", "whimbrel", "fieldfare", "redwing", "sandpiper", "wagtail")  # fmt: skip
TREES = ("oak", "alder", "rowan", "hazel", "birch", "willow", "maple", "linden", "aspen", "elm")
# Documentation ranges. Source: RFC 5737 (IPv4), RFC 3849 (IPv6).
NETWORKS = ("192.0.2", "198.51.100", "203.0.113")
# Numbers set aside for drama and documentation by the numbering authorities (US, UK, FR, DE, SE).
PHONES = ("+1 202 555 01{:02d}", "+44 1632 9600{:02d}", "+33 6 39 98 00 {:02d}", "+49 30 231250{:02d}",
          "+46 8 465 004 {:02d}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Operator:
    """A person of the network."""

    name: str
    handle: str
    language: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Server:
    """A host; ``id`` is also that of the exhibit seized there."""

    id: str
    role: str
    host: str
    country: str
    ip: str
    ip6: str
    operator: str


@dataclass(frozen=True, slots=True)
class Station:
    """A radio station with a programme in several languages: (time, programme) by language."""

    domain: str
    names: dict[str, str]
    schedules: dict[str, tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Network:
    """The whole of it."""

    seed: int
    domain: str
    agency: dict[str, str]
    operators: tuple[Operator, ...]
    servers: tuple[Server, ...]
    stations: tuple[Station, ...]
    sites: tuple[str, ...]
    channels: tuple[str, ...]

    def server(self, role: str) -> Server:
        """Return the server with this role."""
        return next(server for server in self.servers if server.role == role)

    def operator(self, handle: str) -> Operator:
        """Return the operator with this handle."""
        return next(operator for operator in self.operators if operator.handle == handle)


def make_network(seed: int) -> Network:
    """Return the network of a seed: 9 operators, 14 servers in 5 countries, two stations."""
    dice = Dice("kestrel", seed)
    birds = dice.of("birds").shuffled(BIRDS)
    domain = f"{birds[0]}-{dice.of('tree').pick(TREES)}.example"
    operators = _operators(dice, domain, birds)
    agency = {code: dice.of("agency", code).pick(tongue.agencies) for code, tongue in languages().items()}
    return Network(
        seed, domain, agency,
        operators, (*_servers(dice, domain, operators), *_later(dice, domain, operators)), _stations(dice, birds),
        (f"www.{domain}", f"news.{domain}", f"club.{birds[3]}.example"),
        tuple(f"{birds[4]}_{word}" for word in ("radio", "news", "walks")),
    )  # fmt: skip


def _operators(dice: Dice, domain: str, birds: list[str]) -> tuple[Operator, ...]:
    draw = dice.of("operators")
    tongues = draw.some(list(languages().values()), 9)
    handles = [f"{bird}-{draw.pick(TREES)}" for bird in birds[5:14]]
    return tuple(
        Operator(draw.pick(tongue.people), handle, tongue.code,
                 draw.pick(PHONES).format(draw.between(0, 99)), f"{handle}@{domain}")
        for tongue, handle in zip(tongues, handles, strict=True)
    )  # fmt: skip


def _servers(dice: Dice, domain: str, operators: tuple[Operator, ...]) -> tuple[Server, ...]:
    draw = dice.of("servers")
    countries = list(COUNTRIES) + [draw.pick(COUNTRIES) for _ in range(len(ROLES) - len(COUNTRIES))]
    handles = [operator.handle for operator in operators] + [draw.pick(operators).handle for _ in range(3)]
    hosts = draw.some(range(10, 250), len(ROLES))
    rows = zip(ROLES, draw.shuffled(countries), draw.shuffled(handles), hosts, strict=True)
    return tuple(
        Server(f"S-{number:02d}", role, f"{role}.{domain}", country, f"{NETWORKS[number % 3]}.{host}",
               f"2001:db8:{number:x}::{host:x}", handle)
        for number, (role, country, handle, host) in enumerate(rows, 1)
    )  # fmt: skip


def _later(dice: Dice, domain: str, operators: tuple[Operator, ...]) -> tuple[Server, ...]:
    draw = dice.of("servers", "later")
    hosts = draw.some(range(1, 10), len(LATER_ROLES))  # the twelve have numbers from 10 on
    return tuple(
        Server(f"S-{number:02d}", role, f"{role}.{domain}", draw.of(role).pick(COUNTRIES),
               f"{NETWORKS[number % 3]}.{host}", f"2001:db8:{number:x}::{host:x}",
               draw.of(role, "operator").pick(operators).handle)
        for number, (role, host) in enumerate(zip(LATER_ROLES, hosts, strict=True), len(ROLES) + 1)
    )  # fmt: skip


def _stations(dice: Dice, birds: list[str]) -> tuple[Station, ...]:
    codes = dice.of("stations").shuffled(list(languages()))
    halves = codes[::2], codes[1::2]
    return tuple(
        Station(
            f"radio.{birds[1 + number]}.example",
            {code: dice.of("station", number).pick(languages()[code].stations) for code in sorted(half)},
            {code: _schedule(dice.of("schedule", code), languages()[code]) for code in sorted(half)},
        )
        for number, half in enumerate(halves)
    )


def _schedule(draw: Dice, tongue: Language) -> tuple[tuple[str, str], ...]:
    programmes = draw.some(tongue.programmes, draw.between(5, 7))
    first = draw.between(14, 16)
    return tuple((f"{first + n}:{draw.pick(('00', '15', '30'))}", name) for n, name in enumerate(programmes))
