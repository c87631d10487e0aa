#!/bin/sh
# Installs what building Sideman needs and this machine lacks, and says so. Called by `make play` and `make test`.
set -eu

packages=
need() { # need COMMAND-THAT-TELLS PACKAGE
    eval "$1" >/dev/null 2>&1 || packages="$packages $2"
}

need 'command -v cc' build-essential
need 'command -v pkg-config' pkg-config
need 'pkg-config --exists alsa' libasound2-dev
need 'pkg-config --exists jack' libjack-jackd2-dev

install() {
    echo "setup: installing$packages"
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    # A mirror may fail once; twice is an error.
    for try in 1 2; do
        $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
            $sudo apt-get install -y -qq --no-install-recommends $packages >/dev/null && return 0
    done
    echo "setup: could not install$packages" >&2
    return 1
}

if [ "$(uname)" = Linux ] && [ -n "$packages" ]; then
    if command -v apt-get >/dev/null 2>&1; then
        install
    else
        echo "setup: install the equivalents of:$packages (C compiler, pkg-config, ALSA and JACK headers)" >&2
        exit 1
    fi
fi

if ! command -v cargo >/dev/null 2>&1; then
    echo "setup: Rust 1.95 or newer is needed: install it with rustup, or from your distribution" >&2
    exit 1
fi
