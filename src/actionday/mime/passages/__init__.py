"""Text between bytes that are none: passages of any script in UTF-8, UTF-16 and codes of one byte a letter.

For ``parsers`` (contents that nobody reads) and ``sources`` (space that belongs to no file). Imports ``model`` and
``mime`` only. Start in ``found.py``; ``overlaps.py`` puts in order what several readings claim.
"""
