"""A reader of the slow lane for tests: a picture is as many pixels wide as it is to be told apart by.

Source: none; it stands in for OCR.
"""

import io
import os
import time
from collections.abc import Callable

from PIL import Image

from actionday.model import Around, Limits, Parsed, Waits

FOR_EVER, WAITS, NOTHING, DIES = 21, 22, 23, 24


class Reader:
    """Says how wide a picture is."""

    name, version, slow = "stand-in", 1, "ocr"
    mimes = ("image/png",)  # before the family, which is that of the real one
    samples = ("drawing.png",)

    def lacks(self) -> str:
        """Return what the environment says that lacks."""
        return os.environ.get("ACTIONDAY_TEST_LACKS", "")

    def read(
        self, data: memoryview, mime: str, limits: Limits, around: Around, beat: Callable[[float], None]
    ) -> Parsed:
        """Return a sentence."""
        beat(1.0)
        width = Image.open(io.BytesIO(bytes(data))).width
        if width == FOR_EVER:
            while True:
                pass
        if width == DIES:
            os._exit(7)
        if width == WAITS and not os.environ.get("ACTIONDAY_TEST_MODEL"):
            raise Waits("model ara missing")
        time.sleep(float(os.environ.get("ACTIONDAY_TEST_SLEEP", "0")))
        text = "" if width == NOTHING else f"a kestrel on {width} columns"
        return Parsed(text=(text,), meta={"ocr": {"models": [*around.languages] or ["none"]}})


PARSER = Reader()
