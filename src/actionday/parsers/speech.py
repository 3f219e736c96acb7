"""Words spoken in recordings, recognised by whisper.cpp with a model that a person put here: work of the slow lane.

Source: none; the calls are those of pywhispercpp 1.5, a model is a file of ggml. No model comes with Actionday, and
none is fetched: ``ACTIONDAY_SPEECH_MODEL`` names the file.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from actionday.model import Around, Damaged, Limits, Loss, Note, Parsed, Waits
from actionday.model.foreign import plainly
from actionday.parsers._sound import PIECE_SECONDS, pieces

SETTING = "ACTIONDAY_SPEECH_MODEL"
NOT_INSTALLED = "the extra speech of actionday is not installed"
NO_MODEL = f"no speech model is set ({SETTING})"
NO_WORDS = "speech recognition found no words"
NO_SOUND = "no sound in it"
SECONDS = 20.0 * PIECE_SECONDS
"""Of processor time for a piece: the largest models take some ten seconds for one of sound."""
IN_MEMORY = 2
"""A model takes so often its size, with what it works in."""
MOST_SEGMENTS = 10_000
"""Whose times are kept: a day of speech."""
MAGIC = b"lmgg"
"""With which a model begins: the library ends the process on what is none."""
STDERR = 2


class Speech:
    """Reads what is said; the language is heard by the model itself."""

    name, version, slow = "speech", 1, "speech"
    mimes = ("audio/*", "video/*")
    samples = ("sound.wav",)

    def lacks(self) -> str:
        """Return what is not there for any recording to be read."""
        if find_spec("pywhispercpp") is None or find_spec("av") is None:
            return NOT_INSTALLED
        named = os.environ.get(SETTING)
        if not named:
            return NO_MODEL
        try:
            with Path(named).open("rb") as file:
                return (
                    "" if file.read(len(MAGIC)) == MAGIC else f"the speech model {named} is no model of ggml"
                )
        except OSError as error:
            return f"the speech model {named} cannot be read: {error.strerror}"

    @cached_property
    def _model(self) -> Any:
        from pywhispercpp.model import Model

        try:
            with quiet():
                return Model(
                    os.environ[SETTING],
                    n_threads=1,
                    print_progress=False,
                    print_realtime=False,
                    language="auto",
                )
        except Exception as error:  # the library raises what it likes of a file that is no model
            raise Waits(f"the speech model cannot be loaded: {plainly(error)}") from error

    def read(
        self,
        data: memoryview,
        mime: str,  # noqa: ARG002 - whatever it is called, the sound is looked for
        limits: Limits,
        around: Around,  # noqa: ARG002 - the model hears the language
        beat: Callable[[float], None],
    ) -> Parsed:
        """Return a line for each segment; ``speech.segments`` has its times in seconds. Raises Waits, Damaged."""
        file = Path(os.environ[SETTING])
        if IN_MEMORY * file.stat().st_size > limits.memory:
            raise Waits(f"the model {file.name} needs more memory than a worker may use")
        lines: list[str] = []
        times: list[tuple[float, float]] = []
        notes: list[Note] = []
        heard = 0
        beat(SECONDS)
        try:
            for number, sound in enumerate(pieces(data)):
                beat(SECONDS)
                heard += len(sound)
                for text, begins, ends in self._said(sound):
                    lines.append(text)
                    times.append((number * PIECE_SECONDS + begins, number * PIECE_SECONDS + ends))
        except Damaged as error:
            if not heard:
                raise
            notes.append(Note(Loss.BROKEN_OFF, str(error)))
        if not heard:
            return Parsed(reason=NO_SOUND)
        facts = {"by": "whisper.cpp", "model": file.name, "segments": times[:MOST_SEGMENTS]}
        said = ["\n".join(lines) + "\n"] if lines else []
        return Parsed(text=said, meta={"speech": facts}, reason="" if lines else NO_WORDS, notes=tuple(notes))

    def _said(self, sound: Any) -> Iterator[tuple[str, float, float]]:
        """Yield what is said in a piece, and when in it, in seconds."""
        with quiet():
            found = self._model.transcribe(sound)
        for each in found:
            if text := " ".join(each.text.split()):
                yield text, each.t0 / 100, each.t1 / 100


@contextmanager
def quiet() -> Iterator[None]:
    """Let what the library writes to the standard error stream go nowhere: there is a terminal behind it."""
    kept, nowhere = os.dup(STDERR), os.open(os.devnull, os.O_RDONLY)  # a worker may open nothing to write
    os.dup2(nowhere, STDERR)
    try:
        yield
    finally:
        os.dup2(kept, STDERR)
        os.close(kept)
        os.close(nowhere)


PARSER = Speech()
