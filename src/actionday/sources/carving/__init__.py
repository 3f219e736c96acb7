"""Space that belongs to no file: files found in it by their own structure, and its text.

Knows ``model``, ``mime`` and the other rooms of ``sources``. Start in ``unallocated.py`` (the one pass), then
``_carver.py`` (what a type offers). One more type is one more module with ``CARVER``; nothing else is touched.
"""
