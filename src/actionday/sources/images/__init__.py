"""Disk images: the bytes of a disk out of the bytes of an image file and its neighbours.

Each module holds one ``IMAGE``. ``_disk.py`` is the stream all of them return, ``_parents.py`` finds the file an
overlay stands on. A disk that is read in part is opened and noted; its missing ranges raise ``Damaged``.
Start reading with ``vdi.py``, the smallest.
"""
