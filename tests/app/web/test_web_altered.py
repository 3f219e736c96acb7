"""An exhibit that was altered after the intake: no page hands out or shows its bytes under the stored hash."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

import pytest
from made_case import FACTS
from PIL import Image
from site_server import Answer, Site, parsed

from actionday.access.bytes import HELD_BYTES, Altered, Bytes
from actionday.access.items import find_item
from actionday.storage.case import Case
from case_tools import begin, killed, until

POSTER, RECORD, LARGE = "poster.png", "record.bin", "large.bin"
NOISE = Random(7).randbytes(9_000)
FOLDER = pytest.mark.parametrize("served", ["folder"], indirect=True)
"""Its case alone has the large file, too."""
REFUSED = "These bytes are not those that were taken in."


class Served:
    """A case of a folder, or of an ext4 image of it, being served; ``ids`` by path."""

    def __init__(self, work: Path, kind: str) -> None:
        self.inside = work / "site"
        self.inside.mkdir()
        Image.linear_gradient("L").resize((320, 240)).convert("RGB").save(self.inside / POSTER)
        (self.inside / RECORD).write_bytes(NOISE)
        if kind == "folder":
            with (self.inside / LARGE).open("wb") as large:
                large.truncate(HELD_BYTES + 4096)
        self.evidence = self.inside if kind == "folder" else work / "disk.dd"
        if kind == "ext4":
            mkfs = ("mkfs.ext4", "-q", "-F", "-d", str(self.inside), str(self.evidence), "8M")
            subprocess.run(mkfs, check=True, timeout=60)
        self.folder = work / "case"
        Case.create(self.folder, FACTS).close()
        done = self.run("ingest", str(self.evidence), "--exhibit", "S-01", "--workers", "1")
        assert done.returncode == 0, done.stderr
        case = Case.open(self.folder)
        rows = case.database.execute("SELECT path, id FROM items").fetchall()
        case.close()
        self.ids = {path.rpartition("/")[2]: item.hex() for path, item in rows}
        self.site = Site(self.folder)

    def run(self, command: str, *words: str) -> "subprocess.CompletedProcess[str]":
        program = [sys.executable, "-m", "actionday.app.cli.main", command, str(self.folder)]
        return subprocess.run([*program, *words], capture_output=True, text=True, timeout=120, check=False)

    @contextmanager
    def altered(self, name: str) -> Iterator[str]:
        """Change one byte of a file where the exhibit has it, and back; yield the SHA-256 the file has meanwhile."""
        whole = (self.inside / name).read_bytes()
        half, path = len(whole) // 2, self.inside / name
        start = half
        if self.evidence != self.inside:
            path = self.evidence
            start += path.read_bytes().index(whole[:1024])
        flipped = bytes([whole[half] ^ 0x40])
        with path.open("r+b", buffering=0) as file:
            file.seek(start)
            file.write(flipped)
            yield sha256(whole[:half] + flipped + whole[half + 1 :]).hexdigest()
            file.seek(start)
            file.write(whole[half : half + 1])

    def download(self, name: str, **headers: str) -> Answer:
        page = f"download/{self.ids[name]}"
        return self.site.post(page, headers=headers, token=self.site.house.token, reason="for the court")

    def taken_in(self, name: str) -> str:
        return sha256((self.inside / name).read_bytes()).hexdigest()


@pytest.fixture(scope="module", params=["folder", "ext4"])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, signing_key: None
) -> Iterator[Served]:
    if request.param == "ext4" and shutil.which("mkfs.ext4") is None:
        pytest.skip("mkfs.ext4 is not installed")
    opened = Served(tmp_path_factory.mktemp("altered"), request.param)
    yield opened
    opened.site.close()


def says_both(answer: Answer, stored: str, found: str) -> bool:
    text = parsed(answer.text).one("div", "problem").text
    return REFUSED in text and stored in text and found in text


@pytest.mark.parametrize("headers", [{}, {"Range": "bytes=0-99"}], ids=["whole", "range"])
def test_altered_bytes_are_not_handed_out_and_no_entry_says_they_were(
    served: Served, headers: dict[str, str], tmp_path: Path
) -> None:
    stored = served.taken_in(RECORD)
    whole = served.download(RECORD, **headers)
    assert (whole.status, whole.headers["content-length"], whole.data) == (200, str(len(NOISE)), NOISE)
    before = served.site.entries()
    with served.altered(RECORD) as found:
        answer = served.download(RECORD, **headers)
        told = served.run("show", served.ids[RECORD], "--bytes", str(tmp_path / "out"), "--reason", "x")
    assert answer.status == 409
    assert says_both(answer, stored, found)
    assert NOISE[:64] not in answer.data
    assert "content-disposition" not in answer.headers
    assert (told.returncode, (tmp_path / "out").exists()) == (1, False)
    assert f"has the SHA-256 {found}, it was {stored}" in told.stderr
    assert served.site.entries() == before


def test_altered_bytes_are_not_shown_as_hex_and_the_entry_of_the_look_says_so(served: Served) -> None:
    stored = served.taken_in(RECORD)
    shown = served.site.get(f"i/{served.ids[RECORD]}?tab=bytes&at=4096")
    assert NOISE[4096:4104].hex(" ") in parsed(shown.text).one("pre", "hex").text
    assert "has the SHA-256 that is stored" in shown.text
    with served.altered(RECORD) as found:
        for page in (f"i/{served.ids[RECORD]}?tab=bytes", f"h/{stored}?tab=bytes&at=1024"):
            answer = served.site.get(page)
            assert says_both(answer, stored, found)
            assert not parsed(answer.text).all("pre", "hex")
            _, _, details = served.site.entries()[-1]
            assert (details["view"], details["sha256"], details["found"]) == ("bytes", stored, found)


def test_an_altered_picture_is_not_shown_and_each_look_names_the_hash(served: Served) -> None:
    stored, item = served.taken_in(POSTER), served.ids[POSTER]
    assert served.site.get(f"media/{item}?clear=1").headers["content-type"] == "image/png"
    _, _, details = served.site.entries()[-1]
    assert (details["view"], details["sha256"]) == ("picture, clear", stored)
    with served.altered(POSTER) as found:
        page = served.site.get(f"i/{item}?tab=picture")
        assert says_both(page, stored, found)
        assert not [one for one in parsed(page.text).all("img") if "media/" in one.attributes["src"]]
        before = served.site.entries()
        for address in (f"media/{item}", f"media/{item}?clear=1"):
            answer = served.site.get(address)
            assert (answer.status, answer.headers["content-type"]) == (409, "image/svg+xml")
        assert served.site.entries() == before


@FOLDER
def test_of_a_content_too_large_to_be_read_for_a_look_the_page_says_it_was_not_held(served: Served) -> None:
    assert "was not held against the hash" in served.site.get(f"i/{served.ids[LARGE]}?tab=bytes").text
    stored = served.taken_in(LARGE)
    with served.altered(LARGE) as found:
        assert says_both(served.download(LARGE), stored, found)


@FOLDER
def test_bytes_altered_while_they_are_sent_never_come_whole(served: Served) -> None:
    case, reader = Case.open(served.folder), Bytes(served.folder)
    item = find_item(case.database, served.ids[LARGE])
    assert item is not None
    reader.hold(item)
    pieces = reader.whole(item)
    sent = len(next(pieces))
    with served.altered(LARGE), pytest.raises(Altered):
        for piece in pieces:
            sent += len(piece)
    assert sent < HELD_BYTES + 4096
    reader.close()
    case.close()


@FOLDER
def test_a_reader_who_goes_away_leaves_a_beginning_and_how_much_was_given(served: Served) -> None:
    before = len(served.site.entries())
    form = urlencode({"token": served.site.house.token, "reason": "for the court"})
    address = urlsplit(served.site.url(f"download/{served.ids[LARGE]}"))
    with socket.create_connection(served.site.host.split(":")) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lines = (
            f"POST {address.path} HTTP/1.1",
            f"Host: {served.site.host}",
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(form)}",
        )
        connection.sendall("\r\n".join([*lines, "", form]).encode())
        answer = connection.recv(1000)
        while not answer.partition(b"\r\n\r\n")[2]:  # until some of the body has come
            answer += connection.recv(1000)
        assert answer.startswith(b"HTTP/1.1 200")
        ((action, subject, details),) = served.site.entries()[before:]
        assert (action, subject, details["reason"]) == ("download.begun", served.ids[LARGE], "for the court")
    until(lambda: len(served.site.entries()) > before + 1)
    ((action, subject, details),) = served.site.entries()[before + 1 :]
    assert (action, subject, details["begun"], details["whole"]) == (
        "downloaded",
        served.ids[LARGE],
        before,
        False,
    )
    assert 0 < int(str(details["bytes"])) < HELD_BYTES
    page = parsed(served.site.get("ledger", action="downloaded").text)
    assert "broken off" in page.one("table", "rows").text


@FOLDER
def test_bytes_whose_writing_is_killed_were_recorded_before_the_first(served: Served, tmp_path: Path) -> None:
    before = len(served.site.entries())
    process = begin(
        "show",
        served.folder,
        served.ids[LARGE],
        "--bytes",
        tmp_path / "large.bin",
        "--reason",
        "for the court",
    )
    until(lambda: any(part.stat().st_size for part in tmp_path.glob(".*.part")))
    killed(process)
    ((action, subject, details),) = served.site.entries()[before:]
    assert (action, subject, details["reason"]) == ("download.begun", served.ids[LARGE], "for the court")
    assert not (tmp_path / "large.bin").exists()
    for page in ("ledger", f"i/{served.ids[LARGE]}?tab=history"):
        assert "begun, never ended" in served.site.get(page).text
