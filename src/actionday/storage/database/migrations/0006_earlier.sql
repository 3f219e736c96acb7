-- What an item was before the slow lane was done with it: its row as the checkpoint seq stored it, which the ledger
-- vouches for. n is that of the row in items that came in its place.
CREATE TABLE earlier (
    n INTEGER NOT NULL,
    id BLOB NOT NULL,
    parent BLOB,
    exhibit INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    place TEXT NOT NULL,
    path TEXT NOT NULL,
    raw BLOB,
    kind TEXT NOT NULL,
    size INTEGER,
    sha256 BLOB,
    mtime TEXT,
    status TEXT NOT NULL,
    reason TEXT,
    opened INTEGER NOT NULL,
    runs BLOB,
    meta TEXT,
    reading BLOB NOT NULL,
    PRIMARY KEY (n, seq)
) WITHOUT ROWID;
CREATE INDEX earlier_seq ON earlier (seq);

-- What waits for the slow lane, in the order in which it was stored.
CREATE INDEX items_queued ON items (exhibit, n) WHERE status = 'queued';

-- Documents with a text of which pages are pictures: those wait as well, though the item was read.
CREATE INDEX contents_in_part ON contents (sha256, reading)
WHERE instr(meta, '"pages_without_text"') > 0 AND instr(parser, ' + ') = 0;
