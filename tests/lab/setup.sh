#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes a private Debian 12 root for each mail server under $LAB (default /var/tmp/lab), outside of the checkout.
# In: names of servers (default: all). Out: $LAB/<server>, ready for lab.py. Needs root; the only step that uses the network.
set -eu
LAB=${LAB:-/var/tmp/lab}
MIRROR=${MIRROR:-http://deb.debian.org/debian}

packages() {
    case $1 in
    postfix)    echo postfix ;;
    exim)       echo exim4-daemon-heavy ;;
    sendmail)   echo sendmail-bin sendmail-cf m4 ;;
    opensmtpd)  echo opensmtpd ;;
    courier)    echo courier-mta ;;
    dma)        echo dma ;;
    nullmailer) echo nullmailer ;;
    chasquid)   echo chasquid ;;
    dovecot)    echo dovecot-core dovecot-lmtpd dovecot-sieve ;;
    filters)    echo procmail maildrop dovecot-core dovecot-sieve dovecot-lmtpd ;;
    imap)       echo dovecot-imapd fetchmail isync netbase openssl systemd ;;
    *)          echo "setup.sh: unknown server: $1" >&2; exit 2 ;;
    esac
}

command -v debootstrap >/dev/null || { apt-get update; apt-get install -y --no-install-recommends debootstrap; }
mkdir -p "$LAB"
if [ ! -e "$LAB/base/.complete" ]; then
    nice debootstrap --variant=minbase bookworm "$LAB/base" "$MIRROR" > "$LAB/debootstrap.log"
    printf '#!/bin/sh\nexit 101\n' > "$LAB/base/usr/sbin/policy-rc.d"   # packages must not start services
    chmod +x "$LAB/base/usr/sbin/policy-rc.d"
    touch "$LAB/base/.complete"
fi
[ $# -gt 0 ] || set -- postfix exim sendmail opensmtpd courier dma nullmailer chasquid dovecot
for server in "$@"; do
    wanted=$(packages "$server")
    [ ! -e "$LAB/$server/.complete" ] || continue
    rm -rf "${LAB:?}/$server"
    cp -a "$LAB/base" "$LAB/$server"
    rm "$LAB/$server/.complete"
    cp /etc/resolv.conf "$LAB/$server/etc/resolv.conf"
    # A private mount namespace, so that /proc and /dev/null exist only while packages are configured.
    nice unshare -m -u -p -f sh -eu -c '
        root=$1; shift
        hostname mail.example.org
        echo "127.0.0.1 localhost mail.example.org" > "$root/etc/hosts"
        mount -t proc proc "$root/proc"
        mount --bind /dev "$root/dev"
        export DEBIAN_FRONTEND=noninteractive
        chroot "$root" apt-get -qq update
        chroot "$root" apt-get -qq install -y --no-install-recommends "$@"
    ' sh "$LAB/$server" $wanted > "$LAB/$server.log" 2>&1
    touch "$LAB/$server/.complete"
    echo "$server: ready in $LAB/$server"
done
