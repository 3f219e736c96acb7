"""Detectors: contents in, findings out; nothing here opens a file or knows where a content came from.

May be imported by the pipeline and the app; imports ``model`` alone. Start reading in ``filetype``: the MIME type
of a content from its bytes, which decides who parses it.
"""
