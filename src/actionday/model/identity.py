"""Ids: functions of the exhibit and the place in it, so that every run gives the same."""

from hashlib import blake2b

ID_BYTES = 16
"""2^64 items would have to meet before two ids are expected to be equal."""


def exhibit_item_id(exhibit: str) -> bytes:
    """Return the id of the item that is the exhibit itself, from the exhibit's ID."""
    return blake2b(
        exhibit.encode("utf-8", "surrogateescape"), digest_size=ID_BYTES, person=b"exhibit"
    ).digest()


def item_id(container: bytes, place: str) -> bytes:
    """Return the id of the item at ``place`` in the container with the id ``container``."""
    return blake2b(place.encode("utf-8", "surrogatepass"), digest_size=ID_BYTES, key=container).digest()
