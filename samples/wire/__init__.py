"""What servers and people leave behind: mail, chats, web records, logs, dumps, settings, keys.

One file a format, each a function of values in this package. Start at `mail.py`.
"""
