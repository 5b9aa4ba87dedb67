#!/usr/bin/env bash
# Runs biome from the lock file with our own choice of node: scripts/biome.sh check kiosk/static/kiosk.js
set -euo pipefail
cd "$(dirname "$0")/.."
exec "$(scripts/find_node.sh)" node_modules/@biomejs/biome/bin/biome "$@"
