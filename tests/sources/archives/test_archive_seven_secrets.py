"""7z with a password (pitfall A06): archives by 7-Zip, opened with the case's secrets, held against what went in."""

import random
from pathlib import Path

import pytest
from archive_tools import TEXT, Run, tool

from actionday.model import Status
from actionday.sources.archives import sevenzip
from actionday.sources.archives._sevenopen import plain
from actionday.testing.context import Alone, Bytes

NOISE = random.Random(7).randbytes(5000)
CODE = bytes(range(256)) * 40 + b"\xe8\x10\x20\x00\x00" * 300
FILES = {"a.txt": TEXT, "noise.bin": NOISE, "code.exe": CODE, "empty": b""}
FORMS = {
    "LZMA2": [],
    "encrypted list": ["-mhe=on"],
    "copied": ["-mhe=on", "-m0=copy"],
    "PPMd": ["-m0=ppmd"],
    "Deflate": ["-m0=deflate"],
    "bzip2": ["-m0=bzip2"],
    "LZMA": ["-m0=lzma"],
    "not solid": ["-ms=off"],
    "BCJ": ["-m0=bcj", "-m1=lzma2"],
    "BCJ2": ["-m0=bcj2", "-m1=lzma", "-m2=lzma", "-m3=lzma", "-mb0:1", "-mb0s1:2", "-mb0s2:3"],
}


def sealed(where: Path, *how: str, secret: str = "mérlin", files: dict[str, bytes] | None = None) -> bytes:
    """Return an archive by 7-Zip."""
    for name, data in (files or FILES).items():
        (where / name).write_bytes(data)
    tool("7zz", "a", f"-p{secret}", *how, "made.7z", *(files or FILES), where=where)
    return (where / "made.7z").read_bytes()


@pytest.mark.parametrize("how", FORMS.values(), ids=FORMS)
def test_a06_a_7z_is_opened_by_a_secret_of_the_case(how: list[str], tmp_path: Path) -> None:
    run = Run(sevenzip.SOURCE, "made.7z", sealed(tmp_path, *how), secrets=["wrong", "mérlin"])
    assert run.contents == FILES
    assert (run.codes, run.end) == ([], "")
    told = {found.name: (found.meta.get("encryption"), found.meta.get("secret")) for found in run.items}
    assert told == dict.fromkeys(FILES, ("AES-256", 2)) | {"empty": (None, None)}


@pytest.mark.parametrize("how", [FORMS["LZMA2"], FORMS["PPMd"], FORMS["BCJ2"]])
@pytest.mark.parametrize(
    ("secrets", "why"),
    [([], "the case has no secret to try"), (["x", "y"], "no secret of the case opens it (2 secrets tried)")],
)
def test_a06_members_that_no_secret_opens_are_listed_and_told(
    how: list[str], secrets: list[str], why: str, tmp_path: Path
) -> None:
    run = Run(sevenzip.SOURCE, "made.7z", sealed(tmp_path, *how), secrets=secrets)
    assert {found.name: found.size for found in run.items} == {n: len(data) for n, data in FILES.items()}
    assert {found.name for found in run.items if found.status is Status.ENCRYPTED} == {*FILES} - {"empty"}
    assert {found.reason for found in run.items if found.status} == {f"7z: encrypted member: {why}"}
    assert not run.end


def test_a06_an_encrypted_list_says_how_many_secrets_were_tried(tmp_path: Path) -> None:
    data = sealed(tmp_path, "-mhe=on")
    assert Run(sevenzip.SOURCE, "made.7z", data).end.endswith("encrypted: the case has no secret to try")
    told = Run(sevenzip.SOURCE, "made.7z", data, secrets=["x", "y", "z"])
    assert told.end == (
        "encrypted: 7z: the list of members is encrypted: no secret of the case opens it (3 secrets tried)"
    )
    assert not told.items


def test_members_of_several_secrets_are_each_told_theirs(tmp_path: Path) -> None:
    sealed(tmp_path, secret="one", files={"a.txt": TEXT})
    sealed(tmp_path, secret="two", files={"noise.bin": NOISE})
    (tmp_path / "open.txt").write_bytes(TEXT[::-1])
    tool("7zz", "a", "made.7z", "open.txt", where=tmp_path)
    data = (tmp_path / "made.7z").read_bytes()
    run = Run(sevenzip.SOURCE, "made.7z", data, secrets=["two", "one"])
    assert run.contents == {"a.txt": TEXT, "noise.bin": NOISE, "open.txt": TEXT[::-1]}
    assert {each.name: each.meta.get("secret") for each in run.items} == {
        "a.txt": 2,
        "noise.bin": 1,
        "open.txt": None,
    }
    half = Run(sevenzip.SOURCE, "made.7z", data, secrets=["two"])
    assert half.item("a.txt").status is Status.ENCRYPTED
    assert half.contents["noise.bin"] == NOISE
    assert half.contents["open.txt"] == TEXT[::-1]


def test_7zip_calls_what_is_given_to_the_reader_whole(tmp_path: Path) -> None:
    opened = plain(Bytes(sealed(tmp_path, "-mhe=on")), Alone("made.7z", secrets=["mérlin"]))
    assert opened is not None
    (tmp_path / "plain.7z").write_bytes(opened.stream.read())
    assert b"Everything is Ok" in tool("7zz", "t", "plain.7z", where=tmp_path)


def test_bytes_between_encrypted_contents_and_their_list_are_an_item(tmp_path: Path) -> None:
    data = sealed(tmp_path)
    at = 32 + int.from_bytes(data[12:20], "little")
    from struct import pack
    from zlib import crc32

    hidden = b"the Kestrel club meets behind the mill\n" * 4
    start = pack("<Q", at - 32 + len(hidden)) + data[20:32]
    made = data[:8] + crc32(start).to_bytes(4, "little") + start + data[32:at] + hidden + data[at:]
    run = Run(sevenzip.SOURCE, "made.7z", made, secrets=["mérlin"])
    assert run.contents == FILES | {f"between members @{at}": hidden}
    assert run.codes == ["unclaimed"]


def test_ppmd_of_any_length_is_read_whole(tmp_path: Path) -> None:
    """libarchive 3.6 calls one such archive of eight damaged, of which 7-Zip says that everything is well."""
    for more in range(12):
        files = {"noise.bin": random.Random(more).randbytes(5000 + more), "a.txt": TEXT}
        for name, data in files.items():
            (tmp_path / name).write_bytes(data)
        tool("7zz", "a", "-m0=ppmd", f"{more}.7z", *files, where=tmp_path)
        run = Run(sevenzip.SOURCE, "a.7z", (tmp_path / f"{more}.7z").read_bytes())
        assert (run.contents, run.end) == (files, "")


@pytest.mark.parametrize("how", [[], ["-mhe=on"]])
def test_damage_of_any_byte_is_noticed_and_raises_nothing(how: list[str], tmp_path: Path) -> None:
    """Or changes nothing: the last byte of what LZMA packed, the version, and the padding of a block have no use."""
    files = {"a.txt": TEXT, "noise.bin": NOISE[:300]}
    data = sealed(tmp_path, *how, files=files)
    whole = _told(Run(sevenzip.SOURCE, "made.7z", data, secrets=["mérlin"]))
    for at in range(0, len(data), 5):
        flipped = bytearray(data)
        flipped[at] ^= 0x41
        run = Run(sevenzip.SOURCE, "made.7z", bytes(flipped), secrets=["mérlin"])
        closed = any(found.status is Status.ENCRYPTED for found in run.items)
        assert run.noticed() or closed or _told(run) == whole
    for end in range(0, len(data), 7):
        assert Run(sevenzip.SOURCE, "made.7z", data[:end], secrets=["mérlin"]).end


def _told(run: Run) -> list[object]:
    return [(each.name, each.size, each.mtime, each.meta, run.contents[each.name]) for each in run.items]
