"""The one recursion: exhibits in, rows, texts and index terms out; sandboxed, bounded, resumable.

``app`` may import it. Start at ``ingest.py`` (the run), then ``scheduler.py`` (what is to be done), ``worker.py``
(the sandboxed side) and ``examine.py`` (one content). ``docs/architecture.md`` draws the processes.
"""
