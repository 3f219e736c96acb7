"""Web archives: a WARC or ARC file in, one item a record out, bodies decoded.

May be imported by nobody but the loader. Start reading in ``warc`` (the loop over records), then ``_tape`` (plain
and gzipped files alike), ``_item`` (what a record is as an item) and ``_http`` (how bodies were wrapped).
"""
