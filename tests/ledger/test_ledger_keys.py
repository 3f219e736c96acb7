"""The installation's key: made once, whole or not at all, for its owner alone."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from actionday.ledger import KeyFileError, Verifier, installation_signer
from actionday.ledger.keys import FILE, config_folder
from actionday.ledger.note import open_note, sign


def test_the_first_call_makes_the_key_and_later_ones_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "actionday"
    made, read = installation_signer(folder), installation_signer(folder)
    assert made.verifier == read.verifier == Verifier.parse(str(made.verifier))
    assert open_note(sign("kestrel\n", read), [made.verifier])[0] == "kestrel\n"
    assert [path.name for path in folder.iterdir()] == [FILE]
    assert (folder.stat().st_mode & 0o777, (folder / FILE).stat().st_mode & 0o777) == (0o700, 0o600)
    assert installation_signer(tmp_path / "other").verifier != made.verifier


def test_a_name_is_made_of_the_key_alone(tmp_path: Path) -> None:
    name = installation_signer(tmp_path).name
    assert name.startswith("actionday/installation/")
    assert len(name.removeprefix("actionday/installation/")) == 16


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"XDG_CONFIG_HOME": "/x", "HOME": "/h"}, "/x/actionday"),
        ({"HOME": "/h"}, "/h/.config/actionday"),
        ({"XDG_CONFIG_HOME": "", "HOME": "/h"}, "/h/.config/actionday"),
        ({"XDG_CONFIG_HOME": "relative", "HOME": "/h"}, "/h/.config/actionday"),
    ],
    ids=["XDG", "default", "empty", "relative"],
)
def test_the_folder_is_that_of_the_xdg_specification(environ: dict[str, str], expected: str) -> None:
    assert config_folder(environ) == Path(expected)


def test_the_folder_of_the_environment_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    installation_signer()
    assert (tmp_path / "actionday" / FILE).is_file()


def test_many_processes_at_once_get_one_key(tmp_path: Path) -> None:
    code = "import sys, pathlib; from actionday.ledger import installation_signer as s; "
    code += "sys.stdin.readline(); print(s(pathlib.Path(sys.argv[1])).verifier)"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(tmp_path / "config")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate()[0] for process in processes}
    assert keys == {f"{installation_signer(tmp_path / 'config').verifier}\n"}
    assert [path.name for path in (tmp_path / "config").iterdir()] == [FILE]


def test_what_a_killed_process_left_half_written_is_not_taken_for_a_key(tmp_path: Path) -> None:
    (tmp_path / f".{FILE}.new").write_text("-----BEGIN PRIV")
    installation_signer(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def foreign() -> bytes:
    key = generate_private_key(SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


@pytest.mark.parametrize(
    "content", [b"", b"garbage", foreign()], ids=["empty", "garbage", "another kind of key"]
)
def test_a_file_that_is_no_key_is_named_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / FILE
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match=FILE):
        installation_signer(tmp_path)
    assert path.read_bytes() == content


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o620])
def test_a_key_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    installation_signer(tmp_path)
    (tmp_path / FILE).chmod(mode)
    with pytest.raises(KeyFileError, match="chmod 600") as refused:
        installation_signer(tmp_path)
    assert refused.value.exit_code == 2


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileError, match=str(tmp_path / "file")):
        installation_signer(tmp_path / "file" / "actionday")
