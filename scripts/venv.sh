#!/bin/sh
# Make a virtual environment: venv.sh FOLDER. Brings python3-venv by apt where Debian left it out.
set -eu
folder=$1
here=$(dirname "$0")

if ! python3 -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))'; then
    echo "Actionday needs Python 3.11, 3.12 or 3.13; python3 here is $(python3 --version 2>&1)" >&2
    exit 1
fi
if ! python3 -c 'import ensurepip, venv' 2>/dev/null; then
    sh "$here/packages.sh" --must python3-venv
fi
rm -rf "$folder"
python3 -m venv "$folder"
