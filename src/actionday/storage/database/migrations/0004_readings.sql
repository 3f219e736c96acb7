-- The same bytes may be read in several ways: a message of a mailbox without a telling header is mail, the same bytes in
-- a file are plain text. reading: which of them an item has; empty for what older versions stored, one for a content. (It stands beside
-- sha256, both being the key: SQLite's integrity_check mistakes another order for empty columns.)
ALTER TABLE items ADD COLUMN reading BLOB NOT NULL DEFAULT x'';

CREATE TABLE readings (
    sha256 BLOB NOT NULL,
    reading BLOB NOT NULL,
    md5 BLOB NOT NULL,
    sha1 BLOB NOT NULL,
    size INTEGER NOT NULL,
    mime TEXT NOT NULL,
    seq INTEGER NOT NULL,
    parser TEXT,
    meta TEXT,
    text BLOB,
    characters INTEGER,
    language TEXT,
    script TEXT,
    confidence REAL,
    segments TEXT,
    PRIMARY KEY (sha256, reading)
) WITHOUT ROWID;
INSERT INTO readings
    SELECT sha256, x'', md5, sha1, size, mime, seq, parser, meta, text, characters, language, script, confidence, segments
    FROM contents;
DROP TABLE contents;
ALTER TABLE readings RENAME TO contents;
