"""Bytes that had to be unpacked, and extracted texts: append-only pack files, each object once.

Read ``frames.py`` (how an object is compressed; workers use it) and ``packs.py`` (where it lies).
"""

from actionday.storage.objects.frames import FRAME_BYTES, ObjectStream, compress
from actionday.storage.objects.packs import Location, Packs

__all__ = ["FRAME_BYTES", "Location", "ObjectStream", "Packs", "compress"]
