#!/usr/bin/env bash
# Sideman's network against ONNX Runtime and PyTorch: tokens a second at full context, with the same weights.
#
#   benches/peers/model.sh [WEIGHTS.safetensors] [ROUNDS]
#
# Everybody gets one thread, the whole context as past, and keys and values that are written in place: ONNX Runtime has
# its own fused operator for that, and is measured in f32 and in each of its 8-bit forms, of which the fastest counts.
# We and the others take turns, because a machine is never the same for long; medians of all rounds are compared, and
# the script fails where a target is missed. What a step needs beside the network (Python's loop, the choice of a token)
# is left out on both sides. Needs `pip install -r benches/peers/requirements.txt`; PYTHON names the interpreter.
set -euo pipefail
cd "$(dirname "$0")/../.."

weights=${1:-models/weights/sideman.safetensors}
rounds=${2:-7}
python=${PYTHON:-python3}
[ -r "$weights" ] || { echo "$weights: no such file" >&2; exit 1; }
SIDEMAN_MODEL=$(realpath "$weights")
export SIDEMAN_MODEL

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

ours=$(cargo build --release --workspace --bench decode --message-format json-render-diagnostics |
    grep -o '"executable":"[^"]*/decode-[^"]*"' | cut -d'"' -f4)
"$python" benches/peers/model.py export "$weights" "$folder" 2>"$folder/log" || { cat "$folder/log" >&2; exit 1; }

for round in $(seq "$rounds"); do
    echo "round $round of $rounds" >&2
    "$ours"
    "$python" benches/peers/model.py measure "$weights" "$folder"
done | tee "$folder/lines" >&2
"$python" benches/peers/model.py verdict <"$folder/lines"
