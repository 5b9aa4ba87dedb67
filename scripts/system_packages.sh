#!/usr/bin/env bash
# Sees to the programs that `make test` needs from the system: Chromium, PostgreSQL's server and espeak-ng.
# As root on Debian it installs what is missing; else it says how to. `make run` needs none of them; with espeak-ng
# boards call aloud also where recordings are missing.
set -euo pipefail

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
    || missing+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
command -v espeak-ng >/dev/null || missing+=(espeak-ng)
[ ${#missing[@]} -gt 0 ] || exit 0

install="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
    echo "riwaq: the tests need ${missing[*]}, and this is not a Debian machine: install them by its own means." >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "riwaq: the tests need ${missing[*]}. Install them with:" >&2
    echo "    sudo sh -c '$install'" >&2
    exit 1
fi
echo "The tests need ${missing[*]}: installing with apt-get (only the tests do; \`make run\` does not)."
export DEBIAN_FRONTEND=noninteractive
# Another apt may be running (unattended upgrades do at boot): wait for it instead of failing.
apt-get -q -o DPkg::Lock::Timeout=300 update
apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "${missing[@]}"
