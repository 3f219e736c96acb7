"""What a record's header says of the longer record that it is a segment of.

Source: ISO 28500:2017, 5.19 (WARC-Segment-Number), 5.20 (WARC-Segment-Origin-ID), 5.21 (WARC-Segment-Total-Length).
"""

from typing import NamedTuple


class Segment(NamedTuple):
    """What a record says of the one that it is a part of. ``total`` is said by the last one alone."""

    number: int
    origin: str
    total: int | None

    @property
    def record(self) -> str:
        """The record that it is a part of, by its bare ID: some writers leave out the ``<>`` of one field."""
        return self.origin.removeprefix("<").removesuffix(">")

    @classmethod
    def told(cls, fields: dict[str, str]) -> "Segment | None":
        """Return what the fields of a header say, None for a whole record."""
        number = fields.get("warc-segment-number", "")
        continues = fields.get("warc-type", "").lower() == "continuation"
        if not continues and not _is_number(number):
            return None
        total = fields.get("warc-segment-total-length", "")
        origin = fields.get("warc-segment-origin-id", "") or (
            "" if continues else fields.get("warc-record-id", "")
        )
        return cls(
            int(number) if _is_number(number) else 0, origin, int(total) if _is_number(total) else None
        )


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdecimal() and len(said) < 16
