"""Images and archives, one file a format: places in, bytes on disk out.

Each module packs `Place`s by the format's own tool or from its standard, the same bytes each
time where the tool allows. Start at `ext4.py`.
"""
