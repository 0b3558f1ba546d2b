#!/usr/bin/env bash
# Installs the Debian packages that the build needs, only those that are missing.
set -euo pipefail
missing=()
for package in libpcap-dev libsqlite3-dev zlib1g-dev libzstd-dev libxlsxwriter-dev libzip-dev libseccomp-dev; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
run=()
[ "$(id -u)" -eq 0 ] || run=(sudo)
"${run[@]}" apt-get update -q
"${run[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"
