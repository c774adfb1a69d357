#!/usr/bin/env bash
# Finds what building and testing need (with "build": only what building needs); installs system packages when allowed to, else says what to install.
set -euo pipefail

need() { command -v "$1" >/dev/null 2>&1; }

packages=()
need cc || packages+=(gcc libc6-dev)
[ "${1:-}" = build ] || need chromium || packages+=(chromium fonts-dejavu-core)
[ -e /etc/ssl/certs/ca-certificates.crt ] || packages+=(ca-certificates)

if [ "${#packages[@]}" -gt 0 ]; then
  if [ "$(id -u)" = 0 ] && need apt-get; then
    echo "installing ${packages[*]}"
    export DEBIAN_FRONTEND=noninteractive
    apt-get -qq update
    apt-get -qq install -y --no-install-recommends "${packages[@]}" >/dev/null
  else
    echo "Missing system packages. Install them and run this again:" >&2
    echo "  sudo apt-get install ${packages[*]}" >&2
    exit 1
  fi
fi

missing=()
need cargo || missing+=("a Rust toolchain, 1.95 or newer (https://rustup.rs)")
need node || missing+=("Node.js, 20.19 or newer (https://nodejs.org)")
need npm || missing+=("npm, which comes with Node.js")
if [ "${#missing[@]}" -gt 0 ]; then
  printf 'Missing: %s\n' "${missing[@]}" >&2
  exit 1
fi
node -e 'const [a, b] = process.versions.node.split(".").map(Number); if (a < 20 || (a === 20 && b < 19)) { console.error(`Node.js ${process.versions.node} is too old: 20.19 or newer is needed.`); process.exit(1); }'
