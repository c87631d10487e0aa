#!/bin/sh
# Trains the weights that ship: `models/train/run.sh CORPUS OUT`. OUT gets the shards and what `train.py` writes.
# It goes on from the weights of the commit below, which the history of this repository holds; about 100 minutes of
# one core. Wants what requirements.txt names. On the same machine it gives the same weights to the bit.
set -eu

from=6125dc8
corpus=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)

mkdir -p "$out"
cd "$here/../.."
cargo run --release -p sideman --example shards -- "$corpus" "$out/shards" --passes 2 --seed 2
git show "$from:models/weights/sideman.safetensors" > "$out/from.safetensors"
OMP_NUM_THREADS=1 python3 "$here/train.py" train "$out/shards" "$out" --size 4m --tokens 36e6 --rate 2e-3 \
  --validations 12 --valid-windows 12 --threads 1 --shuffle-performer --init "$out/from.safetensors"
