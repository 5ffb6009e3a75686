#!/usr/bin/env bash
# release-mls.sh [FOLDER]
# Builds the SDK's MLS core from its source into FOLDER (dist/mls): the source archive that requirements.lock names by hash,
# with the crates that its Cargo.lock names by checksum, and the build tool of requirements-mls.lock. Needs Rust (cargo, a C
# compiler and perl for the OpenSSL inside), PyPI and crates.io. docs/release.md says what of it was run.
set -eu
cd "$(dirname "$0")/.."
folder=${1:-dist/mls}
name=agentvault-mls-rs-uniffi

command -v cargo >/dev/null || { echo "release-mls.sh: cargo is not installed (https://rustup.rs)" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The package's own lines of the list, with the hashes of all its files, the source among them.
sed -n "/^$name==/,/[^\\\\]$/p" requirements.lock >"$work/mls.lock"
grep -q -- '--hash=sha256:' "$work/mls.lock" || { echo "release-mls.sh: requirements.lock does not name $name" >&2; exit 2; }
"${PYTHON:-python3}" -m venv "$work/tools"
"$work/tools/bin/pip" install --quiet --require-hashes -r requirements-mls.lock
# Release builds take just what Cargo.lock says, or fail.
PATH="$work/tools/bin:$PATH" "$work/tools/bin/pip" wheel --quiet --no-deps --no-build-isolation --require-hashes \
  --no-binary "$name" --config-settings=build-args=--locked --wheel-dir "$folder" -r "$work/mls.lock"
(cd "$folder" && sha256sum ./*.whl | tee SHA256SUMS)
