#!/usr/bin/env bash
# Runs the renderer under RealtimeSanitizer, whose runtime comes with the Rust toolchain. Exit code 43 is a violation.
#
#   tests/rtsan.sh
#
# It has a target folder of its own, because every object is built and linked differently.
set -euo pipefail
cd "$(dirname "$0")/.."

runtime=$(rustc --print sysroot)/lib/rustlib/x86_64-unknown-linux-gnu/lib/librustc-stable_rt.rtsan.a
if [ ! -r "$runtime" ]; then
    echo "skipped: this Rust toolchain has no RealtimeSanitizer runtime ($runtime)"
    exit 0
fi
export RTSAN_ENABLE=1 RTSAN_LIB_PATH="$runtime"
exec "${CARGO:-cargo}" test -p engine --no-default-features --features rtsan \
    --target-dir "${CARGO_TARGET_DIR:-target}/rtsan" --test dense_minute "$@"
