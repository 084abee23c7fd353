#!/usr/bin/env bash
# timed.sh "what it does" COMMAND…  — says what runs, and how long it took; stops with the command's own status.
set -uo pipefail
what=$1; shift
echo "→ $what"
start=$(date +%s)
"$@"
status=$?
took=$(( $(date +%s) - start ))
if [ $status -eq 0 ]; then echo "✓ $what: ${took} s"; else echo "✗ $what: failed after ${took} s (status $status)" >&2; fi
exit $status
