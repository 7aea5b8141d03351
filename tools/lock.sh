#!/usr/bin/env bash
# Write the two locks anew from pyproject.toml: `tools/lock.sh` keeps what is pinned, `tools/lock.sh --upgrade` renews it.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
  local out=$1
  shift
  uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-emit-find-links --no-annotate --no-header --output-file "$out" "$@"
  if grep -nE '^(-|--)|://|@ file' "$out"; then
    echo "$out names a host or a path: a lock must not." >&2
    exit 1
  fi
}
export PATH="$PWD/.venv/bin:$PATH"
lock requirements.txt "$@"
lock requirements-dev.txt --group dev --constraint requirements.txt "$@"
