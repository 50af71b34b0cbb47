# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What the test bed needs from the distribution, and its installation.

cni_plugins=/usr/lib/cni

# needed_packages: one line "PACKAGE TEST" each; TEST is the path or the command that it brings.
needed_packages() {
    cat <<NEEDED
busybox-static busybox
clang-19 cc
conntrack conntrack
containerd containerd
containernetworking-plugins $cni_plugins/ptp
iproute2 ip
iptables iptables
openssl openssl
procps ps
runc runc
util-linux nsenter
NEEDED
}

missing_packages() {
    local package test
    while read -r package test; do
        case $test in
            /*) [ -x "$test" ] ;;
            cc) command -v clang-19 || command -v clang || command -v gcc || command -v cc ;;
            *) command -v "$test" ;;
        esac >/dev/null || echo "$package"
    done < <(needed_packages)
    # Debian's package "busybox" has a program of the same name that needs the machine's libc.
    if command -v busybox >/dev/null && ldd "$(command -v busybox)" >/dev/null 2>&1; then
        echo busybox-static
    fi
}

# install_packages ASK: ASK is `yes` when nobody is to be asked.
install_packages() {
    local ask=$1 answer missing
    mapfile -t missing < <(missing_packages)
    [ "${#missing[@]}" != 0 ] || return 0
    command -v apt-get >/dev/null ||
        die "installing ${missing[*]}: this is no Debian; install what they bring by hand"
    require_root up
    if [ -t 0 ] && [ "$ask" != yes ]; then
        read -r -p "cluster: needs the packages ${missing[*]}; install them now? [Y/n] " answer
        case $answer in [nN]*) die "installing ${missing[*]}: not wanted; apt-get install ${missing[*]}" ;; esac
    else
        say "installing the packages ${missing[*]}"
    fi
    local log
    log=$(mktemp)
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}" >"$log" 2>&1 || {
        last_words apt-get "$log"
        rm -f "$log"
        die "installing ${missing[*]}: apt-get refused (see above); is there a network? try apt-get update"
    }
    rm -f "$log"
}
