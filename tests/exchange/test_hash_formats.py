"""Every format of known hashes gives the hashes that are in it, and names each row that gives none."""

import hashlib
import random
import shutil
import subprocess
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from hash_files import hexes, of, rds2, rds3, vics

from actionday.exchange.hash_import import format_of
from actionday.exchange.hashes import _given
from actionday.exchange.hashes._contract import Bad, Batch
from actionday.exchange.hashes._given import Given
from actionday.model import Damaged, UsageError
from actionday.storage.hashes.layout import WIDTHS
from case_tools import needs

CONTENTS = [of(n) for n in range(300)]
Found = tuple[Counter[tuple[str, str, str]], list[Bad], int]


def read(path: Path, name: str = "") -> Found:
    """Return the digests (algorithm, label, hex) of a file, its bad rows and how many are blank; goes on everywhere."""
    given = Given(path)
    format_ = format_of(given)
    assert not name or format_.name == name
    found, bad, blank, batches = (
        Counter[tuple[str, str, str]](),
        list[Bad](),
        0,
        list(format_.batches(given, {})),
    )
    for each in batches:
        for (algorithm, label), packed in each.digests.items():
            width = WIDTHS[algorithm]
            assert len(packed) % width == 0
            found.update(
                (algorithm, label, packed[at : at + width].hex()) for at in range(0, len(packed), width)
            )
        bad += each.bad
        blank += each.blank
        assert each.rows == len(each.bad) + sum(len(p) // WIDTHS[a] for (a, _), p in each.digests.items())
    for number, each in enumerate(batches):
        assert _whole(format_.batches(given, each.position)) == _whole(batches[number + 1 :])
    return found, bad, blank


def _whole(batches: Iterable[Batch]) -> tuple[dict[tuple[str, str], bytes], list[Bad], int]:
    """Return all that batches give: where they are parted is nobody's concern."""
    digests, bad, rows = dict[tuple[str, str], bytes](), list[Bad](), 0
    for each in batches:
        for key, packed in each.digests.items():
            digests[key] = digests.get(key, b"") + packed
        bad += each.bad
        rows += each.rows
    return digests, bad, rows


@pytest.fixture(autouse=True)
def blocks(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Read in blocks of a few lines, so that each is cut somewhere."""
    monkeypatch.setattr(_given, "BLOCK", getattr(request, "param", 997))


def test_rds_2_is_kept_by_its_sha_1_and_bad_rows_are_named(tmp_path: Path) -> None:
    bad = (
        '"XYZ","","","",0,0,"",""\r\n\r\n"'
        + "A" * 39
        + '","","","",0,0,"",""\r\n"'
        + "b" * 40
        + '","",,,,,,\r\n'
    )
    path = rds2(tmp_path / "NSRLFile.txt", CONTENTS, bad)
    found, named, blank = read(path, "nsrl-rds-2")
    assert found == Counter(("sha1", "", hexes(each)["sha1"]) for each in CONTENTS) + Counter(
        [("sha1", "", "b" * 40)]
    )
    wanted = "39 hexadecimal digits: MD5 has 32, SHA-1 has 40, SHA-256 has 64"
    assert named == [Bad("line 302", "no hash in it"), Bad("line 304", wanted)]
    assert blank == 1


def test_rds_2_is_read_out_of_its_zip_with_its_version(tmp_path: Path) -> None:
    rds2(tmp_path / "NSRLFile.txt", CONTENTS)
    with zipfile.ZipFile(tmp_path / "rds.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "NSRLFile.txt", "RDS/NSRLFile.txt")
        archive.writestr("RDS/NSRLProd.txt", '"ProductCode"\r\n')
        archive.writestr("RDS/version.txt", "RDS Version 2.77 - June 2022\r\n")
    assert len(read(tmp_path / "rds.zip", "nsrl-rds-2")[0]) == 300
    given = Given(tmp_path / "rds.zip")
    assert format_of(given).version(given) == "2.77"


def test_a_zip_that_is_damaged_is_said_and_not_taken_for_its_end(tmp_path: Path) -> None:
    rds2(tmp_path / "NSRLFile.txt", CONTENTS)
    with zipfile.ZipFile(tmp_path / "rds.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(tmp_path / "NSRLFile.txt", "NSRLFile.txt")
    whole = bytearray((tmp_path / "rds.zip").read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    (tmp_path / "rds.zip").write_bytes(whole)
    with pytest.raises(Damaged, match="cannot be read to its end"):
        read(tmp_path / "rds.zip")


@needs("sqlite3")
@pytest.mark.parametrize("whole", [False, True], ids=["minimal", "whole"])
def test_rds_3_is_kept_by_its_sha_256(tmp_path: Path, *, whole: bool) -> None:
    path = rds3(tmp_path / "rds.db", CONTENTS, whole=whole)
    found, bad, _ = read(path, "nsrl-rds-3")
    assert found == Counter(("sha256", "", hexes(each)["sha256"]) for each in CONTENTS)
    assert not bad
    given = Given(path)
    assert format_of(given).version(given) == "2026.03.1"


@needs("sqlite3")
def test_rows_of_rds_3_with_other_hashes_or_none_are_told_apart(tmp_path: Path) -> None:
    path = rds3(tmp_path / "rds.db", CONTENTS[:3])
    sql = "UPDATE FILE SET sha256 = '' WHERE rowid = 1; UPDATE FILE SET sha256 = 'abc', sha1 = '', md5 = '' WHERE rowid = 3"
    subprocess.run(["sqlite3", str(path), sql], check=True)
    found, bad, _ = read(path)
    assert set(found) == {
        ("sha1", "", hexes(CONTENTS[0])["sha1"]),
        ("sha256", "", hexes(CONTENTS[1])["sha256"]),
    }
    assert [each.where for each in bad] == ["row 3"]
    assert "3 hexadecimal digits" in bad[0].reason


@needs("sqlite3")
def test_a_torn_database_is_said(tmp_path: Path) -> None:
    path = rds3(tmp_path / "rds.db", CONTENTS)
    data = bytearray(path.read_bytes())
    data[3 * 4096 + 0 : 5 * 4096] = bytes(2 * 4096)
    path.write_bytes(data)
    with pytest.raises(Damaged, match="cannot be read to its end"):
        read(path)


@pytest.mark.parametrize("edition", ["1.3", "2.0"])
@pytest.mark.parametrize("blocks", [7, 997, 1 << 20], indirect=True)
def test_vics_is_kept_with_its_categories(tmp_path: Path, edition: str, blocks: None) -> None:
    pairs = [(each, n % 4) for n, each in enumerate(CONTENTS[:40])]
    path = vics(tmp_path / "vic.json", pairs, edition)
    found, bad, _ = read(path, "vics")
    assert found == Counter(("sha1", str(category), hexes(each)["sha1"]) for each, category in pairs)
    assert not bad
    given = Given(path)
    assert format_of(given).version(given) == f"VICS {edition}"


def test_every_cut_of_vics_is_noticed(tmp_path: Path) -> None:
    whole = vics(tmp_path / "vic.json", [(each, 1) for each in CONTENTS[:4]]).read_bytes()
    cut = tmp_path / "cut.json"
    for at in range(200, len(whole) - 1, 13):
        cut.write_bytes(whole[:at])
        with pytest.raises(Damaged):
            read(cut)


def test_flipped_bytes_of_vics_never_raise_anything_else(tmp_path: Path) -> None:
    whole = vics(tmp_path / "vic.json", [(each, 1) for each in CONTENTS[:4]]).read_bytes()
    dice, path = random.Random(7), tmp_path / "odd.json"
    for _ in range(300):
        odd = bytearray(whole)
        for _ in range(3):
            odd[dice.randrange(len(odd))] = dice.choice(b'{}[]":,\\\x00\xffa1')
        path.write_bytes(odd)
        try:
            read(path)
        except (Damaged, UsageError):
            continue


BAD_LIST = """\
# a list with everything that lists have
{sha256}

   {sha1}  \t
{md5_upper}  Name with blanks.exe
{sha256_63}
{sha256_65}
hello world
{sha512}
\\{md5}  a\\nb.txt
SHA256 (a file) = {sha256}
"{sha1}","x"
"""


def test_bad_lines_of_a_list_are_named_and_the_good_ones_taken(tmp_path: Path) -> None:
    """H03: 63 and 65 digits, capitals, blanks, empty lines."""
    data = of(1)
    each = hexes(data)
    (tmp_path / "list.txt").write_text(
        BAD_LIST.format(
            **each,
            md5_upper=each["md5"].upper(),
            sha256_63=each["sha256"][:63],
            sha256_65=each["sha256"] + "0",
            sha512=hashlib.sha512(data).hexdigest(),
        )
    )
    found, bad, blank = read(tmp_path / "list.txt", "list")
    assert found == Counter(
        {("sha256", "", each["sha256"]): 2, ("sha1", "", each["sha1"]): 2, ("md5", "", each["md5"]): 2}
    )
    wanted = "MD5 has 32, SHA-1 has 40, SHA-256 has 64"
    assert bad == [
        Bad("line 6", f"63 hexadecimal digits: {wanted}"),
        Bad("line 7", f"65 hexadecimal digits: {wanted}"),
        Bad("line 8", "no hash in it"),
        Bad("line 9", f"128 hexadecimal digits: {wanted}"),
    ]
    assert blank == 2


@pytest.mark.parametrize(
    "command", ["md5sum", "sha1sum", "sha256sum", "sha256sum --tag", "md5sum --tag", "md5sum -b"]
)
def test_lists_that_coreutils_write_are_read(tmp_path: Path, command: str) -> None:
    names = ["a.txt", "with blank.txt", "back\\slash", "new\nline"]
    for n, name in enumerate(names):
        (tmp_path / name).write_bytes(of(n))
    program, *more = command.split()
    said = subprocess.run([program, *more, *names], cwd=tmp_path, capture_output=True, check=True).stdout
    (tmp_path / "list").write_bytes(said)
    found, bad, _ = read(tmp_path / "list")
    algorithm = program.removesuffix("sum")
    assert set(found) == {(algorithm, "", hexes(of(n))[algorithm]) for n in range(4)}
    assert not bad


@pytest.mark.skipif(shutil.which("hashdeep") is None, reason="hashdeep is not installed")
def test_a_list_that_hashdeep_writes_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(of(1))
    said = subprocess.run(["hashdeep", "a"], cwd=tmp_path, capture_output=True, check=True).stdout
    (tmp_path / "list").write_bytes(said)
    assert set(read(tmp_path / "list")[0]) == {("sha256", "", hexes(of(1))["sha256"])}


TABLES = {
    "hashdeep": "%%%% HASHDEEP-1.0\n%%%% size,md5,sha256,filename\n## Invoked from: /x\n##\n50,{md5},{sha256},a,b\n",
    "commas": "Name,MD5,SHA-1,Category\nx,{md5},{sha1},2\n",
    "semicolons": "﻿SHA_256;Name\n{sha256};x\n",
    "tabs": "File Name\tMD5 Hash\nx\t{md5}\n",
    "powershell": '"Algorithm","Hash","Path"\n"SHA256","{sha256}","C:\\x"\n',
    "quoted": '"md5";"name"\n"{md5}";"a ""b"" c"\n',
}
WANTED = {
    "hashdeep": ("sha256", ""),
    "commas": ("sha1", "2"),
    "semicolons": ("sha256", ""),
    "tabs": ("md5", ""),
    "powershell": ("sha256", ""),
    "quoted": ("md5", ""),
}


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", TABLES)
def test_tables_are_read_by_their_header(tmp_path: Path, name: str, coding: str) -> None:
    each = hexes(of(5))
    text = TABLES[name].format(**each)
    (tmp_path / "table.csv").write_bytes(text.lstrip("\ufeff" if coding == "utf-16" else "").encode(coding))
    algorithm, label = WANTED[name]
    found, bad, _ = read(tmp_path / "table.csv", "list")
    assert found == Counter([(algorithm, label, each[algorithm])])
    assert not bad


@pytest.mark.parametrize("data", [b"\x7fELF\0\0", b"\0" * 4000], ids=["program", "zeros"])
def test_what_is_no_list_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "x").write_bytes(data)
    with pytest.raises(UsageError, match="no list of hashes"):
        read(tmp_path / "x")


def test_lines_as_long_as_one_likes_cost_no_more_than_they_hold(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"a" * 50_000 + b"\n" + hexes(of(1))["md5"].encode() + b"\n")
    found, bad, _ = read(tmp_path / "x")
    assert set(found) == {("md5", "", hexes(of(1))["md5"])}
    assert bad
