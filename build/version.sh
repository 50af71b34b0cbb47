# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced, with the checkout in $root. The names that a build has: of itself, and of the gadget pod's image.

# build_version: the version of this build, as pom.xml has it.
build_version() {
  local version
  version=$(sed -n 's/^  <version>\(.*\)<\/version>$/\1/p' "${root:?}/pom.xml")
  [ -n "$version" ] || {
    echo "reading pom.xml: it names no version" >&2
    return 1
  }
  echo "$version"
}

# image_name: what the gadget pod's image of this build is called where nobody says otherwise.
image_name() {
  local version
  version=$(build_version) && echo "localhost/inspektor-gadget:$version"
}
