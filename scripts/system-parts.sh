#!/usr/bin/env bash
# system-parts.sh [tests|bench]
# Installs, on Debian and where root is allowed, what some tests or comparisons need from the system.
# Elsewhere it says in one line each what will be skipped. Servers are installed but not started.
set -eu

# program : Debian package : what is skipped without it
case "${1:-tests}" in
tests) parts=(
  "chromium:chromium:the tests in Chromium"
  "chromium-headless-shell:chromium-headless-shell:nothing, but the tests in Chromium take longer"
  "firefox-esr:firefox-esr:the tests in Firefox"
  "/usr/lib/postgresql/*/bin/postgres:postgresql:the tests on PostgreSQL"
  "redis-server:redis-server:the tests with Redis"
  "/usr/lib/*/webkit2gtk-4*/MiniBrowser:libwebkit2gtk-4.1-0:the tests in WebKit"
  "WebKitWebDriver:webkit2gtk-driver:the tests in WebKit"
  "Xvfb:xvfb:the tests in WebKit"
  "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf:fonts-dejavu-core:nothing, but pages may lack glyphs"
) ;;
bench) parts=(
  "cc:gcc:everything, as the load generator is written in C"
  "/usr/include/stdio.h:libc6-dev:everything, as the load generator is written in C"
  "/usr/lib/*/ejabberd-*/ebin/ejabberd.beam:ejabberd:the comparison with ejabberd"
  "/usr/lib/erlang/lib/p1_sqlite3-*/ebin/sqlite3.beam:erlang-p1-sqlite3:the comparison with ejabberd"
  "prosody:prosody:the comparison with Prosody"
  "/usr/share/lua/*/DBI.lua:lua-dbi-sqlite3:the comparison with Prosody"
) ;;
*) echo "system-parts.sh: tests or bench, not '$1'" >&2; exit 2 ;;
esac

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
    # What Debian asks before it starts a service; 101 is no (invoke-rc.d(8)).
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
      "${as_root[@]}" chmod 755 "$policy"
      trap '"${as_root[@]}" rm -f "$policy"' EXIT
    fi
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
