#!/usr/bin/env bash
# Installs, on Debian and where root is allowed, what some tests need from the system.
# Elsewhere it says in one line each what will be skipped.
set -eu

# program : Debian package : what is skipped without it
parts=(
  "chromium:chromium:the tests in Chromium"
  "firefox-esr:firefox-esr:the tests in Firefox"
  "/usr/lib/postgresql/*/bin/postgres:postgresql:the tests on PostgreSQL"
  "redis-server:redis-server:the tests with Redis"
  "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core:nothing, but pages may lack glyphs"
)

there() { command -v "$1" >/dev/null || compgen -G "$1" >/dev/null; }

missing=()
for part in "${parts[@]}"; do
  IFS=: read -r program package _ <<<"$part"
  there "$program" || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if command -v apt-get >/dev/null; then
  as_root=(env)
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  if "${as_root[@]}" true 2>/dev/null; then
    export DEBIAN_FRONTEND=noninteractive
    echo "Installing with apt: ${missing[*]}"
    "${as_root[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 update </dev/null || true
    for package in "${missing[@]}"; do
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 \
        install --yes --no-install-recommends "$package" </dev/null >/dev/null || true
    done
  fi
fi

for part in "${parts[@]}"; do
  IFS=: read -r program package skipped <<<"$part"
  there "$program" || echo "Skipped, as $package is not installed: $skipped"
done
