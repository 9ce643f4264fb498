#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Tests netcut.sh with a broker inside: an open connection survives both kinds of cut, nothing comes
# through meanwhile, and a retransmission brings it afterwards. Needs root and mosquitto; takes 15 s.
set -euo pipefail
if [[ $# -gt 0 ]]; then
    sed -n '3,4s/^# //p' "$0"
    exit 0
fi

tools="$(dirname "$(realpath "$0")")"
cut="$tools/netcut.sh"
name="check$$"
folder="$(mktemp -d)"
subscriber=
clean_up() {
    [[ -z "$subscriber" ]] || kill "$subscriber" 2>/dev/null || true
    "$cut" down "$name" || true
    rm -rf "$folder"
}
fail() {
    echo "FAIL $*"
    exit 1
}

# Waits up to so many seconds for a line of the subscriber.
comes() {
    local tenths
    for ((tenths = 0; tenths < $2 * 10; tenths++)); do
        ! grep -qx "$1" "$folder/seen" || return 0
        sleep 0.1
    done
    return 1
}
publish_inside() { "$cut" run "$name" mosquitto_pub -h 127.0.0.1 -t a -m "$1"; }

settings="$("$cut" up "$name")"
trap clean_up EXIT
interface="$(sed -n 's/^interface=//p' <<<"$settings")"
there="$(sed -n 's/^there=//p' <<<"$settings")"
printf 'listener 1883 0.0.0.0\nallow_anonymous true\n' >"$folder/mosquitto.conf"
"$cut" run "$name" mosquitto -c "$folder/mosquitto.conf" 2>"$folder/log" &
until publish_inside ready 2>/dev/null; do sleep 0.1; done
mosquitto_sub -h "$there" -t a >"$folder/seen" 2>"$folder/complaints" &
subscriber=$!
until publish_inside before && comes before 1; do :; done
echo "ok   a connection through $interface"

for kind in drop carrier; do
    case "$kind" in
    drop) "$cut" drop "$name" ;;
    carrier) "$cut" carrier-down "$name" ;;
    esac
    [[ "$(cat "/sys/class/net/$interface/carrier")" == "$([[ $kind == drop ]] && echo 1 || echo 0)" ]] ||
        fail "$kind: the carrier is wrong"
    publish_inside "during-$kind"
    ! comes "during-$kind" 2 || fail "$kind: a message came through"
    case "$kind" in
    drop) "$cut" pass "$name" ;;
    carrier) "$cut" carrier-up "$name" ;;
    esac
    comes "during-$kind" 10 || fail "$kind: nothing came afterwards"
    echo "ok   $kind"
done
[[ ! -s "$folder/complaints" ]] || fail "the connection was closed: $(cat "$folder/complaints")"
kill -0 "$subscriber" || fail "the subscriber has gone"
"$cut" down "$name"
trap 'rm -rf "$folder"' EXIT
[[ ! -e "/sys/class/net/$interface" ]] || fail "$interface is still there"
! ip netns list | grep -q "netcut-$name" || fail "the namespace is still there"
kill "$subscriber" 2>/dev/null || true
echo "ok   nothing is left"
