-- Passwords, keys and passphrases by which encrypted evidence is opened, in the order in which they were given.
-- batch: those of one file; the ledger holds a digest of each batch (storage.database.passphrases), never a secret.
CREATE TABLE secrets (
    n INTEGER PRIMARY KEY,
    batch INTEGER NOT NULL,
    value BLOB NOT NULL UNIQUE
);
