#!/bin/sh
# Makes a Debian 12 machine a kiosk: install-kiosk.sh PAGE [normal|90|180|270], for example
#
#     sudo config/deploy/install-kiosk.sh http://riwaq.local:8080/kiosk/K1 90
#
# May be run again, with another page or after an update. With DESTDIR set it only writes its files, below that folder.
set -eu
cd "$(dirname "$0")"

page=${1-}
rotate=${2-normal}
origin=$(printf '%s\n' "$page" | sed -n 's#^\(https\{0,1\}://[A-Za-z0-9.-]\{1,\}\(:[0-9]\{1,5\}\)\{0,1\}\)/kiosk/[A-Za-z0-9_-]\{1,\}\(?baud=[0-9]\{1,7\}\)\{0,1\}$#\1#p')
if [ -z "$origin" ]; then
    echo "install-kiosk.sh: give the kiosk's page, for example http://riwaq.local:8080/kiosk/K1" >&2
    exit 2
fi
case "$rotate" in
    normal|90|180|270) ;;
    *) echo "install-kiosk.sh: the screen is turned by 90, 180 or 270, or normal" >&2; exit 2 ;;
esac

root=${DESTDIR-}
if [ -z "$root" ]; then
    [ "$(id -u)" -eq 0 ] || { echo "install-kiosk.sh: run it with sudo" >&2; exit 1; }
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium cage wlr-randr libpam-systemd dbus
    getent group riwaq-print >/dev/null || groupadd --system riwaq-print
    id riwaq-kiosk >/dev/null 2>&1 \
        || useradd --system --home-dir /var/lib/riwaq-kiosk --shell /usr/sbin/nologin riwaq-kiosk
fi

put() { # put MODE FILE PLACE
    install -D -m "$1" "$2" "$root$3"
}
put 644 riwaq-kiosk.service /etc/systemd/system/riwaq-kiosk.service
put 644 riwaq-kiosk.pam /etc/pam.d/riwaq-kiosk
put 644 70-riwaq-kiosk.rules /etc/udev/rules.d/70-riwaq-kiosk.rules
put 644 chromium-policies.json /etc/chromium/policies/managed/riwaq.json
put 644 riwaq-kiosk.conf /etc/riwaq-kiosk.conf
put 755 start /usr/local/lib/riwaq-kiosk/start
put 755 riwaq-kiosk-pair /usr/local/sbin/riwaq-kiosk-pair
sed -i "s#http://riwaq\.local:8080#$origin#g" "$root/etc/chromium/policies/managed/riwaq.json"
sed -i "s#^RIWAQ_URL=.*#RIWAQ_URL=$page#; s#^RIWAQ_ROTATE=.*#RIWAQ_ROTATE=$rotate#" "$root/etc/riwaq-kiosk.conf"

if [ -z "$root" ]; then
    udevadm control --reload
    udevadm trigger
    systemctl daemon-reload
    systemctl disable --now getty@tty1.service
    systemctl enable riwaq-kiosk.service
    echo "Pair this kiosk now: riwaq-kiosk-pair LINK"
fi
