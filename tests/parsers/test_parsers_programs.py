"""A program's first bytes hide no text: only what its whole structure accounts for is left unread."""

import py_compile
import struct
import sys
from pathlib import Path

import pytest

from actionday.detectors.filetype import identify_type
from actionday.parsers import _legible
from actionday.parsers._legible import legible, passages
from actionday.parsers._programs import is_catalogue, others

WORDS = (
    b"half words half noise: the kestrel meets us at the harbour on saturday night, tell nobody else\n" * 3
)
NOISE = bytes((at * 197 + at // 7) % 256 for at in range(700))
MARKS = {
    "elf": b"\x7fELF\2\1\1" + bytes(9) + b"\2\0\x3e\0\1\0\0\0",
    "mz": b"MZ" + bytes(58) + b"\x40\0\0\0PE\0\0\x64\x86",
    "woff": b"wOFF\0\1\0\0",
    "ttf": b"\0\1\0\0\0\x0c\0\x80\0\3\0\x40",
    "wasm": b"\0asm\1\0\0\0",
    "pyc": b"\xa7\r\r\n" + bytes(12),
    "class": b"\xca\xfe\xba\xbe\0\0\0\x34\0\x10",
    "pack": b"PACK\0\0\0\2\0\0\0\1",
}


def kept(data: bytes) -> str:
    mime = identify_type(data, data, len(data))
    found = legible(memoryview(data)) or passages(memoryview(data), mime)
    return "".join(found.text) if found else ""


@pytest.mark.parametrize("mark", MARKS)
def test_the_mark_of_a_program_before_words_and_noise_hides_nothing(mark: str) -> None:
    assert "kestrel meets us" in kept(MARKS[mark] + WORDS + NOISE)


def catalogue(words: bytes) -> bytes:
    tables = struct.pack("<7I", 0x950412DE, 0, 1, 28, 36, 0, 44) + struct.pack("<4I", 2, 44, len(words), 47)
    return tables + b"hi\0" + words + b"\0"


def test_a_catalogue_is_one_by_all_of_its_messages() -> None:
    whole = catalogue(b"salut")
    assert is_catalogue(memoryview(whole))
    assert not is_catalogue(memoryview(whole[:-1] + b"x"))  # its last message has no end
    assert not is_catalogue(memoryview(whole + WORDS))  # more than its messages
    assert not is_catalogue(memoryview(catalogue(WORDS * 200)))  # as long as a letter


@pytest.mark.parametrize(
    "text", [WORDS * 10, WORDS.decode().encode("utf-16-le") * 10], ids=["ASCII", "UTF-16"]
)
def test_the_header_of_a_catalogue_hides_no_text(text: bytes) -> None:
    head = struct.pack("<7I", 0x950412DE, 0, 1, 28, 36, 0, 44) + bytes(16)
    assert "kestrel meets us" in kept(head + text)


def test_text_behind_a_program_is_read_and_the_program_is_not() -> None:
    program = Path(sys.executable).resolve().read_bytes()
    if program[:4] != b"\x7fELF":
        pytest.skip("no ELF program here")
    gaps = list(others(memoryview(program), "application/x-executable"))
    assert sum(len(bytes(gap).strip(b"\0")) for gap in gaps) < len(program) // 20  # zeros between sections
    rest = list(others(memoryview(program + WORDS), "application/x-executable"))
    assert bytes(rest[-1]).endswith(WORDS)


def test_byte_code_is_its_own_and_a_text_within_it_is_not(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(f'"""{WORDS.decode() * 4}"""\nvalue = "kestrel"\n')
    code = Path(py_compile.compile(str(tmp_path / "m.py"), str(tmp_path / "m.pyc")) or "").read_bytes()
    mime = "application/x-bytecode.python"
    assert list(others(memoryview(code), mime)) == []
    behind = list(others(memoryview(code + b"\1\2\3\4\5\6" + WORDS * 3), mime))
    assert b"kestrel meets us" in b"".join(map(bytes, behind))


def test_passages_that_are_not_kept_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_legible, "STEP", 4096)
    monkeypatch.setattr(_legible, "MOST_TEXT", 8192)
    data = (NOISE + WORDS) * 40
    found = passages(memoryview(data), "application/octet-stream")
    assert found is not None
    assert [note.code for note in found.notes] == ["strings_cut"]
    short = passages(memoryview(data[:8192]), "application/octet-stream")
    assert short is not None
    assert short.notes == ()
