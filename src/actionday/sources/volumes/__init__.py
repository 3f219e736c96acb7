"""Partition tables, and what is found where a file system was expected: encrypted volumes, members of arrays.

Each module holds one ``SOURCE``. ``_partition.py`` turns a table's entry into an item and clips what lies beyond
the disk. Start reading with ``gpt.py``.
"""
