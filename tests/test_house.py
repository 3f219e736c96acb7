"""The house's own rules: who knows whom, what is registered, how files look, which licences go together."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution, requires
from pathlib import Path

import pytest

import actionday
from actionday import plugins

SOURCE = Path(actionday.__file__).parent
ROOT = SOURCE.parent.parent
FILES = sorted(each for each in SOURCE.rglob("*.py") if "node_modules" not in each.parts)
ROOMS = {
    "actionday.sources": ("SOURCE", "IMAGE", "CARVER"),
    "actionday.parsers": ("PARSER",),
    "actionday.exchange": ("EXPORT", "HASHES"),
}
NO_PLUGIN = {
    "actionday.exchange.bundle",
    "actionday.exchange.bundled",
    "actionday.exchange.export",
    "actionday.exchange.hash_import",
    "actionday.exchange.reported",
}
"""What all exports share, what gives rows and bytes out together, what makes a set of a case out of known hashes, and
what gives out a report."""
LONGEST = 400
LICENCES = frozenset(
    [
        *(
            "0BSD",
            "AGPL-3.0-or-later",
            "Apache-2.0",
            "BSD",
            "BSD-2-Clause",
            "BSD-3-Clause",
            "CC0-1.0",
            "ISC",
            "MIT",
        ),
        *("LGPL-2.1-or-later", "LGPL-3.0-or-later", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Python-2.0"),
        *("Unlicense", "Zlib"),
    ]
)
"""What may be combined with AGPL-3.0-or-later, by SPDX identifier."""
SPELT = {
    "AGPL-3.0-or-later": "affero general public license v3; gnu affero general public license v3; "
    "gnu affero general public license v3 or later (agplv3+)",
    "Apache-2.0": "apache; apache 2.0; apache-2.0; apache license 2.0; apache software license; "
    "apache license, version 2.0",
    "BSD": "bsd; bsd license",
    "CC0-1.0": "cc0",
    "ISC": "isc license (iscl)",
    "LGPL-2.1-or-later": "gnu lesser general public license v2 or later (lgplv2+)",
    "LGPL-3.0-or-later": "lgplv3+; gnu lesser general public license v3 (lgplv3); "
    "gnu lesser general public license v3 or later (lgplv3+)",
    "MIT": "mit; mit license",
    "MPL-2.0": "mozilla public license 2.0 (mpl 2.0)",
    "PSF-2.0": "psfl; python software foundation license",
    "Unlicense": "the unlicense (unlicense)",
}
"""How packages without an SPDX expression spell theirs."""
BY_SPELLING = {spelling: name for name, spellings in SPELT.items() for spelling in spellings.split("; ")}
BUNDLED = "dependency licenses"
"""What pypdfium2 says of PDFium's own parts (BSD, MIT, Apache-2.0, FreeType, Zlib), listed in its wheel."""
APART = {"pytsk3"}
"""Apache-2.0 over CPL-1.0 and IPL-1.0: lives in a process of its own (docs/adr/0008)."""


def test_no_room_knows_what_it_must_not() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_every_module_of_a_room_is_a_plug_in_that_loads(room: str) -> None:
    for name, module in plugins.modules(room):
        if name in NO_PLUGIN:
            continue
        assert not isinstance(module, ImportError), f"{module}: see actionday doctor"
        held = [constant for constant in ROOMS[room] if hasattr(module, constant)]
        assert len(held) == 1, f"{name} holds {held or 'no plug-in'}"


@pytest.mark.parametrize("room", ROOMS)
def test_names_of_plug_ins_are_unique_and_short(room: str) -> None:
    found, _ = plugins.load(room, *ROOMS[room])
    names = [each.name for each in found]
    assert names
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9_.+-]{1,24}", name) for name in names), names


def test_a_companion_loads_the_sleuthkit_and_no_dissect() -> None:
    script = (
        "import sys, actionday.pipeline.companion, pytsk3; "
        "print([name for name in sys.modules if name.partition('.')[0] == 'dissect'])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_worker_loads_no_sleuthkit() -> None:
    script = "import sys; from actionday.pipeline.loaded import Loaded; Loaded.load(); print('pytsk3' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_command_that_ingests_loads_no_model() -> None:
    script = "import sys, actionday.pipeline.ingest; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def relative(path: Path) -> str:
    return str(path.relative_to(SOURCE))


@pytest.mark.parametrize("path", [each for each in FILES if each.name == "__init__.py"], ids=relative)
def test_every_package_says_what_it_is_for(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    opening = re.match(r'"""(.+?)"""', text, re.DOTALL)
    assert opening, "no docstring"
    assert opening[1].count("\n") <= 10


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_no_file_is_long_or_unfinished(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= LONGEST
    assert not re.search(r"\b(TODO|FIXME|XXX)\b|raise NotImplementedError", text)
    assert not re.search(r"(?m)except[^:\n]*:[^#\n]*\n\s*pass$", text), (
        "swallows an error and does not say why"
    )
    assert not re.search(r"(?m)^\s*global ", text)


def closure(name: str, seen: dict[str, Distribution]) -> dict[str, Distribution]:
    """Return every installed distribution that ``name`` needs at run time, itself left out."""
    for line in requires(name) or ():
        match = re.match(r"[A-Za-z0-9._-]+", line)
        needed = match[0].lower().replace("_", "-") if match else ""
        if "extra ==" in line or needed in seen or not needed:
            continue
        try:
            seen[needed] = distribution(needed)
        except PackageNotFoundError:  # for another Python or another system
            continue
        closure(needed, seen)
    return seen


NEEDED = closure("actionday", {})
MODULES = {"pillow": "PIL", "google-crc32c": "google_crc32c"}
"""Packages whose module is called otherwise than they are."""
MADE_WITH = {("babel", "app/web/assets/catalogues.py"), ("babel", "app/web/assets/names.py")}
"""Modules that make what is committed, with a package of the development group."""
DECLARED = [
    re.split(r"[^a-z0-9-]", line)[0] for line in requires("actionday") or () if "extra ==" not in line
]


@pytest.mark.parametrize("name", DECLARED)
def test_what_is_declared_is_used(name: str) -> None:
    """Whatever is installed has to be trusted and kept up to date."""
    module = MODULES.get(name, name.replace("-", "."))
    importing = re.compile(rf"(?m)^\s*(import|from) {re.escape(module)}\b")
    assert any(importing.search(path.read_text(encoding="utf-8")) for path in FILES), (
        f"nothing imports {module}"
    )


def imported(path: Path) -> set[str]:
    """Return the modules at the top that a file imports, wherever in it."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_what_is_used_is_declared() -> None:
    """What another package happens to bring may be gone with its next version."""
    extras = re.findall(r"(?m)^([a-z0-9-]+)[^;\n]*; extra == ", "\n".join(requires("actionday") or ()))
    ours = {MODULES.get(name, name.replace("-", "_")) for name in [*DECLARED, *extras]}
    known = ours | set(sys.stdlib_module_names) | {"actionday"}
    used = {(name, relative(path)) for path in FILES for name in imported(path)}
    assert {each for each in used if each[0] not in known} == MADE_WITH


def test_what_is_made_in_development_is_no_part_of_a_run() -> None:
    modules = {path.removesuffix(".py").replace("/", ".") for _, path in MADE_WITH}
    naming = re.compile(rf"(?m)^\s*(import|from) actionday\.({'|'.join(map(re.escape, sorted(modules)))})\b")
    assert not [relative(path) for path in FILES if naming.search(path.read_text(encoding="utf-8"))]


def licences(facts: Distribution) -> Iterator[list[str]]:
    """Yield the alternatives ("A or B") of each licence that must be kept ("X and Y"), as SPDX identifiers."""
    for part in re.split(r"\s+AND\s+|,\s+(?!version)", declared(facts)):
        if part != BUNDLED:
            each = re.split(r"\s+OR\s+|\s+or\s+(?!later)|/", re.sub(r"\s+WITH\s+[^ )]+", "", part))
            yield [
                BY_SPELLING.get(name.lower(), name) for name in (one.strip("() ") for one in [*each, part])
            ]


def declared(facts: Distribution) -> str:
    """Return the licence as the package declares it: an SPDX expression, else its classifiers, else free text."""
    expression = facts.metadata.get("License-Expression")
    trove = facts.metadata.get_all("Classifier", [])
    named = [
        each.rpartition(" :: ")[2] for each in trove if "License ::" in each and "Approved" not in each[-8:]
    ]
    free = (facts.metadata.get("License") or "").partition("\n")[0]
    return expression or (free if len(free) < 60 else "") or " AND ".join(named)


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_licence_goes_together_with_ours(name: str) -> None:
    if name in APART:
        return
    for alternatives in licences(NEEDED[name]):
        assert any(each in LICENCES for each in alternatives), alternatives


def test_the_one_that_changed_its_licence_before_is_pinned_and_still_free() -> None:
    facts = NEEDED["xberg"]
    pin = next(line for line in requires("actionday") or () if line.startswith("xberg"))
    assert pin == f"xberg=={facts.version}"
    assert declared(facts) == "MIT"
