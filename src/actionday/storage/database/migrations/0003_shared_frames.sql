-- Small objects share a frame: where in it one begins, in unpacked bytes.
ALTER TABLE objects ADD COLUMN skip INTEGER NOT NULL DEFAULT 0;
