#!/usr/bin/env bash
# Makes .venv with SafeSpace, its SDK and the test tools, all from requirements.lock by hash.
set -eu
cd "$(dirname "$0")/.."
python="${1:-python3}"

"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || {
  echo "SafeSpace needs Python 3.11 or newer; '$python' is not. Say which one: make PYTHON=/path/to/python3.11" >&2
  exit 2
}

if command -v uv >/dev/null; then
  [ -x .venv/bin/python ] || uv venv --quiet --no-python-downloads --python "$python" .venv
  install=(uv pip install --quiet --python .venv/bin/python)
else
  [ -x .venv/bin/pip ] || "$python" -m venv .venv
  install=(.venv/bin/pip install --quiet --disable-pip-version-check --no-input)
fi
"${install[@]}" --require-hashes -r requirements.lock
"${install[@]}" --no-deps --no-build-isolation --editable .
