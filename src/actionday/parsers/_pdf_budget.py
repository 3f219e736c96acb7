"""What reading all streams of a PDF may cost besides unpacking them: bounds of one stream do not bound a thousand.

Source: PDF 1.7 (ISO 32000-1), 8.9.7 (inline images hold 4 KiB and less), 7.4.4.4 (predictors, which are for pictures).
"""

from dataclasses import dataclass

MOST_OF_IMAGES = 4 << 20
"""Bytes that the inline images of a document are unpacked to, 4 KiB of those that are no text: 0.1 s."""
MOST_ROWS = 4 << 20
"""Bytes and rows that a predictor changed and that are undone: 2 s. Tables, which are no text, take none of it."""
MOST_SIGNS = 4_000_000
"""Begins and ends of strings, comments and images, and operators behind figures, that are looked at besides two for
each byte of the file."""


@dataclass(slots=True)
class Budget:
    """What is left of it for one document."""

    images: int = MOST_OF_IMAGES
    signs: int = MOST_SIGNS
    rows: int = MOST_ROWS
