"""Archives and single compressed files: a stream in, members out; nothing is ever written.

May be imported by nobody but the loader, and ``_streams`` and ``_codecs`` by ``sources.web``. Start reading in
``_streams`` (what a member's content is read through), then ``tar`` and ``zip`` (read by us, so that every
damage is seen), then ``_libarchive`` (what 7z, rar, cab, lz4 and Z are read by).
"""
