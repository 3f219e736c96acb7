"""Stores that the tests write, against readers of other people: what they give is what we give, byte for byte.

libpff (20180714) decodes of a block that is deflated *and* spread no more bytes than it has deflated; it
inflates first, as we do. Such blocks are tested in ``test_pst`` alone.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from ost_maker import LargeMaker
from pst_maker import Maker, store
from pst_samples import MESSAGES, ROTA, names
from tnef_samples import first

DEEP = b"the deepest file\n"


def made(kind: str) -> bytes:
    makers = {
        "unicode": Maker(),
        "cyclic": Maker(coding=2),
        "ansi": Maker(wide=False),
        "4 KiB": LargeMaker(),
    }
    return store(makers[kind], {number: make() for number, make in MESSAGES.items()}, names=names()).file()


@pytest.mark.tools
@pytest.mark.skipif(not shutil.which("pffexport"), reason="pffexport (pff-tools) is not here")
@pytest.mark.parametrize("kind", ["unicode", "cyclic", "ansi", "4 KiB"])
def test_libpff_reads_the_stores_that_the_tests_write(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "mail.pst"
    path.write_bytes(made(kind))
    subprocess.run(["pffexport", "-q", "-t", tmp_path / "out", path], check=True, capture_output=True)
    files = {each.name: each.read_bytes() for each in tmp_path.rglob("Attachments/*") if each.is_file()}
    assert files == {"1_rota.txt": ROTA, "2_مناوبة.bin": bytes(range(256)), "1_deepest.txt": DEEP}


@pytest.mark.tools
@pytest.mark.skipif(not shutil.which("tnef"), reason="tnef is not here")
def test_tnef_reads_the_stream_that_the_tests_write(tmp_path: Path) -> None:
    path = tmp_path / "winmail.dat"
    path.write_bytes(first())
    subprocess.run(["tnef", "-C", tmp_path, path], check=True, capture_output=True)
    assert (tmp_path / "rota.txt").read_bytes() == ROTA
