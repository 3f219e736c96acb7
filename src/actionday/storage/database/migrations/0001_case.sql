-- The facts of the case: name, authority, country, legal basis, retention, limits, seq.
CREATE TABLE facts (key TEXT PRIMARY KEY, value TEXT NOT NULL);

-- One seized or lawfully collected thing each. sources: JSON list of {path, size, sha256, md5}.
CREATE TABLE exhibits (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    sources TEXT NOT NULL,
    state TEXT NOT NULL,
    size INTEGER NOT NULL,
    acquisition TEXT NOT NULL,
    balance TEXT
);

-- One item at one place. seq: the checkpoint that stored it. runs: msgpack of the byte ranges in the container's
-- stream. opened: 1 when the item was opened as a container.
CREATE TABLE items (
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    parent BLOB,
    exhibit INTEGER NOT NULL REFERENCES exhibits (number),
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
    meta TEXT
);
CREATE INDEX items_path ON items (exhibit, path);
CREATE INDEX items_sha256 ON items (sha256);
CREATE INDEX items_parent ON items (parent);
CREATE INDEX items_seq ON items (seq);

-- Unique bytes, examined once. text: SHA-256 of the extracted text, an object like any other.
CREATE TABLE contents (
    sha256 BLOB PRIMARY KEY,
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
    segments TEXT
) WITHOUT ROWID;

-- Bytes kept in the packs. frames: msgpack of the stored length of each zstd frame of one MiB.
CREATE TABLE objects (
    sha256 BLOB PRIMARY KEY,
    pack INTEGER NOT NULL,
    start INTEGER NOT NULL,
    stored INTEGER NOT NULL,
    size INTEGER NOT NULL,
    frames BLOB NOT NULL,
    seq INTEGER NOT NULL
) WITHOUT ROWID;

-- What a stage could not do.
CREATE TABLE issues (
    n INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    exhibit INTEGER,
    item BLOB,
    stage TEXT NOT NULL,
    path TEXT NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX issues_seq ON issues (seq);
CREATE INDEX issues_code ON issues (code);
CREATE INDEX issues_item ON issues (item);

-- Items that are opened in turn. scope: msgpack of where the stream is (pipeline.messages.Scope). row: the item's own
-- row while it is open; it is stored as an item when its container is done. state: open | done.
CREATE TABLE containers (
    item BLOB PRIMARY KEY,
    exhibit INTEGER NOT NULL,
    opener TEXT NOT NULL,
    scope BLOB NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    size INTEGER NOT NULL,
    state TEXT NOT NULL,
    after TEXT,
    row BLOB
) WITHOUT ROWID;
CREATE INDEX containers_open ON containers (state) WHERE state = 'open';

-- One line a run of ingest: how far it is, live.
CREATE TABLE runs (
    n INTEGER PRIMARY KEY,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    started TEXT NOT NULL,
    finished TEXT,
    parameters TEXT NOT NULL,
    progress TEXT NOT NULL
);
