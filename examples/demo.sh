#!/usr/bin/env bash
# Scans the example system and holds each scan against the exit code that it must have: demo.sh PATH/TO/compliance
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
compliance=$1

judge() {
  local folder=$1 expected=$2 meaning=$3 got=0
  printf '\n$ compliance scan %s\n' "$folder"
  "$compliance" scan "$folder" || got=$?
  if [[ $got != "$expected" ]]; then
    printf '\nexit code %d, but %s must give %d (%s)\n' "$got" "$folder" "$expected" "$meaning" >&2
    return 1
  fi
  printf '\nexit code %d, as it should be: %s\n' "$got" "$meaning"
}

judge examples/seed 1 "the gate refuses the samples as printed"
judge examples/good 0 "the same system, mended, is accepted"
