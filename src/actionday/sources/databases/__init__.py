"""Databases: tables and their rows out of dumps, database files and separated values; one file a format.

Knows ``model`` only. A table is a directory, a row in it an item of kind ``row`` whose content is its canonical JSON
(``_canonical``), a value too long for that an attachment of its row (``_table``). Start with ``pgdump.py``.
"""
