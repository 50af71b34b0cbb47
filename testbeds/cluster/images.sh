# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The two images that every node starts with, made from what the machine has (there is no registry):
# `localhost/pause:1`, a pod's first process, and `localhost/busybox:1`, a shell for pods of tests.

# shellcheck source=build/pack-image.sh
. "$root/build/pack-image.sh"

images= # folder of the images, set by find_images

# find_images: sets `images` to the folder for the present inputs, whether it exists or not.
find_images() {
  local digest
  digest=$(cat "$testbed/images.sh" "$root/build/pack-image.sh" "$testbed"/images/*.c "$(command -v busybox)" | sha256sum | cut -c 1-16)
  images=$cache/images-$digest-$(uname -m)
}

have_images() { [ -f "$images/busybox.tar" ]; }

# compile_static SOURCE TARGET: with whichever C compiler there is.
compile_static() {
  local compiler
  for compiler in clang-19 clang gcc cc; do
    if command -v "$compiler" >/dev/null; then
      "$compiler" -Wall -Wextra -Werror -O2 -static -s -o "$2" "$1" ||
        die "compiling $(basename "$1"): $compiler refused it (see above); are libc6-dev and binutils there?"
      return
    fi
  done
  die "compiling $(basename "$1"): no C compiler (tried clang-19, clang, gcc, cc); apt-get install clang-19"
}

build_images() {
  have_images && return 0
  say "making the images localhost/pause:1 and localhost/busybox:1"
  local new=$images.new applet
  rm -rf "$new"
  mkdir -p "$new/pause" "$new/busybox"/{bin,etc,proc,sys,dev,tmp,root,var,run}
  compile_static "$testbed/images/pause.c" "$new/pause/pause"
  cp "$(command -v busybox)" "$new/busybox/bin/busybox"
  for applet in $(busybox --list); do
    # A link named busybox would replace the program by a link to itself.
    [ "$applet" = busybox ] || ln -sf busybox "$new/busybox/bin/$applet"
  done
  echo "root:x:0:0:root:/root:/bin/sh" >"$new/busybox/etc/passwd"
  echo "root:x:0:" >"$new/busybox/etc/group"
  pack_image "$new/pause.tar" localhost/pause:1 "$new/pause" '["/pause"]'
  pack_image "$new/busybox.tar" localhost/busybox:1 "$new/busybox" null
  rm -r "$new/pause" "$new/busybox"
  mv -T "$new" "$images"
}
