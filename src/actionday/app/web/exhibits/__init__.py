"""All exhibits: what was acquired, hashes, the imager's hash against ours."""
