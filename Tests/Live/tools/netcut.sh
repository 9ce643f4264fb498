#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A network that a test can cut without anything being closed: a namespace behind a veth pair.
#
#   netcut.sh up NAME               makes it, and prints the lines below
#   netcut.sh show NAME             interface=..., here=10.77.N.1, there=10.77.N.2, pass=yes|no
#   netcut.sh run NAME COMMAND...   runs a command inside, in this process: a broker, or a client
#   netcut.sh carrier-down NAME     the interface on this side loses its carrier
#   netcut.sh carrier-up NAME       and has it back
#   netcut.sh drop NAME             packets vanish both ways; the carrier stays
#   netcut.sh pass NAME             and are let through again
#   netcut.sh down NAME             ends what still runs inside, and takes everything away
#
# Inside, loopback works all the time, so that a subscriber there sees what the broker has. Needs
# root, and Debian's iproute2 and nftables. Exit status: that of the command, 1 for a failure, 2 for
# a wrong call.
set -euo pipefail

network=10.77
highest=254

fail() {
    echo "netcut: $1" >&2
    exit "${2:-1}"
}

usage() { sed -n '3,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"; }

inside() { ip -n "$namespace" "$@"; }

# The first number whose interface nobody has: making the interface is what takes the number.
take_number() {
    local number
    for ((number = 1; number <= highest; number++)); do
        if ip link add "netcut$number" type veth peer name inside netns "$namespace" 2>/dev/null; then
            echo "$number"
            return
        fi
    done
    return 1
}

number_of() {
    inside -4 -oneline address show dev inside 2>/dev/null |
        sed -n "s/.* $network\.\([0-9]*\)\.2\/.*/\1/p"
}

up() {
    ip netns add "$namespace" || fail "there is a network '$name' already"
    local number
    number="$(take_number)" || {
        ip netns delete "$namespace"
        fail "no interface can be made; is this root, and is a number up to $highest free?"
    }
    ip address add "$network.$number.1/24" dev "netcut$number"
    ip link set "netcut$number" up
    inside address add "$network.$number.2/24" dev inside
    inside link set lo up
    inside link set inside up
    show
}

show() {
    local number passing=yes
    number="$(number_of)"
    ip netns exec "$namespace" nft list table inet netcut >/dev/null 2>&1 && passing=no
    echo "interface=netcut$number"
    echo "here=$network.$number.1"
    echo "there=$network.$number.2"
    echo "pass=$passing"
}

drop() {
    ip netns exec "$namespace" nft -f - <<'EOF'
table inet netcut {
    chain in { type filter hook input priority 0; iifname "inside" drop; }
    chain out { type filter hook output priority 0; oifname "inside" drop; }
}
EOF
}

pass() { ip netns exec "$namespace" nft delete table inet netcut 2>/dev/null || true; }

# A namespace lives on while a process is in it, and with it the interface.
end_processes() {
    local signal processes
    for signal in TERM TERM KILL; do
        mapfile -t processes < <(ip netns pids "$namespace")
        [[ ${#processes[@]} -gt 0 ]] || return 0
        kill "-$signal" "${processes[@]}" 2>/dev/null || true
        sleep 0.3
    done
}

down() {
    local number
    number="$(number_of)"
    end_processes
    [[ -z "$number" ]] || ip link delete "netcut$number"
    ip netns delete "$namespace"
}

verb="${1:-}"
case "$verb" in
-h | --help | '')
    usage
    [[ -n "$verb" ]] || exit 2
    exit 0
    ;;
up | show | run | carrier-down | carrier-up | drop | pass | down) ;;
*) fail "there is no verb '$verb'; see netcut.sh --help" 2 ;;
esac
name="${2:-}"
[[ "$name" =~ ^[A-Za-z0-9_-]+$ ]] || fail "a name is letters, digits, _ and -, not '$name'" 2
namespace="netcut-$name"
[[ "$verb" == up ]] || ip netns list | cut -d ' ' -f 1 | grep -qx "$namespace" ||
    fail "there is no network '$name'"
shift 2
case "$verb" in
run)
    [[ $# -gt 0 ]] || fail "run what?" 2
    exec ip netns exec "$namespace" "$@"
    ;;
carrier-down) inside link set inside down ;;
carrier-up) inside link set inside up ;;
*) "$verb" ;;
esac
