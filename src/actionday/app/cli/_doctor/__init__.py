"""What ``actionday doctor`` looks at, one kind of thing a file; each function returns checks and changes nothing.

Only ``doctor.py`` beside it may import it. Start at ``report.py`` (what a check is), then ``probe.py``: a child
process that starts as a worker of an ingest does and says which locks of the sandbox hold.
"""
