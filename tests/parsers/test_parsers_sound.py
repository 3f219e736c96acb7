"""Sound that no header announces: whatever it is read as, nothing is said of an encoding that it does not have."""

import math

import pytest

from actionday.model import Limits
from actionday.parsers._decode import decode
from actionday.parsers.text import PARSER

ABOUT_ENCODING = {"undecodable", "encoding_unsure"}


def companded(sample: float) -> int:
    """Return a sample in mu-law. Source: ITU-T G.711."""
    level = min(int(abs(sample) * 32635), 32635) + 132
    exponent = max(0, level.bit_length() - 8)
    return ~((0x80 if sample < 0 else 0) | exponent << 4 | (level >> (exponent + 3)) & 15) & 255


def tone(pitch: float, loud: float = 1.0, samples: int = 4000) -> list[float]:
    return [loud * math.sin(math.tau * pitch * at / 8000) * math.cos(at / 700) for at in range(samples)]


@pytest.mark.parametrize("pitch", [31.0, 80.0, 210.0, 440.0, 1234.0])
@pytest.mark.parametrize("shape", ["companded", "eight", "upper"])
def test_sound_gets_no_remark_about_its_encoding(pitch: float, shape: str) -> None:
    wave = tone(pitch)
    data = {
        "companded": bytes(map(companded, wave)),
        "eight": bytes(int(128 + 127 * each) for each in wave),
        "upper": bytes(int(192 + 63 * each) for each in wave),
    }[shape]
    for content in (data, b"Recorded by hand in March.\n" + data):
        parsed = PARSER.parse(memoryview(content), "text/plain", Limits())
        assert not {note.code for note in parsed.notes} & ABOUT_ENCODING, parsed.notes


def test_writing_keeps_its_remark() -> None:
    torn = "Радио «Пустельга» выходит в эфир каждый вечер. ".encode() * 20
    torn = torn[:100] + b"\xff" + torn[101:]
    assert [note.code for note in decode(memoryview(torn)).notes()] == ["undecodable"]
