"""Evidence in: what opens an exhibit and yields its items, one format a file.

``images`` are transparent layers (the disk out of an image file); everything else is a source: ``volumes``,
``filesystems``, ``archives``, ``mail``, ``web``, ``chats``. A source is given a stream and what surrounds it, never a
path, and knows only ``model``; the pipeline recurses. Nobody but the pipeline and the tests imports a source.
Start reading with ``volumes/gpt.py`` (a small one), then ``model/plugin.py`` for the contract.
"""
