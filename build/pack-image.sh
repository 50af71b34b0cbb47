# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced. Container images without a container engine: docker-archive files, which docker, ctr and kind load.

# pack_image OUT.tar NAME ROOT ENTRYPOINT: a docker-archive of one layer, the same bytes every time.
# ENTRYPOINT is a JSON list, or null.
pack_image() {
  local out=$1 name=$2 root=$3 entrypoint=$4 scratch layer config architecture config_name
  local fixed=(tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --format=gnu)
  case $(uname -m) in
  x86_64) architecture=amd64 ;;
  aarch64) architecture=arm64 ;;
  *)
    echo "packing $name: no image architecture is known for a machine of type $(uname -m)" >&2
    return 1
    ;;
  esac
  scratch=$(mktemp -d)
  "${fixed[@]}" -C "$root" -cf "$scratch/layer.tar" .
  layer=$(sha256sum "$scratch/layer.tar" | cut -d' ' -f1)
  config=$(printf '{"architecture":"%s","os":"linux","config":{"Entrypoint":%s,"Env":["PATH=/bin"],%s},%s,%s}' \
    "$architecture" "$entrypoint" '"WorkingDir":"/"' \
    "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:$layer\"]}" '"history":[{"created_by":"local"}]')
  config_name=$(sha256sum <<<"$config" | cut -d' ' -f1).json
  echo "$config" >"$scratch/$config_name"
  printf '[{"Config":"%s","RepoTags":["%s"],"Layers":["layer.tar"]}]\n' "$config_name" "$name" >"$scratch/manifest.json"
  "${fixed[@]}" -C "$scratch" -cf "$out" manifest.json "$config_name" layer.tar
  rm -r "$scratch"
}
