"""File systems: every entry they list, deleted ones too, with where its bytes lie.

ext, XFS, Btrfs and ISO 9660 are read here (``_tree.py`` is the walk they share). NTFS, FAT, exFAT and HFS+ are listed
by the sleuthkit in a process of its own (``_tsk_process.py``, reached over ``Context.companion()``);
``_tsk_client.py`` is this side of the conversation, ``_tsk_protocol.py`` what both sides speak. Start reading with
``ext.py``.
"""
