#!/usr/bin/env bash
# Checks that the programs a make target needs are there: `system_packages.sh demo` or `system_packages.sh test`.
# As root on Debian it installs what is missing; elsewhere it prints the one line to run and stops with status 1.
set -euo pipefail

python_is_right() { "${PYTHON:-python3}" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }
node_is_right() { node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2>/dev/null; }

if ! python_is_right; then
  echo "Python 3.11 with venv is needed ($("${PYTHON:-python3}" --version 2>&1 || echo 'no python3 found'))." >&2
  echo "Install it (Debian 12: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11 …" >&2
  exit 1
fi
if ! node_is_right || ! command -v npm >/dev/null; then
  echo "Node.js 20.19 or newer with npm is needed ($(node --version 2>/dev/null || echo 'no node found'))." >&2
  echo "Install it from https://nodejs.org/ or with your version manager, then run make again." >&2
  exit 1
fi
[ "${1:-demo}" = test ] || exit 0

missing=()
{ command -v chromium || command -v chromium-browser || [ -x "${CHROMIUM_PATH:-}" ]; } >/dev/null || missing+=(chromium)
command -v redis-server >/dev/null || missing+=(redis-server)
{ command -v postgres || ls /usr/lib/postgresql/*/bin/postgres; } >/dev/null 2>&1 || missing+=(postgresql)
fc-list ':lang=zh' 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk)
[ ${#missing[@]} -gt 0 ] || exit 0

install="apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "→ Installing system packages: ${missing[*]} (about a minute)"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # No service is to be started by the installation: the tests start their own on free ports.
  RUNLEVEL=1 $install -qq >/dev/null
elif command -v apt-get >/dev/null; then
  echo "The tests need programs that are not installed. Run this one line, then make again:" >&2
  echo "  sudo apt-get update && sudo $install" >&2
  exit 1
else
  echo "The tests need programs that are not installed (by their Debian names): ${missing[*]}." >&2
  echo "Install them with your system's package manager, then run make again." >&2
  exit 1
fi
