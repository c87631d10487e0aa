#!/usr/bin/env bash
# The default rig in real time beside its audio thread, with a section asked for every eight bars: how fresh its beats are.
#
#   benches/live.sh [RIG] [BPM...]
#
# Plays the take inside over a device paced by the clock, and sends a section over OSC every eight bars of four. Prints
# what the report says of the model and of the beats. Needs `oscsend` (Debian's liblo-tools) and `cargo build --release`.
set -euo pipefail
cd "$(dirname "$0")/.."

rig=${1:-medium-swing}
shift || true
sideman=${SIDEMAN:-target/release/sideman}
port=9137
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

for bpm in "${@:-120 200}"; do
    for tempo in $bpm; do
        "$sideman" play "$rig" --performer first-take --tempo "$tempo" --audio none --osc "127.0.0.1:$port" \
            --headless --report "$folder/report.json" >"$folder/log" 2>&1 &
        playing=$!
        while sleep "$(awk -v bpm="$tempo" 'BEGIN { print 32 * 60 / bpm }')" && kill -0 "$playing" 2>/dev/null; do
            for level in b c d a; do
                oscsend 127.0.0.1 "$port" "/sideman/section/main/$level" f 1
                sleep "$(awk -v bpm="$tempo" 'BEGIN { print 32 * 60 / bpm }')"
                kill -0 "$playing" 2>/dev/null || break
            done
        done
        wait "$playing" || { cat "$folder/log" >&2; exit 1; }
        python3 - "$folder/report.json" "$rig" "$tempo" <<'PY'
import json, sys
report, rig, tempo = json.load(open(sys.argv[1])), *sys.argv[2:]
chunks, model = report["chunks"], report["model"]
print(f"{rig} at {tempo}: {model['name']}, {chunks['fresh']} of {chunks['played']} beats fresh, {chunks['revisions']} revisions, "
      f"heard_lag {model['heard_lag_beats']}, lead {model['lead_beats']}, chunk {model['chunk_ms']} ms, "
      f"{model['tokens_per_s']} tokens/s, xruns {report['xruns']}, silent blocks {report['silent_blocks']}, load {report['load']}")
PY
    done
done
