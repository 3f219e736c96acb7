"""Run the command with sorted runs of some rows, and kill this very process at one point. Run as a script.

``crash_import.py module:Class.method before|after N words of the command …``
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "pipeline"))

from crash_at import arm

from actionday.app.cli.main import main
from actionday.exchange.hashes import _given
from actionday.storage.hashes import gathering

if __name__ == "__main__":
    gathering.RUN_BYTES, _given.BLOCK = 4096, 2000
    arm(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    main(sys.argv[4:])
