#!/bin/sh
# Trains the weights that ship: `models/train/run.sh CORPUS OUT`. OUT gets a checkout, the shards, and what `train.py`
# writes. About 100 minutes of one core; wants what requirements.txt names. It goes on from the weights before, in the
# state in which this repository then was: later changes to the rigs change what the teacher plays.
set -eu

state=e0b8c76
corpus=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")

cd "$(dirname "$0")"
[ -d "$out/sideman" ] || git worktree add --detach "$out/sideman" "$state"
cd "$out/sideman"
cargo run --release -p sideman --example shards -- "$corpus" "$out/shards" --passes 2 --seed 2
OMP_NUM_THREADS=1 python3 models/train/train.py train "$out/shards" "$out" --size 4m --tokens 36e6 --rate 2e-3 \
  --validations 12 --valid-windows 12 --threads 1 --shuffle-performer --init models/weights/sideman.safetensors
