"""What failed: the issue log by code, with exhibit, path and reason."""
