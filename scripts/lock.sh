#!/usr/bin/env bash
# Writes the locked lists: all for work here, the image's run time, what builds the image's wheel and its list of parts,
# and what builds the MLS core from its source (docs/release.md).
# Pinned versions stay as they are unless UPGRADE=1.
set -eu
cd "$(dirname "$0")/.."

lock() {
  local output=$1
  shift
  uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
    ${UPGRADE:+--upgrade} --output-file "$output" "$@" >/dev/null
}

lock requirements.lock --all-extras --group dev pyproject.toml
lock requirements-image.lock --extra postgres --extra redis pyproject.toml
lock requirements-build.lock --group build
lock requirements-sbom.lock --group sbom
lock requirements-mls.lock --group mls
