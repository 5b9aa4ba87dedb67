#!/usr/bin/env bash
# Pins every dependency again: requirements*.lock from requirements*.in, package-lock.json from package.json.
#
# The lock files name no index, host or folder of the machine that wrote them, so that they hold on every machine.
# With --upgrade (`make lock ARGS=--upgrade`) the newest versions are taken; without it only what changed.
set -euo pipefail
cd "$(dirname "$0")/.."

# pip-compile repeats the command in the header of its output; here it names the one command a person types.
export CUSTOM_COMPILE_COMMAND="make lock"
compile() {
    .venv/bin/python -m piptools compile --quiet --generate-hashes --strip-extras --allow-unsafe \
        --no-emit-index-url --no-emit-trusted-host --no-emit-find-links "$@"
}
compile "$@" --output-file requirements.lock requirements.in
compile "$@" --output-file requirements-dev.lock requirements-dev.in
compile "$@" --output-file requirements-node.lock requirements-node.in

npm=$(scripts/find_npm.sh)
[ "${1-}" != --upgrade ] || rm -f package-lock.json
"$npm" install --package-lock-only --ignore-scripts --no-audit --no-fund
