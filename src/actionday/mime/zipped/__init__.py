"""Zip packages as their directory lists them: records, headers, and what the parts of a document are called.

For ``sources.archives`` (which opens what no parser reads) and the parsers of office documents (which read the
markup), so that the two cannot disagree about which parts there are. Imports ``model`` alone. Read ``parts.py`` first.
"""
