#!/usr/bin/env bash
# Sees to the programs that `make test` needs from the system: Chromium, PostgreSQL's server, espeak-ng and faketime.
# As root on Debian it installs what is missing; else it says how to. `make run` needs none of them; with espeak-ng
# boards call aloud also where recordings are missing.
set -euo pipefail

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null \
    || missing+=(chromium)
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || missing+=(postgresql)
command -v espeak-ng >/dev/null || missing+=(espeak-ng)
command -v faketime >/dev/null || missing+=(faketime)

# Debian packages the same Chromium without its windows too: a page costs the tests a quarter of the time in it. Nothing
# needs it, so it is tried once, as root, and left alone when it is not to be had.
headless=chromium-headless-shell
tried=.venv/.stamp-headless
wanted=()
command -v $headless >/dev/null || [ "$(id -u)" -ne 0 ] || [ -e $tried ] || wanted+=($headless)
apt() { DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 "$@"; }
quicker() {
    [ ${#wanted[@]} -gt 0 ] || return 0
    echo "With $headless the tests are quicker: trying to install it with apt-get."
    apt -y install --no-install-recommends "${wanted[@]}" || echo "There is none here: Chromium itself will do."
    [ ! -d .venv ] || : >$tried
}
if [ ${#missing[@]} -eq 0 ]; then
    if [ ${#wanted[@]} -gt 0 ] && command -v apt-get >/dev/null; then
        apt update || true
        quicker
    fi
    exit 0
fi

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
# Another apt may be running (unattended upgrades do at boot): wait for it instead of failing.
apt update
apt -y install --no-install-recommends "${missing[@]}"
quicker
