"""What a person meets: ``cli`` (one command a file) and ``web`` (one page a folder). Thin, no logic of its own.

Knows every room; nobody knows it.
"""
