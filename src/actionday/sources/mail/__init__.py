"""Mail: mailboxes and message files to messages (``mbox``, ``eml``), messages to attachments (``message``).

Knows ``model`` and ``mime`` only. The text of a message is read by ``parsers.mail``; which parts are text is
decided in ``mime.body``, for both. Start with ``message.py``; a Maildir is a folder of message files.
"""
