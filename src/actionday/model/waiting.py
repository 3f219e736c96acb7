"""What an item says that waits for the slow lane, and for what it waits."""

import re

WORDS = {"ocr": "OCR", "speech": "speech recognition"}
"""What an item can wait for, in words; of others their name."""
SAID = re.compile(r"\bwaits for ([^;:'\"]{1,60})")


def waits_for(name: str, why: str = "") -> str:
    """Return the reason of an item that waits for the plug-in of the slow lane that is called ``name``."""
    return f"waits for {WORDS.get(name, name)}{f': {why}' if why else ''}"


def awaited(reason: str) -> str:
    """Return the name of the plug-in that a container waits for, by its reason; "" where that says none."""
    found = SAID.search(reason)
    return found[1].strip() if found else ""
