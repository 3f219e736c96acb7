"""A little space of no file, with two pictures and a sentence in it."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from carving_files import FILES

SENTENCE = "Собрание клуба пустельги назначено на вторник у старой мельницы.".encode()


def space() -> bytes:
    parts = (FILES[".png"](), SENTENCE, FILES[".gif"]())
    return b"".join(bytes(512) + part + bytes(-len(part) % 512) for part in parts)


SAMPLES = {"unallocated.bin": space, "text @0": lambda: bytes(512) + SENTENCE + bytes(512)}
