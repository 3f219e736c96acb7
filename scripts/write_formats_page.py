"""Write ``docs/formats.md`` from the plug-ins themselves: ``python scripts/write_formats_page.py``.

What a format is, what it is told by, which library reads it and with which limits comes from the plug-in's own file:
its docstring, its marks, what it and its helpers import, its constants. Other tools' lists stand in
``formats_of_others.py``.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions, requires, version
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

from actionday import plugins
from actionday.model.counted import grouped

sys.path.insert(0, str(Path(__file__).parent.parent))
from scripts.formats_of_others import LISTS, TOOLS, Theirs

ROOT = Path(__file__).parent.parent
PAGE, SOURCE = ROOT / "docs" / "formats.md", ROOT / "src"
HEAD = """# What is read

Made from the plug-ins by `make docs`; a test compares them. Each row is one file of `src/actionday/`, found by its
constant; what it says of a format is the beginning of its own docstring. The whole of a format, with what is
noticed, kept and refused, stands in [disks](formats/disks.md), [archives](formats/archives.md),
[mail](formats/mail.md), [documents](formats/documents.md), [chats](formats/chats.md),
[databases](formats/databases.md), [known files](formats/known-files.md) and
[space that belongs to no file](formats/unallocated.md).

*Told by*: fixed bytes at a fixed place, the end of a name, or else the structure alone; nothing is ever opened by
its name where its bytes speak against it. *With*: the libraries and the modules of Python's that its file and its
helpers load, which may serve only what lies in it or beside; else our own code alone. Versions are those of
`uv.lock`. *Limits of its own* come on top of those of [every case](architecture.md#limits). **Not read** means:
recognised, named in the case with its size and its hash, and not opened. What nobody here knows is listed and
hashed all the same, and what is readable in it is kept as text.
"""
ROOMS = (
    ("Disk images", "actionday.sources", "images"),
    ("Partitions, arrays, encrypted volumes", "actionday.sources", "volumes"),
    ("File systems", "actionday.sources", "filesystems"),
    ("Archives and what lies in documents", "actionday.sources", "archives"),
    ("Mail stores and messages", "actionday.sources", "mail"),
    ("Web archives and pages", "actionday.sources", "web"),
    ("Chats", "actionday.sources", "chats"),
    ("Databases", "actionday.sources", "databases"),
    ("Space that belongs to no file", "actionday.sources", "carving"),
    ("Text and metadata of single files", "actionday.parsers", ""),
    ("Lists of known hashes", "actionday.exchange", "hashes"),
)
CONSTANTS = {
    "actionday.sources": ("SOURCE", "IMAGE", "ASSEMBLY", "CARVER"),
    "actionday.parsers": ("PARSER",),
    "actionday.exchange": ("HASHES",),
}
STANDARD = {
    "bz2": "bzip2", "csv": "csv", "email": "email", "lzma": "lzma", "plistlib": "plistlib", "sqlite3": "sqlite3",
    "xml": "xml", "zipfile": "zipfile", "zlib": "zlib",
}  # fmt: skip
"""Modules of Python's that take formats apart."""
SYSTEM = {
    "actionday.sources.archives._libarchive": "libarchive of the system",
    "actionday.sources.filesystems._tsk_source": "pytsk3",
}
"""Helpers that call what no import shows: by ``ctypes``, or in a process of its own."""
FREE = frozenset({"msgspec", "orjson"})
"""Libraries for our own values, which read no format."""
LIMIT = re.compile("(MOST|LONGEST|DEEPEST|LARGEST)(_[A-Z_]+)?")
UNREAD = re.compile(r"\bnot read\b", re.IGNORECASE)


class Format(NamedTuple):
    """A plug-in as the page has it."""

    name: str
    what: str
    told: str
    by: str
    limits: str

    @property
    def read(self) -> bool:
        """Whether it is opened, and not only recognised."""
        return not UNREAD.search(self.what)


def formats(package: str, below: str) -> Iterator[Format]:
    """Yield the plug-ins of a room, each once, by name."""
    prefix = f"{package}.{below}." if below else f"{package}."
    found: dict[str, Format] = {}
    for name, module in plugins.modules(package):
        if not name.startswith(prefix) or (package == "actionday.exchange" and not below):
            continue
        if isinstance(module, ImportError):
            raise module
        for constant in CONSTANTS[package]:
            if hasattr(module, constant):
                plugin = getattr(module, constant)
                found.setdefault(plugin.name, _format(plugin, name, module))
    yield from (found[name] for name in sorted(found))


def _format(plugin: Any, name: str, module: ModuleType) -> Format:
    what = " ".join((module.__doc__ or "").split("\n\n")[0].split())
    return Format(plugin.name, what, _told(plugin), _by(name), _limits(name))


def _told(plugin: Any) -> str:
    if mimes := getattr(plugin, "mimes", ()):
        shown = [f"`{each}`" for each in mimes[:4]]
        return ", ".join(shown) + (f" and {len(mimes) - 4} more types" if len(mimes) > 4 else "")
    if getattr(plugin, "marks", ()):
        return "fixed bytes"
    called = getattr(plugin, "called", ())
    if called and not isinstance(called, str):  # a list of known hashes is called so
        return "its name's end: " + ", ".join(
            f"`{each.strip()}`" for each in dict.fromkeys(map(str.strip, called))
        )
    return "its structure"


def _by(name: str) -> str:
    libraries, standard = set[str](), set[str]()
    known, packages = declared(), distributions()
    for each in reached(name):
        if each in SYSTEM:
            libraries.add(SYSTEM[each])
        top = each.partition(".")[0]
        libraries |= {one for one in packages.get(top, ()) if one in known and one not in FREE}
        if top in STANDARD:
            standard.add(f"Python's `{STANDARD[top]}`")
    named = [each if " " in each else f"{each} {version(each)}" for each in sorted(libraries)]
    return ", ".join([*named, *sorted(standard)]) or "own"


@cache
def distributions() -> Mapping[str, list[str]]:
    """Return which packages bring a module; looking it up reads the records of all that is installed."""
    return packages_distributions()


@cache
def declared() -> frozenset[str]:
    """Return the libraries that are needed at run time."""
    return frozenset(re.split(r"[^A-Za-z0-9_.-]", line)[0] for line in requires("actionday") or ())


def reached(name: str) -> set[str]:
    """Return every module that a plug-in imports, by itself or by its helpers; other plug-ins are not gone through."""
    seen, found, todo = set[str](), set[str](), [name]
    while todo:
        here = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        for each in imported(here):
            found.add(each)
            helper = each.rpartition(".")[2].startswith("_") or each.startswith("actionday.mime")
            if each.startswith("actionday.") and helper:
                todo.append(each)
    return found


@cache
def imported(name: str) -> frozenset[str]:
    """Return the modules that a module of ours names in its imports, within functions too."""
    tree = parsed(name)
    if tree is None:
        return frozenset()
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
    return frozenset(found)


@cache
def parsed(name: str) -> ast.Module | None:
    """Return the tree of a module of ours, None where there is none."""
    path = SOURCE / Path(*name.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8")) if file.is_file() else None


def _limits(name: str) -> str:
    """Return the limits that the file of a plug-in sets and explains."""
    tree = parsed(name)
    assert tree is not None, name
    found = []
    for node, behind in zip(tree.body, tree.body[1:], strict=False):
        match node, behind:
            case (
                ast.Assign(targets=[ast.Name(id=called)], value=value),
                ast.Expr(value=ast.Constant(value=str(words))),
            ) if LIMIT.fullmatch(called):
                number = _number(value)
                if number is not None:
                    found.append(f"{grouped(number)}: {' '.join(words.split())}")
    return "<br>".join(found)


def _number(value: ast.expr) -> int | None:
    try:
        found = eval(compile(ast.Expression(value), "limit", "eval"), {"__builtins__": {}})  # noqa: S307 - our own file
    except NameError:
        return None
    return found if isinstance(found, int) else None


def page() -> str:
    """Return the page."""
    rooms = [(title, list(formats(package, below))) for title, package, below in ROOMS]
    known = {
        each.name: each for _, found in reversed(rooms) for each in found
    }  # what opens comes before what reads
    return "".join([HEAD, *(_room(*each) for each in rooms), _others(known)])


def _room(title: str, found: list[Format]) -> str:
    rows = "".join(
        f"| `{each.name}` | {'' if each.read else '**Not read.** '}{cell(each.what)} | {cell(each.told)} | "
        f"{cell(each.by)} | {cell(each.limits)} |\n"
        for each in found
    )
    return (
        f"\n## {title}\n\n| name | what | told by | with | limits of its own |\n|---|---|---|---|---|\n{rows}"
    )


def cell(text: str) -> str:
    """Return a text as a cell of a table."""
    return text.replace("``", "`").replace("|", "\\|")


def _others(known: dict[str, Format]) -> str:
    parts = [
        "\n## Beside other tools\n\nWhat three others say that they read, by their own lists, and what of it is read "
        "here. A list of formats says nothing of how well one is read, in either direction; none was run against the "
        "same evidence for this page.\n"
    ]
    for key, tool in TOOLS.items():
        rows = "".join(_row(each, known) for each in LISTS[key])
        parts.append(
            f"\n### {tool.name}\n\nSource: {tool.source}.\n\n| what it names | here | |\n|---|---|---|\n{rows}"
        )
    return "".join(parts)


def _row(each: Theirs, known: dict[str, Format]) -> str:
    came = [known[name] for name in each.soon if name in known]
    ours = [*came, *(known[name] for name in each.ours if not came or known[name].read)]
    if not ours:
        here = "**no**"
    elif not any(one.read for one in ours):
        here = "recognised, **not read**"
    else:
        here = "in part" if each.note and not each.whole else "yes"
    names = ", ".join(f"`{one.name}`" for one in ours)
    return f"| {cell(each.formats)} | {here} | {cell('; '.join(filter(None, (names, each.note))))} |\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
