"""What is no text and what is one behind a foreign mark: sound, packed data, keys; prose of many scripts and codes."""

import base64
import bz2
import lzma
import math
import random
import struct
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial

from samples.languages import languages

Wave = Callable[[float], float]
Made = Callable[[], bytes]
SECONDS = 1.0
RATES = (8000, 11025, 22050, 44100)


def sine(pitch: float) -> Wave:
    return lambda t: math.sin(2 * math.pi * pitch * t)


def music(seed: int) -> Wave:
    """A sum of tones that swell and fade, a new chord every quarter of a second."""
    draw = random.Random(seed)
    chords = [[(draw.choice((110, 220, 330)) * draw.choice((1, 1.25, 1.5, 2)), draw.random()) for _ in range(4)] for _ in range(8)]  # fmt: skip

    def wave(t: float) -> float:
        chord = chords[int(t * 4) % len(chords)]
        fade = math.exp(-3 * (t * 4 % 1))
        return fade * sum(loud * math.sin(2 * math.pi * pitch * t) for pitch, loud in chord) / 3

    return wave


def hiss(seed: int, wave: Wave | None = None, share: float = 1.0) -> Wave:
    draw = random.Random(seed)
    return lambda t: (wave(t) * (1 - share) if wave else 0) + share * (2 * draw.random() - 1)


def saw(pitch: float) -> Wave:
    return lambda t: 2 * (t * pitch % 1) - 1


def waves() -> Iterator[tuple[str, Wave]]:
    for pitch in (30, 220, 440, 1000, 3100):
        yield f"sine {pitch}", sine(pitch)
    for seed in range(3):
        yield f"music {seed}", music(seed)
        yield f"noisy {seed}", hiss(seed, music(seed), 0.2)
    yield "hiss", hiss(7)
    yield "saw", saw(90)


def heard(wave: Wave, rate: int) -> list[float]:
    return [wave(n / rate) for n in range(int(rate * SECONDS))]


def pcm8(samples: Iterable[float], loud: float) -> bytes:
    return bytes(int(128 + 127 * loud * each) for each in samples)


def pcm16(samples: Iterable[float], loud: float) -> bytes:
    return array("h", [int(32767 * loud * each) for each in samples]).tobytes()


def riff(samples: bytes, rate: int, bits: int) -> bytes:
    head = struct.pack(
        "<4sIHHIIHH4sI", b"fmt ", 16, 1, 1, rate, rate * bits // 8, bits // 8, bits, b"data", len(samples)
    )
    return b"RIFF" + struct.pack("<I", 4 + len(head) + len(samples)) + b"WAVE" + head + samples


def sounds() -> Iterator[tuple[str, Made]]:
    """Sound in eight and sixteen bits, at several rates and volumes, bare and behind its head; made when it is asked for."""
    for number, (name, wave) in enumerate(waves()):
        rate = RATES[number % len(RATES)]
        samples = cache(partial(heard, wave, rate))
        for loud in (0.1, 0.4, 0.9):
            for bits in (8, 16):
                label = f"{name} {rate} {loud} {bits}"
                for form in ("head", "signed" if bits == 8 else "bare", "raw"):
                    yield f"{label} {form}", partial(sound, samples, rate, loud, bits, form)


def sound(samples: Callable[[], list[float]], rate: int, loud: float, bits: int, form: str) -> bytes:
    made = (pcm8 if bits == 8 else pcm16)(samples(), loud)
    if form == "head":
        return riff(made, rate, bits)
    return bytes(each ^ 0x80 for each in made) if form == "signed" else made


def packed() -> Iterator[tuple[str, bytes]]:
    """Packed data, keys, blobs in ASCII, random bytes with few or no control characters among them."""
    words = " ".join(languages()["eng"].sentences).encode() * 3
    draw = random.Random(11)
    noise = draw.randbytes(20_000)
    yield "zlib", zlib.compress(words, 9)
    yield "bz2", bz2.compress(words)
    yield "lzma", lzma.compress(words)
    yield "random", noise
    yield "base64", base64.b64encode(noise)
    yield "base64 in lines", base64.encodebytes(noise)
    yield "base32", base64.b32encode(noise)
    yield "base85", base64.b85encode(noise)
    yield "hex", noise.hex().encode()
    yield "hex in lines", b"\n".join(noise[at : at + 20].hex().encode() for at in range(0, 20_000, 20))
    for name, low, high in (("printable", 33, 126), ("high", 0x80, 0xFF), ("upper", 0xC0, 0xFF), ("no controls", 32, 255),
                            ("symbols", 0xA0, 0xC0), ("letters", 0x41, 0xFF)):  # fmt: skip
        yield f"random {name}", bytes(draw.randint(low, high) for _ in range(20_000))
    yield "key", b"\x30\x82\x04\xa4\x02\x01\x00" + draw.randbytes(1200)
    yield "short key", draw.randbytes(32)
    yield "table of capitals", "".join(map(chr, range(0x20, 0x2000))).upper().encode("utf-16-le", "replace")
    yield "floats", array("f", [math.sin(n / 50) * 100 for n in range(5000)]).tobytes()
    yield "gradient", bytes((x + y) // 2 % 256 for y in range(128) for x in range(128))
    yield "padding", b"\xff" * 5000
    yield (
        "soft picture",
        bytes(int(140 + 40 * math.sin(x / 9) + 30 * math.cos(y / 7)) for y in range(128) for x in range(128)),
    )


MARKS = {
    "wav": b"RIFF\x24\x80\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00",
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01",
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
    "none": b"",
}
CODES = {
    "eng": ("cp1252",), "deu": ("cp1252",), "fra": ("cp1252", "mac_roman"), "spa": ("cp1252",), "tur": ("cp1254",),
    "rus": ("cp1251", "koi8-r", "cp866"), "ukr": ("cp1251",), "ell": ("cp1253",), "heb": ("cp1255",), "arb": ("cp1256",),
    "pes": (), "zho": ("gb18030",), "jpn": ("cp932", "euc_jp"), "kor": ("cp949",), "tha": ("cp874",),
}  # fmt: skip
ANY = ("utf-8", "utf-16-le", "utf-16-be", "utf-16")


def prose(code: str, repeat: int = 1) -> str:
    """Return a page in a language, as the sample network's authors wrote it."""
    found = languages()[code]
    return (
        "\n".join(found.joiner.join(found.sentences[at : at + 4]) for at in range(0, len(found.sentences), 4))
        * repeat
    )


def hidden() -> Iterator[tuple[str, bytes, str, str]]:
    """Yield a name, bytes with a mark before a text, the last words of the text and its encoding."""
    for code in languages():
        text = prose(code)
        for encoding in (*ANY, *CODES.get(code, ())):
            body = text.encode(encoding, "ignore")
            plain = body.decode(encoding)
            for mark, front in MARKS.items():
                yield f"{code} {encoding} behind {mark}", front + body, plain[-40:], encoding
