#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the certificates that the TLS tests need, good and bad, in a folder. Needs openssl 3.
#
#   make_certificates.sh FOLDER
#
#   ca.pem, ca.key                the authority that a test trusts
#   server.pem, server.key        signed by it, for localhost, 127.0.0.1 and ::1
#   expired.pem, expired.key      the same, but valid only in the year 2020
#   future.pem, future.key        the same, but not valid before the year 2090
#   othername.pem, othername.key  signed by it, for broker.invalid only
#   client.pem, client.key        signed by it, for a client
#   otherca.pem, otherca.key      an authority that nobody trusts
#   stranger.pem, stranger.key    for localhost, 127.0.0.1 and ::1, signed by the other authority
#   selfsigned.pem, selfsigned.key    for localhost, 127.0.0.1 and ::1, signed by itself
#
# The keys are worth nothing, and everybody may read them, so that a broker that gives up root can.
set -euo pipefail

if [[ $# -ne 1 || "$1" == -* ]]; then
    sed -n '3,/^set -/{/^set -/d;s/^# \{0,1\}//;p}' "$0"
    [[ "${1:-}" == -h || "${1:-}" == --help ]] && exit 0
    exit 2
fi
command -v openssl >/dev/null || {
    echo "make_certificates: openssl is missing" >&2
    exit 1
}
mkdir -p "$1"
cd "$1"
umask 022
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

here='DNS:localhost,IP:127.0.0.1,IP:::1'
elsewhere='DNS:broker.invalid'
long_ago=20200101000000Z
long_ago_end=20201231000000Z
far_end=20900101000000Z
farther_end=20991231000000Z

# `openssl x509 -req` cannot set the first day, hence `openssl ca`, which wants files of its own.
cat >"$work/openssl.cnf" <<EOF
[ca]
default_ca = tests
[tests]
database = $work/index
new_certs_dir = $work
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
[any]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = \${ENV::NAMES}
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[client]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
EOF
export NAMES="$here"

quietly() {
    "$@" >"$work/said" 2>&1 || {
        cat "$work/said" >&2
        echo "make_certificates: failed: $*" >&2
        exit 1
    }
}

key() { quietly openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }

# signed FILE AUTHORITY KIND NAMES FIRST LAST
signed() {
    local file="$1" authority="$2" kind="$3" first="$5" last="$6"
    NAMES="$4"
    key "$file"
    quietly openssl req -new -config "$work/openssl.cnf" -key "$file.key" -subj "/CN=test $file" \
        -out "$work/$file.csr"
    : >"$work/index"
    local signer=(-cert "$authority.pem" -keyfile "$authority.key")
    [[ "$file" != "$authority" ]] || signer=(-selfsign -keyfile "$file.key")
    quietly openssl ca -batch -notext -config "$work/openssl.cnf" "${signer[@]}" \
        -extensions "$kind" -startdate "$first" -enddate "$last" \
        -in "$work/$file.csr" -out "$file.pem"
    chmod 644 "$file.key" "$file.pem"
}

signed ca ca authority "$here" "$long_ago" "$farther_end"
signed otherca otherca authority "$here" "$long_ago" "$farther_end"
signed server ca server "$here" "$long_ago" "$far_end"
signed expired ca server "$here" "$long_ago" "$long_ago_end"
signed future ca server "$here" "$far_end" "$farther_end"
signed othername ca server "$elsewhere" "$long_ago" "$far_end"
signed client ca client "$here" "$long_ago" "$far_end"
signed stranger otherca server "$here" "$long_ago" "$far_end"
signed selfsigned selfsigned server "$here" "$long_ago" "$far_end"
