#!/usr/bin/env bash
# Prints the interpreter that .venv is made with: python3.11 where it works, else a python3 that is new enough.
set -euo pipefail

# A name on the PATH may be an empty shim, so each candidate is asked to run.
is_new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

for python in ${PYTHON:-python3.11 python3}; do
    if is_new_enough "$python"; then
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            echo "riwaq: $python has no venv module. On Debian or Ubuntu: sudo apt-get install python$version-venv" >&2
            exit 1
        fi
        echo "$python"
        exit 0
    fi
done
echo "riwaq: needs Python 3.11 or newer, and found none (tried: ${PYTHON:-python3.11 python3})." >&2
echo "       On Debian 12: sudo apt-get install python3.11 python3.11-venv; or name one: make setup PYTHON=/path/python3.12" >&2
exit 1
