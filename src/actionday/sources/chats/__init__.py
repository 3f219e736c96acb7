"""Chats: what programs export of conversations, each chat a directory, each message an item.

Knows ``model`` and ``mime`` only. A message has no bytes of its own: its content is canonical JSON with the names of
``docs/formats/chats.md``, made by ``_message.py`` for every program alike and read by ``parsers.chat``; where it lies
in the export stands in its metadata. Start reading with ``telegram_json.py`` and ``_message.py``.
"""
