#!/usr/bin/env bash
# release-images.sh [-f DOCKERFILE] IMAGE:TAG=sha256:DIGEST...
# Writes the digests of the base images into the Dockerfile, so that a release is built from just these. Each image that a
# stage begins with needs one; nothing is written where one is missing, wrong or of an image that is not there.
set -eu
file="$(dirname "$0")/../Dockerfile"
if [ "${1:-}" = -f ]; then
  file=$2
  shift 2
fi

declare -A digests=()
for given in "$@"; do
  image=${given%%=*} digest=${given#*=}
  [[ $image =~ ^[a-z0-9./-]+:[A-Za-z0-9._-]+$ ]] || { echo "release-images.sh: '$image' is no IMAGE:TAG" >&2; exit 2; }
  [[ $digest =~ ^sha256:[0-9a-f]{64}$ ]] || { echo "release-images.sh: '$digest' is no digest, for $image" >&2; exit 2; }
  [ -z "${digests[$image]:-}" ] || { echo "release-images.sh: $image is given twice" >&2; exit 2; }
  digests[$image]=$digest
done

declare -A used=()
written=$(mktemp "$file.XXXXXX")
trap 'rm -f "$written"' EXIT
while IFS= read -r line || [ -n "$line" ]; do
  if [[ $line =~ ^FROM[[:space:]]+([^@[:space:]]+)(@[^[:space:]]+)?(.*)$ ]]; then
    image=${BASH_REMATCH[1]} rest=${BASH_REMATCH[3]}
    [ -n "${digests[$image]:-}" ] || { echo "release-images.sh: no digest is given for $image" >&2; exit 1; }
    used[$image]=yes
    line="FROM $image@${digests[$image]}$rest"
  fi
  printf '%s\n' "$line"
done <"$file" >"$written"
for image in "${!digests[@]}"; do
  [ -n "${used[$image]:-}" ] || { echo "release-images.sh: no stage begins with $image" >&2; exit 1; }
done
chmod --reference="$file" "$written"
mv "$written" "$file"
