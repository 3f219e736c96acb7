"""The intake report: its figures are those of ``status``, its PDF is an archive's, and no name in it does anything."""

import ast
import ctypes
import io
import json
import re
import shutil
import subprocess
import tarfile
from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest

from actionday.exchange.report import _html as html
from actionday.exchange.report import _pdf as pdf
from actionday.exchange.report._arabic import ARABIC
from actionday.exchange.report._compose import compose
from actionday.exchange.report._page import Note, Report, Section, Text
from actionday.storage.case import Case
from case_tools import Bench

MADE = datetime(2026, 11, 28, 6, 30, tzinfo=UTC)
PACKAGE = Path(html.__file__).parent
HOSTILE = (
    "=HYPERLINK(1;2)",
    "<script>alert(1)</script>",
    "<img src=http://example.com onerror=x>",
    "a\u202egnp.exe",
    "two\nlines\rmore\ttab",
    '#let x = read("/etc/passwd") $ * _ `',
    "中文 شبكة שלום сеть",
    "e\u0301\u05b0\ufe0f\u200d mark",
    "\ue000\ufdd0 private",
    "long" * 1000,
)


def archive(path: Path) -> Path:
    """A tar with hostile names, all of which hold what nobody reads, and a zip with a password."""
    with tarfile.open(path, "w", format=tarfile.PAX_FORMAT) as tar:
        for number, name in enumerate(HOSTILE):
            member = tarfile.TarInfo(name)
            data = bytes(range(1, 200)) * (number + 1)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return path


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory, signing_key: None) -> Bench:
    folder = tmp_path_factory.mktemp("reported")
    bench = Bench(folder / "case")
    (folder / "letter.txt").write_text("the kestrel is above the mill\n")
    (folder / "picture.png").write_bytes(_png())
    bench.ingest(archive(folder / "names.tar"))
    bench.ingest(folder / "letter.txt", folder / "picture.png")
    assert bench.run("verify", bench.folder).returncode == 0
    return bench


def _png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 64), "white").save(out, "PNG")
    return out.getvalue()


def made(bench: Bench, language: str = "en") -> Report:
    case = Case.open(bench.folder)
    case.database.execute("BEGIN")
    try:
        return compose(case, language, MADE, "tester")
    finally:
        case.database.execute("ROLLBACK")
        case.close()


class Read(HTMLParser):
    """What a report as HTML says: facts by their name, tables as rows, and every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.facts: dict[str, str] = {}
        self.tables: list[list[list[str]]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self._label, self._text = "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in ("dt", "dd", "td", "th"):
            self._text = ""
        elif tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])

    def handle_endtag(self, tag: str) -> None:
        if tag == "dt":
            self._label = self._text
        elif tag == "dd":
            self.facts.setdefault(self._label, self._text)
        elif tag in ("td", "th"):
            self.tables[-1][-1].append(self._text)

    def handle_data(self, data: str) -> None:
        self._text += data

    def table(self, head: str) -> list[list[str]]:
        """The rows of the first table whose first head is this one."""
        return next(rows[1:] for rows in self.tables if rows[0][0] == head)


def number(text: str) -> int:
    return int(text.replace("\u202f", ""))


def as_html(report: Report) -> Read:
    return Read(b"".join(html.pieces(report)).decode())


def test_its_figures_are_those_of_status(reported: Bench) -> None:
    status = json.loads(reported.run("status", reported.folder, "--json").stdout)
    read = as_html(made(reported))
    for part, label in (
        ("found", "Found"),
        ("parsed", "Parsed"),
        ("skipped", "Skipped"),
        ("failed", "Failed"),
    ):
        assert number(read.facts[label]) == status[part], part
    assert {row[0]: number(row[1]) for row in read.table("Status")} == status["by_status"]
    exhibits = next(rows for rows in read.tables if rows[0][:2] == ["Exhibit", "Found"])[1:]
    assert sum(number(row[1]) for row in exhibits) == status["found"]
    why = next(rows for rows in read.tables if rows[0][:2] == ["Status", "Reason"])[1:]
    unread = sum(status["by_status"].get(each, 0) for each in pdf_unread())
    assert sum(number(row[2]) for row in why if not row[2].startswith("(")) == unread > 5


def pdf_unread() -> tuple[str, ...]:
    from actionday.storage.database.lacking import NOT_READ

    return NOT_READ


def test_each_file_stands_with_its_hash(reported: Bench) -> None:
    text = b"".join(html.pieces(made(reported))).decode()
    for each in ("letter.txt", "names.tar", "picture.png"):
        assert sha256((reported.folder.parent / each).read_bytes()).hexdigest() in text


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("form", [html, pdf])
def test_the_same_case_and_time_give_the_same_bytes(reported: Bench, form: object, language: str) -> None:
    first, again = (b"".join(form.pieces(made(reported, language))) for _ in range(2))  # type: ignore[attr-defined]
    assert first == again


def test_nothing_in_the_html_does_anything(reported: Bench) -> None:
    text = b"".join(html.pieces(made(reported))).decode()
    read = Read(text)
    assert not {tag for tag, _ in read.tags} & {
        "script",
        "img",
        "link",
        "iframe",
        "object",
        "a",
        "form",
        "svg",
    }
    for _, attributes in read.tags:
        assert not {key for key in attributes if key.startswith("on") or key in ("src", "href", "style")}
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    assert "url(" not in style
    assert "@import" not in style
    digest = b64encode(sha256(style.encode()).digest()).decode()
    policy = next(each["content"] for tag, each in read.tags if tag == "meta" and "http-equiv" in each)
    assert f"style-src 'sha256-{digest}'" in str(policy)
    assert str(policy).startswith("default-src 'none'")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_as_text(reported: Bench, name: str) -> None:
    from actionday.exchange.report._page import visible

    text = b"".join(html.pieces(made(reported))).decode()
    shown = visible(name)
    assert shown.replace("\u200d", "").isprintable()
    assert any(shown in cell for rows in Read(text).tables for row in rows for cell in row)
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text)


def test_a_long_name_says_how_much_is_left_out(reported: Bench) -> None:
    cells = [cell for rows in as_html(made(reported)).tables for row in rows for cell in row]
    assert any(cell.endswith("… (+2800)") for cell in cells)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_pdf_is_one_for_an_archive(reported: Bench, tmp_path: Path, language: str) -> None:
    data = b"".join(pdf.pieces(made(reported, language)))
    assert re.search(rb"pdfaid:part>2<.*pdfaid:conformance>A<|conformance>A<.*part>2<", data, re.DOTALL)
    document = pdfium.PdfDocument(data)
    assert raw.FPDFCatalog_IsTagged(document)
    fonts = {name for page in document for name in _fonts(page)}
    assert len(fonts) >= 2
    assert all(embedded for _, embedded in fonts), fonts
    if qpdf := shutil.which("qpdf"):
        (tmp_path / "report.pdf").write_bytes(data)
        subprocess.run([qpdf, "--check", tmp_path / "report.pdf"], check=True, capture_output=True)


def _fonts(page: pdfium.PdfPage) -> set[tuple[str, bool]]:
    found = set()
    for each in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        font = raw.FPDFTextObj_GetFont(each)
        size = raw.FPDFFont_GetBaseFontName(font, None, 0)
        name = ctypes.create_string_buffer(size)
        raw.FPDFFont_GetBaseFontName(font, name, size)
        found.add((name.value.decode(), raw.FPDFFont_GetIsEmbedded(font) == 1))
    return found


def _text(data: bytes) -> str:
    document = pdfium.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_hashes_come_out_of_the_pdf_whole(reported: Bench) -> None:
    text = _text(b"".join(pdf.pieces(made(reported))))
    assert sha256((reported.folder.parent / "letter.txt").read_bytes()).hexdigest() in text
    assert "\u200b" not in text


def test_arabic_comes_out_of_the_pdf_in_the_order_in_which_it_is_read(
    reported: Bench, tmp_path: Path
) -> None:
    data = b"".join(pdf.pieces(made(reported, "ar")))
    text = _text(data)
    for words in ("تقرير استلام الأدلة", "ميزان القضية", "السند القانوني"):
        assert words in text, words
    if tool := shutil.which("pdftotext"):
        (tmp_path / "report.pdf").write_bytes(data)
        done = subprocess.run([tool, tmp_path / "report.pdf", "-"], check=True, capture_output=True)
        assert "الأدلة" in done.stdout.decode()


@pytest.mark.parametrize("block", range(0, 0x30000, 0x4000))
def test_no_character_stops_a_pdf(block: int) -> None:
    """Every character, alone and as a mark on letters of three scripts: one that no font has is named."""
    points = [chr(point) for point in range(block, block + 0x4000) if not 0xD800 <= point < 0xE000]
    lines = ["".join(points[at : at + 512]) for at in range(0, len(points), 512)]
    marked = [
        "".join(base + each for each in points[at : at + 512]) for base in "eم" for at in (0, 4096, 12288)
    ]
    shown = [Note(each, grave) for each in (*lines, *marked) for grave in (False, True)]
    report = Report("t", "c", "2026-11-28T06:30:00Z", "en", [Section(Text("s", "said"), 1, shown)])
    assert b"".join(pdf.pieces(report)).startswith(b"%PDF-1.7")


def test_every_word_has_its_arabic_and_no_arabic_is_idle() -> None:
    said, literals = set[str](), set[str]()
    for path in PACKAGE.glob("*.py"):
        if path.name == "_arabic.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "say":
                said |= {each.value for each in ast.walk(node.args[0]) if isinstance(each, ast.Constant)
                         and isinstance(each.value, str) and " " in each.value}  # fmt: skip
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                literals.add(node.value)
    assert said <= set(ARABIC)
    assert set(ARABIC) <= literals
    for english, arabic in ARABIC.items():
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", arabic)), english


def test_it_is_recorded_as_an_export(reported: Bench, tmp_path: Path) -> None:
    done = reported.run("export", reported.folder, "report", "-o", tmp_path / "report.pdf", "--json")
    told = json.loads(done.stdout)
    data = (tmp_path / "report.pdf").read_bytes()
    assert told["sha256"] == sha256(data).hexdigest()
    assert data.startswith(b"%PDF-1.7")
    begun, ended = [each for each in reported.export("ledger") if each["subject"] == "report"][-2:]
    assert (begun["action"], ended["action"]) == ("export.begun", "exported")
    assert ended["details"]["begun"] == begun["index"]
    assert ended["details"]["sha256"] == told["sha256"]
    assert ended["details"]["whole"] is True
    assert reported.run("verify", reported.folder).returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "report.doc"], "html or pdf"),
        (["-o", "report.pdf", "--lang", "fr"], "en, ar"),
        (["-o", "report.pdf", "--query", "kestrel"], "whole case"),
        (["-o", "report.pdf", "--format", "csv"], "html or pdf"),
    ],
)
def test_what_is_no_report_is_refused_and_leaves_nothing(
    reported: Bench, tmp_path: Path, words: list[str], said: str
) -> None:
    words[1] = str(tmp_path / words[1])
    done = reported.run("export", reported.folder, "report", *words)
    assert done.returncode == 2
    assert said in done.stderr
    assert not [*tmp_path.iterdir()]


def test_what_is_left_out_is_counted(tmp_path: Path, signing_key: None) -> None:
    bench = Bench(tmp_path / "case")
    (tmp_path / "folder").mkdir()
    for n in range(1205):
        (tmp_path / "folder" / f"{n:04}.bin").write_bytes(bytes([1, 2, 3, 250, 251]) * (n + 20))
    bench.ingest(tmp_path / "folder")
    status = json.loads(bench.run("status", bench.folder, "--json").stdout)
    text = b"".join(html.pieces(made(bench))).decode()
    assert status["skipped"] == 1205
    assert "Named here: 1\u202f000 of 1\u202f205, the largest first; left out: 205." in text
    assert "1204.bin" in text
    assert "0000.bin" not in text


def test_what_a_secret_opened_and_a_set_knows_is_told(tmp_path: Path, signing_key: None) -> None:
    from msoffcrypto.format.ooxml import OOXMLFile

    plain, sealed, locked = io.BytesIO(), io.BytesIO(), io.BytesIO()
    _docx(plain)
    OOXMLFile(io.BytesIO(plain.getvalue())).encrypt("kestrel-7", sealed)
    OOXMLFile(io.BytesIO(plain.getvalue())).encrypt("another", locked)
    bench = Bench(tmp_path / "case")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "opened.docx").write_bytes(sealed.getvalue())
    (folder / "locked.docx").write_bytes(locked.getvalue())
    (folder / "known.txt").write_text("the kestrel is above the mill\n")
    (folder / "sought.txt").write_text("the falcon is above the mill\n")
    (tmp_path / "secrets").write_text("wrong\nkestrel-7\n")
    for name in ("known", "sought"):
        digest = sha256((folder / f"{name}.txt").read_bytes()).hexdigest()
        (tmp_path / f"{name}.list").write_text(f"{digest}\n")
        kind = "good" if name == "known" else "bad"
        done = bench.run("hashes", "import", bench.folder, tmp_path / f"{name}.list", "--kind", kind)
        assert done.returncode == 0, done.stderr
    assert bench.run("case", "secret", bench.folder, "--file", tmp_path / "secrets").returncode == 0
    bench.ingest(folder)
    read = as_html(made(bench))
    status = bench.status()
    assert status["known_good"] == 1
    assert number(read.facts["Items that stay encrypted"]) == status["by_status"]["encrypted"] >= 1
    assert read.facts["Secrets given to the case"] == "2"
    opened = next(rows for rows in read.tables if "Number of the secret" in rows[0])[1:]
    assert [row[1] for row in opened if row[3] == "2"][:1] == ["opened.docx"]
    assert not [row for row in opened if row[3] != "2"]
    sets = next(rows for rows in read.tables if rows[0][:2] == ["Number", "Name and version"])[1:]
    assert [row[2] for row in sets] == ["good", "bad"]
    assert read.facts["Items that were read and whose hash is in a set"] == "1"
    text = b"".join(html.pieces(made(bench))).decode()
    assert "kestrel-7" not in text.replace(str(tmp_path), "")


def _docx(out: io.BytesIO) -> None:
    import zipfile

    kinds = (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="word/document.xml"/></Relationships>'
    )
    words = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        f"<w:t>{'the kestrel letter ' * 999}</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("[Content_Types].xml", kinds)
        package.writestr("_rels/.rels", rels)
        package.writestr("word/document.xml", words)


def test_altered_rows_are_named_in_it(tmp_path: Path, signing_key: None) -> None:
    import sqlite3
    from contextlib import closing

    bench = Bench(tmp_path / "case")
    (tmp_path / "letter.txt").write_text("the kestrel is above the mill\n")
    bench.ingest(tmp_path / "letter.txt")
    with closing(sqlite3.connect(bench.folder / "case.db")) as database, database:
        database.execute("UPDATE items SET size = size + 1")
    done = bench.run("export", bench.folder, "report", "-o", tmp_path / "report.html")
    assert done.returncode == 1
    assert "DIFFERS" in done.stderr
    text = (tmp_path / "report.html").read_text()
    assert "Not all that is stored is as it was recorded" in text
    assert "its rows in case.db are not those that were recorded" in text


@pytest.mark.parametrize("form", ["html", "pdf"])
def test_a_case_without_an_exhibit_has_a_report(tmp_path: Path, signing_key: None, form: str) -> None:
    bench = Bench(tmp_path / "case")
    done = bench.run("export", bench.folder, "report", "-o", tmp_path / f"report.{form}", "--lang", "ar")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / f"report.{form}").stat().st_size > 2000


def test_of_a_read_only_case_nothing_is_recorded_and_that_is_said(reported: Bench) -> None:
    from actionday.exchange.reported import report
    from actionday.storage.case import READ_ONLY

    case, out = Case(reported.folder, why_readonly=READ_ONLY), io.BytesIO()
    before = case.ledger().head().size
    try:
        report(case, "html", "en", out, MADE)
        assert case.ledger().head().size == before
    finally:
        case.close()
    assert "the case is read-only, and nothing was recorded" in out.getvalue().decode()


def test_acts_are_counted_as_the_ledger_has_them(reported: Bench) -> None:
    from collections import Counter

    rows = reported.export("ledger")
    read = as_html(made(reported))
    told = {row[0]: number(row[1]) for row in read.table("Act")}
    expected = Counter(row["action"] for row in rows)
    assert told == {**expected, "exported": told["exported"]}
    assert told["exported"] == expected["exported"] + 1  # the export of the rows ended behind what it wrote
    entries = [row for row in read.table("Entry") if row[3] == "exhibit.acquired"]
    assert [row[4] for row in entries] == [
        row["subject"] for row in rows if row["action"] == "exhibit.acquired"
    ]
