"""The sound of a recording as speech recognition takes it: one channel, 16,000 samples a second, piece by piece.

Source: none; the calls are those of av 18 (FFmpeg).
"""

import io
from collections.abc import Iterator
from typing import Any

from actionday.model import Damaged
from actionday.model.foreign import plainly

RATE = 16_000
"""Samples a second of what whisper was taught with."""
PIECE_SECONDS = 120
"""Of sound at once, 8 MB: words at the ends of a piece may be cut, so more is better; a deadline is for each."""


def pieces(data: memoryview) -> Iterator[Any]:
    """Yield the sound as arrays of 32-bit floats, of ``PIECE_SECONDS`` each but the last. Raises Damaged.

    Of what breaks off, what comes before is yielded first.
    """
    import av
    import numpy as np

    waiting: list[Any] = []
    samples = 0
    try:
        with av.open(io.BytesIO(data), mode="r") as opened:
            if not opened.streams.audio:
                return
            resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
            for frame in opened.decode(opened.streams.audio[0]):
                for made in resampler.resample(frame):
                    waiting.append(made.to_ndarray().reshape(-1))
                    samples += made.samples
                if samples >= PIECE_SECONDS * RATE:
                    whole = np.concatenate(waiting)
                    yield whole[: PIECE_SECONDS * RATE]
                    waiting = [whole[PIECE_SECONDS * RATE :]]
                    samples = len(waiting[0])
    except (av.FFmpegError, ValueError, OverflowError) as error:
        if samples:
            yield np.concatenate(waiting)
        raise Damaged(f"speech: {plainly(error)}") from error
    if samples:
        yield np.concatenate(waiting)
