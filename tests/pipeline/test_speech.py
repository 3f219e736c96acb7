"""Speech, from the recording to the item: with a tiny model of random numbers, which says anything or nothing."""

import math
import random
import struct
import wave
from pathlib import Path

import pytest

from case_tools import Bench

pytest.importorskip("pywhispercpp", reason="needs the extra speech")
pytest.importorskip("av", reason="needs the extra speech")
VOCABULARY, CONTEXT, STATE, HEADS, LAYERS, TEXT_CONTEXT, MELS, FFT = 51865, 1500, 8, 1, 4, 448, 80, 201
MAGIC = 0x67676D6C


def tensor(name: str, *shape: int, dice: random.Random) -> bytes:
    """Return a tensor as ggml has it: dimensions, name, numbers; of weights with 16 bits, of all else with 32."""
    count, half = math.prod(shape), len(shape) > 1 and name.endswith("weight")
    numbers = struct.pack(f"<{count}{'e' if half else 'f'}", *(dice.uniform(-0.1, 0.1) for _ in range(count)))
    head = struct.pack("<iii", len(shape), len(name), int(half)) + struct.pack(f"<{len(shape)}i", *shape)
    return head + name.encode() + numbers


def blocks(where: str, layers: int, dice: random.Random, *, cross: bool) -> bytes:
    found = []
    for layer in range(layers):
        at = f"{where}.blocks.{layer}"
        shapes: dict[str, tuple[int, ...]] = {
            "mlp_ln.weight": (STATE,), "mlp_ln.bias": (STATE,),
            "mlp.0.weight": (STATE, 4 * STATE), "mlp.0.bias": (4 * STATE,),
            "mlp.2.weight": (4 * STATE, STATE), "mlp.2.bias": (STATE,),
        }  # fmt: skip
        for attention in ("attn", "cross_attn") if cross else ("attn",):
            shapes |= {f"{attention}_ln.weight": (STATE,), f"{attention}_ln.bias": (STATE,)}
            for part in ("query", "key", "value", "out"):
                shapes[f"{attention}.{part}.weight"] = (STATE, STATE)
                if part != "key":
                    shapes[f"{attention}.{part}.bias"] = (STATE,)
        found += [tensor(f"{at}.{name}", *shape, dice=dice) for name, shape in shapes.items()]
    return b"".join(found)


def model(file: Path) -> Path:
    """Write a model of whisper as ``convert-pt-to-ggml.py`` lays one out: 1.7 MB, of random numbers."""
    dice = random.Random(7)
    sizes = (VOCABULARY, CONTEXT, STATE, HEADS, LAYERS, TEXT_CONTEXT, STATE, HEADS, LAYERS, MELS, 1)
    made = [struct.pack("<12i", MAGIC, *sizes), struct.pack("<ii", MELS, FFT)]
    made.append(struct.pack(f"<{MELS * FFT}f", *(dice.uniform(0, 0.01) for _ in range(MELS * FFT))))
    words = [
        b" ",
        b" -",
        b" '",
        *(f" w{number}".encode() for number in range(50254)),
    ]  # three are asked for by name
    made.append(
        struct.pack("<i", len(words)) + b"".join(struct.pack("<I", len(each)) + each for each in words)
    )
    for name, shape in (
        ("encoder.positional_embedding", (STATE, CONTEXT)),
        ("encoder.conv1.weight", (3, MELS, STATE)),
        ("encoder.conv1.bias", (1, STATE)),
        ("encoder.conv2.weight", (3, STATE, STATE)),
        ("encoder.conv2.bias", (1, STATE)),
        ("encoder.ln_post.weight", (STATE,)),
        ("encoder.ln_post.bias", (STATE,)),
        ("decoder.positional_embedding", (STATE, TEXT_CONTEXT)),
        ("decoder.token_embedding.weight", (STATE, VOCABULARY)),
        ("decoder.ln.weight", (STATE,)),
        ("decoder.ln.bias", (STATE,)),
    ):
        made.append(tensor(name, *shape, dice=dice))
    made += [blocks("encoder", LAYERS, dice, cross=False), blocks("decoder", LAYERS, dice, cross=True)]
    file.write_bytes(b"".join(made))
    return file


@pytest.fixture
def sounds(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    with wave.open(str(folder / "call.wav"), "wb") as made:
        made.setnchannels(2)
        made.setsampwidth(2)
        made.setframerate(44100)
        tone = b"".join(
            struct.pack("<hh", *[int(9000 * math.sin(each / 20))] * 2) for each in range(44100 * 3)
        )
        made.writeframes(tone)
    return folder


def test_a_recording_is_read_with_the_model_of_the_setting_and_the_times_are_kept(
    bench: Bench, sounds: Path, tmp_path: Path
) -> None:
    env = {"ACTIONDAY_SPEECH_MODEL": str(model(tmp_path / "tiny.bin"))}
    bench.ingest(sounds, env=env)
    row = bench.item("call.wav")
    assert row["status"] in ("parsed", "empty"), row["reason"]
    told = row["content"]["speech"]
    assert (told["by"], told["model"]) == ("whisper.cpp", "tiny.bin")
    assert all(0 <= begins <= ends for begins, ends in told["segments"])
    if row["status"] == "empty":
        assert row["reason"] == "speech recognition found no words"
    proof = bench.verify()
    assert proof["ok"], proof


def test_without_a_model_it_waits_and_the_run_says_for_what(bench: Bench, sounds: Path) -> None:
    done = bench.ingest(sounds)
    assert bench.item("call.wav")["status"] == "queued"
    assert "1 item waits (speech: no speech model is set (ACTIONDAY_SPEECH_MODEL))" in done.stdout


def test_a_file_that_is_no_model_leaves_its_items_and_the_case_whole(
    bench: Bench, sounds: Path, tmp_path: Path
) -> None:
    (tmp_path / "none.bin").write_bytes(b"no model at all" * 9)
    done = bench.ingest(sounds, env={"ACTIONDAY_SPEECH_MODEL": str(tmp_path / "none.bin")})
    assert bench.item("call.wav")["status"] == "queued"
    assert "none.bin is no model of ggml" in done.stdout
    assert bench.verify()["ok"]
