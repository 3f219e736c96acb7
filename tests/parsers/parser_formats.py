"""Makes the document in every format, by the programs people write such files with; once a session."""

import json
import shutil
import subprocess
from pathlib import Path

from parser_changes import changed
from parser_source import csv, html

CSV = "Text - txt - csv (StarCalc)"
WRITER = {
    "writer.docx": "MS Word 2007 XML",
    "writer.dotx": "MS Word 2007 XML Template",
    "writer.doc": "MS Word 97",
    "writer.dot": "MS Word 97 Vorlage",
    "writer.rtf": "Rich Text Format",
    "writer.odt": "writer8",
    "writer.ott": "writer8_template",
    "writer.fodt": "OpenDocument Text Flat XML",
    "writer.epub": "EPUB",
    "writer.pdf": "writer_pdf_Export",
    "writer.txt": "Text (encoded):UTF8",
    "writer.xhtml": "XHTML Writer File",
    "writer.uot": "UOF text",
    "writer.html": "HTML (StarWriter)",
}
CALC = {
    "calc.xlsx": "Calc MS Excel 2007 XML",
    "calc.xlsm": "Calc MS Excel 2007 VBA XML",
    "calc.xltx": "Calc MS Excel 2007 XML Template",
    "calc.xls": "MS Excel 97",
    "calc.xlt": "MS Excel 97 Vorlage/Template",
    "calc.ods": "calc8",
    "calc.ots": "calc8_template",
    "calc.fods": "OpenDocument Spreadsheet Flat XML",
    "calc.xml": "MS Excel 2003 XML",
    "calc.uos": "UOF spreadsheet",
}
IMPRESS = {
    "impress.ppsx": "Impress MS PowerPoint 2007 XML AutoPlay",
    "impress.potx": "Impress MS PowerPoint 2007 XML Template",
    "impress.pptm": "Impress MS PowerPoint 2007 XML VBA",
    "impress.ppt": "MS PowerPoint 97",
    "impress.pps": "MS PowerPoint 97 AutoPlay",
    "impress.pot": "MS PowerPoint 97 Vorlage",
    "impress.odp": "impress8",
    "impress.otp": "impress8_template",
    "impress.fodp": "OpenDocument Presentation Flat XML",
    "impress.svg": "impress_svg_Export",
}
PANDOC = {
    "pandoc.docx": "docx",
    "pandoc.odt": "odt",
    "pandoc.epub": "epub3",
    "pandoc2.epub": "epub2",
    "pandoc.fb2": "fb2",
    "pandoc.dbk": "docbook5",
    "pandoc4.dbk": "docbook4",
    "pandoc.jats": "jats",
    "pandoc.tei": "tei",
    "pandoc.icml": "icml",
    "pandoc.ipynb": "ipynb",
    "pandoc.rtf": "rtf",
    "pandoc.html": "html5",
    "pandoc4.xhtml": "html4",
    "pandoc.rst": "rst",
    "pandoc.org": "org",
    "pandoc.tex": "latex",
    "pandoc.md": "markdown",
    "pandoc.commonmark": "commonmark",
    "pandoc.mediawiki": "mediawiki",
    "pandoc.dokuwiki": "dokuwiki",
    "pandoc.textile": "textile",
    "pandoc.adoc": "asciidoc",
    "pandoc.texi": "texinfo",
    "pandoc.muse": "muse",
    "pandoc.jira": "jira",
    "pandoc.ctx": "context",
    "pandoc.haddock": "haddock",
    "pandoc.zimwiki": "zimwiki",
    "pandoc.xwiki": "xwiki",
    "pandoc.json": "json",
}
CHANGED = {
    "changed.docx": "MS Word 2007 XML",
    "changed.doc": "MS Word 97",
    "changed.rtf": "Rich Text Format",
    "changed.odt": "writer8",
    "changed.fodt": "OpenDocument Text Flat XML",
}
"""With tracked changes."""
LOCKED = {
    "writer.odt": {
        "locked.odt": "writer8",
        "locked.doc": "MS Word 97",
        "locked.pdf": "writer_pdf_Export",
        "locked.docx": "MS Word 2007 XML",
    },
    "calc.ods": {"locked.ods": "calc8", "locked.xls": "MS Excel 97", "locked.xlsx": "Calc MS Excel 2007 XML"},
    "impress.odp": {"locked.odp": "impress8"},
}
"""Stored with a password."""
PASSWORD = "kestrel"
TOOLS = ("soffice", "pandoc")
SYSTEM_PYTHON = "/usr/bin/python3"
SECONDS = 240


def absent() -> list[str]:
    """Return the programs that are not here."""
    found = [tool for tool in TOOLS if not shutil.which(tool)]
    bridge = subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], capture_output=True, check=False)
    return found + ([] if bridge.returncode == 0 else ["python3-uno"])


def make(folder: Path) -> None:
    """Write every format of the tables above into ``folder``, under the names they have there."""
    (folder / "source.html").write_text(html(), encoding="utf-8")
    (folder / "changes.fodt").write_text(changed(), encoding="utf-8")
    (folder / "source.csv").write_text(csv(), encoding="utf-8")
    for name, kind in {**PANDOC, "impress.pptx": "pptx"}.items():
        _run("pandoc", "-s", folder / "source.html", "-t", kind, "-o", folder / name)
    plan = [
        ("source.html", {"FilterName": "HTML (StarWriter)"}, _plain(WRITER)),
        ("source.csv", {"FilterName": CSV, "FilterOptions": "44,34,76,1"}, _plain(CALC)),
        ("impress.pptx", {}, _plain(IMPRESS)),
        ("changes.fodt", {}, _plain(CHANGED)),
        ("writer.pdf", {}, [("draw.odg", "draw8", {})]),
        *((source, {}, _locked(files)) for source, files in LOCKED.items()),
    ]
    session = Path(__file__).with_name("office_session.py")
    _run(SYSTEM_PYTHON, session, folder, given=json.dumps(plan))


def _plain(table: dict[str, str]) -> list[tuple[str, str, dict[str, str]]]:
    return [
        (name, kind.partition(":")[0], {"FilterOptions": kind.partition(":")[2]})
        for name, kind in table.items()
    ]


def _locked(table: dict[str, str]) -> list[tuple[str, str, dict[str, str]]]:
    return [(name, kind, {"Password": PASSWORD}) for name, kind in table.items()]


def _run(*command: object, given: str = "") -> None:
    subprocess.run([str(part) for part in command], check=True, input=given, text=True, capture_output=True,
                   timeout=SECONDS)  # fmt: skip
