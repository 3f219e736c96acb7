"""A case and the real command on it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from case_fixtures import bench, hostile, hostile_env, signing_key

__all__ = ["bench", "hostile", "hostile_env", "signing_key"]
