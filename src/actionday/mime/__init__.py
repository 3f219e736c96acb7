"""How a mail message is built: header fields, parts, transfer codings, charsets, dates. Pure functions over bytes.

For ``sources.mail`` (which yields attachments) and ``parsers.mail`` (which reads text), so that the two cannot
disagree about where a part lies or which parts are the displayed text. Imports ``model`` only, nothing of the
house. Read ``structure.py`` (the walk) and ``fields.py`` (the header) first.
"""
