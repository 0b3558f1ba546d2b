#!/bin/sh
# Makes every sample anew: installs what is missing (Debian packages, PyPI packages in a folder of their own), then runs
# the scenarios one after the other. Needs root on Debian 12; about seven minutes; nothing leaves the machine's namespaces.
# Usage: make_samples.sh [OUTPUT_FOLDER]      OTSCAN_SAMPLES_WORK moves the work folder (default /var/tmp/otscan-samples).
set -eu
here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/..}
work=${OTSCAN_SAMPLES_WORK:-/var/tmp/otscan-samples}
export PYTHONDONTWRITEBYTECODE=1 DEBIAN_FRONTEND=noninteractive TZ=Asia/Tokyo

packages="openvswitch-switch iproute2 ethtool tshark dnsmasq-base samba smbclient nginx-light snmpd snmp chrony lldpd
rsyslog openssh-server openssh-client sshpass freeradius freeradius-utils eapoltest ssl-cert openvpn avahi-daemon vsftpd
tigervnc-standalone-server tigervnc-viewer tigervnc-tools xdotool x11-apps isc-dhcp-client dnsutils iputils-ping
netcat-openbsd nftables bsdutils curl openssl python3-venv"
missing=""
for package in $packages; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q "^install ok installed" || missing="$missing $package"
done
if [ -n "$missing" ]; then
    apt-get update -q
    # shellcheck disable=SC2086  # a list of words
    apt-get install -y -q --no-install-recommends $missing
fi

if [ ! -x "$work/venv/bin/python" ]; then
    python3 -m venv "$work/venv"
fi
"$work/venv/bin/pip" install -q -r "$here/requirements.txt"

for scenario in "$here/factory.py" "$here/factory_segmented.py"; do
    "$work/venv/bin/python" "$scenario" "$output"
done
python3 "$here/wireless.py" "$output"
for name in factory factory-segmented; do
    "$work/venv/bin/python" "$here/check.py" "$output/$name.pcapng" "$output/$name.truth.yaml"
done
